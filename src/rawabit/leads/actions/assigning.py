"""Who looks after a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from rawabit.identity.models import STAFF, User
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor, system
from rawabit.kit.states import Refused
from rawabit.leads.logic.assigning import Conditions, fits, least_loaded, next_in_turn
from rawabit.leads.models import AssignmentRule, Lead
from rawabit.leads.policies import require_lead
from rawabit.leads.queries import People, people_of_rules


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules would do with a lead: the rule and the person, or neither."""

    lead: Lead
    rule: AssignmentRule | None
    person: int | None


@transaction.atomic
def assign_by_rules(lead: Lead, *, actor: Actor, at: datetime) -> Lead:
    """Give a lead without an owner to whom the first fitting rule names. Rules that are taken in turn hold their row
    until the commit, so two leads at once go to two people. Where no rule fits it stays with nobody."""
    lead = lock(lead)
    if lead.owner_id is not None:
        return lead
    rules = list(AssignmentRule.objects.select_for_update(of=("self",)).filter(is_active=True).order_by("pk"))
    told = _choose(lead, rules, people_of_rules(rules)) if rules else Told(lead, None, None)
    if told.rule is None or told.person is None:
        return lead
    AssignmentRule.objects.filter(pk=told.rule.pk).update(last_given=told.person)
    by = actor if actor.user_id else system()  # a visitor gives nothing to anybody: the program does
    return _hand(lead, User.objects.get(pk=told.person), by, at, rule=told.rule.name)


def _choose(lead: Lead, rules: Sequence[AssignmentRule], people: People) -> Told:
    """The first rule that fits and has somebody to give to."""
    facts = people.facts_of(lead)
    for rule in sorted(rules, key=lambda row: (row.position, row.pk)):
        conditions = Conditions(rule.source_id, rule.country, rule.city, rule.territory_id, rule.min_score)
        if fits(conditions, facts) and (person := _person_of(rule, lead, people)) is not None:
            return Told(lead, rule, person)
    return Told(lead, None, None)


def _person_of(rule: AssignmentRule, lead: Lead, people: People) -> int | None:
    if rule.way == "person":
        return rule.person_id if rule.person_id in people.active else None
    if rule.way == "territory":
        return least_loaded(people.near(lead.territory_id), people.loads)
    team = people.team(rule.team_id)
    return least_loaded(team, people.loads) if rule.way == "load" else next_in_turn(team, rule.last_given_id)


def rehearse(leads: Sequence[Lead]) -> list[Told]:
    """What the rules as they stand would do with these leads, one after the other. Nothing is written; the number of
    queries does not depend on how many leads there are."""
    rules = list(AssignmentRule.objects.filter(is_active=True))
    people = people_of_rules(rules)
    told = []
    for lead in leads:
        found = _choose(lead, rules, people)
        if found.rule is not None and found.person is not None:
            found.rule.last_given_id = found.person  # in memory alone, so that turns go round as they would
            people.loads[found.person] = people.loads.get(found.person, 0) + 1
        told.append(found)
    return told


@transaction.atomic
def give(lead: Lead, person: User, *, actor: Actor, at: datetime) -> Lead:
    """Give the lead to a colleague. Whoever may take what nobody has may take it for himself."""
    lead = lock(lead)
    if person.kind != STAFF or not person.is_active:
        raise Refused(_("Choose a colleague."))
    mine = lead.owner_id is None and person.pk == actor.user_id and actor.may("leads.take_unassigned")
    if mine and Lead.objects.visible_to(actor).filter(pk=lead.pk).exists():
        return _hand(lead, person, actor, at)
    if lead.owner_id is None:
        actor.require("leads.assign_lead")
    else:
        require_lead(actor, "leads.assign_lead", lead)
    given = _hand(lead, person, actor, at)
    if not Lead.objects.visible_to(actor).filter(pk=lead.pk).exists():
        raise PermissionDenied(_("This change would put the record out of your own sight."))
    return given


def _hand(lead: Lead, person: User, actor: Actor, at: datetime, rule: str = "") -> Lead:
    if lead.owner_id == person.pk:
        return lead
    lead.owner = person
    touch(lead, at)
    lead.touched_at = at
    lead.save(update_fields=["owner", "touched_at", "version", "updated_at"])
    emit("lead.assigned", lead, actor=actor, at=at, owner=person.full_name, owner_id=person.pk, rule=rule)
    return lead
