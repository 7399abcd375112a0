"""Who is who, read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from rawabit.identity.logic.rights import widest
from rawabit.identity.models import CUSTOMER, STAFF, Grant, Team, User
from rawabit.kit.records.actor import Actor


def actor_of(user: User, door: str = "desk") -> Actor:
    """The person as an actor, from the rights kept on his own row: no query. A deactivated person may nothing."""
    if not user.is_active:
        return nobody()
    if user.kind == CUSTOMER:
        roles: Any = {int(pk): role for pk, role in user.customer_roles.items()}
        return Actor(user.pk, user.full_name, door, customer_ids=frozenset(roles), customer_roles=roles)
    return Actor(
        user.pk,
        user.full_name,
        door,
        grants=user.rights,
        team_user_ids=frozenset(user.team_user_ids),
        territory_ids=frozenset(user.territory_ids),
    )


def nobody() -> Actor:
    """A visitor who has not signed in: sees nothing, may nothing."""
    return Actor(None, door="public")


def rights_of(user: User) -> dict[str, str]:
    """The true ``{permission: scope}`` from roles; what ``User.rights`` must equal."""
    if user.kind != STAFF or not user.is_active:
        return {}
    return widest(Grant.objects.filter(role__memberships__user=user).values_list("permission", "scope"))


def team_mates_of(user: User) -> list[int]:
    """The true keys of the people whose records a scope "team" shows: himself, those of his teams, those he leads."""
    if user.kind != STAFF or not user.is_active:
        return []
    teams = Team.objects.filter(Q(members=user) | Q(leader=user)).distinct()
    mates = {user.pk}
    for team in teams.prefetch_related("members"):
        mates |= {member.pk for member in team.members.all()} | ({team.leader_id} - {None})
    return sorted(mates)


def colleagues() -> QuerySet[User]:
    """Staff who can be mentioned, assigned and chosen as owners."""
    return User.objects.filter(kind=STAFF, is_active=True).order_by("full_name", "pk")


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()


def administrators(*, besides: Collection[int] = ()) -> QuerySet[User]:
    """Active people who may give roles to anybody: without one, nobody could ever again."""
    holders = User.objects.filter(
        kind=STAFF, is_active=True, memberships__role__grants__permission="identity.set_roles",
        memberships__role__grants__scope="all",
    )  # fmt: skip
    return holders.exclude(pk__in=besides).distinct()
