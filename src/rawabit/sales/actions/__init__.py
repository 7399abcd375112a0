"""What is done with quotations and orders."""

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
    accept_quotation,
    decline_quotation,
    expire_quotations,
    new_version,
    order_quotation,
    send_quotation,
    withdraw_quotation,
)
from rawabit.trade.actions import delete_draft

__all__ = [
    "accept_quotation", "cancel_order", "close_order", "confirm_order", "decline_quotation", "delete_draft",
    "expire_quotations", "hold_order", "new_version", "order_quotation", "promise_order", "register_delivered",
    "register_invoiced", "register_shipped", "release_order", "reorder", "save_lines", "save_order", "save_quotation",
    "send_quotation", "start_order", "start_quotation", "too_much", "withdraw_quotation",
]  # fmt: skip
