"""worker: background work only."""

from __future__ import annotations

import argparse

from rawabit.config.commands.environment import hold_data_folder, require_current_database, start_django
from rawabit.config.commands.serving import work_until_stopped


def run(args: argparse.Namespace) -> int:
    data = start_django()
    with hold_data_folder(data):
        require_current_database()
        print("Working in the background (Ctrl-C ends it)", flush=True)
        return work_until_stopped()
