"""The measurement measures: a tiny company is built, its books agree, its pages are asked, and the figures are sane."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTAL_PAGES = ["portal home", "order list", "order", "invoice list", "invoice", "statement"]
DESK_PAGES = ["customer list", "customer page", "relation map"]
MOST = {"portal": 25, "desk": 60}  # queries of a page
DEAR = {"customer page": 140}  # all of its panels at once: dearer than it should be
CUSTOMERS, INVOICES = 20, 60

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads CPU and memory as Linux tells them"),
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench") / "company"


@pytest.fixture(scope="module")
def measured(kept: Path) -> Iterator[subprocess.CompletedProcess[str]]:
    """One run of the command, shortened from outside: few rounds, few requests."""
    shorter = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from bench import portal;"
        "portal.WARM_UP, portal.BURST, portal.ROUNDS, portal.CROWD = 2, 5, 3, 2;"
        "from rawabit.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    arguments = [
        "bench",
        "portal",
        "--customers",
        str(CUSTOMERS),
        "--invoices",
        str(INVOICES),
        "--json",
        "--keep",
        str(kept),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    yield subprocess.run(
        [sys.executable, "-P", "-c", shorter, *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def result(measured: subprocess.CompletedProcess[str]) -> dict:
    assert measured.returncode == 0, measured.stderr
    return json.loads(measured.stdout)


def test_the_answer_has_the_agreed_shape(result):
    assert set(result) >= {"calibrator", "pages", "rss_mb"}
    assert result["calibrator"]["cpu_ms"] > 0
    assert [(page["name"], page["door"]) for page in result["pages"]] == [
        *((name, "portal") for name in PORTAL_PAGES), *((name, "desk") for name in DESK_PAGES),
    ]  # fmt: skip
    for page in result["pages"]:
        assert set(page) >= {"name", "door", "cpu_ms", "queries", "bytes", "p50_ms", "p95_ms", "ratio"}


def test_the_figures_are_sane(result):
    assert 30 < result["rss_mb"] < 1000
    assert (result["customers"], result["invoices"]) == (CUSTOMERS, INVOICES)
    for page in result["pages"]:
        assert 0 < page["cpu_ms"] < 2000
        assert 0 < page["p50_ms"] <= page["p95_ms"]
        assert 0 < page["p50_ms_8"] <= page["p95_ms_8"]
        assert 3 <= page["queries"] <= DEAR.get(page["name"], MOST[page["door"]]), page
        assert 2_000 < page["bytes"] < 100_000
    # A page with a person, a session and a frame cannot cost less than the bare one.
    assert all(page["cpu_ms"] > result["calibrator"]["cpu_ms"] * 0.8 for page in result["pages"])


def test_there_is_a_customer_with_many_papers(result):
    busy = result["busy_customer"]
    assert busy["invoices"] == INVOICES // 5
    assert [page["name"] for page in busy["pages"]] == PORTAL_PAGES


def test_nothing_of_it_still_runs(result, kept):
    ours = str(kept)
    until = time.monotonic() + 5
    while time.monotonic() < until and any(ours in line for line in running()):
        pass
    assert not [line for line in running() if ours in line]


def running() -> list[str]:
    """Command lines and environments of all processes that we may read, this one and its parents excluded."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                found.append((folder / "cmdline").read_text() + (folder / "environ").read_text())
            except OSError:
                continue
    return found


def test_a_second_run_uses_what_was_kept(result, kept):
    done = run_prepare(kept, CUSTOMERS, INVOICES)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["built_in_s"] == result["built_in_s"]
    assert [page["queries"] for page in facts["pages"]] == [page["queries"] for page in result["pages"]]


def test_another_size_in_the_same_folder_is_refused(result, kept):
    done = run_prepare(kept, CUSTOMERS, INVOICES + 1)
    assert done.returncode == 1 and "name another" in done.stderr


def run_prepare(data: Path, customers: int, invoices: int) -> subprocess.CompletedProcess[str]:
    sys.path.insert(0, str(ROOT))
    from bench.servers import environment

    return subprocess.run(
        [sys.executable, "-m", "bench.prepare", str(customers), str(invoices)],
        cwd=ROOT, env=environment(data), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_books_of_the_synthetic_company_agree(result, kept):
    check = (
        "import django; django.setup();"
        "from rawabit.billing.queries.books import verify_books; from django.db import connection;"
        "from rawabit.billing.models import Invoice; cursor = connection.cursor();"
        "cursor.execute('PRAGMA foreign_key_check'); broken = cursor.fetchall();"
        "print(verify_books(), broken, Invoice.objects.count())"
    )
    from bench.servers import environment

    done = subprocess.run(
        [sys.executable, "-c", check], env=environment(kept), capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[0] == f"[] [] {INVOICES}"


def test_somebody_s_data_is_not_built_upon(tmp_path):
    from bench.servers import environment

    data = tmp_path / "mine"
    subprocess.run([sys.executable, "-m", "rawabit", "migrate"], env=environment(data), check=True, capture_output=True)
    fill = (
        "import django; django.setup(); from rawabit.identity.models import User;"
        "User.objects.create(email='a@b.example')"
    )
    subprocess.run([sys.executable, "-c", fill], env=environment(data), check=True, capture_output=True)
    done = run_prepare(data, 2, 10)
    assert done.returncode == 1 and "somebody's data" in done.stderr


def test_the_plan_is_the_same_for_the_measured_customer_at_every_size():
    from bench.build.story import BUSY, MEASURED, OWN_INVOICES, Plan, deals

    def own(plan: Plan) -> list[tuple]:
        return [(d.sequence, d.basket, d.fresh, d.paid) for d in deals(plan) if d.customer == MEASURED]

    small, large = Plan(100, 10_000), Plan(500, 40_000)
    assert own(small) == own(large)
    assert len(own(small)) == OWN_INVOICES
    counts = Counter(d.customer for d in deals(large))
    assert counts[BUSY] == 2_000 and sum(counts.values()) == 40_000 and max(counts) <= 500
    days = [d.day for d in deals(small)]
    assert days == sorted(days)


def test_identifiers_are_scattered_and_never_twice():
    from itertools import islice

    from bench.build.bulk import uids

    some = list(islice(uids(7), 20_000))
    assert len(set(some)) == len(some) and some != sorted(some)
    assert some == list(islice(uids(7), 20_000))
