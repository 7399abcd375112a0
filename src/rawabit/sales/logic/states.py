"""The lives of quotations and orders. Buttons, API verbs and refusals are read from here. Pure."""

from __future__ import annotations

from typing import Any

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.states import Lifecycle, Move, State
from rawabit.trade.logic.states import NOT_WHILE

# Quotations

DRAFT, SENT, ACCEPTED, DECLINED = "draft", "sent", "accepted", "declined"
EXPIRED, SUPERSEDED, WITHDRAWN = "expired", "superseded", "withdrawn"


def has_lines(record: Any) -> object | None:
    """A paper without lines promises nothing."""
    return None if record.line_count else _("Add at least one line first.")


QUOTATION = Lifecycle(
    [
        State(DRAFT, pgettext_lazy("quotation", "Draft")),
        State(SENT, pgettext_lazy("quotation", "Sent"), "info"),
        State(ACCEPTED, pgettext_lazy("quotation", "Accepted"), "ok"),
        State(DECLINED, pgettext_lazy("quotation", "Declined"), "bad"),
        State(EXPIRED, pgettext_lazy("quotation", "Expired"), "warn"),
        State(SUPERSEDED, pgettext_lazy("quotation", "Replaced by a newer version")),
        State(WITHDRAWN, pgettext_lazy("quotation", "Withdrawn")),
    ],
    [
        Move("send", (DRAFT,), SENT, pgettext_lazy("quotation", "Send"), has_lines, tone="primary"),
        Move("accept", (SENT,), ACCEPTED, pgettext_lazy("quotation", "Accept"), tone="primary"),
        Move("decline", (SENT,), DECLINED, pgettext_lazy("quotation", "Decline")),
        Move("expire", (SENT,), EXPIRED, pgettext_lazy("quotation", "Expire")),
        Move(
            "withdraw", (SENT,), WITHDRAWN, pgettext_lazy("quotation", "Withdraw"), tone="danger",
            confirm=_("Withdraw this quotation? The customer can no longer accept it."),
        ),
        Move("supersede", (SENT, DECLINED, EXPIRED, WITHDRAWN), SUPERSEDED, pgettext_lazy("quotation", "Replace")),
    ],
    not_while=NOT_WHILE,
)  # fmt: skip
# What a newer version may be made of, and what it takes the place of when it is sent.
RENEWABLE = (SENT, DECLINED, EXPIRED, WITHDRAWN)
# What the customer reads for the same states.
QUOTATION_FOR_CUSTOMER = {
    SENT: State(SENT, pgettext_lazy("quotation, to the customer", "Waiting for your decision"), "info"),
    ACCEPTED: State(ACCEPTED, pgettext_lazy("quotation, to the customer", "You accepted"), "ok"),
    DECLINED: State(DECLINED, pgettext_lazy("quotation, to the customer", "You declined")),
    EXPIRED: State(EXPIRED, pgettext_lazy("quotation, to the customer", "Expired"), "warn"),
    SUPERSEDED: State(SUPERSEDED, pgettext_lazy("quotation, to the customer", "Replaced by a newer version")),
    WITHDRAWN: State(WITHDRAWN, pgettext_lazy("quotation, to the customer", "Withdrawn")),
}

# What is said to a customer who decides on an offer that is no longer open.
WHY_CLOSED = {
    ACCEPTED: _("This quotation has been accepted already. Nothing was changed."),
    DECLINED: _("This quotation has been declined already. Ask for a new one if you want it after all."),
    EXPIRED: _("This quotation has expired. Ask for a new one."),
    SUPERSEDED: _("A newer version has taken the place of this quotation. Open it to decide."),
    WITHDRAWN: _("This quotation has been withdrawn. Ask us if you have questions."),
}
# Why offers are declined; the codes are what is counted.
DECLINE_REASONS = {
    "price": pgettext_lazy("decline", "The price is too high"),
    "timing": pgettext_lazy("decline", "The delivery is too late"),
    "specs": pgettext_lazy("decline", "It is not what we need"),
    "elsewhere": pgettext_lazy("decline", "We ordered elsewhere"),
    "unneeded": pgettext_lazy("decline", "It is no longer needed"),
}

# Orders

CONFIRMED, ON_HOLD, DONE, CANCELLED = "confirmed", "on_hold", "done", "cancelled"
OPEN_ORDERS = (CONFIRMED, ON_HOLD)


def nothing_left_the_house(order: Any) -> object | None:
    """What has been shipped or invoiced is answered by a return and a credit note, not by cancelling."""
    if order.shipping_state not in ("none", "no_goods"):
        return _("Goods have been shipped. Record their return first.")
    if order.invoice_state != "none":
        return _("The order has been invoiced. Write a credit note first.")
    return None


ORDER = Lifecycle(
    [
        State(DRAFT, pgettext_lazy("sales order", "Draft")),
        State(CONFIRMED, pgettext_lazy("sales order", "Confirmed"), "info"),
        State(ON_HOLD, pgettext_lazy("sales order", "On hold"), "warn"),
        State(DONE, pgettext_lazy("sales order", "Completed"), "ok"),
        State(CANCELLED, pgettext_lazy("sales order", "Cancelled"), "bad"),
    ],
    [
        Move(
            "confirm", (DRAFT,), CONFIRMED, pgettext_lazy("sales order", "Confirm"), has_lines, tone="primary",
            confirm=_("Confirm this order? Its lines and prices can no longer be changed."),
        ),
        Move("hold", (CONFIRMED,), ON_HOLD, pgettext_lazy("sales order", "Put on hold")),
        Move("release", (ON_HOLD,), CONFIRMED, pgettext_lazy("sales order", "Release"), tone="primary"),
        Move(
            "close", (CONFIRMED, ON_HOLD), DONE, pgettext_lazy("sales order", "Close"),
            confirm=_("Close this order? What has not been delivered will not be delivered any more."),
        ),
        Move("reopen", (DONE,), CONFIRMED, pgettext_lazy("sales order", "Reopen")),
        Move(
            "cancel", (CONFIRMED, ON_HOLD), CANCELLED, pgettext_lazy("sales order", "Cancel order"),
            nothing_left_the_house, tone="danger", confirm=_("Cancel this order? This cannot be undone."),
        ),
    ],
    not_while=NOT_WHILE,
)  # fmt: skip

# How far delivery and invoicing of an order have come; tags beside its status.
DELIVERY_PROGRESS = {
    "no_goods": State("no_goods", pgettext_lazy("delivery of an order", "Nothing to deliver")),
    "none": State("none", pgettext_lazy("delivery of an order", "Not delivered")),
    "partly": State("partly", pgettext_lazy("delivery of an order", "Partially delivered"), "info"),
    "fully": State("fully", pgettext_lazy("delivery of an order", "Delivered"), "ok"),
}
INVOICE_PROGRESS = {
    "none": State("none", pgettext_lazy("invoicing of an order", "Not invoiced")),
    "partly": State("partly", pgettext_lazy("invoicing of an order", "Partially invoiced"), "info"),
    "fully": State("fully", pgettext_lazy("invoicing of an order", "Invoiced"), "ok"),
}
