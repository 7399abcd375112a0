"""Dates in and out of text, in three calendars and three languages; re-exports the arithmetic of `calendar_math`.

Formats and the interpretation of years follow the product's localisation brief (section A1): the day comes first
in Arabic, the year first in Persian, English spells the month; the written year decides the calendar.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from rawabit.kit.calendar_math import (
    CALENDARS,
    HIJRI_YEARS,
    JALALI_YEARS,
    NotADate,
    Span,
    Ymd,
    add_months,
    fiscal_year_label,
    from_calendar,
    from_hijri,
    from_jalali,
    jalali_leap,
    month_grid,
    month_length,
    month_of,
    month_span,
    months_between,
    quarter_of,
    shift_month,
    to_calendar,
    to_hijri,
    to_jalali,
    year_of,
)
from rawabit.kit.calendar_names import (
    CALENDAR_NAMES,
    MONTH_ALIASES,
    MONTHS,
    MONTHS_SHORT_EN,
    WEEKDAYS,
    WEEKDAYS_SHORT,
)
from rawabit.kit.text import fold, local_digits

__all__ = [
    "CALENDARS", "CALENDAR_NAMES", "HIJRI_YEARS", "JALALI_YEARS", "MONTHS", "MONTHS_SHORT_EN", "WEEKDAYS",
    "WEEKDAYS_SHORT", "NotADate", "Span", "Ymd", "add_months", "fiscal_year_label", "format_date", "from_calendar",
    "from_hijri", "from_jalali", "in_other_calendars", "jalali_leap", "month_grid", "month_length", "month_name",
    "month_of", "month_span", "months_between", "parse_date", "quarter_of", "shift_month", "to_calendar", "to_hijri",
    "to_jalali", "weekday_name", "year_of",
]  # fmt: skip

# ---------------------------------------------------------------- reading
_GREGORIAN: Final = range(1900, 2101)
_JALALI_TYPED: Final = range(1300, 1421)
_HIJRI_TYPED: Final = range(1343, 1501)
_ERAS: Final = {
    "ه": "hijri", "هق": "hijri", "ه ق": "hijri", "ق": "hijri", "ah": "hijri", "هجري": "hijri", "قمري": "hijri",
    "هش": "jalali", "ه ش": "jalali", "ش": "jalali", "شمسي": "jalali", "هجري شمسي": "jalali", "ap": "jalali",
    "م": "gregorian", "ميلادي": "gregorian", "ad": "gregorian", "ce": "gregorian",
}  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(fold(text).replace(".", " ").replace("-", " ").replace("/", " ").split())


def _known_months() -> dict[str, tuple[str, int]]:
    known = {_plain(name): (calendar, n) for calendar, names in MONTH_ALIASES.items() for name, n in names.items()}
    for n, name in enumerate(MONTHS_SHORT_EN, 1):
        known[name.casefold()] = ("gregorian", n)
    for (calendar, _), names in MONTHS.items():
        known |= {_plain(name): (calendar, n) for n, name in enumerate(names, 1)}
    return known


_MONTH_WORDS: Final = _known_months()
_WEEKDAY_WORDS: Final = re.compile(
    r"\b(?:يوم |روز )?(?:"
    + "|".join(sorted({_plain(n) for names in WEEKDAYS.values() for n in names} | {"پنج شنبه", "mon", "tue", "wed",
               "thu", "fri", "sat", "sun", "سهشنبه", "يكشنبه"}, key=len, reverse=True))
    + r")\b"
)  # fmt: skip
_NUMBERS: Final = re.compile(r"[0-9]+")


def parse_date(text: str, *, prefer: str) -> date:
    """A typed date to Gregorian. `prefer` (hijri | jalali | gregorian) settles years that two calendars share.

    Any digits; `/ - .` or spaces between; d/m/Y or Y/m/d by where the four-digit year stands; eight digits in a
    row; month names and era marks (هـ, ش, م) in three languages, which decide the calendar. NotADate otherwise.
    """
    folded = _plain(text)
    if not folded:
        raise NotADate("empty", text)
    numbers = _NUMBERS.findall(folded)
    words = " ".join(_NUMBERS.sub(" ", _WEEKDAY_WORDS.sub(" ", folded)).split())
    calendar, month = _read_words(words, text)
    if len(numbers) == 1 and len(numbers[0]) == 8 and month is None:
        return _eight_digits(numbers[0], calendar, prefer, text)
    if len(numbers) != (2 if month else 3):
        raise NotADate("unreadable", text)
    year, month, day = _order(numbers, month, text)
    return _resolve(calendar or calendar_of_year(year, prefer, text), (year, month, day), text)


def _read_words(words: str, text: str) -> tuple[str | None, int | None]:
    """(calendar, month) that the words of a date tell; either may be None."""
    if not words:
        return None, None
    if words in _ERAS:
        return _ERAS[words], None
    for end in range(len(words), 0, -1):
        rest = words[end:].strip()
        if words[:end] in _MONTH_WORDS and (not rest or rest in _ERAS):
            calendar, month = _MONTH_WORDS[words[:end]]
            return calendar, month
    raise NotADate("unreadable", text)


def _order(numbers: list[str], month: int | None, text: str) -> Ymd:
    years = [i for i, n in enumerate(numbers) if len(n) == 4]
    if len(years) != 1 or any(len(n) > 4 for n in numbers):
        raise NotADate("no_year", text)
    values = [int(n) for n in numbers]
    year = values.pop(years[0])
    if month is not None:
        return year, month, values[0]
    if years[0] == 1:
        raise NotADate("unreadable", text)
    return (year, values[0], values[1]) if years[0] == 0 else (year, values[1], values[0])


def _eight_digits(run: str, calendar: str | None, prefer: str, text: str) -> date:
    """20260305 or 05032026: phone keypads offer digits only. A year's first digits are never a month, so no tie."""
    for year, month, day in ((run[:4], run[4:6], run[6:]), (run[4:], run[2:4], run[:2])):
        try:
            name = calendar or calendar_of_year(int(year), prefer, text)
            return from_calendar(name, int(year), int(month), int(day))
        except NotADate:
            continue
    raise NotADate("unreadable", text)


