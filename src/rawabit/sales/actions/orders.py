"""The life of an order, and what deliveries and invoices tell it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from rawabit.company.actions import next_document_number
from rawabit.company.queries import company_now, local_day
from rawabit.crm.models import Address
from rawabit.crm.policies import BUYING, require_on
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, fsi
from rawabit.ledger.actions import lock_balance
from rawabit.ledger.logic.credit import BLOCK, OK, CreditStatus
from rawabit.sales.actions.drafts import require_own_discounts
from rawabit.sales.logic.receiving import deliver_to
from rawabit.sales.logic.states import OPEN_ORDERS, ORDER
from rawabit.sales.models import Order, OrderLine
from rawabit.sales.queries import credit_for_order, progress_of
from rawabit.trade.actions import add_up_again, freeze


@transaction.atomic
def confirm_order(order: Order, *, actor: Actor, at: datetime) -> Order:
    """Turn a draft into a promise: check the credit, number it, freeze parties and totals, tell the others."""
    order = lock(order)
    require_on(actor, "sales.confirm_order", order)
    move = ORDER.require(order, "confirm")
    company = company_now()
    if order.quotation_id is None:  # an accepted offer was answered for when it was sent
        require_own_discounts(order, actor)
    add_up_again(order)
    credit = _require_credit(order, actor, local_day(at, company))
    order.credit_facts = {} if credit.level == OK else credit.facts()
    order.state, order.confirmed_at = move.target, at
    order.first_promised_date = order.promised_date
    order.deliver_to = order.deliver_to or _deliver_to(order)
    order.number = next_document_number("order", order.date)
    freeze(order, company, at)
    _follow_lines(order, list(order.lines.all()))
    order.save()
    emit("order.confirmed", order, actor=actor, at=at, number=order.number, total=order.total,
         currency=order.currency, credit=credit.level)  # fmt: skip
    return order


def _require_credit(order: Order, actor: Actor, today: date) -> CreditStatus:
    """Orders of one customer are judged one after the other: his balance row is held until the commit."""
    lock_balance(order.customer, order.customer.currency)
    credit = credit_for_order(order, today)
    overruled = credit.reason == "over_limit" and actor.may("sales.exceed_credit")
    if credit.level == BLOCK and not overruled:
        raise Refused(credit.words)
    return credit


def _deliver_to(order: Order) -> str:
    address = order.delivery_address
    return deliver_to(address.receiver, str(address), address.phone) if address else ""


@transaction.atomic
def change_receiver(order: Order, address: Address, *, receiver: str, phone: str, actor: Actor, at: datetime) -> Order:
    """Send an order to another address of the customer, or to another person there, before its goods leave. Whether
    something is packed already is asked by the module that packs."""
    order = lock(order)
    require_on(actor, "sales.change_order", order, roles=BUYING)
    if order.state not in OPEN_ORDERS or order.shipping_state != "none":
        raise Refused(_("The goods are on their way. Please call us to change the delivery."))
    if address.customer_id != order.customer_id:
        raise Refused(_("Choose one of your own addresses."))
    place = deliver_to(clean_user_text(receiver), str(address), clean_user_text(phone))
    if place == order.deliver_to and order.delivery_address_id == address.pk:
        return order
    before, order.deliver_to, order.delivery_address = order.deliver_to, place, address
    _save(order, at, "deliver_to", "delivery_address")
    emit("order.delivery_changed", order, actor=actor, at=at, number=order.number,
         changes={"deliver_to": [before, place]})  # fmt: skip
    return order


@transaction.atomic
def hold_order(order: Order, *, reason: str, actor: Actor, at: datetime) -> Order:
    """Stop an order for the time being; nothing is shipped until it is released."""
    order = lock(order)
    require_on(actor, "sales.hold_order", order)
    move = ORDER.require(order, "hold")
    if not reason.strip():
        raise Refused(_("Say why the order is put on hold."))
    order.state, order.hold_reason = move.target, reason.strip()[:200]
    _save(order, at, "hold_reason")
    emit("order.held", order, actor=actor, at=at, number=order.number, reason=order.hold_reason)
    return order


@transaction.atomic
def release_order(order: Order, *, actor: Actor, at: datetime) -> Order:
    """Go on with an order that was on hold."""
    order = lock(order)
    require_on(actor, "sales.release_order", order)
    order.state, order.hold_reason = ORDER.require(order, "release").target, ""
    _save(order, at, "hold_reason")
    emit("order.released", order, actor=actor, at=at, number=order.number)
    return order


@transaction.atomic
def cancel_order(order: Order, *, reason: str, actor: Actor, at: datetime) -> Order:
    """Take the promise back, as long as nothing has been shipped or invoiced."""
    order = lock(order)
    require_on(actor, "sales.cancel_order", order)
    order.state = ORDER.require(order, "cancel").target
    order.hold_reason = reason.strip()[:200]
    _save(order, at, "hold_reason")
    emit("order.cancelled", order, actor=actor, at=at, number=order.number, reason=order.hold_reason)
    return order


@transaction.atomic
def close_order(order: Order, *, actor: Actor, at: datetime) -> Order:
    """Be done with an order although not everything was delivered."""
    order = lock(order)
    require_on(actor, "sales.close_order", order)
    order.state = ORDER.require(order, "close").target
    _save(order, at)
    emit("order.completed", order, actor=actor, at=at, number=order.number, short=True)
    return order


@transaction.atomic
def promise_order(order: Order, day: date, *, reason: str = "", actor: Actor, at: datetime) -> Order:
    """Give another delivery date; the customer sees the first one and the reason beside it."""
    order = lock(order)
    require_on(actor, "sales.promise_order", order)
    if order.state not in OPEN_ORDERS:
        raise Refused(_("Only an open order has a delivery date to change."))
    before = order.promised_date
    if before is not None and before != day and not reason.strip():
        raise Refused(_("Say why the date changes; the customer will read it."))
    order.promised_date, order.promise_change_reason = day, reason.strip()[:200]
    order.first_promised_date = order.first_promised_date or day
    touch(order, at)
    order.save(update_fields=["promised_date", "first_promised_date", "promise_change_reason", "version", "updated_at"])
    emit("order.promise_changed", order, actor=actor, at=at, before=before, day=day, reason=reason.strip()[:200])
    return order


def _save(order: Order, at: datetime, *fields: str) -> None:
    touch(order, at)
    order.save(update_fields=["state", "version", "updated_at", *fields])


# What deliveries and invoices tell the order. Positive quantities count up, negative ones back.


@transaction.atomic
def register_shipped(order: Order, quantities: Mapping[int, Decimal], *, actor: Actor, at: datetime) -> Order:
    """Goods have left the house or come back: ``{line key: quantity}``. Says all lines that would be too much."""
    return _register(order, "shipped", "quantity", quantities, actor, at)


@transaction.atomic
def register_delivered(order: Order, quantities: Mapping[int, Decimal], *, actor: Actor, at: datetime) -> Order:
    """Goods have arrived, or what had arrived came back."""
    return _register(order, "delivered", "shipped", quantities, actor, at)


@transaction.atomic
def register_invoiced(order: Order, quantities: Mapping[int, Decimal], *, actor: Actor, at: datetime) -> Order:
    """Quantities stand on an invoice, or were credited."""
    return _register(order, "invoiced", "quantity", quantities, actor, at)


def _register(
    order: Order, field: str, limit: str, quantities: Mapping[int, Decimal], actor: Actor, at: datetime
) -> Order:
    order = lock(order)
    lines = list(order.lines.order_by("position"))
    changed = [line for line in lines if quantities.get(line.pk)]
    _require_room(changed, field, limit, quantities)
    for line in changed:
        setattr(line, field, getattr(line, field) + quantities[line.pk])
    OrderLine.objects.bulk_update(changed, [field])
    _follow_lines(order, lines)
    touch(order, at)
    order.save()
    if any(quantity < 0 for quantity in quantities.values()):
        _reopen(order, lines, actor, at)
    else:
        _complete(order, lines, actor, at)
    return order


def _require_room(lines: list[OrderLine], field: str, limit: str, quantities: Mapping[int, Decimal]) -> None:
    over = [line for line in lines if not 0 <= getattr(line, field) + quantities[line.pk] <= getattr(line, limit)]
    if over:
        raise Refused("\n".join(too_much(line, getattr(line, limit) - getattr(line, field)) for line in over))


def too_much(line: OrderLine, left: Decimal) -> str:
    """The words for one line of which less is left than asked for."""
    shown = {"title": fsi(line.title), "left": active().number(left.normalize())}
    return str(_("%(title)s: only %(left)s left.")) % shown


def _follow_lines(order: Order, lines: list[OrderLine]) -> None:
    reached = progress_of(lines)
    order.shipping_state, order.delivery_state = reached.shipping, reached.delivery
    order.invoice_state = reached.invoicing


def _complete(order: Order, lines: list[OrderLine], actor: Actor, at: datetime) -> None:
    if order.state == "confirmed" and progress_of(lines).complete:
        order.state = ORDER.require(order, "close").target
        _save(order, at)
        emit("order.completed", order, actor=actor, at=at, number=order.number, short=False)


def _reopen(order: Order, lines: list[OrderLine], actor: Actor, at: datetime) -> None:
    if order.state == "done" and not progress_of(lines).complete:
        order.state = ORDER.require(order, "reopen").target
        _save(order, at)
        emit("order.reopened", order, actor=actor, at=at, number=order.number)
