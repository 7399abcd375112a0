"""Who knows whom, drawn: where each name stands around the one in the middle. Pure and the same every time.

The rings are unrolled into columns to both sides of the middle (``wide``), or into one indented column for a phone
(``narrow``): names stand in rows of their own, so that no two of them ever overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MOST = 40
WIDTH, HEIGHT = 160, 46
GAP_X, GAP_Y, EDGE = 36, 14, 12
NARROW_WIDTH, INDENT, NARROW_TOTAL = 236, 34, 336
LONGEST = 21


@dataclass(frozen=True, slots=True)
class Tie:
    """Two nodes hang together. ``rank`` says which ties are shown first (smaller first)."""

    one: str
    other: str
    rank: int = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a node stands: its upper corner, its ring, and through whom it is reached."""

    key: str
    ring: int
    through: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes in the order in which they are walked through, lines between them, and how many were left out."""

    nodes: tuple[Placed, ...]
    lines: tuple[tuple[str, bool], ...]  # path, and whether it leads to the middle
    width: int
    height: int
    box: int
    left_out: int = 0


@dataclass(slots=True)
class _Branch:
    key: str
    leaves: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return max(1, len(self.leaves))


def rings(middle: str, ties: Iterable[Tie], most: int = MOST) -> tuple[dict[str, tuple[int, str]], int]:
    """``{key: (ring, through whom)}`` of what stands at most two steps from the middle, the nearest and most important
    first, and how many were left out."""
    near: dict[str, list[tuple[int, str]]] = {}
    for tie in ties:
        near.setdefault(tie.one, []).append((tie.rank, tie.other))
        near.setdefault(tie.other, []).append((tie.rank, tie.one))
    placed: dict[str, tuple[int, str]] = {middle: (0, "")}
    left_out: set[str] = set()
    frontier = [middle]
    for ring in (1, 2):
        coming = []
        for through in frontier:
            for _rank, key in sorted(near.get(through, [])):
                if key in placed:
                    continue
                if len(placed) >= most:
                    left_out.add(key)
                    continue
                placed[key] = (ring, through)
                coming.append(key)
        frontier = coming
    return placed, len(left_out - set(placed))


def wide(placed: Mapping[str, tuple[int, str]], ties: Sequence[Tie], left_out: int = 0) -> Drawing:
    """The middle in the middle, its neighbours in a column on each side, theirs in the columns beyond."""
    middle, branches = _branches(placed)
    sides: tuple[list[_Branch], list[_Branch]] = ([], [])
    for branch in branches:  # the shorter side takes the next, so that both are about as long
        sides[0 if _rows(sides[0]) <= _rows(sides[1]) else 1].append(branch)
    outer = [any(branch.leaves for branch in side) for side in sides]
    step, pitch = WIDTH + GAP_X, HEIGHT + GAP_Y
    rows = max(1, _rows(sides[0]), _rows(sides[1]))
    start = EDGE + (step * (1 + outer[0]) if sides[0] else 0)
    nodes = [Placed(middle, 0, "", start, EDGE + (rows * pitch - GAP_Y - HEIGHT) // 2)]
    for side, sign in ((sides[0], -1), (sides[1], 1)):
        y = EDGE + (rows - _rows(side)) * pitch // 2
        for branch in side:
            above = y + (branch.rows * pitch - GAP_Y - HEIGHT) // 2
            nodes.append(Placed(branch.key, 1, middle, start + sign * step, above))
            for leaf in branch.leaves:
                nodes.append(Placed(leaf, 2, branch.key, start + sign * 2 * step, y))
                y += pitch
            y += 0 if branch.leaves else pitch
    width = start + WIDTH + EDGE + (step * (1 + outer[1]) if sides[1] else 0)
    height = 2 * EDGE + rows * pitch - GAP_Y
    return Drawing(tuple(nodes), _lines(nodes, ties), width, height, WIDTH, left_out)


def narrow(placed: Mapping[str, tuple[int, str]], left_out: int = 0, *, mirrored: bool = False) -> Drawing:
    """One column, each ring further in: for a screen as wide as a hand."""
    middle, branches = _branches(placed)
    order = [(middle, 0, "")]
    for branch in branches:
        order.append((branch.key, 1, middle))
        order += [(leaf, 2, branch.key) for leaf in branch.leaves]
    nodes, stems = [], []
    where: dict[str, tuple[int, int]] = {}
    for row, (key, ring, through) in enumerate(order):
        x, y = EDGE + ring * INDENT, EDGE + row * (HEIGHT + GAP_Y)
        where[key] = (x, y)
        if through:
            stems.append(_elbow(where[through], (x, y), mirrored, through == middle))
        nodes.append(Placed(key, ring, through, NARROW_TOTAL - x - NARROW_WIDTH if mirrored else x, y))
    height = 2 * EDGE + len(order) * (HEIGHT + GAP_Y) - GAP_Y
    return Drawing(tuple(nodes), tuple(stems), NARROW_TOTAL, height, NARROW_WIDTH, left_out)


def shortened(name: str, longest: int = LONGEST) -> str:
    """A name that fits into its box; whole words where possible."""
    if len(name) <= longest:
        return name
    cut = name[: longest - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[longest // 2 :] else cut}…"


def _branches(placed: Mapping[str, tuple[int, str]]) -> tuple[str, list[_Branch]]:
    found: dict[str, _Branch] = {}
    middle = ""
    for key, (ring, through) in placed.items():
        if ring == 0:
            middle = key
        elif ring == 1:
            found[key] = _Branch(key)
        else:
            found[through].leaves.append(key)
    return middle, list(found.values())


def _rows(side: Iterable[_Branch]) -> int:
    return sum(branch.rows for branch in side)


def _lines(nodes: Sequence[Placed], ties: Iterable[Tie]) -> tuple[tuple[str, bool], ...]:
    at = {node.key: node for node in nodes}
    drawn: dict[tuple[str, str], tuple[str, bool]] = {}
    for tie in ties:
        pair = (min(tie.one, tie.other), max(tie.one, tie.other))
        if tie.one in at and tie.other in at and pair not in drawn:
            one, other = sorted((at[tie.one], at[tie.other]), key=lambda node: (node.x, node.y, node.key))
            drawn[pair] = (_curve(one, other), 0 in (one.ring, other.ring))
    return tuple(drawn.values())


def _curve(one: Placed, other: Placed) -> str:
    """From the side of one box to the facing side of the other; within a column an arc beside it."""
    y1, y2 = one.y + HEIGHT // 2, other.y + HEIGHT // 2
    if one.x == other.x:
        side = one.x + WIDTH
        return f"M{side} {y1}C{side + GAP_X - 6} {y1} {side + GAP_X - 6} {y2} {side} {y2}"
    x1, x2 = one.x + WIDTH, other.x
    bend = (x1 + x2) // 2
    return f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"


def _elbow(above: tuple[int, int], here: tuple[int, int], mirrored: bool, near: bool) -> tuple[str, bool]:
    x, y, end, row = above[0] + INDENT // 2, above[1] + HEIGHT, here[0], here[1] + HEIGHT // 2
    if mirrored:
        x, end = NARROW_TOTAL - x, NARROW_TOTAL - end
    return f"M{x} {y}V{row}H{end}", near
