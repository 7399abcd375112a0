"""What a signature under an offer consists of. Pure.

A drawn signature travels and is kept as points, never as a picture: nothing of what a stranger sends is ever shown
again as he sent it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH, HEIGHT = 600, 240  # of the box in which the points stand
MOST_STROKES, MOST_POINTS, MOST_TEXT = 60, 1500, 24_000
FEWEST_POINTS, SMALLEST = 6, 20  # below this it is a slip of the finger
DRAWN, TYPED, RECORDED = "drawn", "typed", "recorded"

Strokes = list[list[int]]


class NotASignature(ValueError):
    """What was sent is no drawing in the box."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Somebody's yes: who says it, how he signed, and from where.

    ``signer`` tells people apart (``user:7``, ``link:<uid>``); ``verified`` is the address whose owner typed a code
    just now, "" without one; ``fresh`` that he typed one for this session a moment ago."""

    signer: str
    name: str
    title: str = ""
    customer_reference: str = ""
    method: str = TYPED
    strokes: Strokes = field(default_factory=list)
    agreed: bool = False
    verified: str = ""
    fresh: bool = False
    ip: str = ""
    user_agent: str = ""
    contact_id: int | None = None
    link: str = ""


def read_strokes(text: str) -> Strokes:
    """The drawing as the page sent it: ``[[x, y, x, y, …], …]``, "" for none; :class:`NotASignature` for the rest."""
    if not text:
        return []
    if len(text) > MOST_TEXT:
        raise NotASignature("too long")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise NotASignature("not readable") from wrong
    if not isinstance(found, list) or len(found) > MOST_STROKES or not all(map(_is_stroke, found)):
        raise NotASignature("not strokes")
    if sum(map(len, found)) > 2 * MOST_POINTS:
        raise NotASignature("too many points")
    if found and not _large_enough(found):
        raise NotASignature("too small")
    return found


def _is_stroke(stroke: Any) -> bool:
    if not isinstance(stroke, list) or len(stroke) < 2 or len(stroke) % 2:
        return False
    return all(type(value) is int for value in stroke) and (
        all(0 <= x <= WIDTH for x in stroke[::2]) and all(0 <= y <= HEIGHT for y in stroke[1::2])
    )


def _large_enough(strokes: Strokes) -> bool:
    across = [x for stroke in strokes for x in stroke[::2]]
    down = [y for stroke in strokes for y in stroke[1::2]]
    widest = max(max(across) - min(across), max(down) - min(down))
    return len(across) >= FEWEST_POINTS and widest >= SMALLEST


def path_of(strokes: Strokes) -> str:
    """The drawing as the ``d`` of an SVG path. Only whole numbers reach it, whatever was kept."""
    parts = []
    for stroke in strokes:
        points = [f"{int(x)} {int(y)}" for x, y in zip(stroke[::2], stroke[1::2], strict=False)]
        parts.append(f"M{points[0]}" + "".join(f"L{point}" for point in points[1:] or points))
    return "".join(parts)


def digest_of(facts: Mapping[str, Any] | Sequence[Any] | str) -> str:
    """SHA-256 of facts written in one way only: sorted keys, no spaces, text as it is."""
    written = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode()).hexdigest()
