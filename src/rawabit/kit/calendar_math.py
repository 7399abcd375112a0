"""Three calendars over Gregorian `date`s: conversion, month arithmetic, reporting periods, the picker's grid.

Calendars are named "gregorian" | "hijri" | "jalali". Only Gregorian dates are stored; the others are views.
Sources: Umm al-Qura through `hijridate` (1343–1500 AH); Jalali by the 33-year rule, equal to the University of
Tehran table for 1206–1498 and enforced for 1178–1501 AP.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from hijridate import Gregorian, Hijri

CALENDARS: Final = ("gregorian", "hijri", "jalali")
HIJRI_YEARS: Final = range(1343, 1501)
JALALI_YEARS: Final = range(1178, 1502)
_HIJRI_FIRST: Final = date(1924, 8, 1)
_HIJRI_LAST: Final = date(2077, 11, 16)
_DAY: Final = timedelta(days=1)

Ymd = tuple[int, int, int]
Span = tuple[date, date]


class NotADate(ValueError):
    """No such date. `code`: empty | unreadable | no_year | which_calendar | no_such_day | out_of_range."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = text


# ---------------------------------------------------------------- Hijri (Umm al-Qura)
@lru_cache(maxsize=4096)
def to_hijri(day: date) -> Ymd | None:
    """(year, month, day) in Umm al-Qura, None outside 1343-01-01…1500-12-30 AH (1924-08-01…2077-11-16)."""
    if not _HIJRI_FIRST <= day <= _HIJRI_LAST:
        return None
    return Gregorian.fromdate(day).to_hijri().datetuple()


def from_hijri(year: int, month: int, day: int) -> date:
    """Umm al-Qura to Gregorian. NotADate for a day that the month does not have or a year outside 1343–1500."""
    if year not in HIJRI_YEARS:
        raise NotADate("out_of_range")
    if not (1 <= month <= 12 and 1 <= day <= month_length("hijri", year, month)):
        raise NotADate("no_such_day")
    converted = Hijri(year, month, day).to_gregorian()
    return date(converted.year, converted.month, converted.day)


# ---------------------------------------------------------------- Jalali (Solar Hijri)
def _days_before_year(year: int) -> int:
    """Proleptic Gregorian ordinal of the day before 1 Farvardin."""
    return 226_894 + 365 * (year - 1) + (8 * year + 21) // 33


def jalali_leap(year: int) -> bool:
    """Has Esfand 30 days? By the 33-year rule."""
    return _days_before_year(year + 1) - _days_before_year(year) == 366


@lru_cache(maxsize=4096)
def to_jalali(day: date) -> Ymd | None:
    """(year, month, day) in Solar Hijri, None outside 1178–1501 AP (1799–2123)."""
    ordinal = day.toordinal()
    year = day.year - 621
    if ordinal <= _days_before_year(year):
        year -= 1
    if year not in JALALI_YEARS:
        return None
    offset = ordinal - _days_before_year(year) - 1
    if offset < 186:
        return year, offset // 31 + 1, offset % 31 + 1
    return year, (offset - 186) // 30 + 7, (offset - 186) % 30 + 1


def from_jalali(year: int, month: int, day: int) -> date:
    """Solar Hijri to Gregorian. NotADate for a day that the month does not have or a year outside 1178–1501."""
    if year not in JALALI_YEARS:
        raise NotADate("out_of_range")
    if not (1 <= month <= 12 and 1 <= day <= month_length("jalali", year, month)):
        raise NotADate("no_such_day")
    before = 31 * (month - 1) if month <= 7 else 30 * (month - 1) + 6
    return date.fromordinal(_days_before_year(year) + before + day)


# ---------------------------------------------------------------- any calendar
def to_calendar(day: date, calendar: str) -> Ymd | None:
    """(year, month, day) of a date in a calendar; None where that calendar is not defined. KeyError: unknown name."""
    if calendar == "gregorian":
        return day.year, day.month, day.day
    return {"hijri": to_hijri, "jalali": to_jalali}[calendar](day)


