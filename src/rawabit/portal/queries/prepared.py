"""Queries that are composed once and asked often.

Composing the same SQL anew for each visitor took half the time of a page. A prepared query is composed once per shape,
from the same ``visible_to(actor)`` as everything else, with stand-ins for the person's customers and for the values
asked for; each call then only fills them in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import DateField, QuerySet, UUIDField

from rawabit.kit.records.actor import Actor, rule_of

_FAR = -(1 << 61)  # stand-ins for keys: no row ever has such a one
_DAY, _UID = DateField(), UUIDField()
Build = Callable[..., QuerySet[Any, Any]]
Row = dict[str, Any]


class NotPreparable(Exception):
    """A value did not reach the SQL as a parameter of its own, so it cannot be filled in later."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Composed SQL. ``slots`` says which parameter is which value; ``converters`` how columns become Python."""

    sql: str
    params: Sequence[Any]
    slots: Sequence[tuple[int, int]]
    names: Sequence[str]
    converters: Sequence[tuple[str, Sequence[Callable[..., Any]], Any]]

    def rows(self, values: Sequence[Any]) -> list[Row]:
        if not self.sql:
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        params = list(self.params)
        for place, number in self.slots:
            params[place] = _as_parameter(values[number])
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = [dict(zip(self.names, row, strict=True)) for row in cursor.fetchall()]
        for name, steps, column in self.converters:
            for row in rows:
                for step in steps:
                    row[name] = step(row[name], column, connection)
        return rows


NOTHING_TO_SEE = Plan("", (), (), (), ())


class Prepared:
    """``build(actor, *values)`` answers a ``values()`` queryset of ``model``.

    Keys (int), days and uids among the values, alone or in a list, are filled in at each call. Any other value (the
    name of a tab) makes a shape of its own and must be one of a few."""

    def __init__(self, model: type[models.Model], build: Build) -> None:
        self.model, self.build = model, build
        self.plans: dict[Hashable, Plan] = {}

    def __call__(self, actor: Actor, *values: Any) -> list[Row]:
        customers = sorted(actor.customer_ids or ())
        roles = tuple(actor.customer_roles[key] for key in customers)
        shape = (rule_of(self.model), roles, *map(_shape, values))
        plan = self.plans.get(shape) or self.plans.setdefault(shape, self.compose(roles, values))
        return plan.rows([*customers, *(part for value in values for part in _fillable(value))])

    def compose(self, roles: Sequence[str], values: Sequence[Any]) -> Plan:
        """The SQL for a person with these roles, and where his customers and the values stand in it."""
        keys = [_FAR - number for number in range(len(roles))]
        stand_ins: list[Any] = [*keys]
        arguments = [_stand_in(value, stand_ins) for value in values]
        held = MappingProxyType(dict(zip(keys, roles, strict=True)))
        rows = self.build(Actor(0, door="portal", customer_ids=frozenset(keys), customer_roles=held), *arguments)
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:  # none of his roles may look at these rows
            return NOTHING_TO_SEE
        marks = {_as_parameter(stand_in): number for number, stand_in in enumerate(stand_ins)}
        slots = [(place, marks[param]) for place, param in enumerate(params) if param in marks]
        if missing := set(range(len(keys), len(stand_ins))) - {number for _place, number in slots}:
            raise NotPreparable(f"{self.build.__name__}: values {sorted(missing)} are no parameters of their own")
        names = list(rows.query.selected or ())
        columns = compiler.get_converters([column[0] for column in compiler.select])
        converters = [(names[place], steps, column) for place, (steps, column) in columns.items()]
        return Plan(sql, params, slots, names, converters)


def prepared(model: type[models.Model]) -> Callable[[Build], Prepared]:
    """Make a function that answers a queryset of ``model`` a prepared query."""
    return lambda build: Prepared(model, build)


def _shape(value: Any) -> Hashable:
    if isinstance(value, list):
        return len(value), type(value[0])
    return type(value) if isinstance(value, int | date | UUID) else value


def _fillable(value: Any) -> Iterable[Any]:
    if isinstance(value, list):
        return value
    return (value,) if isinstance(value, int | date | UUID) else ()


def _stand_in(value: Any, stand_ins: list[Any]) -> Any:
    """What to compose with instead of a value; noted in ``stand_ins`` in the order of the values."""
    if isinstance(value, list):
        return [_stand_in(part, stand_ins) for part in value]
    number = len(stand_ins)
    for kind, stand_in in ((int, _FAR - number), (date, date(1, 1, 1 + number)), (UUID, UUID(int=1 + number))):
        if isinstance(value, kind):
            stand_ins.append(stand_in)
            return stand_in
    return value


def _as_parameter(value: Any) -> Any:
    """A value as the database's driver takes it."""
    connection = connections[DEFAULT_DB_ALIAS]
    if isinstance(value, date):
        return _DAY.get_db_prep_value(value, connection)
    return _UID.get_db_prep_value(value, connection) if isinstance(value, UUID) else value
