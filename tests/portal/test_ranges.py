"""The range of a statement, in three calendars."""

from __future__ import annotations

from datetime import date

import pytest

from rawabit.portal.logic.ranges import chip_span, typed_span

DAY = date(2026, 3, 5)  # 16 Ramadan 1447, 14 Esfand 1404


@pytest.mark.parametrize(
    ("chip", "calendar", "start", "end"),
    [
        ("month", "gregorian", date(2026, 3, 1), date(2026, 4, 1)),
        ("quarter", "gregorian", date(2026, 1, 1), date(2026, 4, 1)),
        ("year", "gregorian", date(2026, 1, 1), date(2027, 1, 1)),
        ("month", "jalali", date(2026, 2, 20), date(2026, 3, 21)),
        ("quarter", "jalali", date(2025, 12, 22), date(2026, 3, 21)),
        ("year", "jalali", date(2025, 3, 21), date(2026, 3, 21)),
        ("month", "hijri", date(2026, 2, 18), date(2026, 3, 20)),
        ("year", "hijri", date(2025, 6, 26), date(2026, 6, 16)),
    ],
)
def test_a_chip_follows_the_readers_calendar(chip, calendar, start, end):
    assert chip_span(chip, DAY, calendar) == (start, end)


def test_an_unknown_chip_is_the_usual_one():
    assert chip_span("decade", DAY, "gregorian") == (date(2026, 1, 1), date(2026, 4, 1))


def test_typed_days_are_both_inside_whichever_came_first():
    assert typed_span(date(2026, 3, 5), date(2026, 3, 1)) == (date(2026, 3, 1), date(2026, 3, 6))
