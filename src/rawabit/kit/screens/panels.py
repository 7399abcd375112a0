"""What stands below the facts on a record's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.columns import Column


@dataclass(frozen=True)
class Panel:
    """A titled part of the page. ``rows(record, request)`` is asked once; an empty panel shows ``empty`` or nothing."""

    title: Any
    rows: Callable[[Any, Request], Iterable[Any]]
    columns: Sequence[Column] = ()
    template: str = "kit/parts/panel_table.html"
    empty: Any = None
    more: Callable[[Any], str] | None = None  # address of the whole list
    add: Callable[[Any, Request], str] | None = None  # address of "new", or ""
    permission: str | None = None

    def render(self, record: Any, request: Request) -> SafeString:
        if self.permission and not request.actor.may(self.permission):
            return mark_safe("")
        rows = list(self.rows(record, request))
        add = self.add(record, request) if self.add else ""
        if not rows and self.empty is None and not add:
            return mark_safe("")
        model = type(rows[0]) if rows else None
        context = {
            "panel": self,
            "record": record,
            "rows": rows,
            "add": add,
            "more": self.more(record) if self.more else "",
            "heads": [(c.title(model), c.css) for c in self.columns] if model else [],
            "table": [(url_of(row), [(c, c.cell(row)) for c in self.columns]) for row in rows],
        }
        return render_to_string(self.template, context, request=request)
