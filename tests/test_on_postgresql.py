"""The whole suite once more on PostgreSQL: races, locks and letters differ there from SQLite.

One test of the first run starts a second pytest, so that there is one summary and one exit code. Browser paths,
measurements, PDF and what never asks a database are left to the first run. When the first run is itself on PostgreSQL
there is nothing left to do.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.services import require_postgres, without

ROOT = Path(__file__).resolve().parents[1]
NOT_AGAIN = "not journey and not bench and not kill"


@pytest.mark.postgres
def test_the_whole_suite_on_postgresql():
    if connection.vendor == "postgresql":
        pytest.skip("this run is on PostgreSQL")
    # A name of its own, so that two runs on one server do not meet.
    url = urlunsplit(urlsplit(require_postgres())._replace(path=f"/rawabit_{os.getpid()}"))
    command = [sys.executable, "-m", "pytest", "-q", "--create-db", "-m", NOT_AGAIN, "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, f"--ignore={__file__}", "--ignore=tests/ops", "--ignore=tests/architecture", "--ignore=tests/paper"],
        cwd=ROOT,
        env={
            **without("CI"),
            "DATABASE_URL": url,
            "RAWABIT_AGAIN": "1",
            **({"CI": "true"} if os.environ.get("CI") else {}),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout[-20_000:])
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-2_000:]
    assert re.search(r"\d+ passed", done.stdout)
