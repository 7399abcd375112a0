"""Quotations and orders, read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import F, Max, Q, QuerySet

from rawabit.crm.models import Customer
from rawabit.kit.money import Money
from rawabit.kit.records.prepared import prepared
from rawabit.ledger.logic.credit import CreditStatus
from rawabit.ledger.queries import credit_status
from rawabit.sales.logic.progress import LineProgress, OrderProgress, progress
from rawabit.sales.logic.states import OPEN_ORDERS
from rawabit.sales.models import Order, OrderLine, Quotation


def progress_of(lines: Sequence[OrderLine]) -> OrderProgress:
    """How far these lines of one order have come."""
    return progress([line_progress(line) for line in lines])


def line_progress(line: OrderLine) -> LineProgress:
    return LineProgress(line.kind, line.quantity, line.shipped, line.delivered, line.invoiced)


def on_order(customer: Customer, *, besides: int | None = None) -> Money:
    """What the customer has ordered and not been invoiced yet, with tax, in his own currency; drafts do not count."""
    rows = _on_order(customer=customer.pk, currency=customer.currency)
    worth = sum(
        int((net + tax) * (quantity - invoiced) / quantity)
        for order, net, tax, quantity, invoiced in rows
        if order != besides
    )
    return Money(worth, customer.currency)


@prepared
def _on_order(*, customer: int, currency: str) -> QuerySet[OrderLine, tuple[int, int, int, Decimal, Decimal]]:
    lines = OrderLine.objects.filter(
        document__customer_id=customer, document__state__in=OPEN_ORDERS, document__currency=currency,
        invoiced__lt=F("quantity"),
    )  # fmt: skip
    return lines.order_by().values_list("document_id", "net", "tax", "quantity", "invoiced")


def credit_for_order(order: Order, today: date) -> CreditStatus:
    """The customer's credit when this order is added to what he owes and has on order."""
    customer = order.customer
    extra = on_order(customer, besides=order.pk)
    if order.currency == customer.currency:
        extra += order.money("total")
    return credit_status(customer, extra, today)


def credit_of(customer: Customer, today: date) -> CreditStatus:
    """The customer's credit as it stands, for his page."""
    return credit_status(customer, on_order(customer), today)


# Versions of a quotation


def root_of(quotation: Quotation) -> int:
    """The key of the first version."""
    return quotation.family_id or quotation.pk


def versions_of(quotation: Quotation) -> QuerySet[Quotation]:
    """All versions of an offer, newest first."""
    root = root_of(quotation)
    return Quotation.objects.filter(Q(pk=root) | Q(family=root)).order_by("-edition")


def next_edition(quotation: Quotation) -> int:
    return (versions_of(quotation).aggregate(last=Max("edition"))["last"] or 0) + 1


def live_order_of(quotation: Quotation) -> Order | None:
    """The order made of a quotation, unless it was cancelled."""
    return quotation.orders.exclude(state="cancelled").first()


def quotations_past(day: date) -> QuerySet[Quotation]:
    """Sent quotations whose term ended before a day."""
    return Quotation.objects.filter(state="sent", valid_until__lt=day).order_by("pk")
