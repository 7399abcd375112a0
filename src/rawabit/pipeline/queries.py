"""Opportunities, read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce, RowNumber

from rawabit.crm.models import Customer
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.pipeline.logic.stages import Deal, win_rate
from rawabit.pipeline.logic.states import LOST, OPEN, WON
from rawabit.pipeline.models import (
    LostReason,
    Opportunity,
    OpportunityContact,
    OpportunityLine,
    OpportunityPartner,
    Pipeline,
    Stage,
    StageMove,
)


def filled_of(opportunity: Opportunity) -> set[str]:
    """Which of the things a stage may ask for are there."""
    have: dict[str, Any] = {
        "customer": opportunity.customer_id,
        "contact": opportunity.contact_id,
        "value": opportunity.value,
        "expected_close": opportunity.expected_close,
        "competitor": opportunity.competitor,
        "lines": opportunity.lines.exists(),
        "decision_maker": OpportunityContact.objects.filter(opportunity=opportunity, role="decision_maker").exists(),
        "quotation": _has_quotation(opportunity),
    }
    return {key for key, value in have.items() if value}


def _has_quotation(opportunity: Opportunity) -> bool:
    quotations: Any = getattr(opportunity, "quotations", None)  # sales stands above and adds them
    return quotations is not None and quotations.exclude(state="draft").exists()


def pipelines(actor: Actor) -> QuerySet[Pipeline]:
    return Pipeline.objects.visible_to(actor).filter(is_active=True).order_by("-is_default", "pk")


def stages_seen(actor: Actor, keys: Iterable[int]) -> list[Stage]:
    return list(Stage.objects.visible_to(actor).filter(pk__in=keys).order_by("pipeline", "position", "pk"))


def lost_reasons(actor: Actor) -> QuerySet[LostReason]:
    return LostReason.objects.visible_to(actor).filter(is_active=True).order_by("pk")


def stages_of(pipeline: Pipeline) -> list[Stage]:
    return list(pipeline.stages.order_by("position", "pk"))


def open_ones(actor: Actor, pipeline: Pipeline | None = None) -> QuerySet[Opportunity]:
    """The open deals a person sees, the most urgent next step first."""
    rows = Opportunity.objects.visible_to(actor).filter(state=OPEN)
    rows = rows.filter(pipeline=pipeline) if pipeline else rows
    return rows.select_related("customer", "owner", "stage").order_by(F("next_on").asc(nulls_first=True), "pk")


# The value times the chance in per cent, rounded half-up as ``logic.stages.weighted`` does, by the database.
CHANCE = Coalesce("probability", "stage__probability", output_field=BigIntegerField())
EXPECTED = ExpressionWrapper((F("value") * CHANCE + 50) / 100, output_field=BigIntegerField())


def deals(rows: QuerySet[Opportunity], *, by_day: bool = False) -> Iterable[Deal]:
    """What the sums need of many deals, added up by the database; with ``by_day`` the expected days are told apart."""
    groups = ("stage", "currency", *(("expected_close",) if by_day else ()))
    found = rows.order_by().values(*groups)
    for row in found.annotate(n=Count("pk"), worth=Sum("value"), likely=Sum(EXPECTED)):
        value, expected = Money(row["worth"], row["currency"]), Money(row["likely"], row["currency"])
        yield Deal(row["stage"], value, 100, row.get("expected_close"), row["n"], expected)


def without_next_step(actor: Actor, today: date) -> QuerySet[Opportunity]:
    """The red list: open deals whose next step is missing or overdue."""
    rows = Opportunity.objects.visible_to(actor).filter(is_red(today)).select_related("customer", "owner", "stage")
    return rows.order_by(F("next_on").asc(nulls_first=True), "pk")


def decided(actor: Actor, first: date, last: date) -> dict[str, int]:
    """How many deals were won and lost by the day of the decision, the first and last day included."""
    rows = Opportunity.objects.visible_to(actor).filter(closed_on__gte=first, closed_on__lte=last)
    return {WON: rows.filter(state=WON).count(), LOST: rows.filter(state=LOST).count()}


def opportunities_of(customer: Customer, actor: Actor) -> QuerySet[Opportunity]:
    rows = Opportunity.objects.visible_to(actor).filter(customer=customer)
    return rows.select_related("stage", "owner").order_by("state", "-pk")


def stalled(actor: Actor, at: datetime) -> QuerySet[Opportunity]:
    """Open deals without a sign of life for longer than their stage allows."""
    return open_ones(actor).filter(is_stalled(at))


def is_stalled(at: datetime) -> Q:
    """The same as a condition: one part for each length that stages allow."""
    lengths = Stage.objects.filter(stall_days__gt=0).order_by().values_list("stall_days", flat=True).distinct()
    late = Q(pk__in=())
    for days in lengths:
        late |= Q(stage__stall_days=days, touched_at__lt=at - timedelta(days=days))
    return Q(state=OPEN) & late


def is_red(today: date) -> Q:
    """The red list as a condition."""
    return Q(state=OPEN) & (Q(next_on=None) | Q(next_on__lt=today) | Q(next_step=""))


# The board


def cards(rows: QuerySet[Opportunity], limit: int) -> list[Opportunity]:
    """The first cards of every stage, the most urgent first: one query for seven and for seven hundred stages."""
    order = [F("next_on").asc(nulls_first=True), F("pk").asc()]
    placed = rows.annotate(place=Window(RowNumber(), partition_by="stage", order_by=order))
    found = placed.filter(place__lte=limit).select_related("customer", "owner", "stage")
    return list(found.order_by("stage", "place"))


def latest_decided(rows: QuerySet[Opportunity], limit: int) -> list[Opportunity]:
    """The decided deals of the rows, the latest first, some of each outcome."""
    order = [F("closed_on").desc(), F("pk").desc()]
    placed = rows.exclude(state=OPEN).annotate(place=Window(RowNumber(), partition_by="state", order_by=order))
    found = placed.filter(place__lte=limit).select_related("customer", "owner", "stage", "lost_reason")
    return list(found.order_by("state", "place"))


# Figures


def conversion(actor: Actor, pipeline: Pipeline, first: date, last: date) -> list[tuple[Stage, int, int]]:
    """``(stage, how many deals opened in these days came into it, how many of those went further)``. Further is a
    later stage, or won."""
    stages = stages_of(pipeline)
    rows = Opportunity.objects.visible_to(actor).filter(pipeline=pipeline, opened_on__gte=first, opened_on__lte=last)
    reached: dict[int, int] = {}
    place = {stage.pk: number for number, stage in enumerate(stages)}
    moves = StageMove.objects.filter(opportunity__in=rows.values("pk")).order_by()
    for deal, stage, state in moves.values_list("opportunity", "to_stage", "state"):
        far = len(stages) if state == WON else place.get(stage, 0)
        reached[deal] = max(reached.get(deal, 0), far)
    far_ones = list(reached.values())
    return [
        (stage, sum(far >= number for far in far_ones), sum(far > number for far in far_ones))
        for number, stage in enumerate(stages)
    ]


def papers_of(opportunity: Opportunity, name: str, actor: Actor) -> Any:
    """The quotations or orders of a deal that the person sees; the module above adds the relation."""
    rows: Any = getattr(opportunity, name, None)
    return rows.visible_to(actor).order_by("-pk") if rows is not None else ()


def lines_of(opportunity: Opportunity) -> list[OpportunityLine]:
    lines = list(opportunity.lines.select_related("item").order_by("position"))
    for line in lines:
        line.opportunity = opportunity
    return lines


def moves_of(opportunity: Opportunity, limit: int = 20) -> list[StageMove]:
    """Where the deal has been, the latest first."""
    return list(opportunity.moves.select_related("from_stage", "to_stage").order_by("-pk")[:limit])


def people_of(opportunity: Opportunity) -> QuerySet[OpportunityContact]:
    return opportunity.people.select_related("contact").order_by("contact__full_name", "pk")


def partners_of(opportunity: Opportunity, actor: Actor) -> QuerySet[OpportunityPartner]:
    rows = opportunity.partners.select_related("partner")
    return rows.filter(partner__in=Customer.objects.visible_to(actor).values("pk")).order_by("-share", "pk")


def has_lines(opportunity: Opportunity) -> bool:
    return opportunity.lines.exists()


# Partners


@dataclass(frozen=True, slots=True)
class Together:
    """How deals that were pursued with a partner ended; ``values`` are the won ones' worth in each currency."""

    open: int
    won: int
    lost: int
    values: tuple[Money, ...]

    @property
    def rate(self) -> int | None:
        return win_rate(self.won, self.lost)


def shared_with(partner: Customer, actor: Actor) -> QuerySet[Opportunity]:
    """The deals in which a partner takes part, as far as the person sees them."""
    rows = Opportunity.objects.visible_to(actor).filter(partners__partner=partner)
    return rows.select_related("stage", "owner", "customer").order_by("-pk")


def partner_figures(partner: Customer, actor: Actor) -> Together:
    rows = shared_with(partner, actor).order_by()
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    won = rows.filter(state=WON).values_list("currency").annotate(sum=Sum("value"))
    values = tuple(Money(minor, code) for code, minor in sorted(won))
    return Together(counts.get(OPEN, 0), counts.get(WON, 0), counts.get(LOST, 0), values)
