"""Invoices and payments, read."""

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
    "Reliability", "creditable", "draft_invoice_of", "invoiceable_lines", "open_invoices", "reliability",
    "situation_of", "usable_credit", "verify_books",
]  # fmt: skip
