"""People: making, changing, letting go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.identity.actions.rights import end_sessions, lock_people, refresh_rights
from rawabit.identity.actions.roles import give_roles
from rawabit.identity.models import CUSTOMER, STAFF, Role, Team, User
from rawabit.identity.queries import administrators
from rawabit.kit.marking import _
from rawabit.kit.phones import national_digits
from rawabit.kit.records.actions import emit, lock, save_form, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import search_key


@transaction.atomic
def create_staff(
    email: str,
    full_name: str,
    *,
    roles: Collection[Role],
    actor: Actor,
    at: datetime,
    password: str | None = None,
    phone: str = "",
    language: str = "",
) -> User:
    """A colleague who may sign in. Without a password he signs in by one-time code."""
    actor.require("identity.add_user")
    user = _create(email, full_name, kind=STAFF, password=password, phone=phone, language=language, at=at)
    give_roles(user, roles, actor)
    refresh_rights([user.pk])
    emit("user.created", user, actor=actor, at=at, kind=STAFF, roles=[role.code for role in roles])
    user.refresh_from_db()
    return user


@transaction.atomic
def create_customer_user(
    email: str, full_name: str, *, actor: Actor, at: datetime, phone: str = "", language: str = ""
) -> User:
    """A person of a customer who may sign in to the portal. Which customers he stands for is said by portal access."""
    user = _create(email, full_name, kind=CUSTOMER, password=None, phone=phone, language=language, at=at)
    emit("user.created", user, actor=actor, at=at, kind=CUSTOMER, roles=[])
    return user


def _create(
    email: str, full_name: str, *, kind: str, password: str | None, phone: str, language: str, at: datetime
) -> User:
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Refused(_("Somebody signs in with this e-mail already."))
    user: User = User.objects.create_user(
        email, password, full_name=full_name.strip(), kind=kind, phone=phone, language=language, date_joined=at
    )
    user.search_text = person_key(user)
    user.save(update_fields=["search_text"])
    return user


def person_key(user: User) -> str:
    """What a person is found by."""
    return search_key(user.full_name, user.email, user.phone, national_digits(user.phone) if user.phone else "")


@transaction.atomic
def save_user(form: ModelForm[User], *, actor: Actor, at: datetime, seen_version: int | None = None) -> User:
    """Change a person's name, contact data or ways of reading."""
    if form.instance.pk != actor.user_id:
        actor.require("identity.change_user")
    form.instance.search_text = person_key(form.instance)
    saved = save_form(form, actor=actor, at=at, seen_version=seen_version)
    refresh_rights([saved.pk])  # the form wrote the whole row, with the rights as they were when it was opened
    return saved


@transaction.atomic
def set_preferences(
    user: User, *, language: str, calendar: str, digits: str, theme: str, compact: bool, actor: Actor, at: datetime
) -> User:
    """How a person wants to read; his own business."""
    if user.pk != actor.user_id:
        actor.require("identity.change_user")
    user = lock(user)
    user.language, user.calendar, user.digits, user.theme, user.compact = language, calendar, digits, theme, compact
    touch(user, at)
    user.save(update_fields=["language", "calendar", "digits", "theme", "compact", "version", "updated_at"])
    emit("user.changed", user, actor=actor, at=at, changes={"language": language, "calendar": calendar})
    return user


@transaction.atomic
def deactivate_user(user: User, *, actor: Actor, at: datetime) -> User:
    """He may sign in no more, and is signed out everywhere now. What he wrote stays under his name."""
    lock_people(mates_of(user))
    user = lock(user)
    actor.require("identity.deactivate_user")
    if user.pk == actor.user_id:
        raise Refused(_("You cannot deactivate yourself."))
    if administrators().filter(pk=user.pk).exists() and not administrators(besides=[user.pk]).exists():
        raise Refused(_("Nobody else could give roles any more. Make another administrator first."))
    user.is_active = False
    touch(user, at)
    user.save(update_fields=["is_active", "version", "updated_at"])
    refresh_rights(mates_of(user))
    end_sessions([user.pk])
    emit("user.deactivated", user, actor=actor, at=at, name=user.full_name)
    user.refresh_from_db()
    return user


@transaction.atomic
def reactivate_user(user: User, *, actor: Actor, at: datetime) -> User:
    """He may sign in again, with the roles he had."""
    lock_people(mates_of(user))
    user = lock(user)
    actor.require("identity.deactivate_user")
    user.is_active = True
    touch(user, at)
    user.save(update_fields=["is_active", "version", "updated_at"])
    refresh_rights(mates_of(user))
    emit("user.reactivated", user, actor=actor, at=at, name=user.full_name)
    user.refresh_from_db()
    return user


def mates_of(user: User) -> set[int]:
    """The person and everybody who shares a team with him: whose rights change when he comes or goes."""
    teams = Team.objects.filter(members=user) | Team.objects.filter(leader=user)
    keys = {user.pk}
    for team in teams.distinct().prefetch_related("members"):
        keys |= {member.pk for member in team.members.all()} | ({team.leader_id} - {None})
    return keys
