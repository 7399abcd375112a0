"""Territories: who looks after which region."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.crm.actions.reach import refresh_reach
from rawabit.crm.models import Territory
from rawabit.crm.queries import people_of_territories, with_descendants
from rawabit.identity.models import STAFF, User
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, save_form
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused


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
