"""Reported and promised transfers, and questions about invoices, as the customer reads them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from rawabit.billing.logic.asking import ANSWERED, CLOSED, KEPT, PLANNED, REPORTED, WITHDRAWN
from rawabit.billing.models import Dispute, DisputeMessage, Invoice, InvoiceLine, TransferReport, TransferShare
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.prepared import prepared
from rawabit.portal.queries.invoices import UNPAID
from rawabit.portal.queries.seeing import seen

REPORT = ("uid", "state", "date", "currency", "amount", "method", "reference", "sayad", "reason")
QUESTION = {"number": F("invoice__number"), "receipt": F("payment__number")}
MOST = 50
Row = dict[str, Any]


def payable(actor: Actor, uids: Collection[UUID]) -> list[Invoice]:
    """The unpaid invoices among ``uids``, the oldest due first; of somebody else's nothing is found."""
    rows = Invoice.objects.visible_to(actor).filter(UNPAID, uid__in=uids).select_related("customer")
    return list(rows.order_by(F("due_date").asc(nulls_last=True), "pk")[:MOST])


def all_payable(actor: Actor, currency: str) -> list[Invoice]:
    """All unpaid invoices in a currency, the oldest due first."""
    rows = Invoice.objects.visible_to(actor).filter(UNPAID, currency=currency)
    return list(rows.order_by(F("due_date").asc(nulls_last=True), "pk")[:MOST])


@seen
def reports_of_invoice(actor: Actor, *, invoice_id: int) -> QuerySet[TransferReport, Row]:
    """What was reported or promised for an invoice; ``meant`` is the part for it."""
    rows = TransferReport.objects.visible_to(actor).filter(shares__invoice_id=invoice_id)
    rows = rows.exclude(state__in=(WITHDRAWN, KEPT)).order_by("-pk")
    return rows.values(*REPORT, meant=F("shares__amount"))[:10]


@seen
def pending_reports(actor: Actor) -> QuerySet[TransferReport, Row]:
    """What was reported or promised and is not decided, newest first."""
    rows = TransferReport.objects.visible_to(actor).filter(state__in=(PLANNED, REPORTED))
    return rows.order_by("-pk").values(*REPORT)[:10]


@seen
def latest_reports(actor: Actor) -> QuerySet[TransferReport, Row]:
    return TransferReport.objects.visible_to(actor).order_by("-pk").values(*REPORT)[:10]


@seen
def report_for(actor: Actor, *, uid: UUID) -> QuerySet[TransferReport]:
    return TransferReport.objects.visible_to(actor).filter(uid=uid).select_related("customer__owner", "payment")[:1]


@seen
def report_of_payment(actor: Actor, *, payment_id: int) -> QuerySet[TransferReport, tuple[UUID]]:
    """The report that a payment was recorded from."""
    return TransferReport.objects.visible_to(actor).filter(payment_id=payment_id).values_list("uid")[:1]


@prepared
def shares_of(*, report_id: int) -> QuerySet[TransferShare, Row]:
    """What a report that the caller has been shown is meant for."""
    rows = TransferShare.objects.filter(report_id=report_id).order_by("pk")
    return rows.values("amount", uid=F("invoice__uid"), number=F("invoice__number"), date=F("invoice__date"))


# Questions


@seen
def disputes_of_invoice(actor: Actor, *, invoice_id: int) -> QuerySet[Dispute, Row]:
    rows = Dispute.objects.visible_to(actor).filter(invoice_id=invoice_id).order_by("-pk")
    return rows.values("uid", "state", "outcome", "topic", "asked_at", line_title=F("line__title"))[:20]


@seen
def answered_disputes(actor: Actor) -> QuerySet[Dispute, Row]:
    """Questions with an answer that waits for the customer's word."""
    rows = Dispute.objects.visible_to(actor).filter(state=ANSWERED).order_by("-answered_at")
    return rows.values("uid", "state", "outcome", "topic", "row", "answered_at", **QUESTION)[:3]


@seen
def disputes_of(actor: Actor) -> QuerySet[Dispute, Row]:
    """The customer's questions, newest first."""
    rows = Dispute.objects.visible_to(actor).order_by("-pk")
    return rows.values("uid", "state", "outcome", "topic", "row", "asked_at", **QUESTION)[:MOST]


@seen
def questioned_invoices(actor: Actor) -> QuerySet[Dispute, tuple[UUID]]:
    """The invoices under question."""
    rows = Dispute.objects.visible_to(actor).filter(invoice__isnull=False).exclude(state=CLOSED)
    return rows.values_list("invoice__uid")


@seen
def dispute_for(actor: Actor, *, uid: UUID) -> QuerySet[Dispute]:
    rows = Dispute.objects.visible_to(actor).filter(uid=uid)
    return rows.select_related("customer__owner", "invoice", "line", "payment")[:1]


@prepared
def messages_of(*, dispute_id: int) -> QuerySet[DisputeMessage, Row]:
    """What was said in a question that the caller has been shown."""
    rows = DisputeMessage.objects.filter(dispute_id=dispute_id).order_by("pk")
    return rows.values("from_customer", "by_name", "body", "at")


@seen
def line_at(actor: Actor, *, invoice_id: int, position: int) -> QuerySet[InvoiceLine]:
    """A line by its place on the paper."""
    return InvoiceLine.objects.visible_to(actor).filter(document_id=invoice_id, position=position)[:1]
