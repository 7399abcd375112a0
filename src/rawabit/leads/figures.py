"""Figures about leads: how many came in, what became of them, how they move. Always of the rows the actor sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from rawabit.company.queries import company_now
from rawabit.crm.models import Contact
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event
from rawabit.leads.logic.states import CONVERTED, NEW, OPEN, QUALIFIED, UNQUALIFIED, WORKING
from rawabit.leads.models import Lead
from rawabit.pipeline.logic.states import WON
from rawabit.pipeline.models import Opportunity

MOVES: Mapping[str, str] = {
    "lead.taken": WORKING, "lead.qualified": QUALIFIED, "lead.converted": CONVERTED, "lead.dropped": UNQUALIFIED,
    "lead.revived": WORKING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conversion:
    """Of the leads ``created`` in a span, how many have ``converted`` by now; ``rate`` in per cent, None without any.
    ``won``: what their opportunities brought, by currency."""

    created: int
    converted: int
    won: tuple[Money, ...]
    days: int | None  # from coming in to becoming a customer, on average

    @property
    def rate(self) -> int | None:
        return round(100 * self.converted / self.created) if self.created else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: new ones, ones that nobody has, and next steps that are due or were never planned."""

    new: int
    unassigned: int
    overdue: int
    unplanned: int


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments from the first day's beginning to the last day's end, as the company counts days."""
    zone = ZoneInfo(company_now().timezone)
    return datetime.combine(first, time.min, zone), datetime.combine(last + timedelta(days=1), time.min, zone)


def contacts_recorded(actor: Actor, first: date, last: date) -> int:
    """How many people were added."""
    begin, end = span(first, last)
    return Contact.objects.visible_to(actor).filter(created_at__gte=begin, created_at__lt=end).count()


def _cohort(actor: Actor, first: date, last: date) -> QuerySet[Lead]:
    begin, end = span(first, last)
    return Lead.objects.visible_to(actor).filter(created_at__gte=begin, created_at__lt=end)


def leads_generated(actor: Actor, first: date, last: date) -> dict[int | None, int]:
    """How many leads came in, by the key of their source (None: without one)."""
    rows = _cohort(actor, first, last).order_by().values("source").annotate(n=Count("pk"))
    return {row["source"]: row["n"] for row in rows}


def conversion(actor: Actor, first: date, last: date) -> Conversion:
    """What became of the leads that came in within the span."""
    rows = _cohort(actor, first, last)
    took = ExpressionWrapper(F("converted_at") - F("created_at"), output_field=DurationField())
    found = rows.aggregate(
        created=Count("pk"), converted=Count("pk", filter=Q(state=CONVERTED)),
        took=Avg(took, filter=Q(state=CONVERTED)),
    )  # fmt: skip
    deals = Opportunity.objects.filter(state=WON, pk__in=rows.order_by().values("opportunity"))
    sums = deals.order_by().values_list("currency").annotate(total=Sum("value")).order_by("currency")
    won = tuple(Money(total, currency) for currency, total in sums)
    return Conversion(found["created"], found["converted"], won, found["took"].days if found["took"] else None)


def converted_within(actor: Actor, first: date, last: date) -> int:
    """How many leads became customers in the span, whenever they came in."""
    begin, end = span(first, last)
    rows = Lead.objects.visible_to(actor).filter(state=CONVERTED, converted_at__gte=begin, converted_at__lt=end)
    return rows.count()


def movement(actor: Actor, first: date, last: date) -> dict[tuple[str, str], int]:
    """How many leads went from which state to which: ``{("new", "working"): 3}``."""
    begin, end = span(first, last)
    kind = ContentType.objects.get_for_model(Lead)
    rows = Event.objects.filter(
        name__in=MOVES, subject_type=kind, at__gte=begin, at__lt=end,
        subject_id__in=Lead.objects.visible_to(actor).values("pk"),
    ).values_list("name", "facts")  # fmt: skip
    counted: dict[tuple[str, str], int] = {}
    for name, facts in rows.iterator():
        way = (str(facts.get("before") or NEW), MOVES[name])
        counted[way] = counted.get(way, 0) + 1
    return counted


def by_state(actor: Actor) -> dict[str, int]:
    """How many leads stand where."""
    rows = Lead.objects.visible_to(actor).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def waiting(actor: Actor, today: date) -> Waiting:
    """The red list in figures."""
    rows = Lead.objects.visible_to(actor).filter(state__in=OPEN)
    found = rows.aggregate(
        new=Count("pk", filter=Q(state=NEW)), unassigned=Count("pk", filter=Q(owner=None)),
        overdue=Count("pk", filter=Q(next_on__lt=today)), unplanned=Count("pk", filter=Q(next_on=None)),
    )  # fmt: skip
    return Waiting(**found)


def most_urgent(actor: Actor, today: date, most: int) -> list[Lead]:
    """What to look at first: overdue steps, then what nobody has, then new ones, the most promising first."""
    red = Q(next_on__lt=today) | Q(owner=None) | Q(state=NEW)
    rows = Lead.objects.visible_to(actor).filter(red, state__in=OPEN).select_related("source", "owner")
    return list(rows.order_by(F("next_on").asc(nulls_last=True), "-score", "pk")[:most])
