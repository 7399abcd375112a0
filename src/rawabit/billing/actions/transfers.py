"""Transfers that customers report or promise: reported, withdrawn, accepted (which records the payment), refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from rawabit.billing.actions.allocations import Shares
from rawabit.billing.actions.payments import enter_payment
from rawabit.billing.logic.asking import ACCEPTED, KEPT, PAYMENT_METHODS, PLANNED, REPORTED, TRANSFER, reference_key
from rawabit.billing.models import Invoice, TransferReport, TransferShare
from rawabit.company.queries import local_day
from rawabit.crm.models import Customer
from rawabit.crm.policies import PAYING, require_on
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import attach, emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.sniff import check_upload
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, fsi, latn, search_key

SLIPS = ("application/pdf", "image/jpeg", "image/png", "image/webp")
PROMISE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Told:
    """What the customer tells of a transfer. ``sheet`` is the mark of the form: the same form sent twice is one
    report."""

    amount: Money
    day: date
    method: str = "transfer"
    reference: str = ""
    sayad: str = ""
    sender_bank: str = ""
    sender_iban: str = ""
    note: str = ""
    sheet: str = ""


class AlreadyReported(Refused):
    """The same reference and amount was reported before: ``report``."""

    def __init__(self, report: TransferReport) -> None:
        super().__init__(_("You have reported this transfer already."))
        self.report = report


@transaction.atomic
def report_transfer(
    customer: Customer, told: Told, shares: Shares, *, actor: Actor, at: datetime, slip: UploadedFile[Any] | None = None
) -> TransferReport:
    """The customer has paid. Nothing moves until a colleague accepts it. Promises for the same invoices are kept by
    it. Raises :class:`AlreadyReported` for a second report of one transfer."""
    require_on(actor, "billing.accept_transfer", customer, roles=PAYING)
    if known := _of_sheet(customer, told.sheet):
        return known
    _require_sane(told, local_day(at))
    _require_meant(customer, told.amount, shares)
    report = _kept_report(_drawn(customer, told, REPORTED, actor, at))
    _share(report, shares)
    if slip is not None:
        attach_slip(report, slip, actor=actor, at=at)
    _keep_promises(customer, shares, at)
    emit("transfer.reported", report, actor=actor, at=at, **_facts(report))
    return report


@transaction.atomic
def promise_transfer(customer: Customer, told: Told, shares: Shares, *, actor: Actor, at: datetime) -> TransferReport:
    """The customer will pay on a day: reminders of these invoices wait for it. A new promise replaces the old one."""
    require_on(actor, "billing.accept_transfer", customer, roles=PAYING)
    if known := _of_sheet(customer, told.sheet):
        return known
    today = local_day(at)
    if not today <= told.day <= today + timedelta(days=PROMISE_DAYS):
        raise Refused(str(_("Choose a day within the next %(days)s days.")) % {"days": active().number(PROMISE_DAYS)})
    if told.amount.minor <= 0:
        raise Refused(_("A payment is more than nothing."))
    _require_meant(customer, told.amount, shares)
    for old in _promises(customer, shares):
        _move(old, "withdraw", actor, at)
    report = _drawn(customer, told, PLANNED, actor, at)
    report.save()
    _share(report, shares)
    emit("transfer.planned", report, actor=actor, at=at, **_facts(report))
    return report


def _of_sheet(customer: Customer, sheet: str) -> TransferReport | None:
    return TransferReport.objects.filter(sheet=_sheet(customer, sheet)).first() if sheet else None


def _sheet(customer: Customer, sheet: str) -> str | None:
    return f"{customer.pk}:{sheet[:40]}" if sheet else None


def _require_sane(told: Told, today: date) -> None:
    """A cheque may be of a later day; money that has come may not."""
    if told.amount.minor <= 0:
        raise Refused(_("A payment is more than nothing."))
    if told.method != "cheque" and told.day > today:
        raise Refused(_("The day of the transfer is not here yet. Say on which day you will pay instead."))


def _require_meant(customer: Customer, amount: Money, shares: Shares) -> None:
    """Shares are for the customer's own issued invoices, of the same currency, and together not above the amount."""
    rows = Invoice.objects.filter(pk__in=shares, customer=customer, state="posted", kind=Invoice.INVOICE)
    known = dict(rows.values_list("pk", "currency"))
    if set(known) != set(shares) or any(share.minor <= 0 for share in shares.values()):
        raise Refused(_("Choose invoices of this customer."))
    if {*known.values(), *(share.currency for share in shares.values())} - {amount.currency}:
        raise Refused(_("All invoices of one transfer are in its currency."))
    if sum(share.minor for share in shares.values()) > amount.minor:
        shown = {"amount": fsi(active().money_text(amount))}
        raise Refused(str(_("The invoices together are more than the transfer of %(amount)s.")) % shown)


