"""What is done with deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.forms import ModelForm

from rawabit.company.actions import next_document_number
from rawabit.company.queries import local_day
from rawabit.crm.models import Address
from rawabit.crm.policies import require_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, save_form, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import search_key
from rawabit.sales.actions import change_receiver, register_delivered, register_shipped, too_much
from rawabit.sales.models import Order, OrderLine
from rawabit.shipping.logic.states import DELIVERY, PLANNED, TRACKING_OF_MOVE
from rawabit.shipping.models import Carrier, Delivery, DeliveryLine, TrackingEvent
from rawabit.shipping.queries import Remaining, remaining


@transaction.atomic
def deliver_order(
    order: Order,
    quantities: Mapping[int, Decimal] | None = None,
    *,
    actor: Actor,
    at: datetime,
    day: date | None = None,
) -> Delivery:
    """A draft delivery note for ``{order line key: quantity}``, or for all that is left. What would be too much is
    said for all lines at once, and nothing is written."""
    order = lock(order)
    require_on(actor, "shipping.add_delivery", order)
    _require_open(order)
    wanted = _wanted(remaining(order), quantities)
    delivery = Delivery.objects.create(
        order=order, customer=order.customer, owner=order.owner, date=day or local_day(at),
        promised_date=order.promised_date, deliver_to=order.deliver_to, created_at=at, updated_at=at,
    )  # fmt: skip
    _write_lines(delivery, wanted)
    _refresh_key(delivery)
    facts = {"order": order.number, "order_id": order.pk, "lines": len(wanted)}
    emit("delivery.created", delivery, actor=actor, at=at, **facts)
    return delivery


def _require_open(order: Order) -> None:
    if order.state == "on_hold":
        raise Refused(_("The order is on hold. Release it first."))
    if order.state != "confirmed":
        raise Refused(_("The order is not open for delivery."))


def _wanted(left: Sequence[Remaining], quantities: Mapping[int, Decimal] | None) -> dict[OrderLine, Decimal]:
    """The quantities asked for, after all shortages were looked for; :class:`Refused` names each line."""
    if quantities is None:
        wanted = {row.line: row.left for row in left if row.left > 0}
    else:
        _require_known(left, quantities)
        _require_enough(left, quantities)
        wanted = {row.line: quantities[row.line.pk] for row in left if quantities.get(row.line.pk)}
    if not wanted:
        raise Refused(_("Nothing is left to deliver."))
    return wanted


def _require_known(left: Sequence[Remaining], quantities: Mapping[int, Decimal]) -> None:
    if set(quantities) - {row.line.pk for row in left}:
        raise Refused(_("This line is not one of goods of this order."))
    if any(quantity < 0 for quantity in quantities.values()):
        raise Refused(_("Quantity must be more than zero."))


def _require_enough(left: Sequence[Remaining], quantities: Mapping[int, Decimal]) -> None:
    short = [row for row in left if quantities.get(row.line.pk, Decimal(0)) > row.left]
    if short:
        raise Refused("\n".join(too_much(row.line, row.left) for row in short))


def _write_lines(delivery: Delivery, wanted: Mapping[OrderLine, Decimal]) -> None:
    DeliveryLine.objects.bulk_create(
        DeliveryLine(delivery=delivery, order_line=line, quantity=quantity) for line, quantity in wanted.items()
    )


def _refresh_key(delivery: Delivery) -> None:
    customer = delivery.customer
    delivery.search_text = search_key(
        delivery.number, delivery.order.number, delivery.tracking_number, customer.name, customer.name_ar,
        customer.name_fa, customer.name_en, customer.code,
    )  # fmt: skip
    delivery.save(update_fields=["search_text"])


@transaction.atomic
def set_quantities(delivery: Delivery, quantities: Mapping[int, Decimal], *, actor: Actor, at: datetime) -> Delivery:
    """Change what a draft note holds: ``{order line key: quantity}``; what is not named is taken off."""
    order = lock(delivery.order)
    delivery = lock(delivery)
    require_on(actor, "shipping.change_delivery", delivery)
    _require_draft(delivery)
    delivery.lines.all().delete()
    _write_lines(delivery, _wanted(remaining(order), quantities))
    touch(delivery, at)
    delivery.save(update_fields=["version", "updated_at"])
    emit("delivery.changed", delivery, actor=actor, at=at, lines=len(quantities))
    return delivery


def _require_draft(delivery: Delivery) -> None:
    if delivery.state != "draft":
        raise Refused(_("This delivery can no longer be changed."))


@transaction.atomic
def save_delivery(
    form: ModelForm[Delivery], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Delivery:
    """Change carrier, tracking number, parcels, address or dates; until the goods have arrived."""
    before = Delivery.objects.select_related("order", "customer").get(pk=form.instance.pk)
    require_on(actor, "shipping.change_delivery", before)
    if before.state in ("delivered", "returned", "cancelled"):
        raise Refused(_("This delivery can no longer be changed."))
    saved = save_form(form, actor=actor, at=at, seen_version=seen_version)
    _refresh_key(saved)
    return saved


@transaction.atomic
def readdress_order(
    order: Order, address: Address, *, receiver: str = "", phone: str = "", actor: Actor, at: datetime
) -> Order:
    """Another address or receiver for an order of which nothing is packed yet; its open notes follow."""
    order = lock(order)
    notes = list(order.deliveries.select_for_update(of=("self",)).exclude(state="cancelled"))
    if any(note.state != "draft" for note in notes):
        raise Refused(_("The goods are packed already. Please call us to change the delivery."))
    changed = change_receiver(order, address, receiver=receiver, phone=phone, actor=actor, at=at)
    for note in notes:
        note.deliver_to = changed.deliver_to
        touch(note, at)
        note.save(update_fields=["deliver_to", "version", "updated_at"])
    return changed


# The moves


@transaction.atomic
def pack_delivery(delivery: Delivery, *, actor: Actor, at: datetime) -> Delivery:
    """The goods stand packed; the note gets its number."""
    return _move(delivery, "pack", actor, at)


@transaction.atomic
def ship_delivery(
    delivery: Delivery,
    *,
    actor: Actor,
    at: datetime,
    carrier: Carrier | None = None,
    tracking_number: str = "",
    parcels: int | None = None,
) -> Delivery:
    """The goods leave the house; the order counts them as shipped."""
    order = lock(delivery.order)
    delivery = lock(delivery)
    delivery.carrier = carrier or delivery.carrier
    delivery.tracking_number = tracking_number.strip()[:60] or delivery.tracking_number
    delivery.parcels = parcels or delivery.parcels
    delivery.shipped_at = at
    delivery.save(update_fields=["carrier", "tracking_number", "parcels", "shipped_at"])
    moved = _move(delivery, "ship", actor, at)
    register_shipped(order, _quantities(moved), actor=actor, at=at)
    return moved


@transaction.atomic
def out_delivery(delivery: Delivery, *, actor: Actor, at: datetime) -> Delivery:
    """The carrier is on the last mile."""
    return _move(delivery, "out", actor, at)


@transaction.atomic
def deliver_delivery(delivery: Delivery, *, received_by: str = "", actor: Actor, at: datetime) -> Delivery:
    """The goods have arrived, and who took them."""
    order = lock(delivery.order)
    moved = _move(delivery, "deliver", actor, at, note=received_by.strip()[:200])
    moved.received_by, moved.delivered_at = received_by.strip()[:200], at
    moved.save(update_fields=["received_by", "delivered_at"])
    register_delivered(order, _quantities(moved), actor=actor, at=at)
    return moved


@transaction.atomic
def return_delivery(delivery: Delivery, *, reason: str = "", actor: Actor, at: datetime) -> Delivery:
    """The goods have come back; the order counts them as not shipped."""
    order = lock(delivery.order)
    delivery = lock(delivery)
    had_arrived = delivery.state == "delivered"
    moved = _move(delivery, "return", actor, at, note=reason.strip()[:200])
    back = {key: -quantity for key, quantity in _quantities(moved).items()}
    if had_arrived:
        register_delivered(order, back, actor=actor, at=at)
    register_shipped(order, back, actor=actor, at=at)
    return moved


@transaction.atomic
def cancel_delivery(delivery: Delivery, *, actor: Actor, at: datetime) -> Delivery:
    """These goods will not go out by this note. A note without a number gets one, so that nothing is ever nameless."""
    return _move(delivery, "cancel", actor, at)


def _move(delivery: Delivery, name: str, actor: Actor, at: datetime, *, note: str = "") -> Delivery:
    """One step of a delivery's life with its line in the tracking. Order first, then delivery: one order of locks."""
    lock(delivery.order)
    delivery = lock(delivery)
    require_on(actor, f"shipping.{name}_delivery", delivery)
    move = DELIVERY.require(delivery, name)
    delivery.state = move.target
    delivery.number = delivery.number or next_document_number("delivery", delivery.date)
    touch(delivery, at)
    delivery.save()
    _refresh_key(delivery)
    if name in TRACKING_OF_MOVE:
        TrackingEvent.objects.create(delivery=delivery, at=at, kind=TRACKING_OF_MOVE[name], note=note)
    facts = {"number": delivery.number, "order": delivery.order.number, "order_id": delivery.order_id}
    emit(f"delivery.{_PAST[name]}", delivery, actor=actor, at=at, **facts)
    return delivery


