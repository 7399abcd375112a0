"""The guards that migrations put into the database are there, on this engine, after all migrations."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from rawabit.kit.records.guards import Keep

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def test_every_guard_stands(db):
    migrations = MigrationLoader(connection).disk_migrations.values()
    guards = [one for migration in migrations for one in migration.operations if isinstance(one, Keep)]
    wanted = {name for guard in guards for name, _moment, _refusal in guard.triggers(connection.vendor)}
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        found = {name for (name,) in cursor.fetchall()}
    assert len(wanted) >= 8
    assert wanted <= found


def test_guards_can_be_taken_away(db):
    guard = Keep("probe_is_kept", "catalog_unit", ["code"], inserts="NEW.code = 'X'")
    with connection.schema_editor(atomic=False) if connection.vendor == "postgresql" else _open() as editor:
        guard.database_forwards("catalog", editor, None, None)
        guard.database_backwards("catalog", editor, None, None)
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        assert not any(name.startswith("probe") for (name,) in cursor.fetchall())


class _open:
    """SQLite's schema editor refuses to work inside the test's transaction; triggers need none of what it prepares."""

    def __enter__(self):
        editor = connection.SchemaEditorClass(connection, atomic=False)
        editor.deferred_sql = []
        return editor

    def __exit__(self, *raised):
        return None
