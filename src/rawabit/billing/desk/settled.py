"""What was settled with what, for the pages of invoices and payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from rawabit.billing.models import Invoice, Payment
from rawabit.kit.money import Money
from rawabit.kit.request import Request
from rawabit.trade.editor.documents import seen


@dataclass(frozen=True)
class Settled:
    """What one payment or credit note has settled of an invoice, or an invoice of a payment."""

    other: Any
    amount: Money
    date: Any


def settled_by(invoice: Invoice, request: Request) -> list[Settled]:
    """Payments and credit notes set against an invoice; on a credit note the invoices it was set against."""
    if invoice.kind == Invoice.CREDIT_NOTE:
        found = sums_by(invoice.given_allocations, "invoice_id")
        return settled(invoice.currency, found, Invoice, request)
    paid = settled(invoice.currency, sums_by(invoice.allocations, "payment_id"), Payment, request)
    return paid + settled(invoice.currency, sums_by(invoice.allocations, "credit_note_id"), Invoice, request)


def sums_by(allocations: Any, key: str) -> dict[int, int]:
    rows = allocations.exclude(**{key: None}).values_list(key).annotate(sum=Sum("amount"))
    return {pk: amount for pk, amount in rows if amount}


def settled(currency: str, sums: dict[int, int], model: Any, request: Request) -> list[Settled]:
    rows = seen(model, request).filter(pk__in=sums).order_by("date", "pk")
    return [Settled(row, Money(sums[row.pk], currency), row.date) for row in rows]


def settled_of(payment: Payment, request: Request) -> list[Settled]:
    """The invoices that a payment was set against."""
    return settled(payment.currency, sums_by(payment.allocations, "invoice_id"), Invoice, request)
