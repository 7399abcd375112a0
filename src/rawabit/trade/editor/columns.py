"""Columns and filters that the lists of documents share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.columns import EMPTY, Code, Column, Status, field_at
from rawabit.kit.screens.filters import Of, Options


@dataclass(frozen=True, slots=True)
class Number(Code):
    """A document's number; a draft says so."""

    path: str = "number"

    def cell(self, record: Any) -> SafeString:
        css = "code" if record.number else "dim"
        return format_html('<bdi class="{}">{}</bdi>', css, record)

    def export(self, record: Any) -> Any:
        return str(record)


@dataclass(frozen=True, slots=True)
class Situation(Status):
    """What ``prepare`` found out about the record (``record.situation``): the tag that tells how it stands."""

    path: str = "situation"
    label: Any = _("Situation")
    of: Callable[[Any], Any] | None = lambda record: getattr(record, "situation", None)


@dataclass(frozen=True, slots=True)
class PageLink(Column):
    """A word, or the record's name, that leads to an address worked out from the record."""

    url: Callable[[Any], str] = str
    text: Any = None

    def cell(self, record: Any) -> SafeString:
        address = self.url(record)
        shown = self.text if self.text is not None else format_html('<bdi class="code">{}</bdi>', record)
        return format_html('<a href="{}">{}</a>', address, shown) if address else EMPTY

    def export(self, record: Any) -> Any:
        return ""


@dataclass(frozen=True, slots=True)
class DocumentLink(Column):
    """Another document by its number, which is never broken over two lines."""

    def cell(self, record: Any) -> SafeString:
        other = self.value(record)
        if other is None:
            return EMPTY
        shown, url = format_html('<bdi class="code">{}</bdi>', other), url_of(other)
        return format_html('<a href="{}">{}</a>', url, shown) if url else shown


@dataclass(frozen=True)
class OneCustomer(Of):
    """The rows of one customer, for links from his page. Thousands of customers are not offered in a select."""

    name: str = "customer"

    def options(self, model: type[Model], request: Request) -> Options:
        chosen = whole(request.GET.get(self.name, ""))
        related: Any = field_at(model, self.name).related_model  # type: ignore[union-attr]
        rows = related.objects.visible_to(request.actor).filter(pk=chosen)
        return [(str(row.pk), row) for row in rows]
