"""A process that imports one file into a SQLite database of its own; started and killed by test_kill.py.

python -m tests.connect.process DATA FILE MAP
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any


def main(data: Path, file: Path, plan: Path) -> int:
    os.environ["RAWABIT_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "rawabit.config.settings"
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    if not (data / "rawabit.sqlite3").exists():
        prepare()
    from rawabit.connect import cli

    more: dict[str, Any] = {"dry_run": False, "as_of": "2026-03-05", "json": True, "undo": None}
    return cli.run_import(argparse.Namespace(file=file, map=plan, **more))


def prepare() -> None:
    """The database as an installation has it, with its guards."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4])))