_PAST = {
    "pack": "packed", "ship": "shipped", "out": "out", "deliver": "delivered", "return": "returned",
    "cancel": "cancelled",
}  # fmt: skip


def _quantities(delivery: Delivery) -> dict[int, Decimal]:
    return {line.order_line_id: line.quantity for line in delivery.lines.all()}


# Tracking


@transaction.atomic
def track(
    delivery: Delivery, kind: str, *, place: str = "", note: str = "", actor: Actor, at: datetime,
    happened_at: datetime | None = None,
) -> TrackingEvent:  # fmt: skip
    """Write down what a carrier tells. The list alone changes; what it means for the order is said by the moves."""
    delivery = lock(delivery)
    require_on(actor, "shipping.change_delivery", delivery)
    if kind not in dict(TrackingEvent.KINDS):
        raise Refused(_("Choose a status."))
    event = TrackingEvent.objects.create(
        delivery=delivery, at=happened_at or at, kind=kind, place=place[:100], note=note[:300]
    )
    facts = {"kind": kind, "place": place[:100], "order_id": delivery.order_id}
    emit("delivery.tracked", delivery, actor=actor, at=at, **facts)
    return event


@transaction.atomic
def cancel_open_deliveries(order: Order, *, actor: Actor, at: datetime) -> int:
    """Subscriber of ``order.cancelled``: notes that never left are cancelled with their order. Safe to run twice."""
    rows = list(Delivery.objects.filter(order=order, state__in=PLANNED).order_by("pk"))
    for delivery in rows:
        cancel_delivery(delivery, actor=actor, at=at)
    return len(rows)


# Carriers and drafts


@transaction.atomic
def save_carrier(form: ModelForm[Carrier], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Carrier:
    """Make or change a carrier."""
    actor.require("shipping.change_carrier" if form.instance.pk else "shipping.add_carrier")
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


@transaction.atomic
def delete_delivery(delivery: Delivery, *, actor: Actor, at: datetime) -> None:
    """Throw a draft note away. It never had a number."""
    lock(delivery.order)
    delivery = lock(delivery)
    require_on(actor, "shipping.delete_delivery", delivery)
    if delivery.state != "draft":
        raise Refused(_("Only drafts can be deleted."))
    emit("delivery.deleted", delivery, actor=actor, at=at, order=delivery.order.number, order_id=delivery.order_id)
    delivery.delete()
