"""Roles and who has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.identity.actions.rights import refresh_rights
from rawabit.identity.logic.presets import PRESETS, RolePreset, preset_grants
from rawabit.identity.logic.rights import covers, widest
from rawabit.identity.models import SCOPE_LABELS, Grant, Membership, Role, User
from rawabit.identity.queries import administrators
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, save_form
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused

SCOPES = frozenset(code for code, _label in SCOPE_LABELS)


@transaction.atomic
def install_roles(permissions: Iterable[str], *, actor: Actor, at: datetime) -> list[Role]:
    """Make the five built-in roles, or bring their grants back to what the program ships.

    ``permissions``: every code that the modules' ``policies.PERMISSIONS`` declare."""
    known = sorted(permissions)
    roles = [_install(preset, known) for preset in PRESETS]
    refresh_rights(_holders(roles))
    emit("roles.installed", roles[0], actor=actor, at=at, roles=[role.code for role in roles])
    return roles


def _install(preset: RolePreset, permissions: list[str]) -> Role:
    names = {"name": preset.name, "name_en": preset.name, "name_ar": preset.name_ar, "name_fa": preset.name_fa}
    role, _fresh = Role.objects.update_or_create(code=preset.code, defaults={**names, "built_in": True})
    _write_grants(role, preset_grants(preset, permissions))
    return role


def _write_grants(role: Role, grants: Mapping[str, str]) -> None:
    role.grants.all().delete()
    Grant.objects.bulk_create(Grant(role=role, permission=code, scope=scope) for code, scope in grants.items())


@transaction.atomic
def save_role(form: ModelForm[Role], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Role:
    """Make or rename a role. Its grants are set by :func:`set_grants`."""
    actor.require("identity.change_role" if form.instance.pk else "identity.add_role")
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


@transaction.atomic
def set_grants(role: Role, grants: Mapping[str, str], *, actor: Actor, at: datetime) -> Role:
    """Replace what a role may do: ``{permission: scope}``. Everybody who has it is affected at once."""
    role = lock(role)
    actor.require("identity.change_role")
    if unknown := set(grants.values()) - SCOPES:
        raise ValueError(f"unknown scopes {sorted(unknown)}")
    _require_held(actor, dict(grants))
    before, had_one = dict(role.grants.values_list("permission", "scope")), administrators().exists()
    _write_grants(role, grants)
    refresh_rights(_holders([role]))
    _require_an_administrator(had_one)
    changes = {code: [before.get(code), grants.get(code)] for code in {*before, *grants}}
    emit("role.changed", role, actor=actor, at=at, grants={k: v for k, v in changes.items() if v[0] != v[1]})
    return role


@transaction.atomic
def delete_role(role: Role, *, actor: Actor, at: datetime) -> None:
    """Remove a role that nobody has and that did not come with the program."""
    role = lock(role)
    actor.require("identity.delete_role")
    if role.built_in:
        raise Refused(_("This role comes with the program and cannot be deleted."))
    if role.memberships.exists():
        raise Refused(_("People have this role. Give them another one first."))
    emit("role.deleted", role, actor=actor, at=at, code=role.code)
    role.delete()


@transaction.atomic
def set_roles(user: User, roles: Collection[Role], *, actor: Actor, at: datetime) -> User:
    """Replace the roles of a colleague."""
    user = lock(user)
    actor.require("identity.set_roles")
    before, had_one = sorted(user.memberships.values_list("role__code", flat=True)), administrators().exists()
    user.memberships.exclude(role__in=roles).delete()
    give_roles(user, roles, actor)
    refresh_rights([user.pk])
    _require_an_administrator(had_one)
    after = sorted(role.code for role in roles)
    emit("user.roles_changed", user, actor=actor, at=at, before=before, after=after)
    user.refresh_from_db()
    return user


def give_roles(user: User, roles: Collection[Role], actor: Actor) -> None:
    """Add memberships. Nobody gives a right that he does not hold himself. The caller refreshes the rights."""
    held = set(user.memberships.values_list("role_id", flat=True))
    fresh = [role for role in roles if role.pk not in held]
    grants = Grant.objects.filter(role__in=fresh).values_list("permission", "scope")
    _require_held(actor, widest(grants))
    Membership.objects.bulk_create(Membership(user=user, role=role) for role in fresh)


def _require_held(actor: Actor, grants: dict[str, str]) -> None:
    if actor.user_id is None:  # the program itself
        return
    if not covers(dict(actor.grants), grants):
        raise Refused(_("You cannot give a right that you do not have yourself."))


def _require_an_administrator(had_one: bool) -> None:
    if had_one and not administrators().exists():
        raise Refused(_("Nobody else could give roles any more. Make another administrator first."))


def _holders(roles: Iterable[Role]) -> list[int]:
    return list(Membership.objects.filter(role__in=list(roles)).values_list("user_id", flat=True).distinct())
