"""Lists that fold into cards on a phone (``.table.fold``), their rows written without the template engine.

Twenty rows are half of what a list page costs, and they all look alike: a column says once how its cell is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from rawabit.kit.screens.templatetags.kit import bdi, date_l, escaped, ltr, num, price
from rawabit.kit.screens.templatetags.kit import money as money_l

Row = Mapping[str, Any]
Cell = Callable[[Row, str], str]


@dataclass(frozen=True, slots=True)
class Column:
    """``cell(row, label)`` is the ``<td>`` of a row; ``label`` (the title unless another is given) is what stands
    before the value on a phone, escaped and ready for ``data-l``."""

    title: Any
    cell: Cell
    label: Any = None
    css: str = ""


def paper(title: Any, *, below: str = "") -> Column:
    """The number of a paper (``number``), which leads to it (``url``); under it the text of the field ``below``."""

    def cell(row: Row, label: str) -> str:
        under = f'<span class="sub"><bdi>{escaped(row[below])}</bdi></span>' if below and row[below] else ""
        link = f'<a class="rowlink" href="{escaped(row["url"])}"><bdi class="code">{escaped(row["number"])}</bdi></a>'
        return f'<td data-c="title">{link}{under}</td>'

    return Column(title, cell)


def situation(title: Any) -> Column:
    """The one status of a row: its words (``tag``) and their tone (``tone``)."""

    def cell(row: Row, label: str) -> str:
        return (
            f'<td data-c="end"><span class="tag" data-s="{escaped(row["tone"])}">{escaped(str(row["tag"]))}</span></td>'
        )

    return Column(title, cell)


def day(title: Any, field: str) -> Column:
    """A day, or nothing."""
    return Column(title, lambda row, label: _td(date_l(row[field]), label))


def amount(title: Any, field: str, *, label: Any = None, strong: bool = False) -> Column:
    """An amount of money, or nothing."""
    css = "num b" if strong else "num"
    return Column(title, lambda row, label: _td(money_l(row[field]), label, css), label, "num")


def words(title: Any, field: str) -> Column:
    """Words of ours."""
    return Column(title, lambda row, label: f'<td data-l="{label}">{escaped(str(row[field]))}</td>')


def code(title: Any, field: str) -> Column:
    """A number or code from elsewhere, or nothing."""
    return Column(title, lambda row, label: _td(ltr(row[field]), label))


def link(title: Any, field: str, url: str) -> Column:
    """The number of another paper, which leads to it."""

    def cell(row: Row, label: str) -> str:
        return (
            f'<td data-l="{label}"><a href="{escaped(row[url])}"><bdi class="code">{escaped(row[field])}</bdi></a></td>'
        )

    return Column(title, cell)


def goods(title: Any) -> Column:
    """What a line of a paper is about (``title``, ``sku``)."""

    def cell(row: Row, label: str) -> str:
        sku = f'<span class="sub"><bdi class="code">{escaped(row["sku"])}</bdi></span>' if row["sku"] else ""
        return f'<td data-c="sub"><bdi>{escaped(row["title"])}</bdi>{sku}</td>'

    return Column(title, cell)


def unit(title: Any) -> Column:
    """The unit of a line, or nothing."""
    return Column(title, lambda row, label: _td(bdi(row["unit"]), label, "dim"))


def number(title: Any, field: str) -> Column:
    """A quantity; None where the row has none."""

    def cell(row: Row, label: str) -> str:
        return _td("" if row[field] is None else num(row[field]), label, "num")

    return Column(title, cell, css="num")


def unit_price(title: Any, field: str, total: str) -> Column:
    """A price; ``total`` is the field of the same row whose money names the currency."""

    def cell(row: Row, label: str) -> str:
        return f'<td class="num" data-l="{label}">{price(row[field], row[total].currency)}</td>'

    return Column(title, cell, css="num")


def _td(html: str, label: str, css: str = "") -> str:
    """A cell with its label; without a value the label would stand alone on a phone."""
    return f'<td{_kind(css)} data-l="{label}">{html}</td>' if html else f"<td{_kind(css)}></td>"


def _kind(css: str) -> str:
    return f' class="{css}"' if css else ""


def head(columns: Iterable[Column]) -> SafeString:
    """The ``<thead>``."""
    cells = [f'<th scope="col"{_kind(column.css)}>{escaped(str(column.title))}</th>' for column in columns]
    return SafeString(f"<thead><tr>{''.join(cells)}</tr></thead>")


def body(columns: Sequence[Column], rows: Iterable[Row]) -> SafeString:
    """The ``<tr>`` of each row."""
    return SafeString("".join(map(_writer(columns), rows)))


def lines(columns: Sequence[Column], rows: Iterable[Row]) -> SafeString:
    """The lines of a paper; a line whose ``kind`` is "section" is a heading over all columns."""
    write, width = _writer(columns), len(columns)
    return SafeString("".join([_section(row, width) if row["kind"] == "section" else write(row) for row in rows]))


def _writer(columns: Sequence[Column]) -> Callable[[Row], str]:
    """Rows as markup, with the labels in the reader's language looked up once."""
    cells = [(c.cell, escaped(str(c.title if c.label is None else c.label))) for c in columns]
    return lambda row: f"<tr>{''.join([cell(row, label) for cell, label in cells])}</tr>"


def _section(row: Row, width: int) -> str:
    title = f"<bdi>{escaped(row['title'])}</bdi>"
    return f'<tr class="section"><td class="b" data-c="title" colspan="{width}">{title}</td></tr>'
