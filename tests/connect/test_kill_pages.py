"""kill -9 of a worker in the middle of a run from the pages: the next worker takes it up, nothing double."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.connect.makers import table
from tests.connect.test_kill import ROOT, contents, kill_when, rows

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]


def start(data: Path, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.connect.desk_process", str(data), str(file)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "LC_ALL": "C"}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[str]) -> None:
    out, err = process.communicate(timeout=180)
    assert (process.returncode, out.splitlines()[-1:]) == (0, ["done"]), err[-3000:]


def look_now(data: Path) -> None:
    """Nobody wants to wait for the next look in a test."""
    with contextlib.closing(sqlite3.connect(data / "rawabit.sqlite3")) as database:
        database.execute("UPDATE kit_jobs_job SET run_at = '2020-01-01', lease_until = NULL WHERE state = 'waiting'")
        database.commit()


def test_a_killed_workers_run_is_taken_up(tmp_path: Path, installation: Callable[[Path], None]) -> None:
    file = table(tmp_path, rows(1_800))
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    installation(whole)
    assert start(whole, file).wait(timeout=240) == 0
    shutil.copytree(whole, torn)
    undisturbed = start(whole, file)
    kill_when(torn, start(torn, file), 400)
    look_now(torn)
    finish(start(torn, file))
    finish(undisturbed)
    assert contents(torn) == contents(whole)
    with contextlib.closing(sqlite3.connect(torn / "rawabit.sqlite3")) as database:
        assert database.execute("SELECT count(*), max(state) FROM connect_importrun").fetchone() == (1, "done")
        assert database.execute("SELECT tries FROM connect_importfile").fetchone() == (2,)
