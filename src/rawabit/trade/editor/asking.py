"""Forms that ask for one figure per row of a table: quantities to deliver, lines to credit, amounts to settle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.kit.marking import _


@dataclass(frozen=True)
class Asked:
    """A row before it is drawn: ``cells`` in the order of ``heads``, ``fields`` by their prefix."""

    key: int
    cells: Sequence[Any]
    fields: Mapping[str, forms.Field]


@dataclass(frozen=True)
class AskedRow:
    cells: Sequence[tuple[Any, str, Any]]
    fields: Sequence[tuple[BoundField, Any]]


class TableForm(forms.Form):
    """Subclasses declare ``heads`` (label, css), ``asks`` {prefix: heading}, call :meth:`ask` from ``prepare`` and say
    in :meth:`answer` what the action gets."""

    grid: ClassVar[bool] = True
    heads: ClassVar[Sequence[tuple[Any, str]]] = ()
    asks: ClassVar[Mapping[str, Any]] = {}
    empty: ClassVar[Any] = _("Nothing is left.")
    notes: Sequence[dict[str, Any]] = ()
    rows: Sequence[Asked] = ()

    def ask(self, rows: Iterable[Asked]) -> None:
        """Add the inputs; to be called before the form is checked."""
        self.rows = list(rows)
        for row in self.rows:
            for prefix, field in row.fields.items():
                field.required = False
                self.fields[f"{prefix}-{row.key}"] = field

    @property
    def grid_heads(self) -> list[tuple[Any, str]]:
        return [*self.heads, *((label, "num") for label in self.asks.values())]

    @property
    def grid_rows(self) -> list[AskedRow]:
        return [
            AskedRow(
                [(cell, css, label) for cell, (label, css) in zip(row.cells, self.heads, strict=True)],
                [(self[f"{prefix}-{row.key}"], self.asks[prefix]) for prefix in row.fields],
            )
            for row in self.rows
        ]

    @property
    def plain_fields(self) -> list[BoundField]:
        """The fields beside the table."""
        names = {f"{prefix}-{row.key}" for row in self.rows for prefix in row.fields}
        return [self[name] for name in self.fields if name not in names]

    def answers(self, prefix: str) -> dict[int, Any]:
        """``{key: value}`` of the rows in which something stands."""
        found = {row.key: self.cleaned_data.get(f"{prefix}-{row.key}") for row in self.rows}
        return {key: value for key, value in found.items() if value not in (None, "")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        plain = {name: value for name, value in data.items() if "-" not in name}
        return {**plain, **self.answer()}

    def answer(self) -> dict[str, Any]:
        """The arguments of the action that come from the table."""
        raise NotImplementedError


def item_cell(line: Any) -> SafeString:
    """Title and code of a line."""
    code = format_html('<span class="sub"><bdi class="code">{}</bdi></span>', line.sku) if line.sku else ""
    return format_html("<bdi>{}</bdi>{}", line.title, code)
