"""Leads, read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from rawabit.crm.logic.duplicates import name_key
from rawabit.crm.models import Contact, Customer, Territory
from rawabit.crm.queries import duplicates_of
from rawabit.identity.models import STAFF, Team, User
from rawabit.kit.identifiers import compact
from rawabit.kit.records.actor import Actor
from rawabit.leads.logic.assigning import Facts
from rawabit.leads.logic.scoring import FIELDS, Points, Rule
from rawabit.leads.logic.states import OPEN
from rawabit.leads.models import (
    Answer,
    Arrival,
    AssignmentRule,
    Criterion,
    FormField,
    Lead,
    LeadKey,
    LeadSettings,
    Question,
    WebForm,
)


@dataclass(frozen=True, slots=True)
class Twin:
    """Somebody who could be the same. ``why`` names what they have in common: name, phone, email, number."""

    record: Any
    why: tuple[str, ...]


def facts_of(lead: Lead) -> dict[str, str]:
    """What criteria look at, as text."""
    plain = {key: str(getattr(lead, key) or "") for key in FIELDS if key != "source"}
    return {**plain, "source": lead.source.name if lead.source else ""}


def rules() -> list[Rule]:
    rows = Criterion.objects.filter(is_active=True).order_by("pk")
    return [Rule(row.name, row.field, row.test, row.value, row.points) for row in rows]


def points_of_answers(lead: Lead) -> list[Points]:
    rows = Answer.objects.filter(lead=lead).select_related("question", "choice").order_by("question__position", "pk")
    return [Points(f"{row.question.name}: {row.choice.name}", row.choice.points) for row in rows]


@dataclass(slots=True)
class People:
    """Who could be given leads, read once: active colleagues, members of teams, people of territories, open leads."""

    active: frozenset[int]
    teams: dict[int, list[int]]
    members: dict[int, set[int]]  # of each territory, with its manager
    parents: dict[int, int | None]
    loads: dict[int, int]

    def above(self, territory: int | None) -> frozenset[int]:
        """A territory and all it is part of."""
        found: set[int] = set()
        while territory is not None and territory not in found:
            found.add(territory)
            territory = self.parents.get(territory)
        return frozenset(found)

    def facts_of(self, lead: Lead) -> Facts:
        return Facts(lead.source_id, lead.country, lead.city, self.above(lead.territory_id), lead.score)

    def team(self, key: int | None) -> list[int]:
        return sorted(self.active.intersection(self.teams.get(key or 0, ())))

    def near(self, territory: int | None) -> list[int]:
        """The people of the territory and of what it is part of."""
        return sorted(self.active & {one for key in self.above(territory) for one in self.members.get(key, ())})


def people_of_rules(rules: Iterable[AssignmentRule]) -> People:
    """What choosing by these rules needs, in a constant number of queries."""
    teams: dict[int, list[int]] = {}
    wanted = [rule.team_id for rule in rules if rule.team_id]
    for team, person in Team.members.through.objects.filter(team__in=wanted).values_list("team_id", "user_id"):
        teams.setdefault(team, []).append(person)
    members: dict[int, set[int]] = {}
    for key, manager in Territory.objects.values_list("pk", "manager_id"):
        members[key] = {manager} - {None}
    for key, person in Territory.members.through.objects.values_list("territory_id", "user_id"):
        members[key].add(person)
    parents: dict[int, int | None] = dict(Territory.objects.values_list("pk", "parent_id"))
    active = frozenset(User.objects.filter(kind=STAFF, is_active=True).values_list("pk", flat=True))
    return People(active, teams, members, parents, open_loads(active))


def open_loads(people: Iterable[int]) -> dict[int, int]:
    """How many open leads each of them has."""
    rows = Lead.objects.filter(owner__in=list(people), state__in=OPEN).values("owner").annotate(count=Count("pk"))
    return {row["owner"]: row["count"] for row in rows}


def recent_leads(actor: Actor, since: datetime, most: int) -> list[Lead]:
    """The latest leads that came in since a moment, the oldest of them first: what a dry run of the rules looks at."""
    rows = Lead.objects.visible_to(actor).filter(created_at__gte=since).select_related("source", "owner", "territory")
    return list(reversed(rows.order_by("-pk")[:most]))


def quiet_leads(at: datetime) -> QuerySet[Lead]:
    """Open leads with an owner that nobody has touched for as long as the settings say, and whose owner has not heard
    of it since."""
    days = lead_settings().remind_after
    rows = Lead.objects.filter(state__in=OPEN, owner__is_active=True, touched_at__lte=at - timedelta(days=days))
    rows = rows.filter(Q(reminded_at=None) | Q(reminded_at__lt=F("touched_at")))
    return rows.order_by("pk") if days else rows.none()


def lead_settings() -> LeadSettings:
    return LeadSettings.objects.order_by("pk").first() or LeadSettings(pk=1)


def twins_of(
    actor: Actor, *, name: str = "", company: str = "", phone: str = "", email: str = "", number: str = "",
    besides: int | None = None,
) -> list[Twin]:  # fmt: skip
    """Leads, contacts and customers in the actor's sight that could be the same: by folded name, phone, e-mail and
    official number. At most five of each kind; the number of queries does not depend on how many there are."""
    leads = _twin_leads(actor, name, company, phone, email, number).exclude(pk=besides or 0)[:5]
    people = _twin_people(actor, name, phone, email)[:5]
    seen = Customer.objects.visible_to(actor)
    customers = [
        customer
        for customer, _likeness in duplicates_of(company or name, phone=phone, email=email, identifiers=[number])[:20]
    ]
    allowed = set(seen.filter(pk__in=[customer.pk for customer in customers]).values_list("pk", flat=True))
    found = [*leads, *people, *(customer for customer in customers if customer.pk in allowed)][:15]
    return [Twin(record, _common(record, name, company, phone, email, number)) for record in found]


def _twin_leads(actor: Actor, name: str, company: str, phone: str, email: str, number: str) -> QuerySet[Lead]:
    either = Q(pk__in=())
    either |= Q(phone=phone) if phone else Q(pk__in=())
    either |= Q(email__iexact=email) if email else Q(pk__in=())
    either |= Q(official_number=number) if number else Q(pk__in=())
    for text in (name, company):
        if words := name_key(text).split():
            either |= Q(*[("search_text__contains", word) for word in words])
    return Lead.objects.visible_to(actor).filter(either).order_by("-pk")


def _twin_people(actor: Actor, name: str, phone: str, email: str) -> QuerySet[Contact]:
    either = Q(pk__in=())
    either |= Q(phone=phone) | Q(mobile=phone) if phone else Q(pk__in=())
    either |= Q(email__iexact=email) if email else Q(pk__in=())
    if words := name_key(name).split():
        either |= Q(*[("search_text__contains", word) for word in words])
    return Contact.objects.visible_to(actor).filter(either).order_by("-pk")


def _common(record: Any, name: str, company: str, phone: str, email: str, number: str) -> tuple[str, ...]:
    phones = {getattr(record, "phone", ""), getattr(record, "mobile", "")} - {""}
    called = {name_key(words) for words in (str(record), getattr(record, "company_name", "")) if words} - {""}
    why = []
    if phone and phone in phones:
        why.append("phone")
    if email and getattr(record, "email", "").lower() == email.lower():
        why.append("email")
    if called & {name_key(name), name_key(company)}:
        why.append("name")
    if number and compact(number) == compact(getattr(record, "official_number", "")):
        why.append("number")
    return tuple(why)


def known_contact(email: str = "", phone: str = "") -> Contact | None:
    """The active contact with this address or number, of whomever; for what comes in from outside."""
    if email and (found := Contact.objects.filter(email__iexact=email, is_active=True).order_by("pk").first()):
        return found
    if phone:
        return Contact.objects.filter(Q(phone=phone) | Q(mobile=phone), is_active=True).order_by("pk").first()
    return None


def open_lead(email: str = "", phone: str = "") -> Lead | None:
    """The newest open lead with this address or number: what comes again belongs to it."""
    either = Q(pk__in=())
    either |= Q(email__iexact=email) if email else Q(pk__in=())
    either |= Q(phone=phone) if phone else Q(pk__in=())
    return Lead.objects.filter(either, state__in=OPEN).order_by("-pk").first()


# What belongs to a lead


def twins_of_lead(lead: Lead, actor: Actor) -> list[Twin]:
    """Who could be the same as a lead that is here already."""
    return twins_of(
        actor, name=lead.name, company=lead.company_name, phone=lead.phone, email=lead.email,
        number=lead.official_number, besides=lead.pk,
    )  # fmt: skip


def questions_for(lead: Lead) -> list[tuple[Question, int | None]]:
    """The questions that are asked now, each with its answers at hand, and what this lead answered."""
    answered = dict(Answer.objects.filter(lead=lead).values_list("question_id", "choice_id"))
    rows = Question.objects.filter(is_active=True).prefetch_related("choices").order_by("position", "pk")
    return [(row, answered.get(row.pk)) for row in rows]


def arrivals_of(record: Lead | Contact, actor: Actor) -> QuerySet[Arrival]:
    """What was written from outside about a lead, or by a contact."""
    narrow = {"lead": record} if isinstance(record, Lead) else {"contact": record}
    return Arrival.objects.visible_to(actor).filter(**narrow).select_related("form", "lead_key").order_by("-pk")


def leads_behind(record: Customer | Contact | Any, actor: Actor) -> QuerySet[Lead]:
    """The leads that became this customer, contact or opportunity."""
    path = {"customer": "customer", "contact": "contact"}.get(record._meta.model_name or "", "opportunity")
    rows = Lead.objects.visible_to(actor).filter(**{path: record})
    return rows.select_related("source", "owner").order_by("pk")


def shown_form(key: Any) -> WebForm | None:
    """A web form that is open to visitors."""
    return WebForm.objects.filter(key=key, is_active=True).select_related("source", "owner").first()


def fields_of(form: WebForm) -> list[FormField]:
    return list(form.fields.order_by("position", "pk"))


def key_by_digest(digest: str) -> LeadKey | None:
    return LeadKey.objects.filter(digest=digest).exclude(digest="").first()
