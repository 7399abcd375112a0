"""kill -9 in the middle of an import: nothing half, nothing double, and the next start goes on."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.connect.makers import table
from tests.connect.test_documents import LINES, PLAN

ROOT = Path(__file__).resolve().parents[2]
TABLES = {
    "crm_customer": "code, name, country",
    "catalog_item": "sku, name",
    "billing_invoice": "kind, number, total, open_amount, state",
    "billing_invoiceline": "position, sku, title, quantity, net",
    "ledger_entry": "kind, number, debit, credit, open",
    "ledger_balance": "currency, amount",
    "connect_importedref": "source, entity, key",
}
pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]


def rows(count: int = 2_400) -> list[list[object]]:
    made: list[list[object]] = [LINES]
    for n in range(count):
        paper = n // 6
        number = f"C{paper}" if paper % 9 == 0 else str(paper)
        customer = "" if paper % 11 == 0 else f"K{paper % 300}"
        quantity = "-1" if paper % 9 == 0 else "3"
        made.append([number, f"S{n % 700}", f"Thing {n % 700}", quantity, "2024-03-01", f"{n % 17}.25", customer, "SA"])
    return made


def start(data: Path, file: Path, plan: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.connect.process", str(data), str(file), str(plan)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "LC_ALL": "C"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)  # type: ignore[call-overload,no-any-return]


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    facts: dict[str, Any] = json.loads(out.splitlines()[-1])
    return facts


def cursor_of(data: Path) -> int:
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(data / "rawabit.sqlite3")) as database:
        return int(database.execute("SELECT coalesce(max(cursor), 0) FROM connect_importrun").fetchone()[0])
    return 0


def contents(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    with contextlib.closing(sqlite3.connect(data / "rawabit.sqlite3")) as database:
        return {
            name: sorted(database.execute(f"SELECT {columns} FROM {name}").fetchall(), key=repr)
            for name, columns in TABLES.items()
        }


def kill_when(data: Path, process: subprocess.Popen[str], cursor: int) -> int:
    """Kill the process as soon as it has committed rows beyond ``cursor``; answers where it was."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        seen = cursor_of(data)
        if seen > cursor:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            return seen
    raise AssertionError(f"the import was over before it passed row {cursor}: {process.communicate()[1]}")


def test_a_killed_import_goes_on_where_it_was(tmp_path: Path, installation: Callable[[Path], None]) -> None:
    file, plan = table(tmp_path, rows()), tmp_path / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    installation(whole)
    installation(torn)
    undisturbed = start(whole, file, plan)
    for limit in (400, 1_200):
        assert kill_when(torn, start(torn, file, plan), limit) <= 2_401
    expected = finish(undisturbed)
    facts = finish(start(torn, file, plan))
    assert contents(torn) == contents(whole)
    for name in ("rows_read", "imported", "reported", "documents", "totals", "source"):
        assert facts[name] == expected[name], name
    again = finish(start(torn, file, plan))
    assert (again["run"], again["created"]) == (None, {})
    assert contents(torn) == contents(whole)
