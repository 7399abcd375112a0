"""The plugin tests/proofs.py: a proof that did not run, or did not pass, fails a whole run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.conftest import ROOT
from tests.services import without

TESTS = """\
import pytest
def test_good(): pass
def test_absent(): pytest.skip("no server")
@pytest.mark.parametrize("n", [1, 2])
def test_many(n): pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "tests" / "proofs.py", tmp_path / "tests" / "proofs.py")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.proofs"]\n')
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\ntestpaths = tests\npythonpath = .\naddopts = --import-mode=importlib\n"
    )
    (tmp_path / "tests" / "test_it.py").write_text(TESTS)
    return tmp_path


def run(project: Path, proof: str, *arguments: str, ci: str = "") -> tuple[int, str]:
    (project / "docs" / "capabilities.csv").write_text(f"id,name,state,proof\nOR-01,Orders,done,{proof}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", *arguments]
    environment = {**without("CI", "PYTHONPATH", "RAWABIT_TEST_OUTCOMES"), **({"CI": ci} if ci else {})}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_a_proof_that_passed(project: Path, arguments: tuple[str, ...]):
    code, said = run(project, "tests/test_it.py::test_good tests/test_it.py::test_many", *arguments)
    assert code == 0, said


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_a_proof_that_did_not_run_fails_the_whole_run(project: Path, arguments: tuple[str, ...]):
    code, said = run(project, "tests/test_it.py::test_gone", *arguments)
    assert code == 1
    assert "FAILED docs/capabilities.csv" in said
    assert "OR-01: tests/test_it.py::test_gone did not run" in said
    assert "1 failed" in said.splitlines()[-1]


INNER = """\
import os, subprocess, sys
def test_inner():
    os.environ["SERVER"] = "1"
    for name in [n for n in os.environ if n.startswith("PYTEST_")]:
        del os.environ[name]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "tests/test_server.py"]
    assert subprocess.run(command).returncode == 0
"""
SERVER = """\
import os, pytest
def test_on_server():
    if "SERVER" not in os.environ: pytest.skip("only there")
"""


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_a_proof_that_passed_in_the_inner_run_alone(project: Path, arguments: tuple[str, ...]):
    (project / "tests" / "test_inner.py").write_text(INNER)
    (project / "tests" / "test_server.py").write_text(SERVER)
    code, said = run(project, "tests/test_server.py::test_on_server", *arguments, ci="true")
    assert code == 0, said


@pytest.mark.parametrize(("ci", "expected"), [("", 0), ("true", 1)])
def test_a_skipped_proof_is_none_in_ci(project: Path, ci: str, expected: int):
    code, _said = run(project, "tests/test_it.py::test_absent", ci=ci)
    assert code == expected


@pytest.mark.parametrize(
    "chosen", [("tests/test_it.py",), ("-k", "good"), ("--deselect", "tests/test_it.py::test_many")]
)
def test_a_chosen_part_is_not_asked_for_proofs(project: Path, chosen: tuple[str, ...]):
    code, said = run(project, "tests/test_it.py::test_gone", *chosen)
    assert code == 0, said


def test_the_long_test_begins_first():
    from tests.proofs import LONG_FIRST

    assert (ROOT / LONG_FIRST).is_file()
    assert os.path.isfile(ROOT / "conftest.py")
