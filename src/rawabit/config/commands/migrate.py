"""migrate: bring the database and the static files to this version."""

from __future__ import annotations

import argparse

from rawabit.config.commands.environment import check_database, collect_static, migrate_database, start_django


def run(args: argparse.Namespace) -> int:
    data = start_django()
    check_database()
    applied = migrate_database()
    collected = collect_static(data)
    print(f"{len(applied)} changes of the database applied; static files {'renewed' if collected else 'unchanged'}.")
    return 0
