"""The lives of invoices and payments, and the situation people read for them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.states import Lifecycle, Move, State
from rawabit.sales.logic.states import has_lines
from rawabit.trade.logic.states import NOT_WHILE

DRAFT, POSTED, REVERSED = "draft", "posted", "reversed"
DUE_SOON_DAYS = 7

INVOICE = Lifecycle(
    [
        State(DRAFT, pgettext_lazy("invoice", "Draft")),
        State(POSTED, pgettext_lazy("invoice", "Issued"), "info"),
    ],
    [
        Move(
            "post", (DRAFT,), POSTED, pgettext_lazy("invoice", "Issue"), has_lines, tone="primary",
            confirm=_("Issue this document? It gets its number and can never be changed; a credit note corrects it."),
        ),
    ],
    not_while=NOT_WHILE,
)  # fmt: skip
PAYMENT = Lifecycle(
    [
        State(DRAFT, pgettext_lazy("payment", "Draft")),
        State(POSTED, pgettext_lazy("payment", "Recorded"), "ok"),
        State(REVERSED, pgettext_lazy("payment", "Reversed"), "bad"),
    ],
    [
        Move(
            "reverse", (POSTED,), REVERSED, pgettext_lazy("payment", "Reverse"), tone="danger",
            confirm=_("Reverse this payment? The invoices it settled will be open again."),
        ),
    ],
    not_while=NOT_WHILE,
)  # fmt: skip

INVOICE_SITUATIONS = {
    state.code: state
    for state in (
        State("draft", pgettext_lazy("invoice", "Draft")),
        State("open", pgettext_lazy("invoice", "Open"), "info"),
        State("due_soon", pgettext_lazy("invoice", "Due soon"), "warn"),
        State("overdue", pgettext_lazy("invoice", "Overdue"), "bad"),
        State("partly_paid", pgettext_lazy("invoice", "Partially paid"), "info"),
        State("paid", pgettext_lazy("invoice", "Paid"), "ok"),
        State("credited", pgettext_lazy("invoice", "Credited")),
    )
}
CREDIT_NOTE_SITUATIONS = {
    state.code: state
    for state in (
        State("draft", pgettext_lazy("credit note", "Draft")),
        State("open", pgettext_lazy("credit note", "Not yet used"), "info"),
        State("partly_used", pgettext_lazy("credit note", "Partially used"), "info"),
        State("used", pgettext_lazy("credit note", "Used"), "ok"),
    )
}
PAYMENT_SITUATIONS = {
    state.code: state
    for state in (
        State("draft", pgettext_lazy("payment", "Draft")),
        State("allocated", pgettext_lazy("payment", "Allocated"), "ok"),
        State("partly_allocated", pgettext_lazy("payment", "Partially allocated"), "info"),
        State("unallocated", pgettext_lazy("payment", "Not yet allocated"), "warn"),
        State("refund", pgettext_lazy("payment", "Refunded")),
        State("reversed", pgettext_lazy("payment", "Reversed"), "bad"),
    )
}


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What decides the situation of an invoice or credit note; amounts in minor units."""

    kind: str
    state: str
    total: int
    open_amount: int
    credited: int
    due_date: date | None


def invoice_situation(invoice: InvoiceFacts, today: date) -> State:
    """The situation people read. Overdue outranks partially paid; wholly credited outranks paid."""
    if invoice.kind == "credit_note":
        return CREDIT_NOTE_SITUATIONS[_credit_note(invoice)]
    return INVOICE_SITUATIONS[_invoice(invoice, today)]


def _credit_note(note: InvoiceFacts) -> str:
    if note.state == DRAFT:
        return "draft"
    if note.open_amount == 0:
        return "used"
    return "open" if note.open_amount == note.total else "partly_used"


def _invoice(invoice: InvoiceFacts, today: date) -> str:
    if invoice.state == DRAFT:
        return "draft"
    if invoice.total and invoice.credited >= invoice.total:
        return "credited"
    if invoice.open_amount <= 0:
        return "paid"
    if invoice.due_date and invoice.due_date < today:
        return "overdue"
    if invoice.open_amount < invoice.total:
        return "partly_paid"
    soon = invoice.due_date and invoice.due_date <= today + timedelta(days=DUE_SOON_DAYS)
    return "due_soon" if soon else "open"


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What decides the situation of a payment; amounts in minor units."""

    direction: str
    state: str
    amount: int
    unallocated: int


def payment_situation(payment: PaymentFacts) -> State:
    """The situation people read for a payment."""
    return PAYMENT_SITUATIONS[_payment(payment)]


def _payment(payment: PaymentFacts) -> str:
    if payment.state in (DRAFT, REVERSED):
        return payment.state
    if payment.direction == "out":
        return "refund"
    if payment.unallocated == 0:
        return "allocated"
    return "unallocated" if payment.unallocated == payment.amount else "partly_allocated"
