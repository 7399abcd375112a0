"""What is done with invoices, credit notes and payments."""

from rawabit.billing.actions.allocations import allocate_credit_note, allocate_payment, unallocate
from rawabit.billing.actions.credit_notes import credit_in_full, credit_invoice
from rawabit.billing.actions.disputes import (
    About,
    answer_dispute,
    ask_again,
    close_dispute,
    open_dispute,
    withdraw_dispute,
)
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
from rawabit.billing.actions.transfers import (
    AlreadyReported,
    Told,
    accept_transfer,
    promise_transfer,
    refuse_transfer,
    report_transfer,
    withdraw_transfer,
)
from rawabit.trade.actions import delete_draft

__all__ = [
    "About", "AlreadyReported", "HistoricPaper", "Told", "accept_transfer", "allocate_credit_note", "allocate_payment",
    "answer_dispute", "ask_again", "close_dispute", "credit_in_full", "credit_invoice", "delete_draft", "invoice_order",
    "open_dispute", "post_history", "post_invoice", "promise_transfer", "record_payment", "refund_credit_note",
    "refund_payment", "refuse_transfer", "report_transfer", "reverse_payment", "save_invoice", "save_invoice_lines",
    "save_payment", "start_invoice", "unallocate", "withdraw_dispute", "withdraw_transfer",
]  # fmt: skip
