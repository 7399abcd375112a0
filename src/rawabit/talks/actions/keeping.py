"""What every verb here shares: about whom it is, who may say so, and the sign of life it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from rawabit.company.logic.hours import open_spans
from rawabit.company.queries import closed_days, company_now, openings
from rawabit.crm.models import Affiliation, Contact, Customer
from rawabit.crm.policies import may_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor, rule_of
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, search_key
from rawabit.leads import actions as leads
from rawabit.leads.actions.moving import sign_of_life as lead_lives
from rawabit.leads.logic.states import OPEN as LEAD_OPEN
from rawabit.leads.models import Lead
from rawabit.pipeline.actions.moving import set_next_step
from rawabit.pipeline.actions.moving import sign_of_life as deal_lives
from rawabit.pipeline.models import Opportunity, OpportunityContact
from rawabit.talks.logic.snoozing import USUAL_MORNING
from rawabit.talks.models import TASK, Activity
from rawabit.talks.policies import may_change

TITLE, BODY, PLACE, MINUTES = 200, 20_000, 200, 1440
SLACK = timedelta(minutes=5)  # by which a telephone's clock may be ahead of ours


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done next: as the deal's or lead's next step where there is one, else as a task."""

    title: str
    on: date


def one_line(text: str, most: int = TITLE) -> str:
    return " ".join(clean_user_text(text).split())[:most]


def words(text: str, most: int = BODY) -> str:
    return clean_user_text(text).strip()[:most]


def require_seen(subject: models.Model, actor: Actor) -> None:
    """403 for a record outside the actor's sight: nobody writes where he may not read."""
    rule = rule_of(type(subject))
    rows: Any = type(subject)._default_manager
    if rule is None or not rows.visible_to(actor).filter(pk=subject.pk).exists():
        raise PermissionDenied("talks.add_activity")


def begin(kind: str, subject: models.Model | None, *, contact: Contact | None, actor: Actor, at: datetime) -> Activity:
    """A new activity about a record that the actor sees; the caller fills it in and keeps it."""
    actor.require("talks.add_activity")
    if actor.is_customer:
        raise PermissionDenied("talks.add_activity")
    activity = Activity(kind=kind, owner_id=actor.user_id, at=at, created_at=at, updated_at=at)
    if subject is not None:
        require_seen(subject, actor)
        activity.subject_type = ContentType.objects.get_for_model(subject)
        activity.subject_id = subject.pk
        activity.customer_id = customer_of(subject)
        activity.contact_id = subject.pk if isinstance(subject, Contact) else getattr(subject, "contact_id", None)
    if contact is not None:
        require_seen(contact, actor)
        _require_belongs(activity, subject, contact)
        activity.contact = contact
        activity.customer_id = activity.customer_id or customer_of(contact)
    return activity


def customer_of(subject: models.Model) -> int | None:
    """Whose timeline it belongs to. A person who stands for several customers belongs to none of them alone."""
    if isinstance(subject, Customer):
        return int(subject.pk)
    if isinstance(subject, Contact):
        known = set(Affiliation.objects.filter(contact=subject).values_list("customer_id", flat=True)[:20])
        return known.pop() if len(known) == 1 else None
    return getattr(subject, "customer_id", None)


def _require_belongs(activity: Activity, subject: models.Model | None, contact: Contact) -> None:
    """A conversation with one customer is not written down for a person of another."""
    if activity.customer_id is None or activity.contact_id == contact.pk:
        return
    if Affiliation.objects.filter(contact=contact, customer=activity.customer_id).exists():
        return
    asked = (
        isinstance(subject, Opportunity)
        and OpportunityContact.objects.filter(opportunity=subject, contact=contact).exists()
    )
    if not asked:
        raise Refused(_("This person does not belong to this customer."))


def keep(activity: Activity, name: str, *, actor: Actor, at: datetime, **facts: Any) -> Activity:
    """Save a new activity, tell it, and leave a sign of life on deal and lead."""
    activity.search_text = key_of(activity)
    activity.save()
    if name == "planned":
        emit("activity.planned", activity, actor=actor, at=at, **facts_of(activity), **facts)
    else:
        emit("activity.logged", activity, actor=actor, at=at, **facts_of(activity), **facts)
    touch_subject(activity, at)
    return activity


def key_of(activity: Activity) -> str:
    person = activity.contact.full_name if activity.contact else ""
    customer = activity.customer
    names = (customer.name, customer.name_en, customer.code) if customer else ()
    return search_key(activity.title, activity.place, person, *names, activity.body[:2000], activity.decisions[:1000])


def facts_of(activity: Activity) -> dict[str, Any]:
    return {"kind": activity.kind, "title": activity.title, "customer": activity.customer_id,
            "contact": activity.contact_id, "outcome": activity.outcome}  # fmt: skip


def touch_subject(activity: Activity, at: datetime) -> None:
    """The deal or lead is alive. What is logged late does not make it younger than it is."""
    when = min(activity.at, at)
    if activity.subject_id is not None and activity.subject_type is not None:
        model = activity.subject_type.model_class()
        if model is Opportunity:
            deal_lives(activity.subject_id, when)
        elif model is Lead:
            lead_lives(activity.subject_id, when)


def change(activity: Activity, actor: Actor, at: datetime) -> Activity:
    """The activity, locked, for somebody who may change it."""
    found: Activity = lock(activity)
    if not Activity.objects.visible_to(actor).filter(pk=found.pk).exists() or not may_change(actor, found, at):
        raise PermissionDenied("talks.change_activity")
    return found


def happened(when: datetime | None, at: datetime) -> datetime:
    """When something logged took place: as said, but never in the future."""
    if when is None:
        return at
    return min(when, at)


def checked_minutes(minutes: int | None) -> int | None:
    if minutes is not None and not 0 <= minutes <= MINUTES:
        raise Refused(_("Give the minutes as a number up to 1440."))
    return minutes


def morning_of(day: date) -> datetime:
    """When a day begins at the company, for what is due on a day without an hour."""
    zone, spans = ZoneInfo(company_now().timezone), open_spans(day, openings(), closed_days(day, day))
    clock: time = spans[0][0] if spans else USUAL_MORNING
    return datetime.combine(day, clock, zone)


@transaction.atomic
def plan_next(
    subject: models.Model | None, step: Next | None, contact: Contact | None, *, actor: Actor, at: datetime
) -> None:
    """Write down what is next; nothing when nothing was said."""
    if step is None or not one_line(step.title):
        return
    if (
        isinstance(subject, Opportunity)
        and subject.state == "open"
        and may_on(actor, "pipeline.change_opportunity", subject)
    ):
        set_next_step(subject, one_line(step.title), step.on, actor=actor, at=at)
        return
    if isinstance(subject, Lead) and subject.state in LEAD_OPEN and may_on(actor, "leads.change_lead", subject):
        leads.plan(subject, one_line(step.title), step.on, actor=actor, at=at)
        return
    task = begin(TASK, subject, contact=contact, actor=actor, at=at)
    task.title, task.assignee_id = one_line(step.title), actor.user_id
    task.due = task.at = morning_of(step.on)
    task.remind_at = task.due
    keep(task, "planned", actor=actor, at=at, assignee=task.assignee_id, due=task.due)


def kept_once(key: str, actor: Actor) -> tuple[str | None, Activity | None]:
    """The whole key of something sent with a mark, and what was kept under it before."""
    if not key:
        return None, None
    whole = f"{actor.user_id or 0}:{clean_user_text(key)[:80]}"
    return whole, Activity.objects.filter(key=whole).first()


Given = Mapping[str, Any]
