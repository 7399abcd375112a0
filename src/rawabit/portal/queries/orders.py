"""Orders and their deliveries, as the customer reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q, QuerySet

from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Attachment
from rawabit.kit.records.prepared import prepared
from rawabit.portal.queries.accounts import SEEN_WITH_RECORD
from rawabit.portal.queries.searching import with_words
from rawabit.portal.queries.seeing import seen
from rawabit.portal.queries.slices import PAGE, Slice, cut, later, newest_first, newest_of_few, one_page
from rawabit.sales.logic.states import CANCELLED, DONE, OPEN_ORDERS
from rawabit.sales.models import Order, OrderLine
from rawabit.shipping.models import Delivery, DeliveryLine, TrackingEvent
from rawabit.trade.logic.lines import SECTION

OPEN = Q(state__in=OPEN_ORDERS) & ~Q(delivery_state="fully")
TABS: dict[str, Q] = {
    "current": OPEN,
    "completed": Q(state=DONE) | Q(state__in=OPEN_ORDERS, delivery_state="fully"),
    "cancelled": Q(state=CANCELLED),
}
ORDER_OF = {"current": newest_of_few, "completed": newest_first, "cancelled": newest_of_few}
LISTED = (
    "pk", "number", "date", "state", "shipping_state", "delivery_state", "promised_date", "currency", "total",
    "customer_reference",
)  # fmt: skip
AT_HAND = (*LISTED, "confirmed_at", "hold_reason", "first_promised_date", "promise_change_reason")
SHOWN = (
    "uid", *AT_HAND, "net", "discount", "tax", "deliver_to", "customer_id", "quotation__uid",
    "delivery_address__map_link", "delivery_address__uid",
)  # fmt: skip

SHIPMENT = (
    "uid", "number", "state", "order_id", "tracking_number", "parcels", "promised_date", "delivered_at", "received_by",
)  # fmt: skip
CARRIER = {
    "carrier_name": F("carrier__name"), "carrier_ar": F("carrier__name_ar"), "carrier_fa": F("carrier__name_fa"),
    "carrier_en": F("carrier__name_en"), "carrier_url": F("carrier__tracking_url"),
}  # fmt: skip
NOTE = (
    "number", "state", "date", "tracking_number", "parcels", "promised_date", "deliver_to", "note", "received_by",
    "delivered_at", "customer_id", "order__uid", "order__number", "order__customer_reference", "carrier__name",
    "carrier__name_ar", "carrier__name_fa", "carrier__name_en", "carrier__tracking_url",
)  # fmt: skip
LINE = ("pk", "title", "sku", "unit", "quantity", "delivered", "unit_price", "net", "kind")
MOST_EXPORTED = 10_000
OPEN_SHOWN = 5  # orders on the first page
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders are looked for: words, days from and to, and one of the customer's own addresses."""

    words: str = ""
    first: date | None = None
    last: date | None = None
    place: UUID | None = None

    def __bool__(self) -> bool:
        return any((self.words, self.first, self.last, self.place))


def orders_of(actor: Actor, tab: str, wanted: Wanted, after: UUID | None) -> Slice:
    """A page of orders in one situation, newest first; found by number, purchase order or an item on them, by date
    and by where they go."""
    if not wanted:
        return cut(_orders(actor, tab, **later(after)))
    return cut(list(one_page(ORDER_OF[tab](_found(actor, tab, wanted), after), *LISTED)))


def _found(actor: Actor, tab: str, wanted: Wanted) -> QuerySet[Order]:
    rows = _narrowed(actor, tab)
    if wanted.first:
        rows = rows.filter(date__gte=wanted.first)
    if wanted.last:
        rows = rows.filter(date__lte=wanted.last)
    if wanted.place:
        rows = rows.filter(delivery_address__uid=wanted.place)
    return with_words(rows, OrderLine.objects.all(), wanted.words, actor) if wanted.words else rows


def orders_to_export(actor: Actor, tab: str, wanted: Wanted) -> list[Row]:
    """All orders of a situation, each with the states of its deliveries under ``moving``."""
    found = list(_found(actor, tab, wanted).order_by("-pk").values("uid", *LISTED)[:MOST_EXPORTED])
    moving: dict[int, list[str]] = {}
    for start in range(0, len(found), 500):
        keys = [row["pk"] for row in found[start : start + 500]]
        for row in Delivery.objects.filter(order_id__in=keys).values("order_id", "state"):
            moving.setdefault(row["order_id"], []).append(row["state"])
    return [{**row, "moving": moving.get(row["pk"], [])} for row in found]


def _narrowed(actor: Actor, tab: str) -> QuerySet[Order]:
    return Order.objects.visible_to(actor).filter(TABS[tab])


@seen
def _orders(actor: Actor, tab: str, *, after: UUID | None = None) -> QuerySet[Order, Row]:
    return one_page(ORDER_OF[tab](_narrowed(actor, tab), after), *LISTED)


