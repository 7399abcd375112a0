"""What every command stands on: Django started, a data folder that can be written, a sound and current database."""

from __future__ import annotations

import fcntl
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rawabit.config.commands.refusals import Stop, first_line

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor

# A larger SQLite file is looked at by its schema only when a server starts; doctor always reads all of it.
QUICK_CHECK_BYTES = 256 * 1024 * 1024


def start_django() -> Path:
    """Load the settings, start Django, and return the data folder, which exists and can be written."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        data = Path(settings.DATA)
    except (ValueError, ImproperlyConfigured) as error:
        raise Stop(f"a setting in the environment is wrong: {first_line(error)}.") from error
    require_writable(data)
    django.setup()
    return data


def require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
    except OSError as error:
        raise Stop(
            f"the data folder {folder} cannot be written ({error.strerror}); name another with --data."
        ) from error


def check_database() -> None:
    """Connect; on SQLite also look whether the file is whole. Errors: Stop, or DatabaseError that refusals.py words."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor != "sqlite":
        return
    file = Path(str(connection.settings_dict["NAME"]))
    whole = not file.exists() or file.stat().st_size <= QUICK_CHECK_BYTES
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)" if whole else "SELECT 'ok' FROM sqlite_master LIMIT 1")
        found = cursor.fetchone()
    if found and found[0] != "ok":
        raise Stop(f"the database {file} is damaged ({found[0]}); put a backup back: rawabit restore FILE --force.")


def executor() -> MigrationExecutor:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    return MigrationExecutor(connection)


def unapplied_migrations() -> list[str]:
    """Names of the migrations that this version has and the database has not."""
    current = executor()
    plan = current.migration_plan(current.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def unknown_migrations(applied: set[str]) -> list[str]:
    """Which of these applied migrations this version does not know: the data is of a newer version."""
    from django.db.migrations.loader import MigrationLoader

    # Without a connection: asking one would create an empty SQLite file.
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return sorted(applied - known)


def migrate_database() -> list[str]:
    """Apply what is missing and make the cache's table; the names applied."""
    from django.conf import settings
    from django.core.management import call_command

    with preparing():
        missing = unapplied_migrations()
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
            if "DatabaseCache" in settings.CACHES["default"]["BACKEND"]:
                call_command("createcachetable", verbosity=0)
    return missing


def require_current_database() -> None:
    check_database()
    if missing := unapplied_migrations():
        raise Stop(f"{len(missing)} changes of the database are not applied yet; run: rawabit migrate.")


def begin_database() -> None:
    """Make the tables of an empty database. One that has tables must be current: its owner backs it up first."""
    from django.db import connection

    check_database()
    if connection.introspection.table_names():
        require_current_database()
    else:
        migrate_database()


def collect_static(data: Path) -> bool:
    """Copy and compress the static files into the data folder, unless they are those of the last time."""
    from django.core.management import call_command

    mark, now = data / "static" / ".collected", static_fingerprint()
    with preparing():
        if mark.exists() and mark.read_text() == now:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(now)
    return True


def static_fingerprint() -> str:
    """A digest of names, sizes and times of all static sources: equal means nothing to collect."""
    from django.contrib.staticfiles.finders import get_finders

    lines = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            lines.append(f"{name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


@contextmanager
def preparing() -> Iterator[None]:
    """One process at a time prepares this data folder; the next one waits and finds the work done."""
    from django.conf import settings

    with (Path(settings.DATA) / "preparing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def hold_data_folder(data: Path, *, alone: bool = False) -> IO[str]:
    """Say that a process works in this folder, until the file is closed. Alone: only if nobody else does."""
    held = (data / "in-use.lock").open("w")
    try:
        fcntl.flock(held, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise Stop(f"the data folder {data} is in use by a running rawabit; stop that first.") from None
    return held
