"""Orders: the list, and one order with everything a customer asks about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rawabit.crm.policies import BUYING, PAYING
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.portal.account import Account, account_of
from rawabit.portal.addresses import url_to
from rawabit.portal.columns import ORDER_LINES, ORDERS
from rawabit.portal.contact import contact_of
from rawabit.portal.listing import after_of, list_context, tab_of, words_of
from rawabit.portal.pages import anywhere, page, within
from rawabit.portal.queries import invoices as papers
from rawabit.portal.queries import orders as asked
from rawabit.portal.queries.files import files_on
from rawabit.portal.shipments import delivery_states, fill, promise_of, row_of, shipments, steps_for
from rawabit.portal.views.invoices import invoice_row
from rawabit.sales.models import Order

TABS = {
    "current": pgettext_lazy("orders", "Current"),
    "completed": pgettext_lazy("orders", "Completed"),
    "cancelled": pgettext_lazy("orders", "Cancelled"),
}
NOTHING = {
    "current": _("No order is on its way at the moment."),
    "completed": _("No order has been completed yet."),
    "cancelled": _("No order was cancelled."),
}


@access("portal")
@require_safe
@within(BUYING)
def orders(request: HttpRequest, account: Account) -> HttpResponse:
    """Current, completed or cancelled orders, twenty at a time."""
    show = tab_of(request, TABS)
    found = asked.orders_of(account.actor, show, words_of(request), after_of(request))
    states = delivery_states([row["pk"] for row in found.rows])
    context = list_context(request, TABS, found.after)
    context |= {"rows": [row_of(row, states) for row in found.rows], "columns": ORDERS, "nothing": NOTHING[show]}
    return page(request, account, "portal/orders.html", context)


@access("portal")
@require_safe
@anywhere(BUYING)
def order(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Where the order is, what is in each shipment, what is still to come, its papers, and whom to ask."""
    order = asked.order_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if order is None:
        raise Http404
    account = account_of(order, request.actor)  # type: ignore[attr-defined]
    lines = order_lines(order)
    parcels = shipments(account.actor, order.pk)
    fill(order.pk, parcels)
    facts = {name: getattr(order, name) for name in ("uid", *asked.AT_HAND)}
    context = {
        "order": order,
        "situation": row_of(facts, delivery_states([order.pk])),
        "promise": promise_of(facts),
        "steps": steps_for(facts, parcels),
        "parcels": parcels,
        "lines": lines,
        "line_columns": ORDER_LINES,
        "remaining": [line for line in lines if line["remaining"]] if order.state not in ("cancelled", "done") else [],
        "totals": {name: order.money(name) for name in ("net", "discount", "tax", "total")},
        "address": order.delivery_address,
        "invoices": order_invoices(request, account, order),
        "quotation_url": url_to("portal-quotation", order.quotation.uid) if order.quotation else "",
        "files": files_on(order),
        "contact": contact_of(request, account, order.number, order.owner),
    }
    return page(request, account, "portal/order.html", context)


def order_lines(order: Order) -> Sequence[dict[str, Any]]:
    """Lines with what is still to be delivered; a service is done, not delivered."""
    lines = asked.lines_of(order_id=order.pk)
    for line in lines:
        goods = line["kind"] == "goods"
        line["remaining"] = line["quantity"] - line["delivered"] if goods else 0
        line["net"] = Money(line["net"], order.currency)
    return lines


def order_invoices(request: HttpRequest, account: Account, order: Order) -> Sequence[dict[str, Any]]:
    """The order's invoices and credit notes, for those who may see them."""
    if account.role not in PAYING:
        return []
    today = request.display.local(request.now).date()  # type: ignore[attr-defined]
    return [invoice_row(row, today) for row in papers.invoices_of_order(account.actor, order_id=order.pk)]
