"""Opportunities are won, lost, and opened again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from rawabit.company.queries import local_day
from rawabit.crm.policies import require_on
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.pipeline.actions.moving import save_touched
from rawabit.pipeline.actions.opening import note_move
from rawabit.pipeline.logic.states import OPPORTUNITY
from rawabit.pipeline.models import LostReason, Opportunity


@transaction.atomic
def win(
    opportunity: Opportunity, *, value: Money | None = None, on: date | None = None, actor: Actor, at: datetime
) -> Opportunity:
    """The customer said yes: for this value (None: as it stands), on this day (None: today)."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.win_opportunity", opportunity)
    move = OPPORTUNITY.require(opportunity, "win")
    today = local_day(at)
    if on is not None and on > today:
        raise Refused(_("The day of the decision cannot lie in the future."))
    if value is not None:
        if value.currency != opportunity.currency or value.minor < 0:
            raise Refused(_("Give the value in the currency of the opportunity."))
        opportunity.value = value.minor
    _decide(opportunity, move.target, on or today, at)
    emit("opportunity.won", opportunity, actor=actor, at=at, value=opportunity.value, currency=opportunity.currency)
    return opportunity


@transaction.atomic
def lose(
    opportunity: Opportunity, reason: LostReason, note: str = "", *, on: date | None = None, actor: Actor, at: datetime
) -> Opportunity:
    """The customer said no; why is always said."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.lose_opportunity", opportunity)
    move = OPPORTUNITY.require(opportunity, "lose")
    today = local_day(at)
    if on is not None and on > today:
        raise Refused(_("The day of the decision cannot lie in the future."))
    opportunity.lost_reason, opportunity.lost_note = reason, clean_user_text(note).strip()[:300]
    _decide(opportunity, move.target, on or today, at)
    emit("opportunity.lost", opportunity, actor=actor, at=at, reason=reason.name, reason_id=reason.pk)
    return opportunity


def _decide(opportunity: Opportunity, state: str, on: date, at: datetime) -> None:
    opportunity.state, opportunity.closed_on = state, on
    opportunity.next_step, opportunity.next_on = "", None
    save_touched(
        opportunity, at, "state", "closed_on", "next_step", "next_on", "value", "lost_reason", "lost_note"
    )  # fmt: skip
    note_move(opportunity, opportunity.stage, at)


@transaction.atomic
def reopen(opportunity: Opportunity, step: str, on: date, *, actor: Actor, at: datetime) -> Opportunity:
    """The matter is open after all; what is next must be said."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.reopen_opportunity", opportunity)
    move = OPPORTUNITY.require(opportunity, "reopen")
    text = clean_user_text(step).strip()[:200]
    if not text:
        raise Refused(_("Say what is to be done next."))
    opportunity.state, opportunity.closed_on = move.target, None
    opportunity.lost_reason, opportunity.lost_note = None, ""
    opportunity.next_step, opportunity.next_on = text, on
    save_touched(opportunity, at, "state", "closed_on", "lost_reason", "lost_note", "next_step", "next_on")
    note_move(opportunity, opportunity.stage, at)
    emit("opportunity.reopened", opportunity, actor=actor, at=at, step=text, day=on)
    return opportunity
