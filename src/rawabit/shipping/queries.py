"""Deliveries, read: what is still to come, and the one status of an order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from rawabit.kit.states import State
from rawabit.sales.models import Order, OrderLine
from rawabit.shipping.logic.states import PLANNED, Progress, situation
from rawabit.shipping.logic.tracking import tracking_url
from rawabit.shipping.models import Delivery, DeliveryLine


@dataclass(frozen=True, slots=True)
class Remaining:
    """A line of goods with what is planned on open notes and what is left to be put on one."""

    line: OrderLine
    planned: Decimal
    left: Decimal


def remaining(order: Order) -> list[Remaining]:
    """The lines of goods of an order with what can still be put on a delivery note. Two queries."""
    planned = _planned(order)
    lines = order.lines.filter(kind="goods").order_by("position")
    return [Remaining(line, planned[line.pk], line.quantity - line.shipped - planned[line.pk]) for line in lines]


def _planned(order: Order) -> dict[int, Decimal]:
    rows = DeliveryLine.objects.filter(order_line__document=order, delivery__state__in=PLANNED)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for key, quantity in rows.values_list("order_line_id").annotate(sum=Sum("quantity")):
        sums[key] = quantity
    return sums


def deliveries_of(order: Order) -> QuerySet[Delivery]:
    """All deliveries of an order, oldest first, with lines and tracking ready."""
    rows = order.deliveries.select_related("carrier").prefetch_related("lines__order_line", "tracking")
    return rows.order_by("pk")


def situations_of(orders: Iterable[Order]) -> dict[int, State]:
    """``{order key: the status people read}`` for a page of orders, in one query."""
    page = list(orders)
    states: dict[int, list[str]] = defaultdict(list)
    for key, state in Delivery.objects.filter(order__in=page).values_list("order_id", "state"):
        states[key].append(state)
    return {
        order.pk: situation(Progress(order.state, order.shipping_state, order.delivery_state, states[order.pk]))
        for order in page
    }


def situation_of(order: Order) -> State:
    """The status people read for one order."""
    return situations_of([order])[order.pk]


def tracking_link(delivery: Delivery) -> str:
    """The carrier's page for the parcel, or ""."""
    return tracking_url(delivery.carrier.tracking_url if delivery.carrier else "", delivery.tracking_number)


def verify_deliveries() -> list[str]:
    """Order lines whose shipped or delivered quantity is not the sum of their delivery notes; for doctor and tests."""
    shipped, delivered = _sums(("shipped", "out", "delivered")), _sums(("delivered",))
    truth = {key: (shipped[key], delivered.get(key, Decimal(0))) for key in shipped}
    rows = OrderLine.objects.filter(Q(shipped__gt=0) | Q(delivered__gt=0))
    kept = {key: (out, arrived) for key, out, arrived in rows.values_list("pk", "shipped", "delivered").iterator()}
    nothing = (Decimal(0), Decimal(0))
    return [
        f"order line {key}: shipped and delivered {kept.get(key, nothing)}, its notes say {truth.get(key, nothing)}"
        for key in sorted({*truth, *kept})
        if kept.get(key, nothing) != truth.get(key, nothing)
    ]


def _sums(states: tuple[str, ...]) -> dict[int, Decimal]:
    rows = DeliveryLine.objects.filter(delivery__state__in=states)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for key, quantity in rows.values_list("order_line_id").annotate(sum=Sum("quantity")):
        sums[key] = quantity
    return sums
