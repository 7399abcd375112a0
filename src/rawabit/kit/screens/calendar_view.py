"""The month grid of a date field and the echo of a typed date, both as fragments. Conversion happens only here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rawabit.kit.access import access
from rawabit.kit.calendar_math import CALENDARS, NotADate, month_grid, month_of, month_span, shift_month, to_calendar
from rawabit.kit.calendars import format_date, weekday_name
from rawabit.kit.display import Display, active
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.text import local_digits

#: Days of rest between two dates (end exclusive): the holiday's name, or "" for a weekend.
DaysOff = Callable[[date, date], Mapping[date, str]]

_LABELS: Final = {"gregorian": _("Gregorian"), "hijri": _("Hijri"), "jalali": _("Solar Hijri")}
# Typed years lie inside; Python's own first and last year would break the grid's edges.
_YEARS: Final = range(1800, 2301)
# Monday first, as datetime counts.
_NARROW: Final = {
    "ar": ("ن", "ث", "ر", "خ", "ج", "س", "ح"),
    "fa": ("د", "س", "چ", "پ", "ج", "ش", "ی"),
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """One cell: `text` goes into the field, `label` is spoken, `focus` is where the keyboard enters the grid."""

    day: date
    number: str
    text: str
    label: str
    outside: bool
    off: bool
    holiday: str
    today: bool
    chosen: bool
    focus: bool


@dataclass(frozen=True, slots=True)
class _Month:
    calendar: str
    year: int
    number: int


@access("person")
@require_safe
def calendar(request: Request, days_off: DaysOff | None = None) -> HttpResponse:
    """GET: `c` calendar, `ym` year-month in it, `v` the field's text; or `echo`: a typed text, read back."""
    display = active()
    if "echo" in request.GET:
        return _echo(request, display)
    today = display.local(_now(request)).date()
    chosen = _read(request.GET.get("v", ""), display)
    asked = request.GET.get("c", "")
    shown = asked if asked in CALENDARS else display.calendar
    month = _month(request.GET.get("ym", ""), shown, chosen or today)
    context = _shape(month, display, today=today, chosen=chosen, days_off=days_off)
    return render(request, "kit/parts/calendar.html", context | {"value": request.GET.get("v", "")})


def _now(request: Request) -> datetime:
    now: datetime = request.now  # set for every request by the display middleware
    return now


def _read(text: str, display: Display) -> date | None:
    try:
        return display.parse_date(text[:60])
    except NotADate:
        return None


def _echo(request: Request, display: Display) -> HttpResponse:
    day = _read(request.GET["echo"], display)
    context = {"shown": _in_words(day, display) if day else ""}
    return render(request, "kit/parts/date_echo.html", context)


def _in_words(day: date, display: Display) -> str:
    return " · ".join(filter(None, [display.date_long(day), display.date_title(day)]))


def _month(text: str, calendar: str, fallback: date) -> _Month:
    """The asked month; an unreadable or impossible one falls back to the month of `fallback`."""
    year, _dash, number = text.partition("-")
    asked_year, asked_number = whole(year[:4]), whole(number)
    if asked_year is not None and asked_number is not None and 1 <= asked_number <= 12:
        asked = _Month(calendar, asked_year, asked_number)
        if _exists(asked):
            return asked
    parts = to_calendar(fallback, calendar)
    if parts is None:
        calendar, parts = "gregorian", (fallback.year, fallback.month, fallback.day)
    return _Month(calendar, parts[0], parts[1])


def _exists(month: _Month) -> bool:
    if month.calendar == "gregorian" and month.year not in _YEARS:
        return False
    try:
        month_span(month.calendar, month.year, month.number)
    except (NotADate, ValueError, OverflowError):
        return False
    return True


def _shape(
    month: _Month, display: Display, *, today: date, chosen: date | None, days_off: DaysOff | None
) -> dict[str, object]:
    grid = month_grid(month.calendar, month.year, month.number, display.first_weekday)
    start, end = month_span(month.calendar, month.year, month.number)
    rest = days_off(grid[0][0], grid[-1][-1] + timedelta(days=1)) if days_off else {}
    focus = next((day for day in (chosen, today) if day and start <= day < end), start)
    return {
        "title": format_date(
            start, calendar=month.calendar, language=display.language, style="month", digits=display.digits
        ),
        "calendar": month.calendar,
        "calendars": [
            {"code": code, "label": _LABELS[code], "query": _query(code, _month("", code, focus))} for code in CALENDARS
        ],
        "previous": _turn(month, -1),
        "next": _turn(month, 1),
        "weekdays": [(_NARROW[display.language][d], weekday_name(d, display.language)) for d in _week(display)],
        "weeks": [[_cell(day, month, display, today, chosen, focus, rest) for day in week] for week in grid],
        "chips": [
            (_("Today"), display.date(today)),
            (_("Tomorrow"), display.date(today + timedelta(days=1))),
            (_("In a week"), display.date(today + timedelta(days=7))),
            (_("End of month"), display.date(month_of(today, display.calendar)[1] - timedelta(days=1))),
        ],
    }


def _week(display: Display) -> list[int]:
    return [(display.first_weekday + step) % 7 for step in range(7)]


def _query(calendar: str, month: _Month) -> str:
    return "?" + urlencode({"c": calendar, "ym": f"{month.year}-{month.number:02}"})


def _turn(month: _Month, by: int) -> str:
    try:
        other = _Month(month.calendar, *shift_month(month.calendar, month.year, month.number, by))
    except (NotADate, ValueError):
        return ""
    return _query(month.calendar, other) if _exists(other) else ""


def _cell(
    day: date,
    month: _Month,
    display: Display,
    today: date,
    chosen: date | None,
    focus: date,
    rest: Mapping[date, str],
) -> Day:
    parts = to_calendar(day, month.calendar) or (0, 0, day.day)
    name = rest.get(day, "")
    label = format_date(day, calendar=month.calendar, language=display.language, style="long", digits=display.digits)
    return Day(
        day=day,
        number=local_digits(str(parts[2]), display.digits),
        text=display.date(day),
        label=f"{label} · {name}" if name else label,
        outside=parts[1] != month.number,
        off=day in rest,
        holiday=name,
        today=day == today,
        chosen=day == chosen,
        focus=day == focus,
    )
