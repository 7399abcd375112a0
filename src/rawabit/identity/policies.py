"""Who sees which people, roles and teams. A customer's user sees himself alone."""

from __future__ import annotations

from django.db.models import Q

from rawabit.identity.models import Grant, Membership, Role, Team, User
from rawabit.kit.marking import _
from rawabit.kit.records.actor import EVERYTHING, Actor, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on

PERMISSIONS: list[Permission] = [
    *verbs_on(User, "view", "add", "change", "export"),
    ("identity.deactivate_user", _("Users: deactivate and reactivate")),
    ("identity.set_roles", _("Users: give and take roles")),
    ("identity.view_audit", _("Audit log: view")),
    *verbs_on(Role, "view", "add", "change", "delete"),
    *verbs_on(Team, "view", "add", "change", "delete"),
]


@visible(User)
def user_rows(actor: Actor) -> Q:
    scope = actor.grants.get("identity.view_user") if actor.may("identity.view_user") else None
    if scope == "all":
        return EVERYTHING
    seen = {actor.user_id} if actor.user_id else set()
    if scope in ("team", "territory"):
        seen |= actor.team_user_ids
    return Q(pk__in=seen)


@visible(Role)
def role_rows(actor: Actor) -> Q:
    return shared_rows(actor, "identity.view_role")


@visible(Grant, Membership)
def role_part_rows(actor: Actor) -> Q:
    return shared_rows(actor, "identity.view_role")


@visible(Team)
def team_rows(actor: Actor) -> Q:
    return shared_rows(actor, "identity.view_team")