def calendar_of_year(year: int, prefer: str, text: str = "") -> str:
    """Which calendar a written year belongs to; NotADate(which_calendar) when two fit and neither is preferred."""
    if year in _GREGORIAN:
        return "gregorian"
    fits = [name for name, years in (("jalali", _JALALI_TYPED), ("hijri", _HIJRI_TYPED)) if year in years]
    if not fits:
        raise NotADate("out_of_range", text)
    if len(fits) == 1:
        return fits[0]
    if prefer not in fits:
        raise NotADate("which_calendar", text)
    return prefer


def _resolve(calendar: str, parts: Ymd, text: str) -> date:
    try:
        return from_calendar(calendar, *parts)
    except NotADate as error:
        raise NotADate(error.code, text) from error


# ---------------------------------------------------------------- writing
_DIGITS: Final = {"ar": "latn", "fa": "arabext", "en": "latn"}
_ERA_MARK: Final = {
    ("hijri", "ar"): " هـ",
    ("hijri", "fa"): " ه‍.ق",
    ("jalali", "ar"): " هـ.ش",
}


def month_name(calendar: str, month: int, language: str) -> str:
    """Name of month 1…12."""
    return MONTHS[calendar, language][month - 1]


def weekday_name(weekday: int, language: str) -> str:
    """Name of a weekday, Monday 0 … Sunday 6."""
    return WEEKDAYS[language][weekday]


@lru_cache(maxsize=8192)
def format_date(day: date, *, calendar: str, language: str, style: str = "short", digits: str | None = None) -> str:
    """A date as text. `style`: short (05/03/2026), medium (5 مارس 2026), long (with weekday), month (مارس 2026).

    `digits` latn | arab | arabext; None takes the language's own. A date outside the calendar's tables is written
    in Gregorian. Never raises for a date.
    """
    parts = to_calendar(day, calendar)
    if parts is None:
        calendar, parts = "gregorian", (day.year, day.month, day.day)
    text = _styled(parts, calendar, language, style)
    if style == "long":
        text = f"{weekday_name(day.weekday(), language)}{'، ' if language == 'ar' else ' '}{text}"
    return local_digits(text, digits or _DIGITS[language])


def _styled(parts: Ymd, calendar: str, language: str, style: str) -> str:
    year, month, day = parts
    if style == "short" and language != "en":
        shown = f"{day:02}/{month:02}/{year}" if language == "ar" else f"{year}/{month:02}/{day:02}"
        return shown + _ERA_MARK.get((calendar, language), "")
    name = month_name(calendar, month, language)
    if language == "en" and calendar == "gregorian" and style in ("short", "medium"):
        name = MONTHS_SHORT_EN[month - 1]
    mark = _ERA_MARK.get((calendar, language), "") if calendar == "hijri" else ""
    return f"{name} {year}{mark}" if style == "month" else f"{day} {name} {year}{mark}"


def in_other_calendars(day: date, calendar: str, language: str, *, digits: str | None = None) -> list[str]:
    """The same day in the two other calendars, medium style, leaving out those that do not know it."""
    return [
        format_date(day, calendar=other, language=language, style="medium", digits=digits)
        for other in CALENDARS
        if other != calendar and to_calendar(day, other) is not None
    ]
