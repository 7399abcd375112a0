"""Territories: who looks after which region."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.crm.actions.reach import refresh_reach
from rawabit.crm.models import Customer, Territory, TerritoryRule
from rawabit.crm.queries import people_of_territories, with_descendants
from rawabit.identity.models import STAFF, User
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, save_form, set_fields
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import fold


@transaction.atomic
def save_territory(
    form: ModelForm[Territory], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Territory:
    """Make or change a territory, its place in the tree, its manager and members; what they see changes at once."""
    territory = form.instance
    actor.require("crm.change_territory" if territory.pk else "crm.add_territory")
    before = people_of_territories([territory.pk]) if territory.pk else set()
    if territory.pk and territory.parent_id in with_descendants([territory.pk]):
        raise Refused(_("A territory cannot be a part of itself."))
    territory = save_form(form, actor=actor, at=at, seen_version=seen_version)
    refresh_reach(before | people_of_territories([territory.pk]))
    return territory


@transaction.atomic
def put_territory(territory: Territory, *, members: Collection[User] = (), actor: Actor, at: datetime) -> Territory:
    """Keep a territory made by a program, with its members."""
    actor.require("crm.change_territory" if territory.pk else "crm.add_territory")
    territory.save()
    territory.members.set(members)
    refresh_reach(people_of_territories([territory.pk]))
    emit("territory.changed", territory, actor=actor, at=at, name=territory.name)
    return territory


@transaction.atomic
def set_territory_members(territory: Territory, members: Collection[User], *, actor: Actor, at: datetime) -> Territory:
    """Replace who looks after a territory."""
    territory = lock(territory)
    actor.require("crm.change_territory")
    if any(member.kind != STAFF for member in members):
        raise Refused(_("Only colleagues can look after a territory."))
    before = people_of_territories([territory.pk])
    territory.members.set(members)
    refresh_reach(before | people_of_territories([territory.pk]))
    emit("territory.members_changed", territory, actor=actor, at=at, members=sorted(one.pk for one in members))
    return territory


# Which place belongs to which territory


def city_key(city: str) -> str:
    """A city however it is spelt."""
    return fold(city).strip()[:100]


@transaction.atomic
def save_rule_form(
    form: ModelForm[TerritoryRule], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> TerritoryRule:
    """Keep a rule from its form. There is one territory for a place."""
    rule = form.instance
    actor.require("crm.change_territoryrule" if rule.pk else "crm.add_territoryrule")
    rule.city_key = city_key(rule.city)
    _require_one_rule(rule)
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


@transaction.atomic
def save_rule(country: str, city: str, territory: Territory, *, actor: Actor, at: datetime) -> TerritoryRule:
    """Keep a rule made by a program."""
    actor.require("crm.add_territoryrule")
    rule = TerritoryRule(country=country, city=city, city_key=city_key(city), territory=territory)
    _require_one_rule(rule)
    rule.save()
    emit("territoryrule.created", rule, actor=actor, at=at, name=str(rule))
    return rule


def _require_one_rule(rule: TerritoryRule) -> None:
    same = TerritoryRule.objects.filter(country=rule.country, city_key=rule.city_key).exclude(pk=rule.pk)
    if same.exists():
        raise Refused(_("There is a rule for this place already."))


def territory_for(country: str, city: str) -> Territory | None:
    """The territory of a place: by the rule of its city, else by that of its country."""
    rules = TerritoryRule.objects.filter(country=country, city_key__in={city_key(city), ""})
    rule = rules.select_related("territory").order_by("-city_key").first()
    return rule.territory if rule else None


def place_customer(customer: Customer, city: str, *, actor: Actor, at: datetime) -> None:
    """Give a customer the territory of his place; nobody is moved who has one from a person's hand or a city's rule.

    The rule of the country holds until the city is known."""
    found = territory_for(customer.country, city)
    if found is None or found.pk == customer.territory_id:
        return
    by_country = territory_for(customer.country, "")
    if customer.territory_id is None or (city and by_country and customer.territory_id == by_country.pk):
        set_fields(customer, {"territory": found}, actor=actor, at=at)
