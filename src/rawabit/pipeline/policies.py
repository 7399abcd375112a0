"""Who sees and moves opportunities. Customers never see them."""

from __future__ import annotations

from django.db.models import Q

from rawabit.crm.policies import NOT_FOR_CUSTOMERS, rows_of_customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import NOTHING, Actor, by_scope, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on
from rawabit.pipeline.models import (
    LostReason,
    Opportunity,
    OpportunityContact,
    OpportunityLine,
    OpportunityPartner,
    Pipeline,
    Source,
    Stage,
    StageMove,
)

PERMISSIONS: list[Permission] = [
    *verbs_on(Opportunity, "view", "add", "change", "delete", "export", "import"),
    ("pipeline.win_opportunity", _("Opportunities: mark as won")),
    ("pipeline.lose_opportunity", _("Opportunities: mark as lost")),
    ("pipeline.reopen_opportunity", _("Opportunities: open again")),
    ("pipeline.set_owner", _("Opportunities: hand over to another owner")),
    *verbs_on(Pipeline, "view", "add", "change", "delete"),
    *verbs_on(Stage, "view", "add", "change", "delete"),
    *verbs_on(LostReason, "view", "add", "change", "delete"),
    *verbs_on(Source, "view", "add", "change", "delete"),
]


@visible(Opportunity)
def opportunity_rows(actor: Actor) -> Q:
    """Staff: their own deals and those of the customers they see. A customer's user: none."""
    if actor.is_customer:
        return NOTHING
    return rows_of_customer(actor, "pipeline.view_opportunity", roles=NOT_FOR_CUSTOMERS, owner="owner")


@visible(OpportunityLine, OpportunityContact, OpportunityPartner, StageMove)
def part_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return NOTHING
    if actor.grants.get("pipeline.view_opportunity") == "all":
        return by_scope(actor, "pipeline.view_opportunity")
    return Q(opportunity__in=Opportunity.objects.visible_to(actor).values("pk"))


@visible(Pipeline)
def pipeline_rows(actor: Actor) -> Q:
    return shared_rows(actor, "pipeline.view_pipeline")


@visible(Stage)
def stage_rows(actor: Actor) -> Q:
    return shared_rows(actor, "pipeline.view_stage")


@visible(LostReason)
def reason_rows(actor: Actor) -> Q:
    return shared_rows(actor, "pipeline.view_lostreason")


@visible(Source)
def source_rows(actor: Actor) -> Q:
    return shared_rows(actor, "pipeline.view_source")
