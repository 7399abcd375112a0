"""Invoices, credit notes and payments, as the customer reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from rawabit.billing.models import Allocation, Invoice, InvoiceLine, Payment
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.prepared import prepared
from rawabit.portal.queries.accounts import SEEN_WITH_RECORD
from rawabit.portal.queries.searching import with_words
from rawabit.portal.queries.seeing import seen
from rawabit.portal.queries.slices import Slice, cut, later, latest_day_first, one_page, soonest_due_first

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
    "corrects__number", "corrects__date", "posted_at",
)  # fmt: skip
LINE = (
    "position", "title", "sku", "details", "unit", "quantity", "unit_price", "discount_percent", "tax_percent",
    "tax_category", "tax_reason", "net", "tax", "kind",
)  # fmt: skip


SOURCES = {
    "payment_uid": F("payment__uid"), "payment_number": F("payment__number"), "payment_date": F("payment__date"),
    "payment_method": F("payment__method"), "note_uid": F("credit_note__uid"),
    "note_number": F("credit_note__number"), "note_date": F("credit_note__date"),
}  # fmt: skip
INVOICES = {"uid": F("invoice__uid"), "number": F("invoice__number"), "date": F("invoice__date")}
PAYMENT = ("number", "state", "direction", "date", "currency", "amount", "unallocated", "method", "reference")
MOST_EXPORTED = 20_000
LATEST = 3  # rows on the first page
Row = dict[str, Any]


def invoices_of(actor: Actor, tab: str, words: str, after: UUID | None) -> Slice:
    """A page of invoices and credit notes, the latest first (open ones: the soonest due first); found by number or by
    what stands on them."""
    if not words:
        return cut(_invoices(actor, tab, **later(after)))
    rows = with_words(_narrowed(actor, tab), InvoiceLine.objects.all(), words, actor)
    return cut(list(one_page(_ordered(rows, tab, after), *LISTED)))


def exported(actor: Actor, tab: str, words: str) -> Iterator[Row]:
    """All of a tab, for a file."""
    rows = _narrowed(actor, tab)
    if words:
        rows = with_words(rows, InvoiceLine.objects.all(), words, actor)
    return _ordered(rows, tab, None).values("uid", *LISTED)[:MOST_EXPORTED].iterator()


def _narrowed(actor: Actor, tab: str) -> QuerySet[Invoice]:
    return Invoice.objects.visible_to(actor).filter(TABS[tab])


def _ordered(rows: QuerySet[Invoice], tab: str, after: UUID | None) -> QuerySet[Invoice]:
    return soonest_due_first(rows, after) if tab == "open" else latest_day_first(rows, after)


@seen
def _invoices(actor: Actor, tab: str, *, after: UUID | None = None) -> QuerySet[Invoice, Row]:
    return one_page(_ordered(_narrowed(actor, tab), tab, after), *LISTED)


@seen
def latest_invoices(actor: Actor) -> QuerySet[Invoice, Row]:
    rows = Invoice.objects.visible_to(actor).filter(kind=Invoice.INVOICE).order_by("-date", "-pk")
    return rows.values("uid", *LISTED)[:LATEST]


@seen
def invoices_of_order(actor: Actor, *, order_id: int) -> QuerySet[Invoice, Row]:
    """The order's invoices and credit notes."""
    rows = Invoice.objects.visible_to(actor).filter(order_id=order_id).order_by("date", "pk")
    return rows.values("uid", *LISTED)


@seen
def dues_of(actor: Actor, *, today: date) -> QuerySet[Invoice, Row]:
    """What is unpaid, per currency: amount, number of invoices, nearest due date, and how much of it is overdue.

    Reads the open invoices alone, by their partial index."""
    rows = Invoice.objects.visible_to(actor).filter(UNPAID).values("currency").order_by("currency")
    late = Q(due_date__lt=today)
    return rows.annotate(
        amount=Sum("open_amount"), count=Count("pk"), nearest=Min("due_date"),
        overdue=Count("pk", filter=late), overdue_amount=Sum("open_amount", filter=late),
    )  # fmt: skip


@seen
def notes_of(actor: Actor, *, invoice_id: int) -> QuerySet[Invoice, Row]:
    """The credit notes that correct an invoice, whether or not they were set against it."""
    rows = Invoice.objects.visible_to(actor).filter(corrects_id=invoice_id).order_by("date", "pk")
    return rows.values("uid", "number", "date", "currency", "total", "reason")[:20]


@seen
def invoice_for(actor: Actor, *, uid: UUID) -> QuerySet[Invoice]:
    """One invoice or credit note of the person's customers, with its order and what it corrects."""
    rows = Invoice.objects.visible_to(actor).filter(uid=uid)
    return rows.select_related("customer__owner", "order", "corrects").only("uid", *PAPER, *SEEN_WITH_RECORD)[:1]


@prepared
def lines_of(*, invoice_id: int) -> QuerySet[InvoiceLine, Row]:
    """The lines of an invoice that the caller has been shown."""
    return InvoiceLine.objects.filter(document_id=invoice_id).order_by("position").values(*LINE)


@seen
def settled_by(actor: Actor, *, invoice_id: int) -> QuerySet[Allocation, Row]:
    """What was set against an invoice: one row per payment or credit note, taken-back allocations already deducted."""
    rows = Allocation.objects.visible_to(actor).filter(invoice_id=invoice_id)
    return _summed(rows.values(**SOURCES), "payment_date", "note_date")


@seen
def settled_with(actor: Actor, *, note_id: int) -> QuerySet[Allocation, Row]:
    """The invoices against which a credit note was set."""
    rows = Allocation.objects.visible_to(actor).filter(credit_note_id=note_id)
    return _summed(rows.values(**INVOICES), "date")


@seen
def settled_from(actor: Actor, *, payment_id: int) -> QuerySet[Allocation, Row]:
    """The invoices that a payment settled."""
    rows = Allocation.objects.visible_to(actor).filter(payment_id=payment_id)
    return _summed(rows.values(**INVOICES), "date")


def _summed(rows: QuerySet[Allocation, Row], *order: str) -> QuerySet[Allocation, Row]:
    return rows.annotate(settled=Sum("amount")).filter(~Q(settled=0)).order_by(*order)


def payments_of(actor: Actor, after: UUID | None) -> Slice:
    """A page of payments and refunds, the latest first."""
    return cut(_payments(actor, **later(after)))


@seen
def _payments(actor: Actor, *, after: UUID | None = None) -> QuerySet[Payment, Row]:
    return one_page(latest_day_first(Payment.objects.visible_to(actor), after), *PAYMENT)


@seen
def latest_payments(actor: Actor) -> QuerySet[Payment, Row]:
    rows = Payment.objects.visible_to(actor).filter(state="posted", direction="in").order_by("-date", "-pk")
    return rows.values("uid", *PAYMENT)[:LATEST]


@seen
def payment_for(actor: Actor, *, uid: UUID) -> QuerySet[Payment]:
    """One payment of the person's customers."""
    rows = Payment.objects.visible_to(actor).filter(uid=uid).select_related("customer__owner")
    return rows.only("uid", *PAYMENT, "customer_id", *SEEN_WITH_RECORD)[:1]
