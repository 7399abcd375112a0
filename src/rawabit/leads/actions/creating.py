"""Leads: begun, changed, asked and scored."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.company.actions import next_document_number
from rawabit.company.queries import company_now, local_day
from rawabit.kit.marking import _
from rawabit.kit.phones import NotAPhone, national_digits, parse_phone
from rawabit.kit.records.actions import emit, lock, save_form, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, search_key
from rawabit.leads.actions.assigning import assign_by_rules
from rawabit.leads.logic.scoring import priority_of, score
from rawabit.leads.models import Answer, Choice, Lead, Question
from rawabit.leads.policies import require_lead
from rawabit.leads.queries import facts_of, points_of_answers, rules

TEXTS = ("name", "company_name", "job_title", "city", "source_detail", "next_step")


def lead_key(lead: Lead) -> str:
    """What a lead is found by."""
    dialled = national_digits(lead.phone) if lead.phone else ""
    return search_key(lead.number, lead.name, lead.company_name, lead.email, lead.phone, dialled, lead.official_number)


@transaction.atomic
def create_lead(lead: Lead, *, actor: Actor, at: datetime) -> Lead:
    """Keep a lead made by a program (web form, mail, import, API): cleaned, scored, and given to whom the rules say."""
    actor.require("leads.add_lead")
    clean(lead)
    begin(lead, actor, at)
    lead.save()
    emit("lead.created", lead, actor=actor, at=at, name=str(lead), source=lead.source.name if lead.source else "")
    return lead if lead.owner_id else assign_by_rules(lead, actor=actor, at=at)


@transaction.atomic
def save_lead(form: ModelForm[Lead], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Lead:
    """Begin a lead from a form, or change one; the score follows."""
    lead = form.instance
    clean(lead)
    if lead.pk is None:
        actor.require("leads.add_lead")
        lead.owner_id = lead.owner_id or actor.user_id
        begin(lead, actor, at)
        return save_form(form, actor=actor, at=at)
    require_lead(actor, "leads.change_lead", Lead.objects.get(pk=lead.pk))
    lead.search_text, lead.touched_at = lead_key(lead), at
    _score(lead)
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


def clean(lead: Lead) -> None:
    """Texts without deceiving characters, the phone in E.164 where it is one. Refused when nothing says who it is."""
    for field in TEXTS:
        setattr(lead, field, " ".join(clean_user_text(getattr(lead, field)).split())[: _length(field)])
    lead.interest = clean_user_text(lead.interest).strip()[:20_000]
    lead.email = clean_user_text(lead.email).strip().lower()[:254]
    if lead.phone:
        try:
            lead.phone = parse_phone(lead.phone, lead.country or company_now().country)
        except NotAPhone:
            lead.interest = f"{lead.interest}\n{clean_user_text(lead.phone)}".strip()  # as written: nothing is lost
            lead.phone = ""
    if not (lead.name or lead.company_name or lead.email or lead.phone):
        raise Refused(_("Give at least a name, a company, an e-mail address or a phone number."))


def _length(field: str) -> int:
    longest: int = Lead._meta.get_field(field).max_length  # type: ignore[union-attr,assignment]
    return longest


def begin(lead: Lead, actor: Actor, at: datetime) -> None:
    """Number, moments and score of a new lead; the caller saves."""
    lead.number = lead.number or next_document_number("lead", local_day(at))
    lead.created_at = lead.updated_at = lead.touched_at = at
    lead.search_text = lead_key(lead)
    _score(lead)


def _score(lead: Lead) -> None:
    answers = points_of_answers(lead) if lead.pk else ()
    lead.score, parts = score(rules(), facts_of(lead), answers)
    lead.score_facts = [{"label": part.label, "points": part.points} for part in parts]
    if lead.pk is None and lead.priority == "normal":
        lead.priority = priority_of(lead.score)


@transaction.atomic
def rescore(lead: Lead, *, actor: Actor, at: datetime) -> Lead:
    """Reckon the score anew, after criteria changed."""
    lead = lock(lead)
    before = lead.score
    _score(lead)
    if lead.score != before:
        touch(lead, at)
        lead.save(update_fields=["score", "score_facts", "version", "updated_at"])
        emit("lead.scored", lead, actor=actor, at=at, before=before, score=lead.score)
    return lead


@transaction.atomic
def answer(lead: Lead, question: Question, choice: Choice, *, actor: Actor, at: datetime) -> Lead:
    """Keep what the lead answered; a second answer takes the place of the first."""
    lead = lock(lead)
    require_lead(actor, "leads.change_lead", lead)
    if choice.question_id != question.pk:
        raise Refused(_("Choose one of the answers to this question."))
    Answer.objects.update_or_create(lead=lead, question=question, defaults={"choice": choice})
    emit("lead.answered", lead, actor=actor, at=at, question=question.name, answer=choice.name, points=choice.points)
    return rescore(lead, actor=actor, at=at)
