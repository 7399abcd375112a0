"""Leads on the page of today: what waits, and how the month goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from rawabit.kit.calendars import month_of
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.templatetags import kit as shown
from rawabit.leads.figures import conversion, most_urgent, waiting

Row = tuple[Any, Any, Any, str]


def leads_waiting(actor: Actor, today: date, most: int) -> tuple[int, Any, str, list[Row]] | None:
    """(how many, words, address, rows) of the red list; None when nothing waits."""
    found = waiting(actor, today)
    leads = most_urgent(actor, today, most)
    if not leads:
        return None
    number = active().number
    words = _("new · without an owner: %(nobody)s · next step overdue: %(late)s") % {
        "nobody": number(found.unassigned), "late": number(found.overdue),
    }  # fmt: skip
    rows = [(str(lead), lead.source or "", _detail(lead, today), url_of(lead)) for lead in leads]
    return found.new, words, f"{reverse('leads-list')}?is=open", rows


def _detail(lead: Any, today: date) -> Any:
    if lead.next_on is not None and lead.next_on < today:
        return shown.date_l(lead.next_on)
    return _("score %(points)s") % {"points": active().number(lead.score)}


def leads_of_month(actor: Actor, today: date) -> tuple[int, Any, str] | None:
    """(created, words, address) of this month's leads in the reader's calendar; None when none came in."""
    start, _end = month_of(today, active().calendar)
    found = conversion(actor, start, today)
    if not found.created:
        return None
    words = _("came in this month · customers of them: %(converted)s · conversion rate: %(rate)s") % {
        "converted": active().number(found.converted), "rate": active().percent(found.rate or 0),
    }  # fmt: skip
    return found.created, words, reverse("leads-list")
