"""The moments to which something may be put off, in words that say the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rawabit.company.queries import closed_days, company_now, openings
from rawabit.kit.calendars import weekday_name
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.talks.logic.snoozing import LATER, NEXT_WEEK, TOMORROW, WEEK_START, snooze_moments

AHEAD = timedelta(days=60)
LABELS: dict[str, Any] = {
    LATER: _("Later today"), TOMORROW: _("Tomorrow morning"), NEXT_WEEK: _("Next week"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    moment: datetime
    label: str


def choices_for(at: datetime) -> list[Choice]:
    """Later today, tomorrow morning, the first day of the coming week, next week: those that exist now."""
    company = company_now()
    here = at.astimezone(ZoneInfo(company.timezone))
    closed = closed_days(here.date(), here.date() + AHEAD)
    found = snooze_moments(here, openings(), closed, company.first_weekday)
    return [Choice(code, moment, _label(code, moment, here)) for code, moment in found.items()]


def _label(code: str, moment: datetime, here: datetime) -> str:
    shown = active()
    name = weekday_name(moment.weekday(), shown.language)
    words = str(LABELS.get(code, ""))
    if code == WEEK_START or (code == TOMORROW and (moment.date() - here.date()).days != 1):
        words = name
    elif code == NEXT_WEEK:
        words = f"{words}, {name}" if shown.language == "en" else f"{words}، {name}"
    return f"{words} · {shown.time(moment) if code == LATER else shown.datetime(moment)}"
