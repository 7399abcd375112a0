"""Two versions of an offer, line by line. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rawabit.kit.marking import _
from rawabit.trade.logic.lines import SECTION

FIELDS = (
    ("title", _("Description")), ("quantity", _("Quantity")), ("unit_price", _("Unit price")),
    ("discount_percent", _("Discount %")), ("tax_percent", _("Tax %")),
)  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """One line in both versions: ``kind`` same | changed | added | dropped; ``changes``: (label, before, after)."""

    kind: str
    line: Any
    changes: Sequence[tuple[Any, Any, Any]] = ()


def compare(older: Iterable[Any], newer: Iterable[Any]) -> list[Compared]:
    """The newer version's lines in their order, each with what changed, then the lines that were dropped. Lines belong
    together by their item, without one by their words; several of one item in the order in which they stand."""
    waiting: dict[Any, list[Any]] = defaultdict(list)
    for line in older:
        waiting[_key(line)].append(line)
    found = [_against(waiting[_key(line)], line) for line in newer]
    return found + [Compared("dropped", line) for lines in waiting.values() for line in lines]


def _key(line: Any) -> Any:
    return line.item_id or (line.kind == SECTION, line.title)


def _against(candidates: list[Any], line: Any) -> Compared:
    if not candidates:
        return Compared("added", line)
    before = candidates.pop(0)
    changes = [
        (label, getattr(before, name), getattr(line, name))
        for name, label in FIELDS
        if getattr(before, name) != getattr(line, name)
    ]
    return Compared("changed" if changes else "same", line, changes)
