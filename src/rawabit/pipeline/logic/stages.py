"""What a stage asks for, how stale a deal is, and what the open deals are worth. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rawabit.kit.marking import _
from rawabit.kit.money import Money

# What a stage may ask for before a deal enters it.
REQUIRABLE: Mapping[str, Any] = {
    "customer": _("Customer"),
    "contact": _("Contact"),
    "value": _("Value"),
    "lines": _("Items and prices"),
    "expected_close": _("Expected close"),
    "decision_maker": _("Decision maker"),
    "competitor": _("Competitors"),
    "quotation": _("A quotation that was sent"),
}
GREEN, AMBER, RED, GREY = "ok", "warn", "bad", "neutral"


def missing(required: Collection[str], filled: Collection[str]) -> list[str]:
    """The keys of :data:`REQUIRABLE` that are asked for and not there, in the order of the table."""
    return [key for key in REQUIRABLE if key in required and key not in filled]


def weighted(value: Money, chance: int) -> Money:
    """The value times its probability (per cent), rounded half-up to the currency's smallest unit."""
    return Money((value.minor * chance + 50) // 100, value.currency)


def next_tone(next_on: date | None, today: date) -> str:
    """The colour of a card: planned, due today, overdue, or nothing planned."""
    if next_on is None:
        return GREY
    return RED if next_on < today else AMBER if next_on == today else GREEN


def is_stalled(touched_at: datetime, stall_days: int, at: datetime) -> bool:
    """No sign of life for longer than the stage allows; 0 days: never stalled."""
    return stall_days > 0 and at - touched_at > timedelta(days=stall_days)


def quiet_days(touched_at: datetime, stall_days: int, at: datetime) -> int:
    """For how many whole days a stalled deal has been quiet; 0 for one that is not stalled."""
    return (at - touched_at).days if is_stalled(touched_at, stall_days, at) else 0


@dataclass(frozen=True, slots=True)
class Deal:
    """What the sums need of an opportunity."""

    stage: int
    value: Money
    chance: int
    expected_close: date | None = None
    count: int = 1  # of so many deals of the same stage, currency, chance and day
    expected: Money | None = None  # where the weighted values were added up already


@dataclass
class Sums:
    """How many deals, what they are worth and what may be expected of them, by currency."""

    count: int = 0
    value: dict[str, Money] | None = None
    expected: dict[str, Money] | None = None

    def add(self, deal: Deal) -> None:
        self.count += deal.count
        self.value, self.expected = dict(self.value or {}), dict(self.expected or {})
        code = deal.value.currency
        expected = weighted(deal.value, deal.chance) if deal.expected is None else deal.expected
        self.value[code] = self.value.get(code, Money(0, code)) + deal.value
        self.expected[code] = self.expected.get(code, Money(0, code)) + expected

    def join(self, other: Sums) -> None:
        """Count the others too."""
        self.count += other.count
        self.value, self.expected = _joined(self.value, other.value), _joined(self.expected, other.expected)


def _joined(one: dict[str, Money] | None, other: dict[str, Money] | None) -> dict[str, Money]:
    found = dict(one or {})
    for code, amount in (other or {}).items():
        found[code] = found.get(code, Money(0, code)) + amount
    return found


def by_stage(deals: Iterable[Deal]) -> dict[int, Sums]:
    """Sums of each stage that has a deal."""
    found: dict[int, Sums] = {}
    for deal in deals:
        found.setdefault(deal.stage, Sums()).add(deal)
    return found


def forecast(deals: Iterable[Deal], months: Sequence[tuple[date, date]]) -> dict[tuple[int, int], Sums]:
    """Sums by (place of the month, stage). A month is its first and last day, in whatever calendar. What should have
    closed before the first month counts in it, for it is still to come; what closes after the last month has the place
    after it, what has no day -1."""
    found: dict[tuple[int, int], Sums] = {}
    for deal in deals:
        found.setdefault((_place(deal.expected_close, months), deal.stage), Sums()).add(deal)
    return found


def _place(day: date | None, months: Sequence[tuple[date, date]]) -> int:
    if day is None:
        return -1
    return next((place for place, (_first, last) in enumerate(months) if day <= last), len(months))


def win_rate(won: int, lost: int) -> int | None:
    """Won of those decided, in whole per cent, rounded half-up; None while nothing is decided."""
    decided = won + lost
    return None if decided == 0 else (won * 200 + decided) // (2 * decided)
