"""How document numbers look. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from rawabit.kit.calendars import fiscal_year_label
from rawabit.kit.marking import pgettext_lazy


class SeriesForm(NamedTuple):
    """Prefix, number of digits, and whether the count starts anew each fiscal year."""

    prefix: str
    width: int = 5
    yearly: bool = True


SERIES: dict[str, SeriesForm] = {
    "quotation": SeriesForm("Q"),
    "order": SeriesForm("SO"),
    "delivery": SeriesForm("DN"),
    "invoice": SeriesForm("INV"),
    "credit_note": SeriesForm("CN"),
    "payment": SeriesForm("RC"),
    "refund": SeriesForm("RF"),
    "customer": SeriesForm("C", yearly=False),
    "opportunity": SeriesForm("OP"),
    "lead": SeriesForm("L"),
}
SERIES_LABELS = {
    "quotation": pgettext_lazy("number series", "Quotations"),
    "order": pgettext_lazy("number series", "Sales orders"),
    "delivery": pgettext_lazy("number series", "Delivery notes"),
    "invoice": pgettext_lazy("number series", "Invoices"),
    "credit_note": pgettext_lazy("number series", "Credit notes"),
    "payment": pgettext_lazy("number series", "Payments"),
    "refund": pgettext_lazy("number series", "Refunds"),
    "customer": pgettext_lazy("number series", "Customers"),
    "opportunity": pgettext_lazy("number series", "Opportunities"),
    "lead": pgettext_lazy("number series", "Leads"),
}
_ENDING = re.compile(r"(?:-(?P<year>[0-9]{4}))?-(?P<count>[0-9]+)$")


def counter_name(kind: str, form: SeriesForm, day: date, calendar: str) -> str:
    """The key of the counter row: one per series and fiscal year of the company's calendar."""
    return f"{kind}:{fiscal_year_label(day, calendar)}" if form.yearly else kind


def document_number(form: SeriesForm, day: date, calendar: str, count: int) -> str:
    """``INV-2026-00001``, or ``INV-1405-00001`` where the company counts Jalali years."""
    year = f"-{fiscal_year_label(day, calendar)}" if form.yearly else ""
    return f"{form.prefix}{year}-{count:0{form.width}}"


def count_in(number: str) -> tuple[str, int] | None:
    """``("2026", 1)`` of ``INV-2026-00001``: fiscal year ("" when none) and count; None for a foreign number."""
    found = _ENDING.search(number)
    return (found["year"] or "", int(found["count"])) if found else None
