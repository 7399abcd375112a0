"""Prepared queries that start at ``visible_to(actor)``: see :mod:`rawabit.kit.records.prepared`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from rawabit.kit.records.actor import Actor
from rawabit.kit.records.prepared import prepared

R = TypeVar("R")
Build = Callable[..., QuerySet[Any, R]]


class Seen(Generic[R]):
    """``build(actor, *shape, **values)`` answers a queryset narrowed by the row rules.

    For a person at one customer it is compiled once per role and shape. Somebody who looks with the eyes of several
    customers at once (to open a document of any of them) is rare, and asks in the ordinary way.

    Not for models whose rule looks at the person himself (who signs in, contacts): compiled for nobody, they show
    nothing."""

    def __init__(self, build: Build[R]) -> None:
        self._build = build
        self._query = prepared(self._for_one)

    def __call__(self, actor: Actor, *shape: Any, **values: Any) -> list[R]:
        if len(actor.customer_ids or ()) != 1:
            return list(self._build(actor, *shape, **values))
        ((customer, role),) = ((key, actor.customer_roles[key]) for key in actor.customer_ids or ())
        return self._query(role, *shape, customer=customer, **values)

    def first(self, actor: Actor, *shape: Any, **values: Any) -> R | None:
        """The first row, or None. The query itself must say that it wants no more (``[:1]``)."""
        rows = self(actor, *shape, **values)
        return rows[0] if rows else None

    def _for_one(self, role: str, *shape: Any, customer: int, **values: Any) -> QuerySet[Any, R]:
        return self._build(alone(Actor(None, door="portal"), customer, role), *shape, **values)


def seen(build: Build[R]) -> Seen[R]:
    """Decorator of a function ``(actor, *shape, **values) -> queryset``."""
    return Seen(build)


def alone(actor: Actor, customer: int, role: str) -> Actor:
    """The person as if he stood for this one customer only."""
    return replace(actor, customer_ids=frozenset({customer}), customer_roles=MappingProxyType({customer: role}))