def from_calendar(calendar: str, year: int, month: int, day: int) -> date:
    """The Gregorian date of a day in a calendar; NotADate when there is none."""
    if calendar == "gregorian":
        try:
            return date(year, month, day)
        except ValueError as error:
            raise NotADate("no_such_day") from error
    return {"hijri": from_hijri, "jalali": from_jalali}[calendar](year, month, day)


def month_length(calendar: str, year: int, month: int) -> int:
    """Days of a month."""
    if calendar == "hijri":
        return Hijri(year, month, 1).month_length()
    if calendar == "jalali":
        return 31 if month <= 6 else 30 if month < 12 or jalali_leap(year) else 29
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) < (9999, 12) else None
    return (following - date(year, month, 1)).days if following else 31


def shift_month(calendar: str, year: int, month: int, by: int) -> tuple[int, int]:
    """(year, month) `by` months later (earlier when negative); every calendar here has twelve months."""
    if calendar not in CALENDARS:
        raise KeyError(calendar)
    months = year * 12 + month - 1 + by
    return months // 12, months % 12 + 1


def add_months(day: date, by: int, calendar: str) -> date:
    """Same day of the month `by` months later in that calendar, or the last day when that month is shorter."""
    year, month, number = _parts(day, calendar)
    year, month = shift_month(calendar, year, month, by)
    if calendar == "hijri" and year not in HIJRI_YEARS:
        raise NotADate("out_of_range")
    return from_calendar(calendar, year, month, min(number, month_length(calendar, year, month)))


def _parts(day: date, calendar: str) -> Ymd:
    parts = to_calendar(day, calendar)
    if parts is None:
        raise NotADate("out_of_range")
    return parts


def _usable(day: date, calendar: str) -> str:
    """A report must not fail because a date lies outside the tables: Gregorian stands in."""
    return calendar if to_calendar(day, calendar) else "gregorian"


# ---------------------------------------------------------------- periods, [start, end) in Gregorian dates
def month_span(calendar: str, year: int, month: int) -> Span:
    """First day of a calendar month and the day after its last."""
    start = from_calendar(calendar, year, month, 1)
    return start, start + timedelta(days=month_length(calendar, year, month))


def month_of(day: date, calendar: str) -> Span:
    """The calendar month around a date, as [start, end)."""
    calendar = _usable(day, calendar)
    year, month, _ = _parts(day, calendar)
    return month_span(calendar, year, month)


def quarter_of(day: date, calendar: str) -> Span:
    """The quarter (months 1–3, 4–6, 7–9, 10–12 of that calendar) around a date, as [start, end)."""
    calendar = _usable(day, calendar)
    year, month, _ = _parts(day, calendar)
    first = (month - 1) // 3 * 3 + 1
    return month_span(calendar, year, first)[0], month_span(calendar, year, first + 2)[1]


def year_of(day: date, calendar: str) -> Span:
    """The calendar year around a date, as [start, end): Farvardin to Esfand for Jalali."""
    calendar = _usable(day, calendar)
    year = _parts(day, calendar)[0]
    return month_span(calendar, year, 1)[0], month_span(calendar, year, 12)[1]


def months_between(start: date, end: date, calendar: str) -> list[Span]:
    """Whole calendar months that touch [start, end), in order; the first and last may reach beyond it."""
    spans: list[Span] = []
    while start < end:
        spans.append(month_of(start, calendar))
        start = spans[-1][1]
    return spans


def fiscal_year_label(day: date, calendar: str) -> int:
    """The year number that stands in document numbers (Q-1405-0031, Q-2026-0078)."""
    return _parts(day, _usable(day, calendar))[0]


def month_grid(calendar: str, year: int, month: int, first_weekday: int) -> list[list[date]]:
    """Weeks of seven dates that cover a month, first column `first_weekday` (Monday 0 … Sunday 6)."""
    try:
        start, end = month_span(calendar, year, month)
        return list(_weeks(start - timedelta(days=(start.weekday() - first_weekday) % 7), end))
    except OverflowError as error:
        raise NotADate("out_of_range") from error


def _weeks(first: date, end: date) -> Iterator[list[date]]:
    while first < end:
        yield [first + i * _DAY for i in range(7)]
        first += 7 * _DAY
