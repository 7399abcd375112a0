"""When the company is open. Pure: hours and closed days are arguments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Opening:
    """Open from ``opens`` to ``closes`` on a weekday (Monday 0), always or between two days (both included)."""

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def dated(self) -> bool:
        return self.valid_from is not None or self.valid_to is not None

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def open_spans(day: date, openings: Sequence[Opening], closed: Collection[date]) -> list[tuple[time, time]]:
    """The open spans of a day in order. Hours with dates (Ramadan) replace the usual week while they last."""
    if day in closed:
        return []
    special = [opening for opening in openings if opening.dated and opening.covers(day)]
    valid = special or [opening for opening in openings if not opening.dated]
    return sorted((opening.opens, opening.closes) for opening in valid if opening.weekday == day.weekday())


def is_working_day(day: date, openings: Sequence[Opening], closed: Collection[date]) -> bool:
    """Is the company open at all that day? A company that gave no hours works every day that is no holiday."""
    return bool(open_spans(day, openings, closed)) if openings else day not in closed


def working_day_after(day: date, count: int, openings: Sequence[Opening], closed: Collection[date]) -> date:
    """The ``count``-th working day after ``day``. Looks at most two years ahead."""
    left, found = count, day
    for step in range(1, 731):
        found = day + timedelta(days=step)
        left -= is_working_day(found, openings, closed)
        if left <= 0:
            break
    return found


def open_until(now: datetime, openings: Sequence[Opening], closed: Collection[date]) -> datetime | None:
    """When the company closes, if it is open at this local moment; None when it is closed. Spans that touch are one."""
    until: time | None = None
    for opens, closes in open_spans(now.date(), openings, closed):
        if until is None and opens <= now.time() < closes:
            until = closes
        elif until is not None and opens <= until:
            until = max(until, closes)
    return datetime.combine(now.date(), until, now.tzinfo) if until else None


def opens_next(
    now: datetime, openings: Sequence[Opening], closed: Collection[date], *, ahead: int = 60
) -> datetime | None:
    """The next local moment at which the company opens; None when it does not within so many days."""
    for step in range(ahead + 1):
        day = now.date() + timedelta(days=step)
        for opens, _closes in open_spans(day, openings, closed):
            moment = datetime.combine(day, opens, now.tzinfo)
            if moment > now:
                return moment
    return None
