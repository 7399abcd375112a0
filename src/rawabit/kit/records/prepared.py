"""Queries compiled once: building and compiling one of Django's costs five times what the database needs for it.

A prepared query is written as a function that answers a queryset. It is called once per shape, with stand-ins for the
values; after that only the values are sent. Row rules stay what they are: ``visible_to`` is called like everywhere,
with an actor made of stand-ins. The function must not decide by a value: what decides belongs to the shape.

It is compiled twice, with different stand-ins; whatever then differs must be a place where a value stands as it was
given, or the query is refused (``NotPrepared``). What is only unusual (a value of a subclass, a number that no column
holds, an engine that finds no row possible) is asked in the ordinary way. ``settings.SHORTCUTS`` switches it all off.

Relied on of Django's private parts: the compiler (``as_sql``, ``select``, ``klass_info``, ``get_converters``), the
iterables of ``django.db.models.query`` and how SQLite's cursor rewrites placeholders. ``tests/kit/test_prepared.py``
compares rows with Django's own and holds a digest of those functions, so that it fails when an upgrade changes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, ValuesIterable, ValuesListIterable, get_related_populators

R = TypeVar("R")
Bind = Callable[[Any], Any]
Read = Callable[[Sequence[Any]], Iterator[Any]]
_LARGEST = 2**63 - 1  # that a column holds
_FIRST_KEY = 9_000_000_000_000_000_001


class NotPrepared(Exception):
    """The query cannot be compiled once: a value does not arrive at the database as it was given."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Compiled: the statement, what is sent at which place, and how rows are read."""

    sql: str
    fixed: tuple[Any, ...]
    bound: tuple[tuple[int, str, Bind], ...]
    read: Read

    def run(self, values: Mapping[str, Any]) -> list[Any]:
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
    db.validate_thread_sharing()
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
    Values: keys (int), UUIDs, whole texts, dates and aware moments that the statement compares with; not lists or None.
    Which values are given, and of which types, counts as shape too.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, R]]) -> None:
        self._build = build
        self._plans: dict[tuple[Any, ...], _Plan | None] = {}
        ALL.append(self)

    def __call__(self, *shape: Any, **values: Any) -> list[R]:
        if not settings.SHORTCUTS:
            return list(self._build(*shape, **values))
        kinds = tuple([(name, _kind(value)) for name, value in values.items()])
        key = (connection.vendor, shape, tuple(map(type, shape)), kinds)
        if key not in self._plans:
            self._plans[key] = _compiled(self._build, shape, kinds)
        plan = self._plans[key]
        return list(self._build(*shape, **values)) if plan is None else plan.run(values)

    def first(self, *shape: Any, **values: Any) -> R | None:
        """The first row, or None. The query itself must say that it wants no more (``[:1]``)."""
        rows = self(*shape, **values)
        return rows[0] if rows else None


def prepared(build: Callable[..., QuerySet[Any, R]]) -> Prepared[R]:
    """Decorator: a function ``(*shape, **values) -> queryset`` as a query that is compiled once per shape."""
    return Prepared(build)


# Values


def _kind(value: Any) -> type | None:
    """The type by which a value is bound. None: of a subclass or too large, so to be asked in the ordinary way."""
    kind = type(value)
    if kind is int:
        return int if -_LARGEST <= value <= _LARGEST else None
    if kind is datetime and value.tzinfo is None:
        raise NotPrepared("a moment without a zone; Django would guess one")
    if kind in _FORMS:
        return kind
    if value is None or kind is bool:
        raise NotPrepared("a truth value or None changes the statement; make it a part of the shape")
    if isinstance(value, int | str | UUID | date):
        return None
    raise NotPrepared(f"values of {kind.__name__} cannot be bound")


def _stand_in(number: int, kind: type) -> Any:
    """A value that nobody else uses, and that would not arrive whole if texts were folded or trimmed on their way."""
    if kind is int:
        return _FIRST_KEY + number
    if kind is UUID:
        return UUID(int=_FIRST_KEY + number)
    if kind is str:
        return f" Stand-In \u00c9\u0663\u06f3\u064a\u06cc\u0649 {_FIRST_KEY + number}  "
    if kind is datetime:
        return datetime(9000 + number, 9, 9, 9, 9, 9, 999999 - number, tzinfo=UTC)
    return date(9000 + number, 9, 9)


