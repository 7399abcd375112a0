"""Payments: received, given back, reversed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.forms import ModelForm

from rawabit.billing.actions.allocations import Shares, give_back, lock_invoices, spread
from rawabit.billing.logic.states import PAYMENT
from rawabit.billing.models import Invoice, Payment
from rawabit.company.actions import next_document_number
from rawabit.company.queries import local_day
from rawabit.crm.models import Customer
from rawabit.crm.policies import require_on
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import fsi, search_key
from rawabit.ledger.actions import Paper, cancel_out, lock_balance, post_entry, settle


@transaction.atomic
def record_payment(
    customer: Customer,
    amount: Money,
    *,
    actor: Actor,
    at: datetime,
    day: date | None = None,
    method: str = "transfer",
    reference: str = "",
    note: str = "",
    shares: Shares | None = None,
    idempotency_key: str | None = None,
) -> Payment:
    """Money has come in. It is set against ``shares`` (``{invoice key: amount}``; ``{}`` leaves it all unallocated), or
    against the oldest due invoices; what is over stays as the customer's credit. The same ``idempotency_key`` again
    answers the first payment. Locks: invoices, balance, counter."""
    require_on(actor, "billing.add_payment", customer)
    return enter_payment(
        customer, amount, actor=actor, at=at, day=day, method=method, reference=reference, note=note, shares=shares,
        idempotency_key=idempotency_key,
    )  # fmt: skip


def enter_payment(
    customer: Customer,
    amount: Money,
    *,
    actor: Actor,
    at: datetime,
    day: date | None = None,
    method: str = "transfer",
    reference: str = "",
    note: str = "",
    shares: Shares | None = None,
    idempotency_key: str | None = None,
) -> Payment:
    """The same inside the transaction of an action that has asked for a permission of its own."""
    if amount.minor <= 0:
        raise Refused(_("A payment is more than nothing."))
    if known := _known(idempotency_key):
        return known
    payment = Payment(
        customer=customer, owner_id=customer.owner_id, date=day or local_day(at), currency=amount.currency,
        amount=amount.minor, unallocated=amount.minor, method=method, reference=reference.strip()[:60], note=note,
        idempotency_key=idempotency_key, created_at=at, updated_at=at,
    )  # fmt: skip
    if not _claim(payment):
        found = _known(idempotency_key)
        assert found is not None
        return found
    return _enter(payment, shares, actor, at)


def _known(key: str | None) -> Payment | None:
    return Payment.objects.filter(idempotency_key=key).first() if key else None


def _claim(payment: Payment) -> bool:
    """Save the payment as a draft under its key; False when another was quicker."""
    try:
        with transaction.atomic():
            payment.save()
    except IntegrityError:
        if payment.idempotency_key is None or _known(payment.idempotency_key) is None:
            raise
        return False
    return True


def _enter(payment: Payment, shares: Shares | None, actor: Actor, at: datetime) -> Payment:
    invoices = lock_invoices(payment.customer, payment.currency, shares)
    _post(payment, "payment", at)
    spread(payment, invoices, shares, at)
    payment.refresh_from_db()
    emit("payment.recorded", payment, actor=actor, at=at, number=payment.number, amount=payment.amount,
         currency=payment.currency, unallocated=payment.unallocated, invoices=[one.pk for one in invoices])  # fmt: skip
    return payment


def _post(payment: Payment, kind: str, at: datetime) -> None:
    """Number, post and save; inside the caller's transaction."""
    lock_balance(payment.customer, payment.currency)
    payment.number = next_document_number(kind, payment.date)
    payment.state, payment.posted_at = "posted", at
    customer = payment.customer
    payment.search_text = search_key(
        payment.number, payment.reference, customer.name, customer.name_ar, customer.name_fa, customer.name_en,
        customer.code,
    )  # fmt: skip
    payment.save()
    post_entry(customer, Paper(kind, payment.number, payment.uid, payment.date, payment.money("amount")), at=at)


