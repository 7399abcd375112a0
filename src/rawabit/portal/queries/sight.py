"""Who can see a record, and why: asked of the very rules that every page asks, for all colleagues at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, Case, Model, Q, Value, When

from rawabit.crm.models import Customer, PortalAccess
from rawabit.identity.models import STAFF, User
from rawabit.identity.queries import actor_of
from rawabit.kit.links.models import Link
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actor import NOTHING, Actor, rule_of, view_permission

MOST_PEOPLE = 200
AT_ONCE = 40  # rules in one question: every one of them is a condition of the statement
ALL, OWN, TEAM, TERRITORY, SHARED = "all", "own", "team", "territory", "shared"
REASONS: Mapping[str, Any] = {
    ALL: _("May see all records of this kind"),
    OWN: pgettext_lazy("sight", "Looks after it or after the customer"),
    TEAM: pgettext_lazy("sight", "A colleague of the team looks after it"),
    TERRITORY: pgettext_lazy("sight", "The customer is in the person's territory"),
    SHARED: pgettext_lazy("sight", "By what it is connected with"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seer:
    """A colleague who sees the record, with the reason."""

    user: User
    why: str

    @property
    def reason(self) -> Any:
        return REASONS[self.why]


def seers_of(record: Model) -> list[Seer]:
    """The colleagues who see the record, by name."""
    people = list(User.objects.filter(kind=STAFF, is_active=True).order_by("full_name", "pk"))
    actors = {person.pk: actor_of(person) for person in people}
    seen = _who_sees(record, actors)
    return [Seer(person, _why(actors[person.pk], record)) for person in people if person.pk in seen]


def _who_sees(record: Model, actors: Mapping[int, Actor]) -> set[int]:
    """The keys of those whose row rule lets the record through. Rules that say everything or nothing are answered at
    once; the others are conditions of one statement for many people."""
    rule = rule_of(type(record))
    if rule is None:
        return set()
    found: set[int] = set()
    asked: dict[int, Q] = {}
    for key, actor in actors.items():
        condition = rule(actor)
        if not condition:
            found.add(key)
        elif condition != NOTHING:
            asked[key] = condition
    keys = list(asked)
    for start in range(0, len(keys), AT_ONCE):
        found |= _true_of(record, {key: asked[key] for key in keys[start : start + AT_ONCE]})
    return found


def _true_of(record: Model, conditions: Mapping[int, Q]) -> set[int]:
    """Which of the conditions hold for the record."""
    columns = {
        f"c{key}": Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
        for key, condition in conditions.items()
    }
    rows = type(record)._default_manager.filter(pk=record.pk).annotate(**columns).values(*columns)
    return {int(name[1:]) for row in rows for name, holds in row.items() if holds}


def _why(actor: Actor, record: Model) -> str:
    """The narrowest reason that is true, in words a person can check."""
    scope = actor.grants.get(view_permission(type(record)), "") if actor.may(view_permission(type(record))) else ""
    if scope == "all":
        return ALL
    customer = customer_of_record(record)
    owners = {getattr(record, "owner_id", None), customer.owner_id if customer else None} - {None}
    if actor.user_id in owners or (getattr(record, "pk", None) == actor.user_id and isinstance(record, User)):
        return OWN
    if owners & actor.team_user_ids and scope in ("team", "territory"):
        return TEAM
    if customer is not None and customer.territory_id in actor.territory_ids and scope == "territory":
        return TERRITORY
    return SHARED


def customer_of_record(record: Model) -> Customer | None:
    found = record if isinstance(record, Customer) else getattr(record, "customer", None)
    return found if isinstance(found, Customer) else None


def customers_people(record: Model) -> list[PortalAccess]:
    """The people of the record's customer who see it in the portal, by their roles there."""
    customer = customer_of_record(record)
    if customer is None or rule_of(type(record)) is None:
        return []
    rows = PortalAccess.objects.filter(customer=customer, is_active=True, user__is_active=True)
    held = {row.pk: row for row in rows.select_related("user").order_by("user__full_name", "pk")[:MOST_PEOPLE]}
    seen = _who_sees(record, {pk: _standing(row) for pk, row in held.items()})
    return [row for pk, row in held.items() if pk in seen]


def _standing(row: PortalAccess) -> Actor:
    """The person as he stands for this one customer."""
    roles = MappingProxyType({row.customer_id: row.role})
    return Actor(row.user_id, door="portal", customer_ids=frozenset(roles), customer_roles=roles)


def links_to(record: Model, now: Any) -> Sequence[Link]:
    """Valid links to the record: whoever holds one sees it without signing in."""
    kind = ContentType.objects.get_for_model(record)
    rows = Link.objects.filter(subject_type=kind, subject_id=record.pk, revoked_at=None, expires_at__gt=now)
    return list(rows.order_by("-made_at")[:50])


def may_see(record: Model, actors: Iterable[Actor]) -> list[bool]:
    """For each actor whether he sees the record; the same answer as ``visible_to``, for many at once."""
    numbered = dict(enumerate(actors, 1))
    seen = _who_sees(record, numbered)
    return [number in seen for number in numbered]
