"""Orders and their deliveries, as the customer reads them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from rawabit.kit.records.actor import Actor
from rawabit.portal.queries.accounts import SEEN_WITH_RECORD
from rawabit.portal.queries.searching import with_words
from rawabit.portal.queries.slices import Slice, newest_first, page_of
from rawabit.sales.logic.states import CANCELLED, DONE, OPEN_ORDERS
from rawabit.sales.models import Order, OrderLine
from rawabit.shipping.models import Delivery, DeliveryLine, TrackingEvent

OPEN = Q(state__in=OPEN_ORDERS) & ~Q(delivery_state="fully")
TABS: dict[str, Q] = {
    "current": OPEN,
    "completed": Q(state=DONE) | Q(state__in=OPEN_ORDERS, delivery_state="fully"),
    "cancelled": Q(state=CANCELLED),
}
LISTED = (
    "pk", "number", "date", "state", "shipping_state", "delivery_state", "promised_date", "currency", "total",
    "customer_reference",
)  # fmt: skip
AT_HAND = (*LISTED, "confirmed_at", "hold_reason", "first_promised_date", "promise_change_reason")
SHOWN = (
    *AT_HAND, "net", "discount", "tax", "deliver_to", "customer_id", "quotation__uid", "delivery_address__map_link",
)  # fmt: skip


def orders_of(actor: Actor, tab: str, words: str, after: UUID | None) -> Slice[dict[str, Any]]:
    """A page of orders in one situation, newest first; found by number, purchase order or an item on them."""
    rows = Order.objects.visible_to(actor).filter(TABS[tab])
    if words:
        rows = with_words(rows, OrderLine.objects.all(), words)
    return page_of(newest_first(rows, after), *LISTED)


def open_orders(actor: Actor, most: int) -> Sequence[dict[str, Any]]:
    """The newest orders that are not wholly delivered."""
    rows = Order.objects.visible_to(actor).filter(OPEN).order_by("-pk")
    return list(rows.values("uid", *AT_HAND)[:most])


def last_order(actor: Actor) -> dict[str, Any] | None:
    """The newest order that was not cancelled."""
    rows = Order.objects.visible_to(actor).exclude(state=CANCELLED).order_by("-pk")
    return rows.values("uid", "pk", "number", "date").first()


def lines_of(order_id: int, *fields: str) -> QuerySet[OrderLine, dict[str, Any]]:
    """The lines of an order that the caller has been shown."""
    return OrderLine.objects.filter(document_id=order_id).order_by("position").values("pk", *fields)


def order_for(actor: Actor, uid: UUID) -> Order | None:
    """One order of the person's customers, with its customer, its address and whoever looks after it."""
    rows = Order.objects.visible_to(actor).filter(uid=uid)
    with_them = rows.select_related("customer__owner", "owner", "quotation", "delivery_address")
    people = ("owner__full_name", "owner__phone", "owner__email")
    return with_them.only(*SHOWN, *people, *SEEN_WITH_RECORD).first()


def delivery_states(order_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """``{order key: states of its deliveries}`` of orders that the caller has been shown: planned ones count too, for
    an order with a draft note is in preparation, although the customer does not see the note."""
    states: dict[int, list[str]] = {}
    for key, state in Delivery.objects.filter(order_id__in=order_ids).values_list("order_id", "state"):
        states.setdefault(key, []).append(state)
    return states


def shipments_of(actor: Actor, order_ids: Collection[int]) -> Sequence[dict[str, Any]]:
    """The deliveries of orders, oldest first, with their carriers."""
    rows = Delivery.objects.visible_to(actor).filter(order_id__in=order_ids).exclude(state="cancelled").order_by("pk")
    return list(rows.values("pk", *SHIPMENT, **CARRIER))


SHIPMENT = ("uid", "number", "state", "order_id", "tracking_number", "parcels", "promised_date", "delivered_at")
CARRIER = {
    "carrier_name": F("carrier__name"), "carrier_ar": F("carrier__name_ar"), "carrier_fa": F("carrier__name_fa"),
    "carrier_en": F("carrier__name_en"), "carrier_url": F("carrier__tracking_url"),
}  # fmt: skip


def contents_of(delivery_ids: Collection[int]) -> Sequence[dict[str, Any]]:
    """What is in deliveries that the caller has been shown."""
    rows = DeliveryLine.objects.filter(delivery_id__in=delivery_ids).order_by("delivery_id", "order_line__position")
    fields = {"title": F("order_line__title"), "unit": F("order_line__unit"), "sku": F("order_line__sku")}
    return list(rows.values("delivery_id", "quantity", **fields))


def tracking_of(delivery_ids: Collection[int]) -> Sequence[dict[str, Any]]:
    """What happened to deliveries that the caller has been shown."""
    rows = TrackingEvent.objects.filter(delivery_id__in=delivery_ids).order_by("at", "pk")
    return list(rows.values("delivery_id", "kind", "at", "place", "note"))


def deliveries_of(actor: Actor, after: UUID | None) -> Slice[dict[str, Any]]:
    """A page of delivery notes, newest first."""
    rows = newest_first(Delivery.objects.visible_to(actor), after)
    return page_of(rows, "number", "state", "date", "tracking_number", "order__uid", "order__number")


def delivery_for(actor: Actor, uid: UUID) -> Delivery | None:
    """One delivery note of the person's customers."""
    rows = Delivery.objects.visible_to(actor).filter(uid=uid).select_related("order", "carrier", "customer__owner")
    return rows.defer("search_text", "order__search_text", "order__terms", "order__seller", "order__buyer").first()
