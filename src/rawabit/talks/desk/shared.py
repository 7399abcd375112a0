"""What several doors here ask: the record of an address, moments typed as day and hour."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404

from rawabit.company.queries import company_now
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import all_screens
from rawabit.kit.screens.screens import Screens


def record_of(request: Request, slug: str, pk: int) -> tuple[Screens, Any]:
    """The screens of an address and the record, as far as the person sees it: else 403 or 404."""
    screens = next((one for one in all_screens() if one.slug == slug), None)
    if screens is None:
        raise Http404(slug)
    return screens, screens.row(screens.allow(request, "view"), pk)


def moment_of(day: date | None, hour: time | None, at: datetime) -> datetime | None:
    """A moment at the company from what was typed; None when nothing was. A day without an hour is noon, today now."""
    if day is None and hour is None:
        return None
    zone = ZoneInfo(company_now().timezone)
    here = at.astimezone(zone)
    day = day or here.date()
    if hour is None:
        return at if day == here.date() else datetime.combine(day, time(12), zone)
    return datetime.combine(day, hour, zone)
