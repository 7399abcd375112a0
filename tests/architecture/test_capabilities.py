"""docs/capabilities.csv tells the truth: every capability once, and every claim stands on tests that exist.

That they also ran and passed is seen by tests/proofs.py at the end of a whole run.
"""

from __future__ import annotations

import ast
import csv
import functools
import re
from pathlib import Path

import pytest

from tests.proofs import CAPABILITIES, ROOT

BRIEF = ROOT.parent / "shared" / "brief" / "capabilities.csv"
STATES = {"none", "partial", "done"}
PROOF = re.compile(r"^(tests/[\w/]+\.py)::(?:(Test\w+)::)?(test_\w+)$")


def rows(path: Path = CAPABILITIES) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@functools.cache
def defined_in(path: Path) -> set[tuple[str, str]]:
    """(class or "", function) of every test that a file defines."""
    found: set[tuple[str, str]] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        holder = node.name if isinstance(node, ast.ClassDef) else ""
        for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                found.add((holder, inner.name))
    return found


def faults(row: dict[str, str]) -> list[str]:
    """What is wrong with one row."""
    said = row["id"] or "(no id)"
    if row["state"] not in STATES:
        return [f"{said}: state {row['state']!r} is none of {sorted(STATES)}"]
    proofs = row["proof"].split()
    if (row["state"] == "none") == bool(proofs):
        return [f"{said}: state {row['state']} with {len(proofs)} proofs"]
    return [f"{said}: {proof} does not exist" for proof in proofs if not exists(proof)]


def exists(proof: str) -> bool:
    match = PROOF.match(proof)
    if not match or not (ROOT / match[1]).is_file():
        return False
    return (match[2] or "", match[3]) in defined_in(ROOT / match[1])


def test_every_row_is_well_formed_and_its_proofs_exist():
    found = [fault for row in rows() for fault in faults(row)]
    assert found == []


def test_every_capability_stands_once():
    ids = [row["id"] for row in rows()]
    assert len(ids) == len(set(ids)) == 306
    if not BRIEF.exists():
        pytest.skip("the list of capabilities (../shared/brief) is not on this machine")
    assert ids == [row["id"] for row in rows(BRIEF)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"state": "maybe", "proof": ""}, "X-1: state 'maybe' is none of"),
        ({"state": "done", "proof": ""}, "X-1: state done with 0 proofs"),
        (
            {"state": "none", "proof": "tests/architecture/test_capabilities.py::test_a"},
            "X-1: state none with 1 proofs",
        ),
        ({"state": "done", "proof": "tests/architecture/test_capabilities.py::test_a"}, "::test_a does not exist"),
        ({"state": "done", "proof": "tests/no/such.py::test_a"}, "such.py::test_a does not exist"),
        ({"state": "done", "proof": "src/rawabit/cli.py::main"}, "main does not exist"),
    ],
)
def test_a_wrong_row_is_found(row: dict[str, str], expected: str):
    assert any(expected in fault for fault in faults({"id": "X-1", **row}))


def test_a_right_row_has_no_fault():
    name = "tests/architecture/test_capabilities.py::test_a_right_row_has_no_fault"
    assert faults({"id": "X-1", "state": "partial", "proof": name}) == []
