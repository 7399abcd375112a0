"""``kill -9`` in the middle of business leaves right books: number, ledger, status and event are one transaction."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.services import require_postgres

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("RAWABIT_KILLS", "12"))
# Between the first write of a verb and its commit: a kill here must leave nothing of it.
POINTS = [
    "rawabit.company.actions.next_number",
    "rawabit.sales.actions.signing.order_of",
    "rawabit.sales.actions.orders.freeze",
    "rawabit.sales.actions.orders._follow_lines",
    "rawabit.shipping.actions.register_shipped",
    "rawabit.billing.actions.invoices.register_invoiced",
    "rawabit.billing.actions.invoices.post_entry",
    "rawabit.billing.actions.invoices.emit",
    "rawabit.billing.actions.allocations.settle",
    "rawabit.billing.actions.payments.post_entry",
    "rawabit.billing.actions.payments.cancel_out",
    "rawabit.billing.actions.transfers.enter_payment",
    "rawabit.billing.actions.transfers._decided",
    "rawabit.billing.actions.transfers._share",
    "rawabit.billing.actions.credit_notes.settle_note",
]

pytestmark = pytest.mark.kill


class Nursery:
    """The other process; see ``nursery.py``."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.nursery"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._read() == {"ready": True}

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the nursery has died"
        return json.loads(line)

    def kill(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)


def environment(folder: Path, url: str | None) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL" and not key.startswith("PYTEST_")}
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {**kept, "PYTHONPATH": path, "RAWABIT_DATA": str(folder), **({"DATABASE_URL": url} if url else {})}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def nursery(request, tmp_path_factory) -> Iterator[Nursery]:
    folder = tmp_path_factory.mktemp(f"kills-{request.param}")
    if request.param == "sqlite":
        made = Nursery(environment(folder, None))
        yield made
        made.close()
        return
    server = require_postgres()
    name = f"rawabit_kills_{os.getpid()}"
    _order(server, f'CREATE DATABASE "{name}"')
    try:
        made = Nursery(environment(folder, urlunsplit(urlsplit(server)._replace(path=f"/{name}"))))
        yield made
        made.close()
    finally:
        _order(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _order(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def test_killed_at_any_moment(nursery):
    """RAWABIT_KILLS says how often (12 in the suite)."""
    chance = random.Random(7)
    papers = 0
    nursery.kill(after_ms=1500)  # some business to begin with
    for number in range(KILLS):
        done = nursery.kill(after_ms=chance.randrange(10, 200))
        assert done["problems"] == [], f"after kill {number}"
        assert done["killed"]
        papers = max(papers, done["papers"])
    assert papers > 3, "the children did no business, so nothing was tried"


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point(nursery, point):
    done = nursery.kill(point=point, nth=1)
    assert done["killed"], "the point was never reached"
    assert done["problems"] == []


def test_without_its_transaction_the_harness_finds_the_damage(tmp_path):
    """The control: the same verb without the transaction around it, killed before its entry is posted."""
    nursery = Nursery(environment(tmp_path, None))
    done = nursery.kill(point="rawabit.billing.actions.invoices.post_entry", when="before", loose=True)
    nursery.close()
    assert done["killed"]
    assert any("INV-2026-00001" in problem for problem in done["problems"])
