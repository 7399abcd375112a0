"""The life of a record, written as a table of states and moves. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Tone = str  # "neutral" | "info" | "ok" | "warn" | "bad": how a tag is coloured


class Refused(Exception):
    """Something cannot be done now; the message is for the user, in the user's language."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class State:
    """One situation a record can be in: code in the database, words for people, tone of its tag."""

    code: str
    label: Any
    tone: Tone = "neutral"


def always(record: Any) -> object | None:
    """No objection."""
    return None


@dataclass(frozen=True, slots=True)
class Move:
    """One way from some states to another. ``why_not`` answers words for the user, or None."""

    name: str
    sources: tuple[str, ...]
    target: str
    label: Any
    why_not: Callable[[Any], object | None] = always
    confirm: Any = None  # a question to ask before an irreversible move
    tone: str = "default"  # button: "primary" | "default" | "danger"


class Lifecycle:
    """States and the moves between them; buttons, API verbs and refusals are all read from here."""

    def __init__(
        self, states: Sequence[State], moves: Sequence[Move], *, not_while: Any = "%(move)s: %(state)s"
    ) -> None:
        self.states = {state.code: state for state in states}
        self.moves = {move.name: move for move in moves}
        self._not_while = not_while
        for move in moves:
            unknown = {*move.sources, move.target} - set(self.states)
            if unknown:
                raise ValueError(f"move {move.name} names unknown states {sorted(unknown)}")

    def open_to(self, record: Any) -> list[Move]:
        """The moves the record could make from its state."""
        return [move for move in self.moves.values() if record.state in move.sources]

    def refusal(self, record: Any, name: str) -> object | None:
        """Why the record cannot make the move now, in words, or None."""
        move = self.moves[name]
        if record.state not in move.sources:
            return str(self._not_while) % {"move": move.label, "state": self.states[record.state].label}
        return move.why_not(record)

    def require(self, record: Any, name: str) -> Move:
        """The move, or :class:`Refused` with the reason."""
        if (reason := self.refusal(record, name)) is not None:
            raise Refused(reason)
        return self.moves[name]
