"""bench: the command line's side of the measurements."""

from __future__ import annotations

import argparse

from rawabit.config.commands.environment import start_django


def run(args: argparse.Namespace) -> int:
    start_django()
    from rawabit.config import bench

    return bench.run(args)
