"""test: pytest, with the project's settings; the last lines are pytest's own summary.

Without arguments the whole suite runs on all cores. One of its tests runs everything but the journeys once more on
PostgreSQL, when a server answers (tests/test_on_postgresql.py); so there is one run, one summary and one exit code.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from pathlib import Path
from typing import NoReturn

from rawabit.config.commands.refusals import Stop

WHOLE_SUITE = ["-n", "auto", "--dist", "worksteal"]


def run(args: argparse.Namespace) -> NoReturn:
    if importlib.util.find_spec("pytest") is None:
        raise Stop("pytest is not installed; start the tests with ./rawabit test, which installs it.")
    os.chdir(Path(__file__).resolve().parents[4])
    os.environ.pop("RAWABIT_DATA", None)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *(args.pytest_args or WHOLE_SUITE)])
