"""pg_dump and pg_restore. They learn the database from their environment: a command line shows its password to all."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from rawabit.config.commands.refusals import Stop

VARIABLES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}


def dump(file: Path) -> Path:
    """Write the whole database in pg_dump's custom format; it is one snapshot."""
    _call("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={file}"])
    return file


def load(file: Path) -> None:
    """Replace the database's tables by those of the dump, all or nothing."""
    name = _environment()["PGDATABASE"]
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _call("pg_restore", [*options, f"--dbname={name}", str(file)])


def _environment() -> dict[str, str]:
    from django.db import connection

    facts = connection.settings_dict
    return {variable: str(facts[name]) for name, variable in VARIABLES.items() if facts.get(name)}


def _call(program: str, arguments: list[str]) -> None:
    path = shutil.which(program)
    if path is None:
        raise Stop(f"{program} is needed for a PostgreSQL database; install the PostgreSQL client programs.")
    done = subprocess.run(
        [path, *arguments], env={**os.environ, **_environment()}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr.strip() or "no message")
        raise Stop(f"{said.strip()}.")
