"""What deliveries add to the order's pages: the status people read, "deliver", and the list of its notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Column, Day, Linked, Status
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.states import State
from rawabit.sales.desk import OrderScreens as BareOrderScreens
from rawabit.sales.desk.orders import DELIVERED
from rawabit.sales.logic.states import DELIVERY_PROGRESS
from rawabit.sales.models import Order
from rawabit.shipping.actions import deliver_order
from rawabit.shipping.desk.deliveries import Parcel
from rawabit.shipping.desk.forms import DeliverOrder, offer_remaining
from rawabit.shipping.logic.states import DELIVERY
from rawabit.shipping.queries import deliveries_of, situations_of
from rawabit.trade.editor.columns import Number as DocumentNumber
from rawabit.trade.editor.columns import Situation

# Where the customer's words say no more than the order's own status, how much has arrived says more.
_PLAIN = {"confirmed", "completed", "cancelled", "on_hold", "delivered"}
WAY = Situation("situation", _("Delivery"))


def way_of(order: Order, found: State) -> State:
    return DELIVERY_PROGRESS[order.delivery_state] if found.code in _PLAIN else found


def deliveries(order: Order, request: Request) -> Any:
    rows: Any = deliveries_of(order)
    return rows.visible_to(request.actor)


def may_be_delivered(order: Order) -> bool:
    return order.state == "confirmed" and order.shipping_state in ("none", "partly")


class OrderScreens(BareOrderScreens):
    columns: ClassVar[Sequence[Column]] = [WAY if one is DELIVERED else one for one in BareOrderScreens.columns]
    tags: ClassVar[Sequence[Column]] = [WAY if one is DELIVERED else one for one in BareOrderScreens.tags]
    verbs: ClassVar[Sequence[Verb]] = (
        BareOrderScreens.verbs[0],
        Verb("deliver", deliver_order, label=_("Deliver"), form=DeliverOrder, prepare=offer_remaining, icon="truck",
             when=may_be_delivered, tone="primary", permission="shipping.add_delivery"),
        *BareOrderScreens.verbs[1:],
    )  # fmt: skip
    panels: ClassVar[Sequence[Panel]] = (
        Panel(
            _("Delivery notes"), deliveries,
            (DocumentNumber(), Status(lifecycle=DELIVERY), Day("date"), Linked("carrier"), Parcel("tracking_number")),
            permission="shipping.view_delivery",
        ),
    )  # fmt: skip

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        super().prepare(rows, request)
        found = situations_of(rows)
        for order in rows:
            order.situation = way_of(order, found[order.pk])
