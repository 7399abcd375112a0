"""Colleagues with their managers, teams and offices. They cannot sign in until somebody lets them in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rawabit.connect.logic.reasons import Rejected
from rawabit.connect.logic.units import Unit
from rawabit.connect.targets.base import Batch, Writer, given, text
from rawabit.connect.targets.customers import phone_of
from rawabit.connect.targets.lookups import by_name, label_of, one_of, values_of
from rawabit.crm.models import LANGUAGES
from rawabit.identity.actions.people import person_key
from rawabit.identity.actions.rights import refresh_rights
from rawabit.identity.actions.roles import give_roles, install_roles
from rawabit.identity.actions.teams import people_of
from rawabit.identity.models import STAFF, Role, Team, User
from rawabit.kit.importing import EntitySpec, FieldSpec
from rawabit.kit.marking import _

SPEC = EntitySpec(
    "colleague",
    (
        FieldSpec("external_id", required=True, limit=200),
        FieldSpec("full_name", limit=200),
        FieldSpec("email", limit=254),
        FieldSpec("phone", limit=40),
        FieldSpec("language", "choice", choices=tuple(code for code, _label in LANGUAGES)),
        FieldSpec("role", limit=40),
        FieldSpec("manager", limit=200),
        FieldSpec("team", limit=200),
        FieldSpec("office", limit=100),
    ),
)
ENTITY, TEAM, OFFICE, MANAGER = "colleague", "team", "office", "manager"
USUAL_ROLE = "sales"
NOWHERE = "colleagues.invalid"  # RFC 2606: no mail ever arrives there


@dataclass(slots=True)
class _Desk:
    roles: dict[str, Any]


class ColleagueWriter(Writer):
    entity = SPEC
    model = User
    permission = "identity.add_user"

    def write(self, units: Sequence[Unit], batch: Batch) -> None:
        """Managers before those whom they lead; a manager without a row of his own is made from his name."""
        named = {unit.key for unit in units}
        bosses = values_of(units, "manager") - named
        known = batch.known.find(ENTITY, bosses)
        made = [_from_name(name, units) for name in sorted(bosses - set(known))]
        super().write(made, batch)
        batch.aside.update((MANAGER, unit.key) for unit in made if unit.reason is None)
        super().write([unit for unit in units if not unit.values.get("manager")], batch)
        super().write([unit for unit in units if unit.values.get("manager")], batch)

    def prepare(self, units: list[Unit], batch: Batch) -> _Desk:
        _require_roles(batch)
        return _Desk(by_name(batch, Role, values_of(units, "role") | {USUAL_ROLE}, "code"))

    def same(self, fresh: dict[str, Unit], batch: Batch) -> dict[str, int]:
        """A colleague who signs in with that address is the same person; nothing of his is changed."""
        emails = {address_of(unit): key for key, unit in fresh.items()}
        rows = User.objects.filter(email__in=list(emails), kind=STAFF)
        return {emails[email]: pk for email, pk in rows.values_list("email", "pk")}

    def build(self, unit: Unit, batch: Batch, desk: _Desk) -> User:
        values = unit.values
        unit.work = one_of(desk.roles, unit, "role", Role._meta.verbose_name) or desk.roles.get(USUAL_ROLE, [None])[0]
        if unit.work is None:
            raise Rejected("reference.unknown", column="role", entity=Role._meta.verbose_name, value=USUAL_ROLE)
        user = User(
            email=_checked(address_of(unit), unit), full_name=text(values, "full_name") or unit.name, kind=STAFF,
            is_active=False, password=make_password(None), phone=phone_of(unit, "phone", batch.company.country),
            date_joined=batch.at, created_at=batch.at, updated_at=batch.at, **given(values, "language"),
        )  # fmt: skip
        user.search_text = person_key(user)
        return user

    def attach(self, made: list[tuple[Unit, Any]], batch: Batch, desk: _Desk) -> None:
        for unit, user in made:
            give_roles(user, [unit.work], batch.actor)
        teams = _Teams(batch, [unit for unit, _user in made])
        for unit, user in made:
            teams.join(unit, user)
        refresh_rights({user.pk for _unit, user in made} | teams.people())


def _require_roles(batch: Batch) -> None:
    """An empty installation gets the roles that come with the program first."""
    if not Role.objects.exists():
        modules = [f"{app.name}.policies" for app in apps.get_app_configs() if app.name.startswith("rawabit.")]
        declared = [getattr(import_module(name), "PERMISSIONS", []) for name in modules if find_spec(name)]
        install_roles([code for listed in declared for code, _label in listed], actor=batch.actor, at=batch.at)


class _Teams:
    """The teams of a batch: of a manager, by name, or of an office."""

    def __init__(self, batch: Batch, units: Iterable[Unit]) -> None:
        self._batch = batch
        self._teams: dict[str, Team] = {}
        units = list(units)
        self._leaders = batch.known.find(ENTITY, values_of(units, "manager"))
        for name, rows in by_name(batch, Team, {team_of(unit) for unit in units} - {""}).items():
            self._teams[name] = rows[0]

    def join(self, unit: Unit, user: User) -> None:
        name, office = team_of(unit), text(unit.values, "office")
        if office:
            self._batch.aside.add((OFFICE, office))
        if name:
            (self._teams.get(name) or self._begin(name, office, unit)).members.add(user)

    def _begin(self, name: str, office: str, unit: Unit) -> Team:
        leader = self._leaders.get(text(unit.values, "manager"))
        batch = self._batch
        team = Team.objects.create(
            name=name, office=office, leader_id=leader.pk if leader else None, created_at=batch.at, updated_at=batch.at
        )
        batch.made_aside(TEAM, name, team.pk)
        batch.shelf.setdefault("identity.Team.name", {})[name] = [team]
        self._teams[name] = team
        return team

    def people(self) -> set[int]:
        return set().union(*(people_of(team) for team in self._teams.values()))


def _from_name(name: str, units: Sequence[Unit]) -> Unit:
    """A manager of whom the file says no more than his name."""
    target = next(unit.target for unit in units if unit.values.get("manager") == name)
    return Unit(target, name, {"external_id": name, "full_name": name})


def team_of(unit: Unit) -> str:
    """The team by its name, else by its manager, else by its office."""
    return text(unit.values, "team") or text(unit.values, "manager") or text(unit.values, "office")


def address_of(unit: Unit) -> str:
    """The address to sign in with. Who has none in the source gets one that no mail ever reaches."""
    if email := text(unit.values, "email").strip().lower():
        return email
    name = text(unit.values, "full_name") or unit.name
    plain = ".".join("".join(c if c.isalnum() or c == "-" else " " for c in name.lower()).split())
    if not plain.isascii() or not plain or len(plain) > 60:
        plain = hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"{plain}@{NOWHERE}"


def _checked(email: str, unit: Unit) -> str:
    try:
        validate_email(email)
    except ValidationError as error:
        reason = str(_("This is not an e-mail address."))
        raise Rejected("record.invalid", column=label_of(unit, "email"), value=email, reason=reason) from error
    return email
