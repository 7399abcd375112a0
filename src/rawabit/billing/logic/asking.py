"""The lives of transfer reports and of questions about invoices, and how a transfer is matched. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rawabit.billing.logic.sharing import Open, oldest_first
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.states import Lifecycle, Move, State
from rawabit.kit.text import latn
from rawabit.trade.logic.states import NOT_WHILE

PLANNED, REPORTED, ACCEPTED, REFUSED, WITHDRAWN, KEPT = (
    "planned", "reported", "accepted", "refused", "withdrawn", "kept",
)  # fmt: skip
OPEN, ANSWERED, CLOSED = "open", "answered", "closed"

TRANSFER = Lifecycle(
    [
        State(PLANNED, pgettext_lazy("transfer", "Promised"), "info"),
        State(REPORTED, pgettext_lazy("transfer", "Under review"), "warn"),
        State(ACCEPTED, pgettext_lazy("transfer", "Accepted"), "ok"),
        State(REFUSED, pgettext_lazy("transfer", "Refused"), "bad"),
        State(WITHDRAWN, pgettext_lazy("transfer", "Withdrawn")),
        State(KEPT, pgettext_lazy("transfer", "Promise kept"), "ok"),
    ],
    [
        Move("accept", (REPORTED,), ACCEPTED, pgettext_lazy("transfer", "Accept"), tone="primary"),
        Move("refuse", (REPORTED,), REFUSED, pgettext_lazy("transfer", "Refuse"), tone="danger"),
        Move("withdraw", (PLANNED, REPORTED), WITHDRAWN, pgettext_lazy("transfer", "Withdraw")),
        Move("keep", (PLANNED,), KEPT, pgettext_lazy("transfer", "Promise kept")),
    ],
    not_while=NOT_WHILE,
)
DISPUTE = Lifecycle(
    [
        State(OPEN, pgettext_lazy("dispute", "Waiting for our answer"), "warn"),
        State(ANSWERED, pgettext_lazy("dispute", "Answered"), "info"),
        State(CLOSED, pgettext_lazy("dispute", "Closed")),
    ],
    [
        Move("answer", (OPEN, ANSWERED), ANSWERED, pgettext_lazy("dispute", "Answer"), tone="primary"),
        Move("ask", (OPEN, ANSWERED), OPEN, pgettext_lazy("dispute", "Write again")),
        Move("close", (OPEN, ANSWERED), CLOSED, pgettext_lazy("dispute", "Close")),
    ],
    not_while=NOT_WHILE,
)
UNDER_QUESTION = State("questioned", _("Under question"), "warn")
# How a reported way of paying is called on the payment.
PAYMENT_METHODS = {"deposit": "cash"}


def reference_key(text: str) -> str:
    """A bank reference without what people type differently: digits of any script, capitals, blanks and hyphens."""
    return "".join(char for char in latn(text).upper() if char.isalnum())[:80]


def suggested(amount: int, meant: Mapping[int, int], debts: Sequence[Open]) -> dict[int, int]:
    """``{invoice key: share}`` of a transfer over open invoices: as the customer said, as far as that is still open;
    else the invoice of exactly this amount; else the oldest due first."""
    if meant:
        return _as_meant(amount, meant, debts)
    exact = [one for one in debts if one.amount == amount]
    return oldest_first(amount, exact[:1] or debts)


def _as_meant(amount: int, meant: Mapping[int, int], debts: Sequence[Open]) -> dict[int, int]:
    shares = {}
    for debt in debts:
        share = min(meant.get(debt.key, 0), debt.amount, amount)
        if share > 0:
            shares[debt.key] = share
            amount -= share
    return shares
