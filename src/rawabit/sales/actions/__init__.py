"""What is done with quotations and orders."""

from rawabit.sales.actions.asking import ask, ask_approval, ask_renewal, note_opening, say
from rawabit.sales.actions.deals import order_from, quotation_from, stir_deal, win_by_quotation, win_deal
from rawabit.sales.actions.drafts import (
    reorder,
    save_lines,
    save_order,
    save_quotation,
    start_order,
    start_quotation,
)
from rawabit.sales.actions.orders import (
    cancel_order,
    change_receiver,
    close_order,
    confirm_order,
    hold_order,
    promise_order,
    register_delivered,
    register_invoiced,
    register_shipped,
    release_order,
    too_much,
)
from rawabit.sales.actions.quotations import (
    decline_quotation,
    expire_quotations,
    new_version,
    order_quotation,
    send_quotation,
    withdraw_quotation,
)
from rawabit.sales.actions.signing import accept_held, accept_quotation, forget_pending, hold_acceptance, set_code
from rawabit.trade.actions import delete_draft

__all__ = [
    "accept_held", "accept_quotation", "ask", "ask_approval", "ask_renewal", "cancel_order", "change_receiver",
    "close_order", "confirm_order", "decline_quotation", "delete_draft", "expire_quotations", "forget_pending",
    "hold_acceptance", "hold_order", "new_version", "note_opening", "order_from", "order_quotation", "promise_order",
    "quotation_from", "register_delivered", "register_invoiced", "register_shipped", "release_order", "reorder",
    "save_lines", "save_order", "save_quotation", "say", "send_quotation", "set_code", "start_order", "start_quotation",
    "stir_deal", "too_much", "win_by_quotation", "win_deal", "withdraw_quotation",
]  # fmt: skip
