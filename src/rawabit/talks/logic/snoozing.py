"""Until when something is put off: moments at which somebody is at work. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from rawabit.company.logic.hours import Opening, is_working_day, open_spans, open_until

LATER, TOMORROW, WEEK_START, NEXT_WEEK = "later", "tomorrow", "week_start", "next_week"
CHOICES = (LATER, TOMORROW, WEEK_START, NEXT_WEEK)
USUAL_MORNING = time(9)
_DAY, _LATER, _QUARTER = timedelta(days=1), timedelta(hours=3), 15


def snooze_moments(
    now: datetime, openings: Sequence[Opening], closed: Collection[date], first_weekday: int
) -> dict[str, datetime]:
    """The choices of :data:`CHOICES` that exist at this local moment, in their order and each moment once.

    ``later``: three hours on, while somebody is still there today. ``tomorrow``: the next working day's opening.
    ``week_start``: the first working day of the coming week, which begins on ``first_weekday`` (Monday 0).
    ``next_week``: the same day next week, or the working day after it.
    """
    today = now.date()
    ahead = (first_weekday - today.weekday() - 1) % 7 + 1
    found: dict[str, datetime | None] = {
        LATER: _later(now, openings, closed),
        TOMORROW: _morning(now, today + _DAY, openings, closed),
        WEEK_START: _morning(now, today + ahead * _DAY, openings, closed),
        NEXT_WEEK: _morning(now, today + 7 * _DAY, openings, closed),
    }
    chosen: dict[str, datetime] = {}
    for name, moment in found.items():
        if moment is not None and moment not in chosen.values():
            chosen[name] = moment
    return chosen


def _later(now: datetime, openings: Sequence[Opening], closed: Collection[date]) -> datetime | None:
    """Three hours on, up to the full quarter; none when the day, or the company's day, is over by then."""
    wanted = now.replace(second=0, microsecond=0) + _LATER
    wanted += timedelta(minutes=-wanted.minute % _QUARTER)
    if wanted.date() != now.date():
        return None
    if not openings:
        return wanted
    return wanted if open_until(wanted, openings, closed) else None


def _morning(now: datetime, day: date, openings: Sequence[Opening], closed: Collection[date]) -> datetime:
    """The opening of the first working day from ``day`` on; looks a year ahead."""
    for step in range(366):
        found = day + step * _DAY
        if is_working_day(found, openings, closed):
            break
    spans = open_spans(found, openings, closed)
    return datetime.combine(found, spans[0][0] if spans else USUAL_MORNING, now.tzinfo)


def week_of(day: date, first_weekday: int) -> list[date]:
    """The seven days of the week in which a day lies."""
    start = day - ((day.weekday() - first_weekday) % 7) * _DAY
    return [start + step * _DAY for step in range(7)]
