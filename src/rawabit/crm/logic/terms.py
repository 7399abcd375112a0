"""When an invoice is due. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from rawabit.kit.calendars import month_of


def due_date(day: date, days: int, after: str, calendar: str) -> date:
    """``days`` after the invoice date, or after the last day of its month in the company's calendar."""
    start = month_of(day, calendar)[1] - timedelta(days=1) if after == "month" else day
    return start + timedelta(days=days)
