"""The rows that a combobox offers while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from rawabit.kit.access import access
from rawabit.kit.request import Request

if TYPE_CHECKING:
    from rawabit.kit.screens.base import ScreensBase as _Base
else:
    _Base = object

SHOWN = 20


class WithOptions(_Base):
    """Adds ``<slug>/options/?q=…`` to screens whose records are searchable."""

    @access("staff")
    def options(self, request: Request) -> HttpResponse:
        actor = self.allow(request, "view")
        words = request.GET.get("q", "").strip()[:200]
        rows = self.rows(actor).matching(words).order_by(*self.default_order)[:SHOWN]  # type: ignore[attr-defined]
        return render(request, "kit/parts/options.html", {"rows": [(row, self.hint_of(row)) for row in rows]})

    def hint_of(self, record: Any) -> str:
        """A second word that tells namesakes apart: a number, a city. For overriding."""
        return ""

    def more_urls(self) -> list[URLPattern]:
        return [
            path(f"{self.slug}/options/", require_GET(self.options), name=f"{self.slug}-options"),
            *super().more_urls(),  # type: ignore[misc]
        ]
