"""Dates of three calendars in the ways files write them. Pure.

A pattern is a closed set of fields (``%d %m %Y %y %b %H %M %S %p``) and the characters between them,
or the word ``excel`` for Excel's day numbers (1900 system). The calendar says what year 1447 means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

from rawabit.kit.calendar_math import from_calendar
from rawabit.kit.calendar_names import MONTHS_SHORT_EN
from rawabit.kit.calendars import parse_date
from rawabit.kit.text import latn

EXCEL = "excel"
_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  # a day number has no zone
_FIELDS = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "b": r"(?P<b>[A-Za-z]{3,9})",
    "H": r"(?P<H>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})(?:\.\d{1,9})?",
    "p": r"(?P<p>[AaPp])\.?[Mm]\.?",
}
_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS_SHORT_EN, start=1)}
_ANY = re.compile(
    r"(?P<day>.{4,40}?)(?:[T\s]\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.\d{1,9})?)?"
    r"\s?(?P<p>[AaPp](?=\.?[Mm]))?(?:\.?[Mm]\.?)?(?P<z>Z|[+-]\d{2}:?\d{2})?)?"
)
LONGEST = 60


class BadPattern(ValueError):
    """The pattern names a field that is not known or lacks day, month or year."""


class NoDate(ValueError):
    """The text does not fit the pattern, or names no day of its calendar."""


@dataclass(frozen=True, slots=True)
class DatePattern:
    """How a column writes its dates. ``regex`` None: any usual form; ``excel``: day numbers."""

    text: str | None
    calendar: str
    regex: re.Pattern[str] | None

    def read(self, raw: str) -> datetime:
        """The moment written, with a zone only if one is written; midnight without a time. Raises NoDate."""
        return _read(self, latn(raw).strip())


def compile_pattern(text: str | None, calendar: str = "gregorian") -> DatePattern:
    """Check a pattern once, before the rows. Raises BadPattern."""
    if text is None or text == EXCEL:
        return DatePattern(text, calendar, None)
    parts: list[str] = []
    seen: set[str] = set()
    for token in re.findall(r"%.|[^%]|%", text, re.DOTALL):
        if token[0] == "%":
            name = token[1:]
            if name not in _FIELDS or name in seen:
                raise BadPattern(text)
            seen.add(name)
            parts.append(_FIELDS[name])
        else:
            parts.append(r"\s+" if token.isspace() else re.escape(token))
    if not {"d"} <= seen or not seen & {"m", "b"} or not seen & {"Y", "y"}:
        raise BadPattern(text)
    return DatePattern(text, calendar, re.compile("".join(parts)))


@lru_cache(maxsize=8192)
def _read(pattern: DatePattern, raw: str) -> datetime:
    if pattern.text == EXCEL:
        return _from_serial(raw)
    match = (pattern.regex or _ANY).fullmatch(raw) if len(raw) <= LONGEST else None
    if match is None:
        raise NoDate(raw)
    found = match.groupdict()
    try:
        return datetime.combine(_day(found, pattern.calendar), _time(found), _offset(found.get("z")))
    except ValueError as error:
        raise NoDate(raw) from error


def _day(found: dict[str, str | None], calendar: str) -> date:
    if found.get("day"):
        return parse_date(found["day"] or "", prefer=calendar)
    month = int(found["m"] or 0) if "m" in found else _MONTHS.get((found["b"] or "")[:3].lower(), 0)
    year = int(found["Y"] or 0) if "Y" in found else _century(int(found["y"] or 0), calendar)
    return from_calendar(calendar, year, month, int(found["d"] or 0))


def _century(year: int, calendar: str) -> int:
    """Two digits: 1970–2069, 1400–1499 AH, 1350–1449 AP."""
    if calendar == "gregorian":
        return 1900 + year if year >= 70 else 2000 + year
    if calendar == "hijri":
        return 1400 + year
    return 1300 + year if year >= 50 else 1400 + year


def _time(found: dict[str, str | None]) -> time:
    hour, half = int(found.get("H") or 0), (found.get("p") or "").lower()
    if half and not 1 <= hour <= 12:
        raise NoDate(str(hour))
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found.get("M") or 0), int(found.get("S") or 0))


def _offset(written: str | None) -> timezone | None:
    """``Z`` or ``+03:30``; None for a local time."""
    if written is None:
        return None
    if written == "Z":
        return timezone.utc  # noqa: UP017  # one type for both branches
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return timezone(timedelta(minutes=-minutes if written[0] == "-" else minutes))


def _from_serial(raw: str) -> datetime:
    if not re.fullmatch(r"\d{1,7}(\.\d{1,15})?", raw):
        raise NoDate(raw)
    days = Decimal(raw)
    if not 61 <= days < 2958466:  # before 61 stands Excel's 29 February 1900, which never was
        raise NoDate(raw)
    seconds = (days % 1 * 86400).to_integral_value()
    return _EXCEL_ZERO + timedelta(days=int(days), seconds=int(seconds))
