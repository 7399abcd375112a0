"""Opportunities go on: from stage to stage, from one next step to another, from hand to hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from rawabit.crm.policies import require_on
from rawabit.identity.models import STAFF, User
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import emit, lock, set_fields, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.deleting import delete_record
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, fsi
from rawabit.pipeline.actions.opening import (
    add_person,
    note_move,
    require_contact_seen,
    require_open,
    set_customer,
)
from rawabit.pipeline.logic.stages import REQUIRABLE, missing
from rawabit.pipeline.models import Opportunity, Stage
from rawabit.pipeline.queries import filled_of

FILLABLE = ("contact", "value", "expected_close", "competitor")


@transaction.atomic
def move_stage(
    opportunity: Opportunity,
    stage: Stage,
    *,
    filled: Mapping[str, Any] | None = None,
    seen_stage: int | None = None,
    actor: Actor,
    at: datetime,
) -> Opportunity:
    """Put an open deal into another stage of its pipeline, if what the stage asks for is there; ``filled`` are values
    for it, given with the move. Where it is already, nothing happens. ``seen_stage`` is where the person saw it: when
    somebody else has moved it since, the move is refused."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    require_open(opportunity)
    before = opportunity.stage
    if stage.pk == before.pk:
        return opportunity
    if stage.pipeline_id != opportunity.pipeline_id:
        raise Refused(_("This stage belongs to another pipeline."))
    if seen_stage is not None and seen_stage != before.pk:
        raise Refused(_("It has been moved to %(stage)s meanwhile.") % {"stage": fsi(str(before))})
    if filled:
        fill_in(opportunity, filled, actor=actor, at=at)
    require_filled(opportunity, stage)
    _put_into(opportunity, stage, actor, at)
    return opportunity


def _put_into(opportunity: Opportunity, stage: Stage, actor: Actor, at: datetime) -> None:
    before = opportunity.stage
    opportunity.stage, opportunity.stage_since = stage, at
    save_touched(opportunity, at, "stage", "stage_since")
    note_move(opportunity, before, at)
    emit("opportunity.moved", opportunity, actor=actor, at=at, before=before.name, stage=stage.name, stage_id=stage.pk)


@transaction.atomic
def take_back_move(
    opportunity: Opportunity, stage: Stage, *, seen_version: int, actor: Actor, at: datetime
) -> Opportunity:
    """Undo a move: back into the stage it came from, whatever that stage asks for, as long as nothing else has
    happened to the deal since (``seen_version`` is the version that the move left)."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    require_open(opportunity)
    if opportunity.version != seen_version or stage.pipeline_id != opportunity.pipeline_id:
        raise Refused(_("Something else has happened to it since; it cannot be undone."))
    _put_into(opportunity, stage, actor, at)
    return opportunity


def fill_in(opportunity: Opportunity, filled: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    """Write what a stage asks for into a locked deal: keys of ``REQUIRABLE`` that are fields of it, or its decision
    maker."""
    filled = dict(filled)
    person = filled.pop("decision_maker", None)
    if (customer := filled.pop("customer", None)) is not None:
        set_customer(opportunity, customer, actor=actor, at=at)
        opportunity.refresh_from_db()
    values = {name: value for name, value in filled.items() if name in FILLABLE and value not in (None, "")}
    if isinstance(value := values.get("value"), Money):
        if value.currency != opportunity.currency or value.minor < 0:
            raise Refused(_("Give the value in the currency of the opportunity."))
        values["value"] = value.minor
    if "contact" in values:
        require_contact_seen(values["contact"], actor)
    if values:
        set_fields(opportunity, values, actor=actor, at=at)
    if person is not None:
        add_person(opportunity, person, "decision_maker", actor=actor, at=at)


def require_filled(opportunity: Opportunity, stage: Stage) -> None:
    """Refused with the names of all fields that the stage asks for and that are empty."""
    if gaps := missing(stage.required, filled_of(opportunity)):
        names = "، ".join(str(REQUIRABLE[key]) for key in gaps)
        raise Refused(_("The stage %(stage)s asks for: %(fields)s") % {"stage": fsi(str(stage)), "fields": names})


def save_touched(opportunity: Opportunity, at: datetime, *fields: str) -> None:
    """One more version, and a sign of life."""
    touch(opportunity, at)
    opportunity.touched_at = at
    opportunity.save(update_fields=[*fields, "touched_at", "version", "updated_at"])


@transaction.atomic
def set_next_step(opportunity: Opportunity, step: str, on: date, *, actor: Actor, at: datetime) -> Opportunity:
    """What is to be done next, and when. It is never empty while the deal is open."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    require_open(opportunity)
    opportunity.next_step, opportunity.next_on = _step(step), on
    save_touched(opportunity, at, "next_step", "next_on")
    emit("opportunity.planned", opportunity, actor=actor, at=at, step=opportunity.next_step, day=on)
    return opportunity


@transaction.atomic
def finish_step(
    opportunity: Opportunity, outcome: str, step: str, on: date, *, actor: Actor, at: datetime
) -> Opportunity:
    """The step is done: what came of it, and what is next."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    require_open(opportunity)
    done = opportunity.next_step
    emit("opportunity.step_done", opportunity, actor=actor, at=at, step=done,
         outcome=clean_user_text(outcome).strip()[:500])  # fmt: skip
    return set_next_step(opportunity, step, on, actor=actor, at=at)


def _step(step: str) -> str:
    text = clean_user_text(step).strip()[:200]
    if not text:
        raise Refused(_("Say what is to be done next."))
    return text


@transaction.atomic
def hand_over(opportunity: Opportunity, owner: User, *, actor: Actor, at: datetime) -> Opportunity:
    """Give the deal to a colleague."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.set_owner", opportunity)
    if owner.kind != STAFF or not owner.is_active:
        raise Refused(_("Choose a colleague."))
    if owner.pk == opportunity.owner_id:
        return opportunity
    before = opportunity.owner
    opportunity.owner = owner
    save_touched(opportunity, at, "owner")
    if not Opportunity.objects.visible_to(actor).filter(pk=opportunity.pk).exists():
        raise PermissionDenied(_("This change would put the record out of your own sight."))
    emit("opportunity.handed_over", opportunity, actor=actor, at=at, before=before.full_name if before else "",
         owner=owner.full_name, owner_id=owner.pk)  # fmt: skip
    return opportunity


@transaction.atomic
def delete_opportunity(opportunity: Opportunity, *, actor: Actor, at: datetime) -> None:
    """Remove a deal that was begun by mistake; refused once there is a quotation or an order of it."""
    require_on(actor, "pipeline.delete_opportunity", opportunity)
    delete_record(opportunity, actor=actor, at=at)


def sign_of_life(opportunity_id: int, at: datetime) -> None:
    """Something was said or done about the deal (a call, a mail): it is not stalled. No version is counted."""
    Opportunity.objects.filter(pk=opportunity_id, touched_at__lt=at).update(touched_at=at)
