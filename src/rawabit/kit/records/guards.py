"""Rows that the database itself keeps from being changed, whatever the program does: posted papers and their lines.

A guard is an operation of a migration. On SQLite a later migration that alters the table rebuilds it and loses its
triggers: end such a migration with the guard again (a test looks for every guard in a migrated database).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation


class Keep(Operation):
    """Refuse updates of ``columns`` of ``table`` where ``condition`` (SQL about OLD) holds; with ``inserts`` also new
    rows where that condition (SQL about NEW) holds. The refusal is an IntegrityError that names the guard."""

    reversible = True

    def __init__(
        self, name: str, table: str, columns: Sequence[str], condition: str = "1 = 1", inserts: str = ""
    ) -> None:
        self.name, self.table, self.columns = name, table, list(columns)
        self.condition, self.inserts = condition, inserts

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Tables and models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        make = _on_postgres if schema_editor.connection.vendor == "postgresql" else _on_sqlite
        for name, moment, refusal in self.triggers(schema_editor.connection.vendor):
            for statement in make(name, self.table, moment, refusal):
                schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        postgres = schema_editor.connection.vendor == "postgresql"
        for name, _moment, _refusal in self.triggers(schema_editor.connection.vendor):
            schema_editor.execute(f"DROP TRIGGER {name} ON {self.table}" if postgres else f"DROP TRIGGER {name}")
            if postgres:
                schema_editor.execute(f"DROP FUNCTION {name}()")

    def triggers(self, vendor: str) -> list[tuple[str, str, str]]:
        """(name, moment, condition of refusal) of each trigger."""
        differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in self.columns)
        made = [(self.name, "UPDATE", f"({self.condition}) AND ({changed})")]
        return [*made, (f"{self.name}_new", "INSERT", self.inserts)] if self.inserts else made

    def describe(self) -> str:
        return f"The database keeps {self.table} ({self.name})"


def _on_sqlite(name: str, table: str, moment: str, refusal: str) -> list[str]:
    stop = f"SELECT RAISE(ABORT, '{name}');"
    return [f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {refusal} BEGIN {stop} END"]


def _on_postgres(name: str, table: str, moment: str, refusal: str) -> list[str]:
    """The function asks, because a trigger's own condition may hold no subquery."""
    stop = f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation';"
    body = f"BEGIN IF {refusal} THEN {stop} END IF; RETURN NEW; END"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
