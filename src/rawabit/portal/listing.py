"""What the lists share: the tab, the search words and the place where the last page ended, read from the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest


def tab_of(request: HttpRequest, tabs: Collection[str]) -> str:
    """The tab asked for; the first one for an unknown name."""
    asked = request.GET.get("show", "")
    return asked if asked in tabs else next(iter(tabs))


def words_of(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:100]


def after_of(request: HttpRequest) -> UUID | None:
    """The row after which the page goes on; None for the first page and for nonsense."""
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def list_context(
    request: HttpRequest, labels: Mapping[str, Any], after: UUID | None, filters: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Tabs, search box and "load more" of a list; ``after`` names its last row when more follow, ``filters`` what
    else narrows it."""
    show, words = tab_of(request, labels), words_of(request)
    kept = {"show": show, **({"q": words} if words else {}), **(filters or {})}
    return {
        "show": show,
        "q": words,
        "tabs": [(f"show={code}", label, code == show) for code, label in labels.items()],
        "more_query": urlencode({**kept, "after": str(after)}) if after else "",
        "first_query": urlencode(kept),
        "resumed": "after" in request.GET,
    }
