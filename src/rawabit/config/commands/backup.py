"""backup: one file, written while the program serves. The database is copied first, then the files it speaks of."""

from __future__ import annotations

import argparse
import os
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rawabit.config.commands import archive as shape
from rawabit.config.commands import postgresql
from rawabit.config.commands.environment import check_database, executor, start_django
from rawabit.config.commands.refusals import Stop


def run(args: argparse.Namespace) -> int:
    file = args.file.absolute()
    if not shape.is_archive(file.name):
        raise Stop(f"a backup is a .tar.gz file; name it so: {file.name}.tar.gz.")
    if not file.parent.is_dir():
        raise Stop(f"the folder {file.parent} is not there.")
    data = start_django()
    check_database()
    manifest = write_backup(data, file)
    print(f"{file}: {len(manifest.files)} files, {file.stat().st_size / 1024**2:.1f} MB")
    return 0


def write_backup(data: Path, file: Path) -> shape.Manifest:
    """Write the archive beside its name and move it there when it is whole; only its owner may read it."""
    from django.db import connection

    manifest = shape.Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version_of_the_program(),
        database=connection.vendor,
        migrations=sorted(f"{app}.{name}" for app, name in executor().loader.applied_migrations),
    )
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            member, copy = copy_database(Path(folder))
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive:
                shape.add(archive, manifest, member, copy)
                for name, path in shape.kept_files(data):
                    shape.add(archive, manifest, name, path)
                shape.add_manifest(archive, manifest)
            with fresh.open("rb") as written:
                os.fsync(written.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def copy_database(folder: Path) -> tuple[str, Path]:
    """One consistent copy of the database as of now: (member name, path)."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return shape.POSTGRESQL_MEMBER, postgresql.dump(folder / shape.POSTGRESQL_MEMBER)
    copy = folder / shape.SQLITE_MEMBER
    source = f"file:{connection.settings_dict['NAME']}?mode=ro"
    with closing(sqlite3.connect(source, uri=True, timeout=30)) as live, closing(sqlite3.connect(copy)) as still:
        # All pages in one step: in WAL this reads one snapshot, and writers go on meanwhile.
        live.backup(still, pages=-1)
        still.execute("PRAGMA journal_mode=DELETE")
    return shape.SQLITE_MEMBER, copy


def version_of_the_program() -> str:
    """From the metadata when installed, else from pyproject.toml beside the sources."""
    import tomllib

    try:
        return version("rawabit")
    except PackageNotFoundError:
        text = (Path(__file__).resolve().parents[4] / "pyproject.toml").read_text()
        return str(tomllib.loads(text)["project"]["version"])
