"""Transfer reports and questions: what waits, what they are about, which reminders have to wait for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from rawabit.billing.logic.asking import ACCEPTED, CLOSED, OPEN, PLANNED, REPORTED, reference_key, suggested
from rawabit.billing.logic.sharing import Open
from rawabit.billing.models import Dispute, Invoice, Payment, TransferReport, TransferShare
from rawabit.billing.queries.invoices import open_invoices
from rawabit.company.queries import local_day
from rawabit.kit.records.actor import Actor

NEAR = timedelta(days=3)


MOST_COUNTED = 100


def transfers_to_check(actor: Actor) -> int:
    """How many reported transfers wait for the person; none for one who may not decide on them. One query."""
    if not actor.may("billing.accept_transfer"):
        return 0
    return TransferReport.objects.visible_to(actor).filter(state=REPORTED)[:MOST_COUNTED].count()


def disputes_to_answer(actor: Actor) -> int:
    """How many questions wait for an answer of the person. One query."""
    if not actor.may("billing.answer_dispute"):
        return 0
    return Dispute.objects.visible_to(actor).filter(state=OPEN)[:MOST_COUNTED].count()


def meant_by(report: TransferReport) -> dict[int, int]:
    """``{invoice key: amount}`` as the customer said. One query."""
    return dict(report.shares.values_list("invoice_id", "amount"))


def suggested_shares(report: TransferReport, invoices: Collection[Invoice] | None = None) -> dict[int, int]:
    """``{invoice key: minor units}``: how the transfer fits the invoices that are open now."""
    rows = open_invoices(report.customer, report.currency) if invoices is None else invoices
    debts = [Open(one.pk, one.open_amount, one.due_date) for one in rows]
    return suggested(report.amount, meant_by(report), debts)


def payments_like(report: TransferReport) -> list[Payment]:
    """Payments that may be this very transfer, recorded before: the same reference, or the customer's same amount
    within three days."""
    rows = Payment.objects.filter(state="posted", direction="in").exclude(report=report)
    same = Q(customer=report.customer, currency=report.currency, amount=report.amount,
             date__range=(report.date - NEAR, report.date + NEAR))  # fmt: skip
    names = {name for name in (report.reference, report.sayad, report.reference_key) if name}
    found = rows.filter(same | Q(reference__in=names)) if names else rows.filter(same)
    return list(found.select_related("customer").order_by("-date", "-pk")[:5])


def reports_like(report: TransferReport) -> list[TransferReport]:
    """Other reports with the same reference, of whichever customer."""
    key = report.reference_key or reference_key(report.reference)
    if not key:
        return []
    rows = TransferReport.objects.filter(reference_key=key, state__in=(REPORTED, ACCEPTED)).exclude(pk=report.pk)
    return list(rows.select_related("customer").order_by("-pk")[:5])


def reminders_paused(invoice_ids: Collection[int], today: date | None = None) -> set[int]:
    """Those of the invoices of which the customer is not to be reminded now: he has asked and the question is not
    closed, he has reported a transfer that nobody has looked at, or he has promised to pay on a day that is not past.
    Two queries."""
    day = today or local_day(timezone.now())
    asked = Dispute.objects.filter(invoice__in=invoice_ids).exclude(state=CLOSED)
    waiting = Q(report__state=REPORTED) | Q(report__state=PLANNED, report__date__gte=day)
    told = TransferShare.objects.filter(waiting, invoice__in=invoice_ids)
    return {*asked.values_list("invoice_id", flat=True), *told.values_list("invoice_id", flat=True)}


def reports_for(actor: Actor, invoice: Invoice) -> list[TransferReport]:
    """The transfers that the customer reported for an invoice, newest first."""
    rows = TransferReport.objects.visible_to(actor).filter(shares__invoice=invoice)
    return list(rows.exclude(state="withdrawn").order_by("-pk"))


def under_question() -> Q:
    """Invoices under question."""
    return Q(Exists(Dispute.objects.filter(invoice=OuterRef("pk")).exclude(state=CLOSED)))


def questioned(invoice_ids: Collection[int]) -> set[int]:
    """Those of the invoices that are under question. One query."""
    rows = Dispute.objects.filter(invoice__in=invoice_ids).exclude(state=CLOSED)
    return set(rows.values_list("invoice_id", flat=True))
