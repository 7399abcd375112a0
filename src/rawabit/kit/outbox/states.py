"""The life of a message. Pure."""

from __future__ import annotations

from typing import Any

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.states import Lifecycle, Move, State


class MessageLife(Lifecycle):
    @property
    def choices(self) -> list[tuple[str, Any]]:
        return [(state.code, state.label) for state in self.states.values()]


MESSAGE = MessageLife(
    states=[
        State("waiting", pgettext_lazy("message", "Waiting"), "info"),
        State("sending", pgettext_lazy("message", "Being sent"), "info"),
        State("sent", pgettext_lazy("message", "Sent"), "ok"),
        State("failed", pgettext_lazy("message", "Failed"), "bad"),
        State("held", pgettext_lazy("message", "Uncertain"), "warn"),
        State("cancelled", pgettext_lazy("message", "Cancelled"), "neutral"),
    ],
    moves=[
        Move(
            "resend",
            ("sent", "failed", "held", "cancelled"),
            "waiting",
            pgettext_lazy("message", "Send again"),
            confirm=_("The message goes out once more, to the same address."),
        ),
        Move(
            "cancel",
            ("waiting", "failed", "held"),
            "cancelled",
            pgettext_lazy("message", "Cancel"),
            confirm=_("The message will not be sent."),
            tone="danger",
        ),
    ],
    not_while=pgettext_lazy("message", "“%(move)s” cannot be done while the message is: %(state)s."),
)
