"""What is to be done: a person's day, his open tasks, a week."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from rawabit.kit.records.actor import Actor
from rawabit.leads.logic.states import OPEN as LEAD_OPEN
from rawabit.leads.models import Lead
from rawabit.pipeline.models import Opportunity
from rawabit.talks.models import CALL, MEETING, TASK, VISIT, Activity

SHOWN = 25


@dataclass
class Day:
    """A person's (or a team's) day. ``steps`` are next steps of deals and leads that are due: (record, text, day)."""

    overdue: list[Activity] = field(default_factory=list)
    today: list[Activity] = field(default_factory=list)
    meetings: list[Activity] = field(default_factory=list)
    steps: list[tuple[Any, str, date]] = field(default_factory=list)
    late_steps: int = 0

    @property
    def empty(self) -> bool:
        return not (self.overdue or self.today or self.meetings or self.steps)


def whose(actor: Actor, team: bool) -> Q:
    """Rows of the person, or of everybody whose work he sees."""
    if not team:
        return Q(assignee=actor.user_id) | Q(assignee=None, owner=actor.user_id)
    if actor.grants.get("talks.view_activity") == "all":
        return Q(pk__isnull=False)  # an empty condition would vanish beside another
    people = {*actor.team_user_ids, actor.user_id}
    return Q(assignee__in=people) | Q(assignee=None, owner__in=people)


def open_tasks(actor: Actor, *, team: bool = False) -> QuerySet[Activity]:
    """Tasks that are still to be done, the most urgent first."""
    rows = Activity.objects.visible_to(actor).filter(whose(actor, team), kind=TASK, done_at=None, cancelled_at=None)
    return _with(rows).order_by("due", "pk")


def _with(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    return rows.select_related("customer", "contact", "assignee", "owner", "subject_type")


def day_of(actor: Actor, at: datetime, zone: str, *, team: bool = False) -> Day:
    """What is overdue, due today, met today, and the next steps of deals and leads up to today."""
    here = at.astimezone(ZoneInfo(zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    end = _midnight_after(midnight)
    tasks = list(open_tasks(actor, team=team).filter(due__lt=end)[: 2 * SHOWN])
    day = Day(
        overdue=[task for task in tasks if task.due and task.due < at][:SHOWN],
        today=[task for task in tasks if task.due and task.due >= at][:SHOWN],
    )
    meetings = Activity.objects.visible_to(actor).filter(
        whose(actor, team) | Q(attendees__user=actor.user_id), kind=MEETING, cancelled_at=None, done_at=None,
        at__gte=midnight, at__lt=end,
    )  # fmt: skip
    day.meetings = list(_with(meetings.distinct()).order_by("at", "pk")[:SHOWN])
    day.steps = _steps(actor, here.date(), team)
    return day


def _midnight_after(midnight: datetime) -> datetime:
    following = midnight.date() + timedelta(days=1)
    return datetime.combine(following, midnight.time(), midnight.tzinfo)


def _steps(actor: Actor, today: date, team: bool) -> list[tuple[Any, str, date]]:
    owned = Q(owner=actor.user_id)
    if team:
        everybody = actor.grants.get("talks.view_activity") == "all"
        owned = Q() if everybody else Q(owner__in={*actor.team_user_ids, actor.user_id})
    deals = Opportunity.objects.visible_to(actor).filter(owned, state="open", next_on__lte=today)
    leads = Lead.objects.visible_to(actor).filter(owned, state__in=LEAD_OPEN, next_on__lte=today)
    found: list[tuple[Any, str, date]] = []
    for row in [
        *deals.select_related("customer", "contact").order_by("next_on", "pk")[:SHOWN],
        *leads.order_by("next_on", "pk")[:SHOWN],
    ]:
        if row.next_on is not None:
            found.append((row, row.next_step, row.next_on))
    return sorted(found, key=lambda step: step[2])[:SHOWN]


def week_between(actor: Actor, first: datetime, end: datetime, *, team: bool = False) -> list[Activity]:
    """Calls, meetings, visits and tasks from one moment to another (exclusive), in order."""
    rows = Activity.objects.visible_to(actor).filter(
        whose(actor, team) | Q(attendees__user=actor.user_id), kind__in=(TASK, MEETING, VISIT, CALL), cancelled_at=None,
        at__gte=first, at__lt=end,
    )  # fmt: skip
    return list(_with(rows.distinct()).order_by("at", "pk")[:500])
