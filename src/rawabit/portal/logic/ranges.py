"""The range of a statement: this month, quarter or year of the reader's calendar, or two days he typed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from rawabit.kit.calendars import Span, month_of, quarter_of, year_of
from rawabit.kit.marking import pgettext_lazy

CHIPS: Mapping[str, tuple[Any, Callable[[date, str], Span]]] = {
    "month": (pgettext_lazy("statement", "This month"), month_of),
    "quarter": (pgettext_lazy("statement", "This quarter"), quarter_of),
    "year": (pgettext_lazy("statement", "This year"), year_of),
}
USUAL = "quarter"


def chip_span(name: str, today: date, calendar: str) -> Span:
    """``[start, end)`` of a chip; of the usual one for an unknown name."""
    return CHIPS.get(name, CHIPS[USUAL])[1](today, calendar)


def typed_span(first: date, last: date) -> Span:
    """``[start, end)`` of two days, both meant inclusively, in whichever order they were typed."""
    return min(first, last), max(first, last) + timedelta(days=1)