def _same(value: Any) -> Any:
    return value


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


_FORMS: dict[type, tuple[Bind, ...]] = {
    int: (),  # see _which
    str: (_same,),
    UUID: (_same, lambda uid: uid.hex, str),
    date: (_same, date.isoformat),
    datetime: (_same, _moment),
}


def _which(param: Any, stand_ins: Mapping[str, Any]) -> tuple[str, Bind] | None:
    """Which stand-in a parameter is, and how its value is to be sent: each engine has its own form of the same."""
    for name, stand_in in stand_ins.items():
        if type(stand_in) is int and isinstance(param, int) and param == stand_in:
            return name, type(param)  # PostgreSQL's driver has kinds of numbers for the widths of columns
        for form in _FORMS[type(stand_in)]:
            if type(param) is type(form(stand_in)) and param == form(stand_in):
                return name, form
    return None


# Compiling


def _compiled(build: Callable[..., QuerySet[Any, Any]], shape: Sequence[Any], kinds: Sequence[Any]) -> _Plan | None:
    """The plan; None when each call is to be asked in the ordinary way."""
    if any(kind is None for _name, kind in kinds):
        return None
    found = _statement(build, shape, kinds, 0)
    other = _statement(build, shape, kinds, len(kinds))
    if found is None or other is None:
        return None
    sql, fixed, bound, read = found
    if (sql, fixed, bound) != other[:3]:
        raise NotPrepared(f"a value changes more than its own place in {sql}")
    if missing := {name for name, _kind in kinds} - {name for _place, name, _bind in bound}:
        raise NotPrepared(f"{sorted(missing)} do not stand in {sql}")
    return _Plan(sql, fixed, bound, read)


def _statement(
    build: Callable[..., QuerySet[Any, Any]], shape: Sequence[Any], kinds: Sequence[Any], start: int
) -> tuple[str, tuple[Any, ...], tuple[tuple[int, str, Bind], ...], Read] | None:
    """Compiled with the stand-ins from ``start`` on; their places are None in what is fixed. None: never any row."""
    stand_ins = {name: _stand_in(start + place, kind) for place, (name, kind) in enumerate(kinds)}
    rows = build(*shape, **stand_ins)
    compiler = rows.query.get_compiler(using=rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    found = [_which(param, stand_ins) for param in params]
    fixed = tuple(param if which is None else None for param, which in zip(params, found, strict=True))
    bound = tuple((place, *which) for place, which in enumerate(found) if which)
    return sql, fixed, bound, _reader(rows, compiler)


# Reading rows: what the iterables of django.db.models.query do, with everything looked up beforehand


def _reader(rows: QuerySet[Any, Any], compiler: Any) -> Read:
    _require_plain(rows, compiler)
    converters = compiler.get_converters([expression for expression, _sql, _params in compiler.select])
    make = _maker(rows, compiler)
    if not converters:
        return lambda found: map(make, found)
    return lambda found: map(make, compiler.apply_converters(found, converters))


def _require_plain(rows: Any, compiler: Any) -> None:
    """What Django does besides reading rows is not done here."""
    besides = {
        "prefetch_related": rows._prefetch_related_lookups,
        "rows of a related manager": rows._known_related_objects,
        "another database": rows.db != DEFAULT_DB_ALIAS,
        "select_for_update": rows.query.select_for_update,
        "columns to sort by alone": compiler.has_extra_select,
        "composite keys": compiler.has_composite_fields([column[0] for column in compiler.select]),
    }
    if refused := [name for name, wanted in besides.items() if wanted]:
        raise NotPrepared(f"not read here: {', '.join(refused)}")


def _maker(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Any], Any]:
    kind = rows._iterable_class
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
    related = get_related_populators(info, select, using)  # type: ignore[call-arg]

    def make(row: Any) -> Any:
        record = model.from_db(using, names, row[start:end])
        for populator in related:
            populator.populate(row, record)
        return record

    return make
