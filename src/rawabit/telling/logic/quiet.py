"""When people are left in peace. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS_LOOKED_AT = 9


def wait_until(
    at: datetime, *, quiet_from: time | None, quiet_until: time | None, quiet_days: Collection[int], zone: str
) -> datetime | None:
    """The moment at which the quiet that ``at`` falls into is over; None when it is not quiet. ``quiet_days`` are
    whole days as ``date.weekday()`` counts; the hours may wrap around midnight. All seven days quiet: none is."""
    here, days = at.astimezone(ZoneInfo(zone)), frozenset(quiet_days)
    if len(days) >= 7:
        days = frozenset()
    moment = here
    for _step in range(DAYS_LOOKED_AT):
        if moment.weekday() in days:
            moment = _midnight(moment + timedelta(days=1))
        elif end := _end_of_hours(moment, quiet_from, quiet_until):
            moment = end
        else:
            break
    return None if moment == here else moment.astimezone(UTC)


def _end_of_hours(moment: datetime, start: time | None, end: time | None) -> datetime | None:
    if start is None or end is None or start == end:
        return None
    now = moment.time().replace(microsecond=0)
    if start < end:
        return _at(moment, end) if start <= now < end else None
    if now >= start:
        return _at(moment + timedelta(days=1), end)
    return _at(moment, end) if now < end else None


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _at(moment: datetime, hour: time) -> datetime:
    return moment.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
