"""Queries compiled once: building and compiling one of Django's costs five times what the database needs for it.

A prepared query is written as a function that answers a queryset. It is called once per shape, with stand-ins for the
values; after that only the values are sent. Row rules stay what they are: ``visible_to`` is called like everywhere, with
an actor made of stand-ins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, ValuesIterable, ValuesListIterable, get_related_populators

R = TypeVar("R")
Bind = Callable[[Any], Any]
Read = Callable[[Sequence[Any]], Iterator[Any]]
_FIRST_KEY = 9_000_000_000_000_000_001


class NotPrepared(Exception):
    """The query cannot be compiled once: a value does not arrive at the database as it was given."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Compiled: the statement, what is sent at which place, and how rows are read. ``sql`` "": never any row."""

    sql: str
    fixed: tuple[Any, ...]
    bound: tuple[tuple[int, str, Bind], ...]
    read: Read

    def run(self, values: Mapping[str, Any]) -> list[Any]:
        if not self.sql:
            return []
        params = list(self.fixed)
        for place, name, bind in self.bound:
            params[place] = bind(values[name])
        return list(self.read(_fetched(self.sql, params)))


def _fetched(sql: str, params: list[Any]) -> list[Any]:
    """All rows. On SQLite straight from the driver, unless somebody wants to see each statement."""
    db: Any = connections[DEFAULT_DB_ALIAS]
    if db.vendor != "sqlite" or db.queries_logged or db.execute_wrappers:
        with db.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
    db.ensure_connection()
    db.validate_no_broken_transaction()
    with db.wrap_database_errors:
        found: list[Any] = db.connection.execute(_with_question_marks(sql), params).fetchall()
    return found


@lru_cache(maxsize=4096)
def _with_question_marks(sql: str) -> str:
    """A statement in Django's words as SQLite's driver reads it."""
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")


ALL: list[Prepared[Any]] = []  # every prepared query of the process; tests forget their plans through it


class Prepared(Generic[R]):
    """``prepared(*shape, **values)``: the rows of ``build(*shape, **values)``.

    Shape: whatever changes the statement (a tab, a role); hashable, and of few different kinds, for each is kept.
    Values: keys (int), UUIDs, whole texts, dates and moments that the statement compares with; not lists or None.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, R]]) -> None:
        self._build = build
        self._plans: dict[tuple[Any, ...], _Plan] = {}
        ALL.append(self)

    def __call__(self, *shape: Any, **values: Any) -> list[R]:
        key = (connection.vendor, *shape)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = _compiled(self._build, shape, values)
        return plan.run(values)

    def first(self, *shape: Any, **values: Any) -> R | None:
        """The first row, or None. The query itself must say that it wants no more (``[:1]``)."""
        rows = self(*shape, **values)
        return rows[0] if rows else None


def prepared(build: Callable[..., QuerySet[Any, R]]) -> Prepared[R]:
    """Decorator: a function ``(*shape, **values) -> queryset`` as a query that is compiled once per shape."""
    return Prepared(build)


def _compiled(build: Callable[..., QuerySet[Any, Any]], shape: tuple[Any, ...], values: Mapping[str, Any]) -> _Plan:
    stand_ins = {name: _stand_in(place, value) for place, (name, value) in enumerate(values.items())}
    rows = build(*shape, **stand_ins)
    compiler = rows.query.get_compiler(using=rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return _Plan("", (), (), iter)
    bound = tuple((place, *found) for place, param in enumerate(params) if (found := _which(param, stand_ins)))
    if missing := set(values) - {name for _place, name, _bind in bound}:
        raise NotPrepared(f"{sorted(missing)} do not stand in {sql}")
    return _Plan(sql, tuple(params), bound, _reader(rows, compiler))


def _stand_in(place: int, value: Any) -> Any:
    """A value of the same type that nobody else uses."""
    if isinstance(value, bool) or value is None:
        raise NotPrepared("a truth value or None changes the statement; make it a part of the shape")
    if isinstance(value, int):
        return _FIRST_KEY + place
    if isinstance(value, UUID):
        return UUID(int=_FIRST_KEY + place)
    if isinstance(value, str):
        return f"stand-in {_FIRST_KEY + place}"
    if isinstance(value, datetime):
        return datetime(9000 + place, 9, 9, tzinfo=UTC)
    if isinstance(value, date):
        return date(9000 + place, 9, 9)
    raise NotPrepared(f"values of {type(value).__name__} cannot be bound")


def _which(param: Any, stand_ins: Mapping[str, Any]) -> tuple[str, Bind] | None:
    """Which stand-in a parameter is, and how its value is to be sent: each engine has its own form of the same."""
    for name, stand_in in stand_ins.items():
        for form in _FORMS.get(type(stand_in), ()):
            if type(param) is type(form(stand_in)) and param == form(stand_in):
                return name, form
    return None


def _same(value: Any) -> Any:
    return value


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


_FORMS: dict[type, tuple[Bind, ...]] = {
    int: (_same,),
    str: (_same,),
    UUID: (_same, lambda uid: uid.hex, str),
    date: (_same, date.isoformat),
    datetime: (_same, _moment),
}


# Reading rows: what the iterables of django.db.models.query do, with everything looked up beforehand


def _reader(rows: QuerySet[Any, Any], compiler: Any) -> Read:
    converters = compiler.get_converters([expression for expression, _sql, _params in compiler.select])
    make = _maker(rows, compiler)
    if not converters:
        return lambda found: map(make, found)
    return lambda found: map(make, compiler.apply_converters(found, converters))


def _maker(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Any], Any]:
    kind = rows._iterable_class  # type: ignore[attr-defined]
    if kind is ValuesListIterable:
        return tuple
    if kind is ValuesIterable:
        names = _names(rows.query)
        return lambda row: dict(zip(names, row))  # noqa: B905 # as many of each, always
    if kind is not ModelIterable or compiler.annotation_col_map:
        raise NotPrepared(f"rows of {kind.__name__} are not read here")
    return _record_maker(rows.db, compiler)


def _names(query: Any) -> list[str]:
    """The keys of ``values()``, in the order of the columns."""
    if query.selected:
        return list(query.selected)
    return [*query.extra_select, *query.values_select, *query.annotation_select]


def _record_maker(using: str, compiler: Any) -> Callable[[Any], Any]:
    info, select = compiler.klass_info, compiler.select
    fields = info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names, model = [column[0].target.attname for column in select[start:end]], info["model"]
    related = get_related_populators(info, select, using)

    def make(row: Any) -> Any:
        record = model.from_db(using, names, row[start:end])
        for populator in related:
            populator.populate(row, record)
        return record

    return make
