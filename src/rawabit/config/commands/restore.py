"""restore: verify a backup to its last byte, then put it into the data folder, then look at the database once more."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from rawabit.config.commands import archive as shape
from rawabit.config.commands import postgresql
from rawabit.config.commands.environment import (
    check_database,
    hold_data_folder,
    start_django,
    unapplied_migrations,
    unknown_migrations,
)
from rawabit.config.commands.refusals import Stop

STAGE, REPLACED = ".restoring", ".replaced"
# Written by the start of any command, so a folder with nothing else counts as empty.
BY_EVERY_START = {"in-use.lock", "preparing.lock", "secret.key", "static"}
STAYS = {STAGE, REPLACED, "in-use.lock", "preparing.lock"}


def run(args: argparse.Namespace) -> int:
    file = args.file.absolute()
    data = start_django()
    with hold_data_folder(data, alone=True):
        if not args.force:
            require_empty(data)
        manifest = restore(data, file)
    print(f"{file}: {len(manifest.files)} files of {manifest.made_at} put into {data}; the database is whole.")
    if missing := unapplied_migrations():
        print(f"The backup is of an older version ({len(missing)} changes); run: rawabit migrate")
    if (data / REPLACED).exists():
        print(f"What was there before is kept in {data / REPLACED}; delete it when all is well.")
    return 0


def require_empty(data: Path) -> None:
    from django.db import connection

    tables = connection.introspection.table_names() if connection.vendor == "postgresql" else []
    if tables or any(is_of_somebody(path) for path in data.iterdir()):
        raise Stop(f"{data} or its database is not empty; --force replaces what is there.")


def is_of_somebody(path: Path) -> bool:
    return path.name not in BY_EVERY_START | STAYS and not shape.is_archive(path.name)


def restore(data: Path, file: Path) -> shape.Manifest:
    """Stage inside the data folder (it may be a volume of its own), verify, and only then move anything."""
    stage = data / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    try:
        manifest = shape.unpack(file, stage)
        require_same_database(manifest)
        if manifest.database == "sqlite":
            require_whole(stage / shape.SQLITE_MEMBER)
        put_in_place(data, stage)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    check_database()
    return manifest


def require_same_database(manifest: shape.Manifest) -> None:
    from django.db import connection

    if manifest.database != connection.vendor:
        raise Stop(f"the backup is of a {manifest.database} database, this installation uses {connection.vendor}.")
    if newer := unknown_migrations(set(manifest.migrations)):
        raise Stop(f"the backup was made by a newer version ({newer[-1]} is not known here); update first.")


def require_whole(database: Path) -> None:
    """Pages and references of the copied database, before anything is replaced."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as copy:
        pages = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        dangling = copy.execute("PRAGMA foreign_key_check").fetchall()
    if pages != "ok" or dangling:
        raise Stop(f"the database in the backup is damaged ({pages}, {len(dangling)} dangling references).")


def put_in_place(data: Path, stage: Path) -> None:
    """Put the database and the files in; what was there is moved aside and stays until a person deletes it."""
    from django.db import connection

    connection.close()
    if (stage / shape.POSTGRESQL_MEMBER).exists():
        postgresql.load(stage / shape.POSTGRESQL_MEMBER)
    clear(data)
    for path in (stage / "data").glob("*"):
        path.rename(data / path.name)
    if (stage / shape.SQLITE_MEMBER).exists():
        (stage / shape.SQLITE_MEMBER).rename(Path(str(connection.settings_dict["NAME"])))


def clear(data: Path) -> None:
    """Move everything aside; what only the start of this command wrote is not worth keeping."""
    aside = data / REPLACED
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(data / "static", ignore_errors=True)
    old = [path for path in data.iterdir() if path.name not in STAYS and not shape.is_archive(path.name)]
    if {path.name for path in old} <= BY_EVERY_START:
        for path in old:
            path.unlink()
        return
    aside.mkdir(mode=0o700)
    for path in old:
        path.rename(aside / path.name)
