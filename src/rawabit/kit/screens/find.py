"""One search over every kind of record the person may see."""

from __future__ import annotations

from typing import Any

from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import all_screens, url_of

SHOWN_OF_EACH = 5


def find(words: str, request: Request) -> list[dict[str, Any]]:
    """``[{"title", "more", "rows": [(record, url)]}]``: a few of each kind, kinds without a hit left out."""
    actor = request.actor
    groups = []
    for screens in all_screens():
        if not screens.searchable or not actor.may(screens.permission("view")):
            continue
        rows = list(screens.rows(actor).matching(words).order_by("-pk")[:SHOWN_OF_EACH])  # type: ignore[attr-defined]
        if rows:
            found = [(row, url_of(row)) for row in rows]
            groups.append({"title": screens.title, "icon": screens.icon, "more": screens.url("list"), "rows": found})
    return groups
