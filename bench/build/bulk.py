"""Many rows of one model into the database, past the ORM: one prepared statement, constants worked out once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Field, Model
from django.utils import timezone

from rawabit.kit.jobs.upkeep import keep_statistics

Row = tuple[Any, ...]


class Bulk:
    """Rows of ``model``. ``varying`` names the columns (attnames) given with each row, in that order; ``fixed`` gives
    the others one value for all; whatever is named in neither takes the field's default."""

    def __init__(self, model: type[Model], varying: Sequence[str], **fixed: Any) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = [name for name in fields if name not in varying]
        if unknown := {*varying, *fixed} - set(fields):
            raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
        self.model = model
        self.rows: list[Row] = []
        self.constants = tuple(prepared(fields[n], fixed[n] if n in fixed else fields[n].get_default()) for n in rest)
        self._columns = [fields[name].column for name in (*varying, *rest)]
        self._written = 0

    def add(self, *values: Any) -> None:
        self.rows.append(values + self.constants)

    def write(self) -> None:
        """Send what was added. Values must be as the database driver wants them; see :func:`prepared`."""
        if not self.rows:
            return
        quote = connection.ops.quote_name
        columns = ", ".join(map(quote, self._columns))
        table = quote(self.model._meta.db_table)
        if connection.vendor == "postgresql":
            self._copy(f"COPY {table} ({columns}) FROM STDIN")
        else:
            marks = ", ".join("?" * len(self._columns))
            raw_cursor().executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", self.rows)  # noqa: S608
        self._written += len(self.rows)
        self.rows.clear()

    def _copy(self, statement: str) -> None:
        with raw_cursor().copy(statement) as copy:
            for row in self.rows:
                copy.write_row(row)


def raw_cursor() -> Any:
    """The driver's own cursor: Django's would look at every row for its log."""
    connection.ensure_connection()
    return connection.connection.cursor()


def prepared(field: Field[Any, Any], value: Any) -> Any:
    """A value as the driver of this database wants it."""
    return field.get_db_prep_save(value, connection)


def column(model: type[Model], name: str, values: Iterable[Any]) -> list[Any]:
    """Values of one field as the driver wants them."""
    field: Any = model._meta.get_field(name)
    return [prepared(field, value) for value in values]


def uids(salt: int) -> Iterator[str]:
    """An endless row of identifiers, scattered as random ones are, the same in every build. 64-bit mixing after
    Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014)."""
    state, mask = salt << 32, 2**64 - 1
    as_text = connection.vendor != "postgresql"
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        z ^= z >> 31
        text = f"{z:016x}{(z * 0x2545F4914F6CDD1D) & mask:016x}"
        yield text if as_text else str(uuid.UUID(text))


@contextmanager
def quickly() -> Iterator[None]:
    """One transaction without the database's guards, which want papers to be drafts first, and on SQLite without
    secondary indexes, which are much cheaper to make at the end. On PostgreSQL the rows go in by COPY."""
    if connection.vendor == "sqlite":
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000"):
            raw_cursor().execute(f"PRAGMA {pragma}")
    with transaction.atomic():
        back = take_away() if connection.vendor == "sqlite" else silence_guards()
        yield
        for statement in back:
            raw_cursor().execute(statement)
    if connection.vendor == "sqlite":
        raw_cursor().execute("PRAGMA journal_mode=WAL")
    connection.close()


def take_away() -> list[str]:
    """Drop every secondary index and every trigger; the statements that make them again."""
    cursor = raw_cursor()
    kinds = "type IN ('index', 'trigger') AND sql IS NOT NULL"
    found = cursor.execute(f"SELECT type, name, sql FROM sqlite_master WHERE {kinds}").fetchall()  # noqa: S608
    for kind, name, _sql in found:
        cursor.execute(f'DROP {kind} "{name}"')
    return [sql for _kind, _name, sql in found]


def silence_guards() -> list[str]:
    """Switch the triggers of our tables off; the statements that switch them on again."""
    tables = [connection.ops.quote_name(model._meta.db_table) for model in apps.get_models()]
    for table in tables:
        raw_cursor().execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    # References are looked at when a transaction ends; a table with such work before it cannot be altered.
    return ["SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables)]


def finish() -> None:
    """Counters of keys behind the rows, and the planner's statistics, which a running product keeps by itself."""
    statements = connection.ops.sequence_reset_sql(no_style(), apps.get_models())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
    keep_statistics(timezone.now())
