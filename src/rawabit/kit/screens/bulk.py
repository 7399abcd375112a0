"""One verb for many rows: each in its own transaction, each failure told with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.states import Refused

if TYPE_CHECKING:
    from rawabit.kit.screens.base import ScreensBase as _Base
else:
    _Base = object

MOST_AT_ONCE = 500


class BulkPages(_Base):
    """The bar below a list with selected rows."""

    def bulk_for(self, request: Request) -> list[dict[str, Any]]:
        """The verbs offered for selected rows to this person."""
        offered = []
        for name in self.bulk:
            verb = self.verb(name)  # type: ignore[attr-defined]
            if verb is not None and self.may_do(request, verb):  # type: ignore[attr-defined]
                move = self.move_of(verb)  # type: ignore[attr-defined]
                label = verb.label or (move.label if move else name)
                offered.append({"name": name, "label": label, "asks": verb.form is not None})
        return offered

    @access("staff")
    def bulk_do(self, request: Request, name: str) -> HttpResponse:
        actor = self.allow(request, "view")
        verb = self.verb(name)  # type: ignore[attr-defined]
        if verb is None or name not in self.bulk or not self.may_do(request, verb):  # type: ignore[attr-defined]
            raise PermissionDenied(name)
        rows = self.selected(request)
        form = self.verb_form(request, verb, None)  # type: ignore[attr-defined]
        if form is not None and ("confirmed" not in request.POST or not form.is_valid()):
            form = form if "confirmed" in request.POST else _blank(verb, request)
            context = {"verb": verb, "form": form, "rows": rows}
            return self.render(request, "bulk_ask", **context)
        data = form.cleaned_data if form else {}
        results = [self.try_one(verb, row, data, actor, request) for row in rows]
        failed = [(row, reason) for row, reason in results if reason]
        return self.render(
            request, "bulk_result", verb=verb, failed=failed, done=len(results) - len(failed), total=len(results)
        )

    def selected(self, request: Request) -> list[Any]:
        actor = request.actor
        rows = self.rows(actor)
        if request.POST.get("all") == "1":
            request.GET = _query(request)
            return list(self.narrow(rows, request).order_by("pk")[:MOST_AT_ONCE])  # type: ignore[attr-defined]
        keys = [key for value in request.POST.getlist("row") if (key := whole(value)) is not None]
        chosen = list(rows.filter(pk__in=keys[:MOST_AT_ONCE]).order_by("pk"))
        if not chosen:
            raise Refused(_("Select at least one row."))
        return chosen

    def try_one(self, verb: Any, row: Any, data: dict[str, Any], actor: Any, request: Request) -> tuple[Any, str]:
        if not verb.when(row):
            return row, str(_("Not possible for this row."))
        try:
            verb.action(row, actor=actor, at=request.now, **data)
        except Refused as reason:
            return row, str(reason)
        return row, ""


def _blank(verb: Any, request: Request) -> Any:
    """The verb's form before anything was typed, its choices filled for no row in particular."""
    form = verb.form()
    if verb.prepare:
        verb.prepare(form, None, request)
    return form


def _query(request: Request) -> Any:
    return QueryDict(request.POST.get("query", ""))
