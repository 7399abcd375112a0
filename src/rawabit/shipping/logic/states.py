"""The life of a delivery, and what a customer reads about his order while it is on its way. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.states import Lifecycle, Move, State
from rawabit.trade.logic.states import NOT_WHILE

DRAFT, PACKED, SHIPPED, OUT = "draft", "packed", "shipped", "out"
DELIVERED, RETURNED, CANCELLED = "delivered", "returned", "cancelled"
PLANNED = (DRAFT, PACKED)
ON_THE_WAY = (SHIPPED, OUT)


def order_is_open(delivery: Any) -> object | None:
    """Goods do not leave for an order that is on hold or cancelled."""
    if delivery.order.state == "on_hold":
        return _("The order is on hold. Release it first.")
    return None if delivery.order.state == "confirmed" else _("The order is not open for delivery.")


DELIVERY = Lifecycle(
    [
        State(DRAFT, pgettext_lazy("delivery note", "Draft")),
        State(PACKED, pgettext_lazy("delivery note", "Packed"), "info"),
        State(SHIPPED, pgettext_lazy("delivery note", "Shipped"), "info"),
        State(OUT, pgettext_lazy("delivery note", "Out for delivery"), "info"),
        State(DELIVERED, pgettext_lazy("delivery note", "Delivered"), "ok"),
        State(RETURNED, pgettext_lazy("delivery note", "Returned"), "warn"),
        State(CANCELLED, pgettext_lazy("delivery note", "Cancelled"), "bad"),
    ],
    [
        Move("pack", (DRAFT,), PACKED, pgettext_lazy("delivery note", "Mark as packed"), order_is_open),
        Move(
            "ship", (DRAFT, PACKED), SHIPPED, pgettext_lazy("delivery note", "Ship"), order_is_open, tone="primary",
            confirm=_("Ship these goods? Quantities can no longer be changed."),
        ),
        Move("out", (SHIPPED,), OUT, pgettext_lazy("delivery note", "Out for delivery")),
        Move("deliver", (SHIPPED, OUT), DELIVERED, pgettext_lazy("delivery note", "Mark as delivered"), tone="primary"),
        Move(
            "return", (SHIPPED, OUT, DELIVERED), RETURNED, pgettext_lazy("delivery note", "Mark as returned"),
            tone="danger", confirm=_("Have these goods come back? The order will count them as not delivered."),
        ),
        Move(
            "cancel", (DRAFT, PACKED), CANCELLED, pgettext_lazy("delivery note", "Cancel delivery"), tone="danger",
            confirm=_("Cancel this delivery? Its quantities can be delivered by another note."),
        ),
    ],
    not_while=NOT_WHILE,
)  # fmt: skip

# The line in the tracking that a move writes.
TRACKING_OF_MOVE = {"pack": "packed", "ship": "picked_up", "out": "out", "deliver": "delivered", "return": "returned"}
TRACKING_TONES = {"delayed": "warn", "attempted": "warn", "returned": "warn", "delivered": "ok"}

CUSTOMER_STATES = {
    state.code: state
    for state in (
        State("confirmed", pgettext_lazy("order, to the customer", "Confirmed"), "info"),
        State("preparing", pgettext_lazy("order, to the customer", "In preparation"), "info"),
        State("packed", pgettext_lazy("order, to the customer", "Packed"), "info"),
        State("shipped", pgettext_lazy("order, to the customer", "Shipped"), "info"),
        State("partly_shipped", pgettext_lazy("order, to the customer", "Partially shipped"), "info"),
        State("out", pgettext_lazy("order, to the customer", "Out for delivery"), "info"),
        State("partly_delivered", pgettext_lazy("order, to the customer", "Partially delivered"), "info"),
        State("delivered", pgettext_lazy("order, to the customer", "Delivered"), "ok"),
        State("completed", pgettext_lazy("order, to the customer", "Completed"), "ok"),
        State("on_hold", pgettext_lazy("order, to the customer", "On hold"), "warn"),
        State("cancelled", pgettext_lazy("order, to the customer", "Cancelled"), "bad"),
        State("returned", pgettext_lazy("order, to the customer", "Returned"), "warn"),
    )
}


@dataclass(frozen=True, slots=True)
class Progress:
    """What decides an order's situation: its state, how far its goods have come, the states of its deliveries."""

    state: str
    shipping_state: str
    delivery_state: str
    deliveries: Sequence[str]


def situation(order: Progress) -> State:
    """The one status a customer (and the desk's list) reads for an order: the most advanced thing that is still going
    on, else what it all came to."""
    if order.state in ("on_hold", "cancelled"):
        return CUSTOMER_STATES[order.state]
    return CUSTOMER_STATES[_going_on(order) or _outcome(order)]


def _going_on(order: Progress) -> str:
    moving = set(order.deliveries)
    if OUT in moving:
        return "out"
    if SHIPPED in moving:
        return "shipped" if order.shipping_state == "fully" else "partly_shipped"
    if order.delivery_state == "partly" and order.state != "done":
        return "partly_delivered"
    if PACKED in moving:
        return "packed"
    return "preparing" if DRAFT in moving else ""


def _outcome(order: Progress) -> str:
    if order.delivery_state == "fully":
        return "delivered"
    if RETURNED in order.deliveries:
        return "returned"
    return "completed" if order.state == "done" else "confirmed"
