"""Teams: who sees whose records when the scope says "team"."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.identity.actions.rights import refresh_rights
from rawabit.identity.models import STAFF, Team, User
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, save_form
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused


@transaction.atomic
def save_team(form: ModelForm[Team], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Team:
    """Make or change a team, its leader and, where the form has them, its members."""
    actor.require("identity.change_team" if form.instance.pk else "identity.add_team")
    before = people_of(Team.objects.get(pk=form.instance.pk)) if form.instance.pk else set()
    team = save_form(form, actor=actor, at=at, seen_version=seen_version)
    refresh_rights(before | people_of(team))
    return team


@transaction.atomic
def set_team_members(team: Team, members: Collection[User], *, actor: Actor, at: datetime) -> Team:
    """Replace the members of a team; what they see changes at once."""
    team = lock(team)
    actor.require("identity.change_team")
    if any(member.kind != STAFF for member in members):
        raise Refused(_("Only colleagues can be members of a team."))
    before = people_of(team)
    team.members.set(members)
    refresh_rights(before | people_of(team))
    emit("team.members_changed", team, actor=actor, at=at, members=sorted(member.pk for member in members))
    return team


def people_of(team: Team) -> set[int]:
    """Members and leader."""
    members = set(team.members.values_list("pk", flat=True))
    return members | {team.leader_id} if team.leader_id else members
