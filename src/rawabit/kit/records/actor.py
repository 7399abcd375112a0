"""Who acts, what he may do, and which rows he sees. Denied by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q

SCOPES = ("own", "team", "territory", "all")
_NO_GRANTS: Mapping[str, str] = MappingProxyType({})
_NO_ROLES: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or a job) seen from one door.

    ``grants`` maps ``"app.verb_model"`` to a scope of :data:`SCOPES`. ``customer_ids`` is None for staff;
    for a customer's user it holds the customers he stands for, and ``customer_roles`` his role at each.
    """

    user_id: int | None
    name: str = ""
    door: str = "desk"
    grants: Mapping[str, str] = field(default_factory=lambda: _NO_GRANTS)
    team_user_ids: frozenset[int] = frozenset()
    territory_ids: frozenset[int] = frozenset()
    customer_ids: frozenset[int] | None = None
    customer_roles: Mapping[int, str] = field(default_factory=lambda: _NO_ROLES)

    @property
    def is_customer(self) -> bool:
        return self.customer_ids is not None

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None and self.door not in SYSTEM_DOORS

    def may(self, permission: str) -> bool:
        return permission in self.grants

    def require(self, permission: str) -> None:
        """Raise ``PermissionDenied`` (403) unless the actor holds the permission in some scope."""
        if not self.may(permission):
            raise PermissionDenied(permission)


class _Every(Mapping[str, str]):
    """Grants of the system itself: everything, everywhere."""

    def __getitem__(self, key: str) -> str:
        return "all"

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(())

    def __len__(self) -> int:
        return 0


SYSTEM_DOORS = ("job", "import", "setup")


def system(door: str = "job") -> Actor:
    """The program itself, acting for nobody in particular."""
    return Actor(user_id=None, name="Rawabit", door=door, grants=_Every())


Rule = Callable[[Actor], Q]
EVERYTHING = Q()
NOTHING = Q(pk__in=())
_RULES: dict[type[models.Model], Rule] = {}


def visible(*kinds: type[models.Model]) -> Callable[[Rule], Rule]:
    """Register the row rule of models. A model without one is visible to nobody."""

    def register(rule: Rule) -> Rule:
        for model in kinds:
            if model in _RULES:
                raise ValueError(f"{model.__name__} has a row rule already")
            _RULES[model] = rule
        return rule

    return register


def rule_of(model: type[models.Model]) -> Rule | None:
    return _RULES.get(model)


def view_permission(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.view_{model._meta.model_name}"


def by_scope(actor: Actor, permission: str, *, owner: str = "owner", territory: str | None = None) -> Q:
    """The rows of a staff member's scope. ``owner`` and ``territory`` are paths to the keys that decide it."""
    scope = actor.grants.get(permission) if permission in actor.grants else None
    if scope == "all":
        return EVERYTHING
    if scope is None:
        return NOTHING
    rows = Q(**{f"{owner}_id" if "__" not in owner else owner: actor.user_id})
    if scope in ("team", "territory"):
        rows |= Q(**{f"{owner}__in": actor.team_user_ids})
    if scope == "territory" and territory:
        rows |= Q(**{f"{territory}__in": actor.territory_ids})
    return rows
