"""Pytest plugin: at the end of a whole run every proof named in docs/capabilities.csv must have passed.

A run is whole when nobody chose tests (no paths, -k, -m, --deselect) and it was not cut short. A proof that was skipped
counts only outside CI, where a server or a browser may be absent; inside CI (CI=true) it must have passed.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CAPABILITIES = ROOT / "docs" / "capabilities.csv"
LONG_FIRST = "tests/test_on_postgresql.py"
# Where the run on PostgreSQL, which is a process of its own, tells the first run what passed.
TOLD_IN = "RAWABIT_TEST_OUTCOMES"
INNER = pytest.StashKey[bool]()
outcomes: dict[str, str] = {}


def proofs() -> dict[str, list[str]]:
    """Test names (``tests/path.py::test_name``) by capability."""
    with CAPABILITIES.open(encoding="utf-8", newline="") as source:
        return {row["id"]: row["proof"].split() for row in csv.DictReader(source)}


def base(nodeid: str) -> str:
    """A test's name without its parameters."""
    return nodeid.partition("[")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The one test that runs for minutes begins first, so that the other workers do the rest meanwhile."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG_FIRST))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    name = base(report.nodeid)
    if report.failed:
        outcomes[name] = "failed"
    elif report.skipped:
        outcomes.setdefault(name, "skipped")
    elif report.when == "call" and outcomes.get(name) != "failed":
        outcomes[name] = "passed"


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    config.stash[INNER] = TOLD_IN in os.environ
    if not config.stash[INNER]:
        handle, os.environ[TOLD_IN] = tempfile.mkstemp(prefix="rawabit-outcomes-")
        os.close(handle)


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.stash.get(INNER, True) is False:
        Path(os.environ.pop(TOLD_IN)).unlink(missing_ok=True)


def hear_inner_run() -> None:
    """What was skipped here and passed on PostgreSQL has passed."""
    told = Path(os.environ[TOLD_IN]).read_text(encoding="utf-8")
    for name, outcome in json.loads(told or "{}").items():
        if outcome == "passed" and outcomes.get(name) in {None, "skipped"}:
            outcomes[name] = outcome


def is_whole(config: pytest.Config) -> bool:
    option = config.option
    chosen = config.args_source is pytest.Config.ArgsSource.ARGS
    narrowed = option.keyword or option.markexpr or getattr(option, "deselect", None) or getattr(option, "lf", False)
    return not (chosen or narrowed or option.collectonly or hasattr(config, "workerinput"))


def unproven(in_ci: bool) -> list[str]:
    """One line per proof that did not do its work in this run."""
    accepted = {"passed"} if in_ci else {"passed", "skipped"}
    return [
        f"{capability}: {name} {outcomes.get(base(name), 'did not run')}"
        for capability, names in proofs().items()
        for name in names
        if outcomes.get(base(name)) not in accepted
    ]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Found in time for pytest's own summary: the run fails, and the last line counts the errors."""
    if session.config.stash.get(INNER, False):
        Path(os.environ[TOLD_IN]).write_text(json.dumps(outcomes), encoding="utf-8")
        return
    if exitstatus != pytest.ExitCode.OK or not is_whole(session.config) or not CAPABILITIES.exists():
        return
    hear_inner_run()
    missing = unproven(os.environ.get("CI") == "true")
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    for line in missing:
        report = pytest.TestReport(
            nodeid="docs/capabilities.csv",
            location=("docs/capabilities.csv", None, "docs/capabilities.csv"),
            keywords={},
            outcome="failed",
            longrepr=line,
            when="call",
        )
        if terminal:
            terminal.stats.setdefault("failed", []).append(report)
    if missing:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
