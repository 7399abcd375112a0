"""The page of a document: its paper, what to know about it, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from rawabit.company.queries import local_day
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.paper.bundles import start
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import screens_of
from rawabit.kit.screens.columns import Column
from rawabit.kit.screens.screens import Screens
from rawabit.trade.editor.pages import EditorPages
from rawabit.trade.editor.paper import Extra, Paper, paper_of

# Lists whose records have a PDF.
ON_PAPER = ("quotations", "orders", "deliveries", "invoices", "payments")
_ORDER = {"primary": 0, "danger-quiet": 2}


class PaperScreens(Screens):
    """Screens whose record looks like paper: with ``trade/document_*.html`` between its own templates and the kit's."""

    def render(self, request: Request, part: str, *, status: int = 200, **context: Any) -> HttpResponse:
        names = [f"{self.app}/{self.model._meta.model_name}_{part}.html", f"kit/{part}.html"]
        if part in ("detail", "action"):
            names.insert(1, f"trade/document_{part}.html")
        whole = {"screens": self, "section": self.slug, **context}
        response = render(request, names, whole, status=status)
        response.headers["Vary"] = "HX-Request, Cookie"
        return response

    @property
    def on_paper(self) -> bool:
        return self.slug in ON_PAPER

    def bulk_for(self, request: Request) -> list[dict[str, Any]]:
        zipped = [{"name": "zip", "label": _("Download as ZIP"), "asks": False}] if self.on_paper else []
        return [*super().bulk_for(request), *zipped]

    @access("staff")
    def bulk_do(self, request: Request, name: str) -> HttpResponse:
        """The papers of the selected rows are put together in the background; the page tells how far that is."""
        if name != "zip" or not self.on_paper:
            return super().bulk_do(request, name)
        actor = self.allow(request, "view")
        parts = [(self.model._meta.label_lower, row.pk) for row in self.selected(request)]
        start(parts, name=self.title, actor=actor, at=request.now)
        return redirect("desk-downloads")

    def list_context(self, request: Request, columns: Sequence[Column]) -> dict[str, Any]:
        context = super().list_context(request, columns)
        offered = [one for one in context["filters"] if one["options"] or one["part"] != "select"]
        return {**context, "filters": offered}

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        self.prepare([record], request)
        context = super().detail_context(request, record)
        return {**context, "paper": self.paper(record, request), "notes": self.notes(record, request)}

    def paper(self, record: Any, request: Request) -> Paper:
        """What the page shows as paper. To be written by each kind of document."""
        raise NotImplementedError

    def buttons(self, request: Request, record: Any) -> list[dict[str, Any]]:
        """What is dangerous stands quietly last; its page asks loudly enough."""
        shown = [
            {**one, "tone": "danger-quiet" if one["tone"] == "danger" else one["tone"]}
            for one in super().buttons(request, record)
        ]
        return sorted(shown, key=lambda one: _ORDER.get(one["tone"], 1))

    def notes(self, record: Any, request: Request) -> list[dict[str, Any]]:
        """``[{"tone", "title", "text", "url", "link"}]``: what to know before acting. For overriding."""
        return []

    def today(self, request: Request) -> Any:
        """The company's day."""
        return local_day(request.now, request.company)


class DocumentScreens(PaperScreens, EditorPages):
    """A document with lines: its list, its paper and its editor."""

    paper_facts: ClassVar[Sequence[Column]] = ()
    related: ClassVar[Sequence[str]] = ("customer", "owner", "contact")

    def paper_title(self, record: Any) -> Any:
        return self.one

    def paper_lines(self, record: Any) -> list[Any]:
        return list(record.lines.order_by("position"))

    def paper_extra(self, record: Any) -> Sequence[Extra]:
        return ()

    def paper_more(self, record: Any) -> Sequence[tuple[Any, Any, str]]:
        return ()

    def remarks(self, record: Any) -> Sequence[tuple[Any, str]]:
        return ()

    def paper(self, record: Any, request: Request) -> Paper:
        return paper_of(
            record, request.company, title=self.paper_title(record), facts=self.paper_facts,
            customer_url=page_of(record.customer, request), lines=self.paper_lines(record),
            extra=self.paper_extra(record), more=self.paper_more(record), remarks=self.remarks(record),
        )  # fmt: skip


def seen(model: type[Model], request: Request) -> QuerySet[Any]:
    """The rows of another kind that has screens, as far as the person sees them."""
    screens = screens_of(model)
    assert screens is not None
    return screens.rows(request.actor)


def page_of(record: Any, request: Request) -> str:
    """The address of another record's page, when the person may open that kind of page."""
    screens = screens_of(type(record))
    return screens.url("detail", record.pk) if screens and screens.may(request, "view") else ""


def note(tone: str, text: Any, *, title: Any = "", url: str = "", link: Any = "") -> dict[str, Any]:
    return {"tone": tone, "title": title, "text": text, "url": url, "link": link}


class Told(forms.Form):
    """Nothing to fill in: a page that says what will happen. ``notes`` are told above the button."""

    notes: Sequence[dict[str, Any]] = ()

    def __bool__(self) -> bool:
        return True
