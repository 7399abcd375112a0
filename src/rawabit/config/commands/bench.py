"""bench: the command line's side of the measurements."""

from __future__ import annotations

import argparse


def run(args: argparse.Namespace) -> int:
    from rawabit.config import bench

    return bench.run(args)
