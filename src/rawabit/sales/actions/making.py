"""The order that an accepted offer becomes."""

from __future__ import annotations

from datetime import datetime

from rawabit.company.queries import local_day
from rawabit.sales.models import Order, OrderLine, Quotation
from rawabit.trade.actions import TOTAL_FIELDS, add_up_again, document_key
from rawabit.trade.logic.lines import with_sections
from rawabit.trade.queries import default_address

LINE_FIELDS = (
    "position", "item_id", "sku", "title", "details", "kind", "unit", "quantity", "unit_price", "discount_percent",
    "tax_rule_id", "tax_category", "tax_percent", "tax_reason", "tax_reason_code", "net", "tax",
)  # fmt: skip


def order_of(quotation: Quotation, at: datetime) -> Order:
    """A draft order with the chosen lines, to be delivered to the customer's usual address."""
    address = default_address(quotation.customer, "delivery")
    order = Order(
        quotation=quotation, customer=quotation.customer, contact=quotation.contact, owner=quotation.owner,
        date=local_day(at), currency=quotation.currency, language=quotation.language, note=quotation.note,
        customer_reference=quotation.customer_reference, terms=quotation.terms, delivery_address=address,
        opportunity_id=quotation.opportunity_id, created_at=at, updated_at=at,
    )  # fmt: skip
    order.search_text = document_key(order)
    order.save()
    kept = with_sections(quotation.lines.order_by("position"), lambda line: line.chosen)
    OrderLine.objects.bulk_create(
        OrderLine(document=order, **{name: getattr(line, name) for name in LINE_FIELDS} | {"position": position})
        for position, line in enumerate(kept, 1)
    )
    add_up_again(order)
    order.save(update_fields=TOTAL_FIELDS)
    return order
