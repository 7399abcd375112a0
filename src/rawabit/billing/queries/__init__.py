"""Invoices and payments, read."""

from rawabit.billing.queries.asking import (
    disputes_to_answer,
    meant_by,
    payments_like,
    questioned,
    reminders_paused,
    reports_for,
    reports_like,
    suggested_shares,
    transfers_to_check,
    under_question,
)
from rawabit.billing.queries.books import verify_books
from rawabit.billing.queries.invoices import (
    creditable,
    draft_invoice_of,
    invoiceable_lines,
    open_invoices,
    situation_of,
    usable_credit,
)
from rawabit.billing.queries.reliability import Reliability, reliability

__all__ = [
    "Reliability",
    "creditable",
    "disputes_to_answer",
    "draft_invoice_of",
    "invoiceable_lines",
    "meant_by",
    "open_invoices",
    "payments_like",
    "questioned",
    "reliability",
    "reminders_paused",
    "reports_for",
    "reports_like",
    "situation_of",
    "suggested_shares",
    "transfers_to_check",
    "under_question",
    "usable_credit",
    "verify_books",
]  # fmt: skip
