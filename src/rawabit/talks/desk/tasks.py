"""Open tasks of a person or a team; the week as a grid."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from rawabit.kit.access import access
from rawabit.kit.calendars import weekday_name
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.states import Refused
from rawabit.talks import actions
from rawabit.talks.desk.snoozes import choices_for
from rawabit.talks.letters import file_of
from rawabit.talks.logic.invitations import PUBLISH
from rawabit.talks.logic.snoozing import week_of
from rawabit.talks.models import MEETING
from rawabit.talks.queries.counting import per_person
from rawabit.talks.queries.days import day_of, open_tasks, week_between
from rawabit.talks.queries.seeing import activities_seen

SHOWN = 100


def _viewer(request: Request) -> Actor:
    actor: Actor = request.actor
    actor.require("talks.view_activity")
    return actor


def is_team(request: Request) -> bool:
    return request.GET.get("whose") == "team"


def has_team(actor: Actor) -> bool:
    return actor.grants.get("talks.view_activity") in ("team", "territory", "all")


@access("staff")
@require_safe
def tasks(request: Request) -> HttpResponse:
    """What is still to be done: overdue, today, later."""
    actor = _viewer(request)
    team = is_team(request) and has_team(actor)
    rows = list(open_tasks(actor, team=team)[:SHOWN])
    end = _day_end(request)
    groups = [
        (_("Overdue"), "bad", [row for row in rows if row.due and row.due < request.now]),
        (_("Due today"), "warn", [row for row in rows if row.due and request.now <= row.due < end]),
        (_("Later"), "", [row for row in rows if row.due and row.due >= end]),
    ]
    context = {"groups": [group for group in groups if group[2]], "team": team, "has_team": has_team(actor),
               "snoozes": choices_for(request.now), "section": "tasks", "now": request.now}  # fmt: skip
    return render(request, "talks/tasks.html", context)


def _day_end(request: Request) -> datetime:
    here = request.now.astimezone(ZoneInfo(request.company.timezone))
    following = here.date() + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=here.tzinfo)


@access("staff")
@require_safe
def week(request: Request) -> HttpResponse:
    """Seven days from the company's first weekday on, with what happens in them."""
    actor = _viewer(request)
    team = is_team(request) and has_team(actor)
    zone = ZoneInfo(request.company.timezone)
    today = request.now.astimezone(zone).date()
    days = week_of(_asked_day(request, today), request.company.first_weekday)
    first = datetime(days[0].year, days[0].month, days[0].day, tzinfo=zone)
    after = days[6] + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    rows = week_between(actor, first, end, team=team)
    grid = [
        (day, weekday_name(day.weekday(), active().language), day == today,
         [row for row in rows if row.at.astimezone(zone).date() == day])
        for day in days
    ]  # fmt: skip
    step = timedelta(days=7)
    context = {
        "grid": grid, "first": days[0], "last": days[6], "before": (days[0] - step).isoformat(),
        "after": (days[0] + step).isoformat(), "team": team, "has_team": has_team(actor), "section": "week",
    }  # fmt: skip
    return render(request, "talks/week.html", context)


def _asked_day(request: Request, today: date) -> date:
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return asked if 1900 < asked.year < 2200 else today


@access("staff")
@require_POST
def tick(request: Request, pk: int) -> HttpResponse:
    """Done, or put off, with one tap from a list; back to where the person was."""
    actor = _viewer(request)
    task = get_object_or_404(activities_seen(actor), pk=pk)
    if "done" in request.POST:
        actions.finish_task(task, actor=actor, at=request.now)
    else:
        chosen = next((one for one in choices_for(request.now) if one.code == request.POST.get("until")), None)
        if chosen is None:
            raise Refused(_("Choose until when."))
        actions.snooze(task, chosen.moment, actor=actor, at=request.now)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "tasks")


@access("staff")
@require_safe
def meeting_file(request: Request, pk: int) -> HttpResponse:
    """The meeting for one's own calendar."""
    actor = _viewer(request)
    meeting = get_object_or_404(activities_seen(actor), pk=pk, kind=MEETING)
    content = file_of(meeting, PUBLISH, request.now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
    return response


@access("staff")
@require_safe
def team_table(request: Request) -> HttpResponse:
    """Who has called, met and won how much, in a span of days."""
    actor = _viewer(request)
    today = request.now.astimezone(ZoneInfo(request.company.timezone)).date()
    days = min(max(whole(request.GET.get("days", "")) or 30, 1), 366)
    first = today - timedelta(days=days - 1)
    people = per_person(actor, first, today)
    context = {"people": people, "first": first, "last": today, "days": days, "spans": (7, 30, 90, 365),
               "section": "team-table"}  # fmt: skip
    return render(request, "talks/team.html", context)


def my_day(request: Request) -> dict[str, Any] | None:
    """What stands on Today; None for those who see no activities."""
    actor: Actor = request.actor
    if not actor.may("talks.view_activity"):
        return None
    team = is_team(request) and has_team(actor)
    day = day_of(actor, request.now, request.company.timezone, team=team)
    steps = [(record, text, when, url_of(record), dial_of(record)) for record, text, when in day.steps]
    return {"day": day, "steps": steps, "snoozes": choices_for(request.now), "team": team, "has_team": has_team(actor)}


def dial_of(record: Any) -> str:
    """The number to call about a deal or a lead."""
    contact = getattr(record, "contact", None)
    if contact is not None:
        return str(contact.mobile or contact.phone)
    customer = getattr(record, "customer", None)
    return str(getattr(record, "phone", "") or (customer.phone if customer else ""))