@transaction.atomic
def save_payment(form: ModelForm[Payment], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Payment:
    """Record a payment from a form (customer, amount, currency, date, method, reference, note), oldest invoices first.
    A recorded payment is never changed."""
    entered = form.instance
    if entered.pk is not None:
        raise Refused(_("A recorded payment cannot be changed. Reverse it and record it anew."))
    return record_payment(
        entered.customer, Money(entered.amount, entered.currency or entered.customer.currency), actor=actor, at=at,
        day=entered.date, method=entered.method, reference=entered.reference, note=entered.note,
    )  # fmt: skip


# Giving back


@transaction.atomic
def refund_payment(
    payment: Payment, amount: Money, *, actor: Actor, at: datetime, method: str = "transfer", reference: str = ""
) -> Payment:
    """Give back what is left of a payment, or a part of it."""
    payment = lock(payment)
    require_on(actor, "billing.refund_payment", payment)
    if payment.state != "posted" or payment.direction != "in":
        raise Refused(_("This payment cannot be refunded."))
    _require_left(amount, payment.money("unallocated"))
    refund = _refund(payment.customer, amount, method, reference, at)
    refund.refund_of = payment
    _give(refund, at)
    Payment.objects.filter(pk=payment.pk).update(unallocated=F("unallocated") - amount.minor)
    settle(refund.uid, payment.uid, amount)
    _tell(refund, payment.number, actor, at)
    return refund


@transaction.atomic
def refund_credit_note(
    note: Invoice, amount: Money, *, actor: Actor, at: datetime, method: str = "transfer", reference: str = ""
) -> Payment:
    """Pay out what is left of a credit note, or a part of it."""
    note = lock(note)
    require_on(actor, "billing.refund_payment", note)
    if note.kind != Invoice.CREDIT_NOTE or note.state != "posted":
        raise Refused(_("Only an issued credit note is paid out."))
    _require_left(amount, note.money("open_amount"))
    refund = _refund(note.customer, amount, method, reference, at)
    refund.refund_note = note
    _give(refund, at)
    Invoice.objects.filter(pk=note.pk).update(open_amount=F("open_amount") - amount.minor)
    settle(refund.uid, note.uid, amount)
    _tell(refund, note.number, actor, at)
    return refund


def _require_left(amount: Money, left: Money) -> None:
    if amount.currency != left.currency or not 0 < amount.minor <= left.minor:
        raise Refused(str(_("Only %(left)s can be refunded.")) % {"left": fsi(active().money_text(left))})


def _refund(customer: Customer, amount: Money, method: str, reference: str, at: datetime) -> Payment:
    return Payment(
        direction="out", customer=customer, owner_id=customer.owner_id, date=local_day(at), currency=amount.currency,
        amount=amount.minor, method=method, reference=reference.strip()[:60], created_at=at, updated_at=at,
    )  # fmt: skip


def _give(refund: Payment, at: datetime) -> None:
    _post(refund, "refund", at)


def _tell(refund: Payment, source: str, actor: Actor, at: datetime) -> None:
    emit("payment.refunded", refund, actor=actor, at=at, number=refund.number, amount=refund.amount,
         currency=refund.currency, of=source)  # fmt: skip


@transaction.atomic
def reverse_payment(payment: Payment, *, reason: str, actor: Actor, at: datetime) -> Payment:
    """The money did not come after all (a returned cheque, a wrong entry): what it settled is open again. The payment
    stays in the books beside its reversal. Locks: payment, invoices, balance."""
    payment = lock(payment)
    require_on(actor, "billing.reverse_payment", payment)
    move = PAYMENT.require(payment, "reverse")
    if not reason.strip():
        raise Refused(_("Say why the payment is reversed."))
    if payment.direction != "in" or payment.refunds.filter(state="posted").exists():
        raise Refused(_("A payment that was refunded cannot be reversed."))
    keys = sorted(set(payment.allocations.values_list("invoice_id", flat=True)))
    for invoice in Invoice.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"):
        give_back(payment, invoice, at)
    amount = payment.money("amount")
    post_entry(payment.customer, Paper("reversal", payment.number, payment.uid, local_day(at), amount), at=at)
    cancel_out(payment.uid, amount)
    payment.refresh_from_db()
    payment.state, payment.unallocated = move.target, 0
    touch(payment, at)
    payment.save(update_fields=["state", "unallocated", "version", "updated_at"])
    emit("payment.reversed", payment, actor=actor, at=at, number=payment.number, amount=payment.amount,
         currency=payment.currency, reason=reason.strip()[:300])  # fmt: skip
    return payment
