"""What the settings pages read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rawabit.company.logic.hours import Opening
from rawabit.company.logic.numbering import SERIES, SERIES_LABELS, SeriesForm, counter_name, document_number
from rawabit.company.models import Holiday
from rawabit.company.queries import company_now, openings, series_form
from rawabit.kit.calendar_math import from_hijri, to_hijri
from rawabit.kit.records.models import Counter

RAMADAN = 9
LeftRight = tuple[date | None, date | None]


def holidays_of_year(year: int) -> Sequence[Holiday]:
    """Confirmed and proposed days of a Gregorian year, in order."""
    return list(Holiday.objects.filter(date__year=year).order_by("date"))


def holiday(key: int) -> Holiday | None:
    return Holiday.objects.filter(pk=key).first()


def usual_week() -> list[Opening]:
    return [opening for opening in openings() if not opening.dated]


def dated_weeks() -> dict[LeftRight, list[Opening]]:
    """Hours that replace the usual week while they last, by their first and last day."""
    weeks: dict[LeftRight, list[Opening]] = defaultdict(list)
    for opening in openings():
        if opening.dated:
            weeks[opening.valid_from, opening.valid_to].append(opening)
    return dict(sorted(weeks.items(), key=lambda pair: pair[0][0] or date.min))


def next_ramadan(today: date) -> tuple[date, date] | None:
    """First and last day of the Ramadan that is now or comes next, by the Umm al-Qura table; sighting may move it by a
    day. None beyond the table."""
    now = to_hijri(today)
    if now is None:
        return None
    year = now[0] + (now[1] > RAMADAN)
    try:
        return from_hijri(year, RAMADAN, 1), from_hijri(year, RAMADAN + 1, 1) - timedelta(days=1)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A number series and the number it gives next."""

    kind: str
    label: Any
    form: SeriesForm
    last: int
    day: date
    calendar: str

    @property
    def preview(self) -> str:
        return numbered(self, self.form)


def numbered(row: SeriesRow, form: SeriesForm) -> str:
    """The next number of a series, were it written like ``form``."""
    return document_number(form, row.day, row.calendar, row.last + 1)


def series_rows(today: date) -> list[SeriesRow]:
    """All series in the order of the program. The counters are only read: looking at a number never uses it up."""
    calendar = company_now().calendar
    forms = {kind: series_form(kind) for kind in SERIES}
    names = {kind: counter_name(kind, form, today, calendar) for kind, form in forms.items()}
    counts = dict(Counter.objects.filter(name__in=names.values()).values_list("name", "last"))
    return [
        SeriesRow(kind, SERIES_LABELS[kind], form, counts.get(names[kind], 0), today, calendar)
        for kind, form in forms.items()
    ]
