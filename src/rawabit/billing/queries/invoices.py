"""What is open, what can be invoiced, what can be credited."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from rawabit.billing.logic.states import InvoiceFacts, PaymentFacts, invoice_situation, payment_situation
from rawabit.billing.models import Invoice, InvoiceLine, Payment
from rawabit.crm.models import Customer
from rawabit.kit.money import Money
from rawabit.kit.states import State
from rawabit.sales.logic.progress import invoiceable
from rawabit.sales.models import Order, OrderLine
from rawabit.sales.queries import line_progress
from rawabit.trade.logic.lines import SECTION
from rawabit.trade.logic.parts import Credited


def situation_of(record: Invoice | Payment, today: date) -> State:
    """The situation people read for an invoice, a credit note or a payment. No query."""
    if isinstance(record, Payment):
        return payment_situation(PaymentFacts(record.direction, record.state, record.amount, record.unallocated))
    return invoice_situation(
        InvoiceFacts(record.kind, record.state, record.total, record.open_amount, record.credited, record.due_date),
        today,
    )


def open_invoices(customer: Customer, currency: str | None = None) -> QuerySet[Invoice]:
    """Posted invoices on which something is owed, the oldest due date first."""
    rows = Invoice.objects.filter(customer=customer, state="posted", kind=Invoice.INVOICE, open_amount__gt=0)
    if currency:
        rows = rows.filter(currency=currency)
    return rows.order_by(F("due_date").asc(nulls_last=True), "pk")


def usable_credit(customer: Customer, currency: str) -> tuple[list[Payment], list[Invoice]]:
    """Payments and credit notes of which a part is not yet set against an invoice, oldest first."""
    payments = Payment.objects.filter(
        customer=customer, currency=currency, state="posted", direction="in", unallocated__gt=0
    )
    notes = Invoice.objects.filter(
        customer=customer, currency=currency, state="posted", kind=Invoice.CREDIT_NOTE, open_amount__gt=0
    )
    return list(payments.order_by("date", "pk")), list(notes.order_by("date", "pk"))


# From orders


@dataclass(frozen=True, slots=True)
class Billable:
    """An order line with what stands on draft invoices and what can be invoiced now."""

    line: OrderLine
    drafted: Decimal
    left: Decimal

    @property
    def kind(self) -> str:
        return self.line.kind


def invoiceable_lines(order: Order, basis: str) -> list[Billable]:
    """Every line of an order with what can be put on an invoice now. ``basis`` delivered | ordered. Two queries."""
    drafted = _drafted(order)
    lines = order.lines.order_by("position")
    return [
        Billable(line, drafted[line.pk], max(invoiceable(line_progress(line), basis) - drafted[line.pk], Decimal(0)))
        for line in lines
    ]


def _drafted(order: Order) -> dict[int, Decimal]:
    rows = InvoiceLine.objects.filter(
        order_line__document=order, document__state="draft", document__kind=Invoice.INVOICE
    )
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for key, quantity in rows.values_list("order_line_id").annotate(sum=Sum("quantity")):
        sums[key] = quantity
    return sums


def draft_invoice_of(order: Order) -> Invoice | None:
    """A draft invoice of the order that waits to be issued."""
    return order.invoices.filter(state="draft", kind=Invoice.INVOICE).order_by("pk").first()


# For credit notes


def creditable(invoice: Invoice) -> dict[int, Credited]:
    """``{line key: what was invoiced and what posted credit notes took of it}``. Two queries."""
    taken: dict[int, tuple[Decimal, int, int]] = {}
    rows = InvoiceLine.objects.filter(corrects__document=invoice, document__state="posted")
    sums = rows.values_list("corrects_id").annotate(Sum("taken_back"), Sum("net"), Sum("tax"))
    for key, quantity, net, tax in sums:
        taken[key] = (quantity, net, tax)
    return {
        line.pk: _credited(line, invoice.currency, *taken.get(line.pk, (Decimal(0), 0, 0)))
        for line in invoice.lines.exclude(kind=SECTION).order_by("position")
    }


def _credited(line: InvoiceLine, currency: str, quantity: Decimal, net: int, tax: int) -> Credited:
    return Credited(
        line.quantity, Money(line.net, currency), Money(line.tax, currency), quantity, Money(net, currency),
        Money(tax, currency),
    )  # fmt: skip