@seen
def open_orders(actor: Actor) -> QuerySet[Order, Row]:
    """The newest orders that are not wholly delivered."""
    return newest_of_few(_narrowed(actor, "current"), None).values("uid", *AT_HAND)[:OPEN_SHOWN]


@seen
def last_order(actor: Actor) -> QuerySet[Order, Row]:
    """The newest order that was not cancelled, in a list of at most one."""
    return (
        Order.objects.visible_to(actor)
        .exclude(state=CANCELLED)
        .order_by("-pk")
        .values("uid", "pk", "number", "date")[:1]
    )


@prepared
def lines_of(*, order_id: int) -> QuerySet[OrderLine, Row]:
    """The lines of an order that the caller has been shown."""
    return OrderLine.objects.filter(document_id=order_id).order_by("position").values(*LINE)


@prepared
def items_of(*, order_id: int) -> QuerySet[OrderLine, Row]:
    """What was ordered and how much of it, of an order that the caller has been shown."""
    lines = OrderLine.objects.filter(document_id=order_id).exclude(kind=SECTION)
    return lines.order_by("position").values("title", "quantity", "unit")


@seen
def order_for(actor: Actor, *, uid: UUID) -> QuerySet[Order]:
    """One order of the person's customers, with its customer, its address and whoever looks after it."""
    rows = Order.objects.visible_to(actor).filter(uid=uid)
    with_them = rows.select_related("customer__owner", "owner", "quotation", "delivery_address")
    people = ("owner__full_name", "owner__phone", "owner__email")
    return with_them.only(*SHOWN, *people, *SEEN_WITH_RECORD)[:1]


def states_of_deliveries(order_ids: Sequence[int]) -> list[Row]:
    """The states of the deliveries of at most a page of orders that the caller has been shown: planned ones count too,
    for an order with a draft note is in preparation, although the customer does not see the note."""
    if not order_ids:
        return []
    filled = [*order_ids, *[order_ids[-1]] * PAGE][:PAGE]  # always as many, so that the statement stays the same
    return _states(**{f"order{place}": key for place, key in enumerate(filled)})


@prepared
def _states(**orders: int) -> QuerySet[Delivery, Row]:
    return Delivery.objects.filter(order_id__in=list(orders.values())).values("order_id", "state")


@seen
def shipments_of(actor: Actor, *, order_id: int) -> QuerySet[Delivery, Row]:
    """The deliveries of an order, oldest first, with their carriers."""
    rows = Delivery.objects.visible_to(actor).filter(order_id=order_id).exclude(state="cancelled").order_by("pk")
    return rows.values("pk", *SHIPMENT, **CARRIER)


@prepared
def contents_of(*, order_id: int) -> QuerySet[DeliveryLine, Row]:
    """What is in the deliveries of an order that the caller has been shown."""
    rows = DeliveryLine.objects.filter(delivery__order_id=order_id).order_by("delivery_id", "order_line__position")
    fields = {"title": F("order_line__title"), "unit": F("order_line__unit"), "sku": F("order_line__sku")}
    return rows.values("delivery_id", "order_line_id", "quantity", **fields)


@prepared
def tracking_of(*, order_id: int) -> QuerySet[TrackingEvent, Row]:
    """What happened to the deliveries of an order that the caller has been shown."""
    rows = TrackingEvent.objects.filter(delivery__order_id=order_id).order_by("at", "pk")
    return rows.values("delivery_id", "kind", "at", "place", "note")


def deliveries_of(actor: Actor, after: UUID | None) -> Slice:
    """A page of delivery notes, newest first."""
    return cut(_deliveries(actor, **later(after)))


@seen
def _deliveries(actor: Actor, *, after: UUID | None = None) -> QuerySet[Delivery, Row]:
    rows = newest_first(Delivery.objects.visible_to(actor), after)
    return one_page(rows, "number", "state", "date", "tracking_number", "order__uid", "order__number")


@seen
def delivery_for(actor: Actor, *, uid: UUID) -> QuerySet[Delivery]:
    """One delivery note of the person's customers."""
    rows = Delivery.objects.visible_to(actor).filter(uid=uid).select_related("order", "carrier", "customer__owner")
    return rows.only("uid", *NOTE, *SEEN_WITH_RECORD)[:1]


def proofs_of(delivery_ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """``{delivery key: pictures and papers that prove it}`` of deliveries that the caller has been shown."""
    if not delivery_ids:
        return {}
    kind = ContentType.objects.get_for_model(Delivery)
    rows = Attachment.objects.filter(subject_type=kind, subject_id__in=delivery_ids, for_customer=True)
    found: dict[int, list[Attachment]] = {}
    for file in rows.only("uid", "name", "mime", "subject_id").order_by("id")[:50]:
        found.setdefault(file.subject_id, []).append(file)
    return found
