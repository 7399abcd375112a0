"""Who sees and moves invoices, credit notes and payments. Customers never see drafts."""

from __future__ import annotations

from django.db.models import Q

from rawabit.billing.models import (
    Allocation,
    Dispute,
    DisputeMessage,
    Invoice,
    InvoiceLine,
    Payment,
    TransferReport,
    TransferShare,
)
from rawabit.crm.policies import PAYING, rows_of_customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor, visible
from rawabit.kit.records.permissions import Permission, verbs_on

PERMISSIONS: list[Permission] = [
    *verbs_on(Invoice, "view", "add", "change", "delete", "export", "import"),
    ("billing.post_invoice", _("Invoices: issue")),
    ("billing.credit_invoice", _("Invoices: write credit notes")),
    *verbs_on(Payment, "view", "add", "change", "delete", "export", "import"),
    ("billing.allocate_payment", _("Payments: allocate to invoices and take back")),
    ("billing.refund_payment", _("Payments: refund")),
    ("billing.reverse_payment", _("Payments: reverse")),
    *verbs_on(TransferReport, "view", "change", "export"),
    ("billing.accept_transfer", _("Transfer reports: accept and refuse")),
    *verbs_on(Dispute, "view", "change", "export"),
    ("billing.answer_dispute", _("Invoice questions: answer and close")),
]


@visible(Invoice)
def invoice_rows(actor: Actor) -> Q:
    rows = rows_of_customer(actor, "billing.view_invoice", roles=PAYING, owner="owner")
    return rows & ~Q(state="draft") if actor.is_customer else rows


@visible(InvoiceLine)
def invoice_line_rows(actor: Actor) -> Q:
    rows = rows_of_customer(
        actor, "billing.view_invoice", roles=PAYING, path="document__customer", owner="document__owner"
    )
    return rows & ~Q(document__state="draft") if actor.is_customer else rows


@visible(Payment)
def payment_rows(actor: Actor) -> Q:
    rows = rows_of_customer(actor, "billing.view_payment", roles=PAYING, owner="owner")
    return rows & ~Q(state="draft") if actor.is_customer else rows


@visible(Allocation)
def allocation_rows(actor: Actor) -> Q:
    return rows_of_customer(
        actor, "billing.view_invoice", roles=PAYING, path="invoice__customer", owner="invoice__owner"
    )


@visible(TransferReport)
def transfer_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "billing.view_transferreport", roles=PAYING)


@visible(TransferShare)
def transfer_share_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "billing.view_transferreport", roles=PAYING, path="report__customer")


@visible(Dispute)
def dispute_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "billing.view_dispute", roles=PAYING)


@visible(DisputeMessage)
def dispute_message_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "billing.view_dispute", roles=PAYING, path="dispute__customer")
