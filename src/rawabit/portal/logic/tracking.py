"""The way of an order in steps: what was, what is, what comes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rawabit.kit.marking import pgettext_lazy

DONE, CURRENT, BAD, COMING = "done", "current", "bad", ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: words, state (done, current, bad or coming), when it was, what is said about it, the day expected."""

    label: Any
    state: str
    at: datetime | None = None
    note: str = ""
    expected: date | None = None
    parcel: int = 0


@dataclass(frozen=True, slots=True)
class Happening:
    """One tracking event of one delivery; ``parcel`` numbers the deliveries of an order that has several."""

    kind: str
    at: datetime
    place: str = ""
    note: str = ""
    parcel: int = 0


KINDS: Mapping[str, Any] = {
    "packed": pgettext_lazy("order step", "Packed"),
    "picked_up": pgettext_lazy("order step", "With the carrier"),
    "in_transit": pgettext_lazy("order step", "On the way"),
    "out": pgettext_lazy("order step", "Out for delivery"),
    "delayed": pgettext_lazy("order step", "Delayed"),
    "attempted": pgettext_lazy("order step", "Delivery attempted"),
    "delivered": pgettext_lazy("order step", "Delivered"),
    "returned": pgettext_lazy("order step", "Returned"),
}
TROUBLE = frozenset({"delayed", "attempted", "returned"})
ON_THE_WAY = frozenset({"picked_up", "in_transit", "out", "delayed", "attempted"})
CONFIRMED = pgettext_lazy("order step", "Confirmed")
AWAITING = pgettext_lazy("order step", "Awaiting confirmation")
WORKING = pgettext_lazy("order step", "In progress")
PREPARING = pgettext_lazy("order step", "In preparation")
HELD = pgettext_lazy("order step", "On hold")
CANCELLED = pgettext_lazy("order step", "Cancelled")
DELIVERY = pgettext_lazy("order step", "Delivery")


def steps_of(
    *,
    confirmed_at: datetime | None,
    happenings: Iterable[Happening],
    expected: date | None,
    state: str,
    reason: str = "",
) -> list[Step]:
    """The timeline of an order, oldest first. The newest thing that happened is the current step until the order is
    finished; what has not happened yet follows it without a time.

    ``state``: open, service (open, with nothing to deliver), held, cancelled or finished. ``reason`` says why it is
    held or was cancelled."""
    past = [Step(CONFIRMED, DONE, confirmed_at)] if confirmed_at else []
    past += [_step(event) for event in sorted(happenings, key=lambda event: event.at)]
    if state == "finished":
        return past
    if state == "cancelled":
        return [*past, Step(CANCELLED, BAD, note=reason)]
    if state == "service":
        return [*past, Step(WORKING, CURRENT, expected=expected)]
    if state == "held":
        return [*past, Step(HELD, BAD, note=reason), Step(DELIVERY, COMING, expected=expected)]
    return _unfinished(past, expected)


def _step(event: Happening) -> Step:
    note = " · ".join(part for part in (event.place, event.note) if part)
    state = BAD if event.kind in TROUBLE else DONE
    return Step(KINDS.get(event.kind, event.kind), state, event.at, note, parcel=event.parcel)


def _unfinished(past: Sequence[Step], expected: date | None) -> list[Step]:
    coming = Step(DELIVERY, COMING, expected=expected)
    if not past:
        return [Step(AWAITING, CURRENT), coming]
    if len(past) == 1 and past[0].label is CONFIRMED:
        return [*past, Step(PREPARING, CURRENT), coming]
    newest = past[-1] if past[-1].state == BAD else replace(past[-1], state=CURRENT)
    return [*past[:-1], newest, coming]


def parcel_steps(happenings: Iterable[Happening], expected: date | None) -> list[Step]:
    """The way of one delivery; ``expected`` None when it has arrived or come back."""
    past = [_step(event) for event in sorted(happenings, key=lambda event: event.at)]
    if expected is None:
        return past
    return (
        _unfinished(past, expected) if past else [Step(PREPARING, CURRENT), Step(DELIVERY, COMING, expected=expected)]
    )
