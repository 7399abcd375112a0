"""Invoices, credit notes and payments, as the customer reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from rawabit.billing.models import Allocation, Invoice, InvoiceLine, Payment
from rawabit.kit.records.actor import Actor
from rawabit.portal.queries.accounts import SEEN_WITH_RECORD
from rawabit.portal.queries.searching import with_words
from rawabit.portal.queries.slices import Slice, latest_day_first, page_of

UNPAID = Q(state="posted", kind=Invoice.INVOICE, open_amount__gt=0)
TABS: dict[str, Q] = {
    "all": Q(),
    "open": UNPAID,
    "paid": Q(kind=Invoice.INVOICE, open_amount=0),
    "credit": Q(kind=Invoice.CREDIT_NOTE),
}
LISTED = ("number", "kind", "state", "date", "due_date", "currency", "total", "open_amount", "credited")
PAPER = (
    *LISTED, "reason", "supply_date", "customer_reference", "note", "terms", "seller", "buyer", "net", "discount",
    "tax", "tax_summary", "language", "customer_id", "order__uid", "order__number", "corrects__uid",
    "corrects__number", "corrects__date",
)  # fmt: skip
LINE = (
    "title", "sku", "details", "unit", "quantity", "unit_price", "discount_percent", "tax_percent", "tax_category",
    "tax_reason", "net", "tax",
)  # fmt: skip


def invoices_of(actor: Actor, tab: str, words: str, after: UUID | None) -> Slice[dict[str, Any]]:
    """A page of invoices and credit notes, the latest first."""
    rows = Invoice.objects.visible_to(actor).filter(TABS[tab])
    if words:
        rows = with_words(rows, InvoiceLine.objects.all(), words)
    return page_of(latest_day_first(rows, after), *LISTED)


def latest_invoices(actor: Actor, most: int) -> Sequence[dict[str, Any]]:
    rows = Invoice.objects.visible_to(actor).filter(kind=Invoice.INVOICE).order_by("-date", "-pk")
    return list(rows.values("uid", *LISTED)[:most])


def invoices_of_order(actor: Actor, order_id: int) -> Sequence[dict[str, Any]]:
    rows = Invoice.objects.visible_to(actor).filter(order_id=order_id).order_by("date", "pk")
    return list(rows.values("uid", *LISTED))


def dues_of(actor: Actor, today: date) -> Sequence[dict[str, Any]]:
    """What is unpaid, per currency: amount, number of invoices, nearest due date, and how much of it is overdue.

    Reads the open invoices alone, by their partial index."""
    rows = Invoice.objects.visible_to(actor).filter(UNPAID).values("currency").order_by("currency")
    late = Q(due_date__lt=today)
    return list(
        rows.annotate(
            amount=Sum("open_amount"), count=Count("pk"), nearest=Min("due_date"),
            overdue=Count("pk", filter=late), overdue_amount=Sum("open_amount", filter=late),
        )
    )  # fmt: skip


def invoice_for(actor: Actor, uid: UUID) -> Invoice | None:
    """One invoice or credit note of the person's customers, with its parties and its lines' document."""
    rows = Invoice.objects.visible_to(actor).filter(uid=uid)
    return rows.select_related("customer__owner", "order", "corrects").only(*PAPER, *SEEN_WITH_RECORD).first()


def lines_of(invoice: Invoice) -> Sequence[dict[str, Any]]:
    """The lines of an invoice that the caller has been shown."""
    return list(InvoiceLine.objects.filter(document_id=invoice.pk).order_by("position").values(*LINE))


SOURCES = {
    "payment_uid": F("payment__uid"), "payment_number": F("payment__number"), "payment_date": F("payment__date"),
    "payment_method": F("payment__method"), "note_uid": F("credit_note__uid"),
    "note_number": F("credit_note__number"), "note_date": F("credit_note__date"),
}  # fmt: skip


def settled_by(actor: Actor, invoice: Invoice) -> Sequence[dict[str, Any]]:
    """What was set against an invoice: one row per payment or credit note, taken-back allocations already deducted."""
    rows = Allocation.objects.visible_to(actor).filter(invoice=invoice)
    return _summed(rows.values(**SOURCES), "payment_date", "note_date")


def settled_with(actor: Actor, note: Invoice) -> Sequence[dict[str, Any]]:
    """The invoices against which a credit note was set."""
    rows = Allocation.objects.visible_to(actor).filter(credit_note=note)
    return _summed(rows.values(**INVOICES), "date")


INVOICES = {"uid": F("invoice__uid"), "number": F("invoice__number"), "date": F("invoice__date")}


def settled_from(actor: Actor, payment: Payment) -> Sequence[dict[str, Any]]:
    """The invoices that a payment settled."""
    rows = Allocation.objects.visible_to(actor).filter(payment=payment)
    return _summed(rows.values(**INVOICES), "date")


def _summed(rows: QuerySet[Allocation, dict[str, Any]], *order: str) -> Sequence[dict[str, Any]]:
    return list(rows.annotate(settled=Sum("amount")).filter(~Q(settled=0)).order_by(*order))


def payments_of(actor: Actor, after: UUID | None) -> Slice[dict[str, Any]]:
    """A page of payments and refunds, the latest first."""
    rows = latest_day_first(Payment.objects.visible_to(actor), after)
    return page_of(rows, *PAYMENT)


PAYMENT = ("number", "state", "direction", "date", "currency", "amount", "unallocated", "method", "reference")


def latest_payments(actor: Actor, most: int) -> Sequence[dict[str, Any]]:
    rows = Payment.objects.visible_to(actor).filter(state="posted", direction="in").order_by("-date", "-pk")
    return list(rows.values("uid", *PAYMENT)[:most])


def payment_for(actor: Actor, uid: UUID) -> Payment | None:
    """One payment of the person's customers."""
    rows = Payment.objects.visible_to(actor).filter(uid=uid).select_related("customer__owner")
    return rows.only(*PAYMENT, "customer_id", *SEEN_WITH_RECORD).first()
