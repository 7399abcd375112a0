"""What is done with invoices, credit notes and payments."""

from rawabit.billing.actions.allocations import allocate_credit_note, allocate_payment, unallocate
from rawabit.billing.actions.credit_notes import credit_in_full, credit_invoice
from rawabit.billing.actions.history import HistoricPaper, post_history
from rawabit.billing.actions.invoices import (
    invoice_order,
    post_invoice,
    save_invoice,
    save_invoice_lines,
    start_invoice,
)
from rawabit.billing.actions.payments import (
    record_payment,
    refund_credit_note,
    refund_payment,
    reverse_payment,
    save_payment,
)
from rawabit.trade.actions import delete_draft

__all__ = [
    "HistoricPaper", "allocate_credit_note", "allocate_payment", "credit_in_full", "credit_invoice", "delete_draft",
    "invoice_order", "post_history", "post_invoice", "record_payment", "refund_credit_note", "refund_payment",
    "reverse_payment", "save_invoice", "save_invoice_lines", "save_payment", "start_invoice", "unallocate",
]  # fmt: skip
