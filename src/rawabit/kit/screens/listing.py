"""The list page: search, filters, order, chosen columns, saved views, pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.records.models import SavedView
from rawabit.kit.records.queries import views_of
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Column
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text

if TYPE_CHECKING:
    from rawabit.kit.screens.base import ScreensBase as _Base
else:
    _Base = object

COUNT_UP_TO = 10_000
NOT_KEPT = {"page", "view", "csrfmiddlewaretoken"}
NOT_NARROWING = NOT_KEPT | {"sort", "cols"}


@dataclass(frozen=True)
class Page:
    """One page of rows. ``total`` is exact up to :data:`COUNT_UP_TO`, ``many`` says that there are more."""

    rows: Sequence[Any]
    number: int
    size: int
    total: int
    many: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def has_next(self) -> bool:
        return self.many or self.last < self.total

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def cut(rows: QuerySet[Any], wanted: str, size: int) -> Page:
    """The wanted page; a number that is none, or too high, is answered by the nearest."""
    counted = rows.order_by()[: COUNT_UP_TO + 1].count()
    total, many = min(counted, COUNT_UP_TO), counted > COUNT_UP_TO
    number = max(1, min(whole(wanted) or 1, -(-total // size) or 1))
    start = (number - 1) * size
    return Page(list(rows[start : start + size]), number, size, total, many)


class ListPages(_Base):
    """The list of one kind of record."""

    @access("staff")
    def list(self, request: Request) -> HttpResponse:
        actor = self.allow(request, "view")
        request.watched = {"kind": self.model}
        rows = self.narrow(self.rows(actor), request).order_by(*self.ordering(request))
        page = cut(rows, request.GET.get("page", ""), self.page_size)
        self.prepare(page.rows, request)
        columns = self.chosen_columns(request)
        table = [(row, [(column, column.cell(row)) for column in columns]) for row in page.rows]
        part = "rows" if request.htmx and request.htmx.target == "rows" else "list"
        return self.render(request, part, page=page, table=table, **self.list_context(request, columns))

    def list_context(self, request: Request, columns: Sequence[Column]) -> dict[str, Any]:
        return {
            "heads": [self.head(column, request) for column in columns],
            "filters": [f.shown(self.model, request) for f in self.filters],
            "filtered": any(key not in NOT_NARROWING and value for key, value in request.GET.items()),
            "all_columns": [(c.key, c.title(self.model), c in columns) for c in self.columns],
            "views": list(views_of(self.slug, request.actor)),
            "view": request.GET.get("view", ""),
            "query": kept_query(request.GET),
            "q": request.GET.get("q", ""),
            "bulk": self.bulk_for(request),  # type: ignore[attr-defined]  # of the bulk pages beside
            "may_add": self.form is not None and self.may(request, "add"),
            "may_export": self.may(request, "export"),
        }

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        """Attach what cells need, in a constant number of queries. For overriding."""

    def narrow(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        for condition in self.filters:
            rows = condition.apply(rows, request)
        if (words := request.GET.get("q", "").strip()[:200]) and self.searchable:
            rows = rows.matching(words)  # type: ignore[attr-defined]
        return rows

    def chosen_columns(self, request: Request) -> Sequence[Column]:
        wanted = {key for keys in request.GET.getlist("cols") for key in keys.split(",")}
        chosen = [column for column in self.columns if column.key in wanted]
        return chosen or [c for c in self.columns if c.key not in self.hidden_columns]

    def ordering(self, request: Request) -> Sequence[str]:
        wanted = request.GET.get("sort", "")
        for column in self.columns:
            if wanted.lstrip("-") == column.key and (path := column.order(self.model)):
                return [f"-{path}" if wanted.startswith("-") else path, "-pk"]
        return [*self.default_order]

    def head(self, column: Column, request: Request) -> dict[str, Any]:
        wanted = request.GET.get("sort", "")
        query = QueryDict(kept_query(request.GET), mutable=True)
        query["sort"] = f"-{column.key}" if wanted == column.key else column.key
        return {
            "title": column.title(self.model),
            "css": column.css,
            "sortable": column.order(self.model) is not None,
            "sorted": "ascending" if wanted == column.key else "descending" if wanted == f"-{column.key}" else "",
            "query": query.urlencode(),
        }

    # Saved views

    @access("staff")
    def save_view(self, request: Request) -> HttpResponse:
        actor = self.allow(request, "view")
        name = clean_user_text(request.POST.get("name", "")).strip()[:80]
        if not name:
            raise Refused(_("Give the view a name."))
        known = {f.name for f in self.filters} | {"q", "sort", "cols"}
        known |= {f"{f.name}_{end}" for f in self.filters for end in ("from", "to")}
        pairs = [(k, v) for k, v in parse_qsl(request.POST.get("query", "")) if k in known]
        view, _fresh = SavedView.objects.update_or_create(
            screen=self.slug, owner_id=actor.user_id, name=name,
            defaults={"query": urlencode(pairs)[:1000], "shared": request.POST.get("shared") == "1"},
        )  # fmt: skip
        return redirect(f"{self.url('list')}?{view.query}&view={view.pk}")

    @access("staff")
    def delete_view(self, request: Request, view: int) -> HttpResponse:
        actor = self.allow(request, "view")
        get_object_or_404(SavedView, pk=view, screen=self.slug, owner_id=actor.user_id).delete()
        return redirect(self.url("list"))


def kept_query(params: QueryDict) -> str:
    """The address without page and view, for links that keep filters."""
    return urlencode([(k, v) for k, values in params.lists() for v in values if k not in NOT_KEPT and v])
