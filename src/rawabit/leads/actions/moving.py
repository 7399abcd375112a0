"""A lead is taken on, qualified, dropped, taken up again, planned."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor, system
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.leads.logic.states import LEAD, OPEN
from rawabit.leads.models import Lead
from rawabit.leads.policies import require_lead
from rawabit.leads.queries import quiet_leads

REMINDED_AT_ONCE = 500


def _locked(lead: Lead, actor: Actor) -> Lead:
    lead = lock(lead)
    require_lead(actor, "leads.change_lead", lead)
    return lead


def _move(lead: Lead, name: str, at: datetime, *fields: str) -> str:
    move = LEAD.require(lead, name)
    before, lead.state = lead.state, move.target
    touch(lead, at)
    lead.touched_at = at
    lead.save(update_fields=["state", "touched_at", "version", "updated_at", *fields])
    return before


@transaction.atomic
def take(lead: Lead, *, actor: Actor, at: datetime) -> Lead:
    """Somebody begins to talk with the lead; without an owner it becomes his."""
    lead = lock(lead)
    if lead.owner_id is None and actor.user_id and actor.may("leads.take_unassigned"):
        lead.owner_id = actor.user_id
    require_lead(actor, "leads.change_lead", lead)
    before = _move(lead, "take", at, "owner")
    emit("lead.taken", lead, actor=actor, at=at, before=before)
    return lead


@transaction.atomic
def qualify(lead: Lead, *, actor: Actor, at: datetime) -> Lead:
    """Worth pursuing."""
    lead = _locked(lead, actor)
    before = _move(lead, "qualify", at)
    emit("lead.qualified", lead, actor=actor, at=at, before=before, score=lead.score)
    return lead


@transaction.atomic
def drop(lead: Lead, reason: str, *, actor: Actor, at: datetime) -> Lead:
    """Not worth pursuing; why is always said."""
    lead = _locked(lead, actor)
    lead.lost_why = clean_user_text(reason).strip()[:300]
    if not lead.lost_why:
        raise Refused(_("Say why."))
    lead.next_step, lead.next_on = "", None
    before = _move(lead, "drop", at, "lost_why", "next_step", "next_on")
    emit("lead.dropped", lead, actor=actor, at=at, before=before, reason=lead.lost_why)
    return lead


@transaction.atomic
def revive(lead: Lead, *, actor: Actor, at: datetime) -> Lead:
    """Pursue it after all."""
    lead = _locked(lead, actor)
    lead.lost_why = ""
    before = _move(lead, "revive", at, "lost_why")
    emit("lead.revived", lead, actor=actor, at=at, before=before)
    return lead


@transaction.atomic
def plan(lead: Lead, step: str, on: date, *, actor: Actor, at: datetime) -> Lead:
    """What is to be done next with the lead, and when."""
    lead = _locked(lead, actor)
    if lead.state not in OPEN:
        raise Refused(_("This lead is no longer open."))
    lead.next_step, lead.next_on = clean_user_text(step).strip()[:200], on
    if not lead.next_step:
        raise Refused(_("Say what is to be done next."))
    touch(lead, at)
    lead.touched_at = at
    lead.save(update_fields=["next_step", "next_on", "touched_at", "version", "updated_at"])
    emit("lead.planned", lead, actor=actor, at=at, step=lead.next_step, day=on)
    return lead


def sign_of_life(lead_id: int, at: datetime) -> None:
    """Something was said about the lead elsewhere; no version is counted."""
    Lead.objects.filter(pk=lead_id, touched_at__lt=at).update(touched_at=at)


@transaction.atomic
def remind_quiet(at: datetime) -> int:
    """Tell of each open lead that nobody has touched for as long as the company allows, once per silence; the event's
    subscriber puts it into the owner's bell. Answers how many."""
    quiet = list(quiet_leads(at).select_for_update(of=("self",), skip_locked=skips())[:REMINDED_AT_ONCE])
    for lead in quiet:
        Lead.objects.filter(pk=lead.pk).update(reminded_at=at)
        emit("lead.quiet", lead, actor=system(), at=at, days=(at - lead.touched_at).days)
    return len(quiet)


def skips() -> bool:
    return connection.features.has_select_for_update_skip_locked
