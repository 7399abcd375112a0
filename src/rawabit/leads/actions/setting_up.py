"""How leads are asked for, judged and given out: forms, keys, rules, reminders."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor, system
from rawabit.kit.records.models import Record
from rawabit.kit.states import Refused
from rawabit.leads.actions.creating import rescore
from rawabit.leads.logic.forms import CHOICE, MOST_FIELDS, kind_of, lines
from rawabit.leads.logic.states import OPEN
from rawabit.leads.models import AssignmentRule, Choice, FormField, Lead, LeadKey, LeadSettings, Question, WebForm

R = TypeVar("R", bound=Record)
RESCORE = "leads.rescore"
AT_ONCE = 200
NAMES = ("name", "name_ar", "name_fa", "name_en")


def _save_part(part: Any, owner: Record, data: dict[str, Any], fields: Sequence[str], at: datetime) -> None:
    for name in fields:
        setattr(part, name, data.get(name, getattr(part, name)))
    if part.pk is None:
        part.created_at = at
    touch(part, at)
    part.save()
    touch(owner, at)
    owner.save(update_fields=["version", "updated_at"])


def _last(rows: Any) -> int:
    """The position after the last one."""
    return 1 + (rows.order_by("-position").values_list("position", flat=True).first() or 0)


@transaction.atomic
def save_field(form: WebForm, row: FormField | None, data: dict[str, Any], *, actor: Actor, at: datetime) -> FormField:
    """Keep one thing that the form asks. A field of the lead is asked once; a choice needs answers."""
    form = lock(form)
    actor.require("leads.change_webform")
    key = data["key"]
    others = form.fields.exclude(pk=row.pk if row else 0)
    if not key.startswith("own_") and others.filter(key=key).exists():
        raise Refused(_("The form asks for this already."))
    if row is None and others.count() >= MOST_FIELDS:
        raise Refused(_("This form asks for enough already."))
    if kind_of(key) == CHOICE and len(lines(data.get("options", ""))) < 2:
        raise Refused(_("Write at least two answers, one on each line."))
    row = row or FormField(form=form, position=_last(form.fields))
    _save_part(row, form, data, (*NAMES, "key", "required", "options", "options_ar", "options_fa", "options_en"), at)
    emit("web_form.field_saved", form, actor=actor, at=at, name=row.name, key=row.key)
    return row


@transaction.atomic
def remove_field(row: FormField, *, actor: Actor, at: datetime) -> None:
    """The form asks for it no more; what was answered stays with the leads."""
    form = lock(row.form)
    actor.require("leads.change_webform")
    emit("web_form.field_removed", form, actor=actor, at=at, name=row.name, key=row.key)
    row.delete()


@transaction.atomic
def save_choice(question: Question, row: Choice | None, data: dict[str, Any], *, actor: Actor, at: datetime) -> Choice:
    """Keep a possible answer to a question, with its points."""
    question = lock(question)
    actor.require("leads.change_question")
    row = row or Choice(question=question, position=_last(question.choices))
    _save_part(row, question, data, (*NAMES, "points"), at)
    emit("question.answer_saved", question, actor=actor, at=at, name=row.name, points=row.points)
    return row


@transaction.atomic
def remove_choice(row: Choice, *, actor: Actor, at: datetime) -> None:
    """The answer is offered no more; refused while leads have given it."""
    question = lock(row.question)
    actor.require("leads.change_question")
    if row.given.exists():
        raise Refused(_("Leads have given this answer, so it cannot be removed."))
    emit("question.answer_removed", question, actor=actor, at=at, name=row.name, points=row.points)
    row.delete()


@transaction.atomic
def place_rule(rule: AssignmentRule, *, actor: Actor, at: datetime, up: bool) -> AssignmentRule:
    """Try a rule earlier or later than the one beside it. At the end nothing happens."""
    actor.require("leads.change_assignmentrule")
    return _swap(rule, list(AssignmentRule.objects.select_for_update().order_by("position", "pk")), up, actor, at)


@transaction.atomic
def place_question(question: Question, *, actor: Actor, at: datetime, up: bool) -> Question:
    """Ask a question earlier or later."""
    actor.require("leads.change_question")
    return _swap(question, list(Question.objects.select_for_update().order_by("position", "pk")), up, actor, at)


@transaction.atomic
def place_field(row: FormField, *, actor: Actor, at: datetime, up: bool) -> FormField:
    """Ask a field of a form earlier or later."""
    form = lock(row.form)
    actor.require("leads.change_webform")
    return _swap(row, list(form.fields.order_by("position", "pk")), up, None, at)


def _swap(row: R, rows: list[Any], up: bool, actor: Actor | None, at: datetime) -> R:
    place = next((number for number, one in enumerate(rows) if one.pk == row.pk), 0)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(rows):
        return row
    rows[place], rows[other] = rows[other], rows[place]
    for number, one in enumerate(rows, 1):
        if one.position != number:
            type(one).objects.filter(pk=one.pk).update(position=number)
    if actor is not None:
        emit(f"{row._meta.model_name}.changed", row, actor=actor, at=at, changes={"position": [place + 1, other + 1]})
    return row


@transaction.atomic
def issue_key(key: LeadKey, *, actor: Actor, at: datetime) -> str:
    """A new secret for a program; the one before is worth nothing from now on. Shown once: only a hash is kept."""
    key = lock(key)
    actor.require("leads.change_leadkey")
    secret = f"rwl_{secrets.token_urlsafe(32)}"
    key.digest, key.beginning = digest_of(secret), secret[:8]
    touch(key, at)
    key.save(update_fields=["digest", "beginning", "version", "updated_at"])
    emit("lead_key.issued", key, actor=actor, at=at, name=key.name, beginning=key.beginning)
    return secret


@transaction.atomic
def revoke_key(key: LeadKey, *, actor: Actor, at: datetime) -> LeadKey:
    """The key opens nothing from now on."""
    key = lock(key)
    actor.require("leads.change_leadkey")
    if key.digest:
        key.digest = ""
        touch(key, at)
        key.save(update_fields=["digest", "version", "updated_at"])
        emit("lead_key.revoked", key, actor=actor, at=at, name=key.name, beginning=key.beginning)
    return key


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def note_use(key: LeadKey, at: datetime) -> None:
    """When a key was used last."""
    LeadKey.objects.filter(pk=key.pk).update(used_at=at)


@transaction.atomic
def remind_after(days: int, *, actor: Actor, at: datetime) -> LeadSettings:
    """After how many quiet days the owner of a lead hears of it; 0 for never."""
    actor.require("leads.change_assignmentrule")
    row, _fresh = LeadSettings.objects.get_or_create(pk=1)
    before, row.remind_after = row.remind_after, days
    row.save()
    emit("lead_settings.changed", row, actor=actor, at=at, changes={"remind_after": [before, days]})
    return row


@transaction.atomic
def ask_rescoring(*, actor: Actor, at: datetime) -> None:
    """Reckon the scores of all open leads anew, in the background. Asked twice within a minute it is done once."""
    actor.require("leads.change_criterion")
    enqueue(RESCORE, key=f"{RESCORE}:{at:%Y%m%d%H%M}", args={}, at=at)


def rescore_all(at: datetime) -> int:
    """The background work: a few at a time, so that nobody waits long for a row. Answers how many were looked at."""
    last, looked = 0, 0
    while True:
        leads = list(Lead.objects.filter(state__in=OPEN, pk__gt=last).order_by("pk")[:AT_ONCE])
        if not leads:
            return looked
        with transaction.atomic():
            for lead in leads:
                rescore(lead, actor=system(), at=at)
        last, looked = leads[-1].pk, looked + len(leads)
