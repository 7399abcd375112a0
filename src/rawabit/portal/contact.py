"""Whom the customer asks: his account manager, else the company."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext

from rawabit.company.logic.hours import open_until, opens_next
from rawabit.company.queries import closed_days, openings
from rawabit.kit.calendars import weekday_name
from rawabit.kit.display import active
from rawabit.kit.phones import whatsapp_link
from rawabit.portal.account import Account

AHEAD = 30  # days


def contact_of(request: HttpRequest, account: Account | None, about: str = "", colleague: Any = None) -> dict[str, Any]:
    """Name, phone, e-mail and a WhatsApp link that begins the message with the document's number.

    ``colleague`` is whoever looks after the document; without one the customer's account manager is named."""
    company = request.company  # type: ignore[attr-defined]
    owner = colleague or (account.customer.owner if account else None)
    words = gettext("About %(number)s: ") % {"number": about} if about else ""
    number = company.whatsapp or company.phone
    return {
        "name": owner.full_name if owner else "",
        "phone": (owner.phone if owner else "") or company.phone,
        "email": (owner.email if owner else "") or company.email,
        "whatsapp": whatsapp_link(number, words) if number else "",
        "hours": hours_words(request),
    }


def hours_words(request: HttpRequest) -> str:
    """Whether somebody is there now, until when, or when again, in the reader's words and in the company's time. ""
    for a company that gave no hours. The portal itself is open day and night."""
    week = openings()
    if not week:
        return ""
    company, shown = request.company, active()  # type: ignore[attr-defined]
    now: datetime = request.now.astimezone(ZoneInfo(company.timezone))  # type: ignore[attr-defined]
    closed = closed_days(now.date(), now.date() + timedelta(days=AHEAD))
    if until := open_until(now, week, closed):
        return gettext("We are here now, until %(time)s.") % {"time": shown.time(until)}
    again = opens_next(now, week, closed, ahead=AHEAD)
    if again is None:
        return gettext("We are closed at the moment.")
    facts = {"day": day_words(again.date(), now.date()), "time": shown.time(again)}
    return gettext("We are closed at the moment, and here again %(day)s at %(time)s.") % facts


def day_words(day: date, today: date) -> str:
    """today, tomorrow, else the weekday and the day."""
    if day == today:
        return gettext("today")
    if day == today + timedelta(days=1):
        return gettext("tomorrow")
    return f"{weekday_name(day.weekday(), active().language)} {active().date(day)}"
