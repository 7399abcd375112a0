"""The life of an opportunity. Pure."""

from __future__ import annotations

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.states import Lifecycle, Move, State

OPEN, WON, LOST = "open", "won", "lost"

OPPORTUNITY = Lifecycle(
    [
        State(OPEN, pgettext_lazy("opportunity", "Open"), "info"),
        State(WON, pgettext_lazy("opportunity", "Won"), "ok"),
        State(LOST, pgettext_lazy("opportunity", "Lost"), "bad"),
    ],
    [
        Move("win", (OPEN,), WON, pgettext_lazy("opportunity", "Mark as won"), tone="primary"),
        Move("lose", (OPEN,), LOST, pgettext_lazy("opportunity", "Mark as lost")),
        Move("reopen", (WON, LOST), OPEN, pgettext_lazy("opportunity", "Open again")),
    ],
    not_while=_("%(move)s is not possible while this opportunity is: %(state)s."),
)
