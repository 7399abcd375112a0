"""How much was said and done: calls made, meetings held, mail sent; by person. Days are the company's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet

from rawabit.company.queries import company_now
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actor import Actor
from rawabit.leads.models import Lead
from rawabit.pipeline.models import Opportunity
from rawabit.talks.models import CALL, MAIL, MEETING, TASK, VISIT, Activity


@dataclass
class Person:
    """One line of the table. ``won`` and ``lost`` are deals by the day of the decision."""

    user: Any
    calls: int = 0
    reached: int = 0
    meetings: int = 0
    mails: int = 0
    tasks: int = 0
    leads: int = 0
    won: int = 0
    lost: int = 0

    @property
    def win_rate(self) -> int | None:
        decided = self.won + self.lost
        return None if decided == 0 else (self.won * 200 + decided) // (2 * decided)


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments between which the days from ``first`` to ``last`` lie at the company."""
    zone = ZoneInfo(company_now().timezone)
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def _done(actor: Actor, first: date, last: date) -> QuerySet[Activity]:
    start, end = span(first, last)
    return Activity.objects.visible_to(actor).filter(
        at__gte=start, at__lt=end, done_at__isnull=False, cancelled_at=None
    )


def _of(rows: QuerySet[Any], user: int | None) -> QuerySet[Any]:
    return rows if user is None else rows.filter(owner=user)


def calls_made(actor: Actor, first: date, last: date, *, user: int | None = None) -> int:
    """Outgoing calls, reached or not, in the actor's sight; of one person with ``user``."""
    return _of(_done(actor, first, last).filter(kind=CALL, direction="out"), user).count()


def meetings_held(actor: Actor, first: date, last: date, *, user: int | None = None) -> int:
    """Meetings and visits that took place."""
    return _of(_done(actor, first, last).filter(kind__in=(MEETING, VISIT), outcome="held"), user).count()


def mails_sent(actor: Actor, first: date, last: date, *, user: int | None = None) -> int:
    """Mail to people outside: what the program sent for somebody, and mail written by hand."""
    start, end = span(first, last)
    rows: Any = Message.objects.visible_to(actor)
    sent = rows.filter(channel="email", state="sent", sent_at__gte=start, sent_at__lt=end).exclude(user__kind="staff")
    sent = sent.exclude(kind__startswith="mailroom.")  # letters are activities, counted below
    if user is not None:
        sent = sent.filter(event__actor=user)
    written = _of(_done(actor, first, last).filter(kind=MAIL, direction="out"), user)
    return int(sent.count()) + written.count()


def per_person(actor: Actor, first: date, last: date) -> list[Person]:
    """A line for every colleague who did something, the busiest first. Five queries, however many people."""
    start, end = span(first, last)
    found: dict[int, Person] = {}

    def at(key: int) -> Person:
        return found.setdefault(key, Person(None))

    counted = _done(actor, first, last).exclude(owner=None).order_by().values("owner")
    for line in counted.annotate(
        calls=Count("pk", Q(kind=CALL, direction="out")),
        reached=Count("pk", Q(kind=CALL, direction="out", outcome="answered")),
        meetings=Count("pk", Q(kind__in=(MEETING, VISIT), outcome="held")),
        mails=Count("pk", Q(kind=MAIL, direction="out")),
    ):
        person = at(line["owner"])
        person.calls, person.reached, person.meetings = line["calls"], line["reached"], line["meetings"]
        person.mails = line["mails"]
    done = _done(actor, first, last).filter(kind=TASK).exclude(assignee=None).order_by().values("assignee")
    for key, count in done.annotate(count=Count("pk")).values_list("assignee", "count"):
        at(key).tasks = count
    deals = Opportunity.objects.visible_to(actor).filter(closed_on__gte=first, closed_on__lte=last).exclude(owner=None)
    for line in (
        deals.order_by().values("owner").annotate(won=Count("pk", Q(state="won")), lost=Count("pk", Q(state="lost")))
    ):
        person = at(line["owner"])
        person.won, person.lost = line["won"], line["lost"]
    leads = Lead.objects.visible_to(actor).filter(converted_at__gte=start, converted_at__lt=end).exclude(owner=None)
    for line in leads.order_by().values("owner").annotate(count=Count("pk")):
        at(line["owner"]).leads = line["count"]
    users = get_user_model().objects.in_bulk(found)
    for key, person in found.items():
        person.user = users.get(key)
    busy = [person for person in found.values() if person.user is not None]
    return sorted(busy, key=lambda one: (-(one.calls + one.meetings + one.tasks), str(one.user)))
