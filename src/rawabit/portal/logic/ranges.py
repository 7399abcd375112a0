"""The range of a statement: this or the last month, quarter or year of the reader's calendar, or two days he typed.
Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from rawabit.kit.calendars import Span, month_of, quarter_of, year_of
from rawabit.kit.marking import pgettext_lazy

Ask = Callable[[date, str], Span]


def before(of: Ask) -> Ask:
    """The span before the one of a day."""
    return lambda day, calendar: of(of(day, calendar)[0] - timedelta(days=1), calendar)


CHIPS: Mapping[str, tuple[Any, Ask]] = {
    "month": (pgettext_lazy("statement", "This month"), month_of),
    "last_month": (pgettext_lazy("statement", "Last month"), before(month_of)),
    "quarter": (pgettext_lazy("statement", "This quarter"), quarter_of),
    "last_quarter": (pgettext_lazy("statement", "Last quarter"), before(quarter_of)),
    "year": (pgettext_lazy("statement", "This year"), year_of),
    "last_year": (pgettext_lazy("statement", "Last year"), before(year_of)),
}
USUAL = "quarter"


def chip_span(name: str, today: date, calendar: str) -> Span:
    """``[start, end)`` of a chip; of the usual one for an unknown name."""
    return CHIPS.get(name, CHIPS[USUAL])[1](today, calendar)


def typed_span(first: date, last: date) -> Span:
    """``[start, end)`` of two days, both meant inclusively, in whichever order they were typed."""
    return min(first, last), max(first, last) + timedelta(days=1)