def _drawn(customer: Customer, told: Told, state: str, actor: Actor, at: datetime) -> TransferReport:
    clean = {name: clean_user_text(getattr(told, name)).strip() for name in ("reference", "sender_bank", "note")}
    reference, bank = latn(clean["reference"])[:60], clean["sender_bank"][:100]
    key = reference_key(reference or told.sayad) if state == REPORTED else ""
    names = (customer.name, customer.name_ar, customer.name_fa, customer.name_en, customer.code)
    return TransferReport(
        customer=customer, state=state, date=told.day, currency=told.amount.currency, amount=told.amount.minor,
        method=told.method, reference=reference, reference_key=key, sayad=told.sayad, sender_bank=bank,
        sender_iban=told.sender_iban, note=clean["note"][:2000], by_id=actor.user_id, by_name=actor.name[:200],
        sheet=_sheet(customer, told.sheet), created_at=at, updated_at=at,
        search_text=search_key(reference, told.sayad, bank, *names),
    )  # fmt: skip


def _kept_report(report: TransferReport) -> TransferReport:
    """The report saved. The database, not a look beforehand, decides that it is the first of its reference."""
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError:
        twins = TransferReport.objects.filter(
            customer=report.customer, currency=report.currency, amount=report.amount,
            reference_key=report.reference_key, state__in=(REPORTED, ACCEPTED),
        )  # fmt: skip
        twin = (twins.first() if report.reference_key else None) or TransferReport.objects.filter(
            sheet=report.sheet
        ).first()
        if twin is None:
            raise
        raise AlreadyReported(twin) from None
    return report


def _share(report: TransferReport, shares: Shares) -> None:
    TransferShare.objects.bulk_create(
        TransferShare(report=report, invoice_id=key, amount=share.minor) for key, share in sorted(shares.items())
    )


def _promises(customer: Customer, shares: Shares) -> list[TransferReport]:
    rows = TransferReport.objects.filter(customer=customer, state=PLANNED)
    keys = rows.filter(shares__invoice__in=shares).values_list("pk", flat=True) if shares else ()
    return list(TransferReport.objects.select_for_update(of=("self",)).filter(pk__in=set(keys)).order_by("pk"))


def _keep_promises(customer: Customer, shares: Shares, at: datetime) -> None:
    for promise in _promises(customer, shares):
        promise.state = KEPT
        touch(promise, at)
        promise.save(update_fields=["state", "version", "updated_at"])


@transaction.atomic
def attach_slip(report: TransferReport, slip: UploadedFile[Any], *, actor: Actor, at: datetime) -> None:
    """Keep the photo or PDF of the bank's slip with the report."""
    if check_upload(slip) not in SLIPS:
        raise Refused(_("Send the slip as a photo or a PDF."))
    attach(report, slip, for_customer=True, actor=actor, at=at)


@transaction.atomic
def withdraw_transfer(report: TransferReport, *, actor: Actor, at: datetime) -> TransferReport:
    """The customer takes his report or promise back, while nobody has decided on it. Twice is once."""
    report = lock(report)
    require_on(actor, "billing.accept_transfer", report, roles=PAYING)
    if report.state == "withdrawn":
        return report
    return _move(report, "withdraw", actor, at)


@transaction.atomic
def accept_transfer(
    report: TransferReport,
    *,
    shares: Shares,
    actor: Actor,
    at: datetime,
    amount: Money | None = None,
    day: date | None = None,
) -> TransferReport:
    """The money is there: the payment is recorded and set against ``shares`` (what is over stays as credit), in one
    transaction. Accepted by two at once it is one payment: the second is answered the first. Locks: report, invoices,
    balance, counter."""
    report = lock(report)
    require_on(actor, "billing.accept_transfer", report)
    if report.state == ACCEPTED:
        return report
    TRANSFER.require(report, "accept")
    report.payment = enter_payment(
        report.customer, amount or report.money("amount"), actor=actor, at=at, day=day or report.date,
        method=PAYMENT_METHODS.get(report.method, report.method), reference=report.reference or report.sayad,
        shares=shares, idempotency_key=f"transfer:{report.uid}",
    )  # fmt: skip
    return _decided(report, "accept", "", actor, at)


@transaction.atomic
def refuse_transfer(report: TransferReport, *, reason: str, actor: Actor, at: datetime) -> TransferReport:
    """The money is not there, or the report is wrong; the customer reads the reason."""
    report = lock(report)
    require_on(actor, "billing.accept_transfer", report)
    TRANSFER.require(report, "refuse")
    said = clean_user_text(reason).strip()[:300]
    if not said:
        raise Refused(_("Say why; the customer reads it."))
    return _decided(report, "refuse", said, actor, at)


def _decided(report: TransferReport, move: str, reason: str, actor: Actor, at: datetime) -> TransferReport:
    report.reason, report.decided_by, report.decided_at = reason, actor.name[:200], at
    return _move(report, move, actor, at)


def _move(report: TransferReport, move: str, actor: Actor, at: datetime) -> TransferReport:
    report.state = TRANSFER.require(report, move).target
    touch(report, at)
    report.save(update_fields=["state", "payment", "reason", "decided_by", "decided_at", "version", "updated_at"])
    if move == "accept":
        emit("transfer.accepted", report, actor=actor, at=at, **_facts(report))
    elif move == "refuse":
        emit("transfer.refused", report, actor=actor, at=at, **_facts(report))
    else:
        emit("transfer.withdrawn", report, actor=actor, at=at, **_facts(report))
    return report


def _facts(report: TransferReport) -> dict[str, Any]:
    return {
        "amount": report.amount, "currency": report.currency, "reference": str(report), "date": report.date,
        "reason": report.reason, "number": report.payment.number if report.payment else "",
    }  # fmt: skip
