"""The life of a lead. Pure."""

from __future__ import annotations

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.states import Lifecycle, Move, State

NEW, WORKING, QUALIFIED, CONVERTED, UNQUALIFIED = "new", "working", "qualified", "converted", "unqualified"
OPEN = (NEW, WORKING, QUALIFIED)

LEAD = Lifecycle(
    [
        State(NEW, pgettext_lazy("lead", "New"), "info"),
        State(WORKING, pgettext_lazy("lead", "In contact"), "info"),
        State(QUALIFIED, pgettext_lazy("lead", "Qualified"), "ok"),
        State(CONVERTED, pgettext_lazy("lead", "Became a customer"), "ok"),
        State(UNQUALIFIED, pgettext_lazy("lead", "Not pursued")),
    ],
    [
        Move("take", (NEW,), WORKING, pgettext_lazy("lead", "Take on")),
        Move("qualify", (NEW, WORKING), QUALIFIED, pgettext_lazy("lead", "Qualify")),
        Move("convert", OPEN, CONVERTED, pgettext_lazy("lead", "Make a customer"), tone="primary"),
        Move("drop", OPEN, UNQUALIFIED, pgettext_lazy("lead", "Do not pursue")),
        Move("revive", (UNQUALIFIED,), WORKING, pgettext_lazy("lead", "Pursue again")),
    ],
    not_while=_("%(move)s is not possible while this lead is: %(state)s."),
)
