"""Put off to a moment at which somebody is at work: weekends, holidays, Ramadan hours, four kinds of week."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from rawabit.company.logic.hours import Opening
from rawabit.talks.logic.snoozing import snooze_moments, week_of

RIYADH, TEHRAN = ZoneInfo("Asia/Riyadh"), ZoneInfo("Asia/Tehran")
SAUDI = [Opening(day, time(8), time(17)) for day in (6, 0, 1, 2, 3)]  # Sunday to Thursday
RAMADAN = [Opening(day, time(10), time(16), date(2026, 2, 18), date(2026, 3, 19)) for day in (6, 0, 1, 2, 3)]
IRAN = [*(Opening(day, time(8), time(16)) for day in (5, 6, 0, 1, 2)), Opening(3, time(8), time(12))]
SUNDAY, SATURDAY, MONDAY = 6, 5, 0


def moments(now, openings, closed=(), first=SUNDAY):
    found = snooze_moments(now, openings, frozenset(closed), first)
    return {name: f"{moment:%Y-%m-%d %H:%M}" for name, moment in found.items()}


def test_a_thursday_in_riyadh_goes_over_the_weekend():
    now = datetime(2026, 4, 9, 11, 7, tzinfo=RIYADH)  # a Thursday
    assert moments(now, SAUDI) == {
        "later": "2026-04-09 14:15", "tomorrow": "2026-04-12 08:00", "next_week": "2026-04-16 08:00",
    }  # fmt: skip


def test_a_monday_has_four_choices():
    now = datetime(2026, 4, 6, 9, 0, tzinfo=RIYADH)
    assert moments(now, SAUDI) == {
        "later": "2026-04-06 12:00", "tomorrow": "2026-04-07 08:00", "week_start": "2026-04-12 08:00",
        "next_week": "2026-04-13 08:00",
    }  # fmt: skip


def test_in_ramadan_the_day_begins_later_and_ends_earlier():
    now = datetime(2026, 3, 4, 13, 30, tzinfo=RIYADH)  # a Wednesday: 16:30 is after the end
    assert moments(now, [*SAUDI, *RAMADAN]) == {
        "tomorrow": "2026-03-05 10:00", "week_start": "2026-03-08 10:00", "next_week": "2026-03-11 10:00",
    }  # fmt: skip
    last = datetime(2026, 3, 19, 9, 0, tzinfo=RIYADH)  # the last day of Ramadan, a Thursday
    assert moments(last, [*SAUDI, *RAMADAN])["tomorrow"] == "2026-03-22 08:00"


def test_holidays_are_leapt_over():
    now = datetime(2026, 3, 18, 9, 0, tzinfo=RIYADH)
    eid = [date(2026, 3, day) for day in range(19, 25)]
    assert moments(now, SAUDI, eid)["tomorrow"] == "2026-03-25 08:00"


def test_in_iran_the_week_begins_on_saturday_and_thursday_is_short():
    now = datetime(2026, 4, 8, 10, 0, tzinfo=TEHRAN)  # a Wednesday
    assert moments(now, IRAN, first=SATURDAY) == {
        "later": "2026-04-08 13:00", "tomorrow": "2026-04-09 08:00", "week_start": "2026-04-11 08:00",
        "next_week": "2026-04-15 08:00",
    }  # fmt: skip
    thursday = datetime(2026, 4, 9, 10, 0, tzinfo=TEHRAN)
    assert moments(thursday, IRAN, first=SATURDAY) == {"tomorrow": "2026-04-11 08:00", "next_week": "2026-04-16 08:00"}


def test_kuwait_counts_from_saturday_but_works_from_sunday():
    now = datetime(2026, 4, 6, 9, 0, tzinfo=ZoneInfo("Asia/Kuwait"))
    assert moments(now, SAUDI, first=SATURDAY)["week_start"] == "2026-04-12 08:00"


def test_a_company_without_hours_begins_at_nine():
    now = datetime(2026, 4, 6, 22, 30, tzinfo=RIYADH)
    assert moments(now, [], first=MONDAY) == {"tomorrow": "2026-04-07 09:00", "week_start": "2026-04-13 09:00"}


@pytest.mark.parametrize(
    ("first", "start"), [(SUNDAY, date(2026, 3, 1)), (SATURDAY, date(2026, 2, 28)), (MONDAY, date(2026, 3, 2))]
)
def test_weeks_begin_on_the_companys_day(first, start):
    days = week_of(date(2026, 3, 5), first)
    assert (days[0], len(days)) == (start, 7) and date(2026, 3, 5) in days
    assert week_of(start, first)[0] == start
