"""How long functions and files may be, how many ways a function may go. Prints the ten worst of each (see with -s).

Median function 6-8 lines, 95th percentile 40, stop 60; file 95th percentile 400, stop 600; branches at most 10.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "src" / "rawabit", ROOT / "bootstrap"]
FUNCTION_STOP, FUNCTION_95, FUNCTION_MEDIAN = 60, 40, 8
FILE_STOP, FILE_95 = 600, 400
BRANCH_STOP = 10
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.match_case)


@dataclass(frozen=True)
class Function:
    place: str
    lines: int
    branches: int


def files() -> list[Path]:
    return [p for source in SOURCES for p in sorted(source.rglob("*.py")) if "migrations" not in p.parts]


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            yield Function(place, length(node), branches(node))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end, without the docstring: words that explain are not what makes a function long."""
    words = 0
    if ast.get_docstring(node) is not None:
        words = (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
    return (node.end_lineno or node.lineno) - node.lineno + 1 - words


def branches(node: ast.AST) -> int:
    """Ways that the function itself may take; what is defined inside counts for itself."""
    own = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, DEFINITIONS):
            continue
        own += isinstance(child, BRANCHES) + branches(child)
    return own


def percentile(values: list[int], part: float) -> int:
    """The smallest value that at least this part of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def worst(found: list[tuple[int, str]], what: str) -> str:
    lines = [f"{number:5}  {place}" for number, place in sorted(found, reverse=True)[:10]]
    return "\n".join([f"The ten with most {what}:", *lines])


def test_functions_are_short_and_go_few_ways():
    found = [function for path in files() for function in functions(path)]
    lengths = [function.lines for function in found]
    print(worst([(f.lines, f.place) for f in found], "lines"))
    print(worst([(f.branches, f.place) for f in found], "branches"))
    print(f"{len(found)} functions, median {percentile(lengths, 0.5)}, 95th percentile {percentile(lengths, 0.95)}")
    assert [f.place for f in found if f.lines > FUNCTION_STOP or f.branches > BRANCH_STOP] == []
    assert percentile(lengths, 0.5) <= FUNCTION_MEDIAN
    assert percentile(lengths, 0.95) <= FUNCTION_95


def test_files_are_short():
    found = [(len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(ROOT))) for path in files()]
    print(worst(found, "lines"))
    assert [place for lines, place in found if lines > FILE_STOP] == []
    assert percentile([lines for lines, _place in found], 0.95) <= FILE_95


def test_what_is_counted():
    node = ast.parse(
        "def f(a):\n"
        "    '''Words.\n\n    More words.'''\n"
        "    def inner():\n        if a: return 1\n"
        "    for x in a:\n        if x: pass\n"
        "    return a if a else None\n"
    ).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert (length(node), branches(node)) == (6, 3)
    assert [percentile([1, 2, 3, 4], part) for part in (0.5, 0.75, 0.95)] == [2, 3, 4]
