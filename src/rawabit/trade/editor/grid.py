"""The lines of the editor: read from the form, checked and priced, every problem beside its cell, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from rawabit.catalog.queries import items_by_code
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.numbers import whole
from rawabit.kit.screens.templatetags.kit import money
from rawabit.kit.text import clean_user_text
from rawabit.trade.logic.lines import (
    MAX_LINES,
    SECTION,
    LineInput,
    LineProblem,
    LineProblems,
    PricedLine,
    read_rows,
)
from rawabit.trade.logic.totals import Totals, add_up
from rawabit.trade.models import Document, Line
from rawabit.trade.queries import preview

# One input of every name stands in each row, so that the n-th value of each name belongs to the n-th row.
NAMES = (
    "kind", "item", "auto", "optional", "title", "details", "quantity", "unit", "unit_price", "discount", "tax",
)  # fmt: skip
_CELL = {"price": "unit_price", "sku": "title"}  # what the rules call a field, and the cell it stands in
_LONGEST_CODE = 40


@dataclass
class Row:
    """One row of the grid as text. ``auto``: "1" while the price is the price list's, so that it may follow it."""

    kind: str = "line"
    item: str = ""
    auto: str = ""
    optional: str = ""
    title: str = ""
    details: str = ""
    quantity: str = ""
    unit: str = ""
    unit_price: str = ""
    discount: str = ""
    tax: str = ""
    sku: str = ""
    net: SafeString | str = ""
    errors: dict[str, Any] = field(default_factory=dict)
    filled: bool = False  # the server found the item of a typed code

    @property
    def is_section(self) -> bool:
        return self.kind == SECTION

    @property
    def unused(self) -> list[str]:
        """The cells that a heading does not show."""
        return [name for name in NAMES if name not in ("kind", "title")]

    @property
    def is_blank(self) -> bool:
        return not (self.title.strip() or self.item or self.unit_price.strip() or self.details.strip())

    def typed(self) -> Mapping[str, str]:
        """The row as ``trade.logic.lines.read_rows`` wants it."""
        return {
            "item": self.item, "title": self.title, "quantity": self.quantity, "price": self.unit_price,
            "discount": self.discount, "tax": self.tax, "unit": self.unit, "details": self.details,
            "optional": self.optional,
        }  # fmt: skip

    def facts(self) -> dict[str, str]:
        """What a script writes into the row once its item is known."""
        names = ("item", "title", "sku", "unit", "unit_price", "tax")
        return {name: str(getattr(self, name)) for name in names}


def read_grid(data: QueryDict) -> list[Row]:
    """The rows of a posted form, in the order in which they stand there."""
    columns = {name: data.getlist(name) for name in NAMES}
    count = len(columns["title"])
    rows = []
    for n in range(count):
        told: dict[str, Any] = {name: values[n] for name, values in columns.items() if n < len(values)}
        rows.append(Row(**told))
    return rows


def row_of(line: Line, currency: str) -> Row:
    """A saved line as a row."""
    return Row(
        kind=SECTION if line.kind == SECTION else "line",
        item=str(line.item_id or ""),
        optional="1" if getattr(line, "optional", False) else "",
        title=line.title,
        details=line.details,
        quantity=active().number(line.quantity),
        unit=line.unit,
        unit_price=price_text(line.unit_price, currency),
        discount=active().number(line.discount_percent) if line.discount_percent else "",
        tax=str(line.tax_rule_id or ""),
        sku=line.sku,
    )


def row_of_input(line: LineInput, title: str, sku: str) -> Row:
    """A pasted line as a row; price and tax are filled in by :func:`check`."""
    number = active().number
    return Row(
        item=str(line.item_id or ""), title=title, sku=sku, quantity=number(line.quantity), unit=line.unit,
        unit_price="" if line.unit_price is None else number(line.unit_price),
        discount=number(line.discount_percent) if line.discount_percent else "",
        auto="1" if line.item_id and line.unit_price is None else "",
    )  # fmt: skip


def price_text(price: Decimal, currency: str) -> str:
    """A unit price with at least the decimals of its currency, in the reader's digits."""
    return active().unit_price(price, currency)


@dataclass
class Checked:
    """What came of checking: the lines to save, the totals of those that are right, and whether all are."""

    lines: list[LineInput]
    totals: Totals
    count: int
    ok: bool
    rows: list[Row]  # those of ``lines``, in the same order

    def tell(self, problems: Iterable[LineProblem]) -> None:
        """Write what the action refused beside the cells."""
        _tell(self.rows, problems)


def check(rows: Sequence[Row], document: Document) -> Checked:
    """Find items by typed codes, follow the price list, compute nets and totals; write problems into the rows.

    ``document`` is unsaved or saved, with customer, currency, date and language; nothing is written to the database."""
    live = [row for row in rows if not row.is_blank and not row.is_section]
    _find_codes(live, document)
    before = {id(row): row.unit_price for row in live}
    for row in live:
        row.unit_price = "" if row.auto else row.unit_price
        if not row.item:
            row.errors |= _missing(row)
    for row in live[MAX_LINES:]:
        row.errors["title"] = _("A document has 1000 lines at most.")
    inputs = _read(live)
    good, lines, totals = _price(live, inputs, document)
    for row, line, net in zip(good, lines, totals[0], strict=True):
        if line.list_price is None and not row.unit_price.strip():
            row.errors["unit_price"] = _("The price list has no price for it. Type one.")
        else:
            _fill(row, line, net, document.currency)
    for row in live:
        row.unit_price = row.unit_price or before[id(row)]
    pairs = zip(good, lines, strict=True)
    kept = {id(row): replace(inputs[id(row)], unit_price=line.unit_price) for row, line in pairs}
    kept |= {id(row): _heading(row) for row in rows if row.is_section and row.title.strip()}
    told = [row for row in rows if id(row) in kept]
    ok = not any(row.errors for row in rows)
    return Checked([kept[id(row)] for row in told], totals[1], len(live), ok, told)


def _heading(row: Row) -> LineInput:
    return LineInput(title=clean_user_text(row.title).strip()[:300], section=True)


def _missing(row: Row) -> dict[str, Any]:
    """What a line without an item lacks: its words, or its price."""
    if not row.title.strip():
        return {"title": _("Say what this line is for.")}
    if row.unit_price.strip():
        return {}
    code = _may_be_code(row.title) and not row.title.strip().count(" ")
    return {"title": _("No item has this code.")} if code else {"unit_price": _("Type a price.")}


def _find_codes(rows: Iterable[Row], document: Document) -> None:
    """A code typed in the place of a name is as good as choosing the item."""
    typed = {row.title.strip(): row for row in rows if not row.item and _may_be_code(row.title.strip())}
    if not typed:
        return
    found = items_by_code(list(typed))
    for row in rows:
        item = found.get(row.title.strip()) if not row.item else None
        if item is not None:
            row.item, row.title, row.sku = str(item.pk), item.name_in(document.language), item.sku
            row.tax, row.unit = str(item.tax_id), item.unit.name_in(document.language)
            row.auto = "" if row.unit_price.strip() else "1"
            row.quantity, row.filled = row.quantity or active().number(1), True


def _may_be_code(text: str) -> bool:
    return bool(text) and len(text) <= _LONGEST_CODE and any(letter.isdigit() for letter in text)


def _read(rows: Sequence[Row]) -> dict[int, LineInput]:
    """``{id of row: input}`` of the rows that can be read."""
    inputs = {}
    for row in rows:
        reading = read_rows([row.typed()])
        _tell([row], reading.problems)
        if reading.rows and not row.errors:
            inputs[id(row)] = reading.rows[0]
    return inputs


def _price(
    rows: Sequence[Row], inputs: Mapping[int, LineInput], document: Document
) -> tuple[list[Row], list[PricedLine], tuple[list[Money], Totals]]:
    """Price what is right; rows that the rules refuse get their problem and are left out."""
    good = [row for row in rows if id(row) in inputs]
    while True:
        try:
            lines, totals = preview(document, [inputs[id(row)] for row in good])
        except LineProblems as wrong:
            _tell(good, wrong.problems)
            left = [row for row in good if not row.errors]
            if len(left) == len(good):
                raise
            good = left
        else:
            return good, lines, (_nets(lines, totals, document.currency), totals)


def _nets(lines: Sequence[PricedLine], totals: Totals, currency: str) -> list[Money]:
    """The net of each line: counted ones as the totals share it out, optional ones alone."""
    counted = iter(totals.nets)
    return [add_up([line.amounts], currency).net if line.optional else next(counted) for line in lines]


def _tell(rows: Sequence[Row], problems: Iterable[LineProblem]) -> None:
    for problem in problems:
        name = _CELL.get(problem.field, problem.field)
        if problem.row < len(rows):
            rows[problem.row].errors.setdefault(name, problem.words)


def _fill(row: Row, line: PricedLine, net: Money, currency: str) -> None:
    row.net, row.sku = money(net), line.sku
    row.title, row.unit = row.title or line.title, row.unit or line.unit
    row.tax = row.tax or str(line.tax_rule_id or "")
    row.quantity = row.quantity or active().number(line.quantity)
    if not row.unit_price.strip():
        row.unit_price = price_text(line.unit_price, currency)
    if line.list_price is not None and line.list_price == line.unit_price:
        row.auto = "1"


def same_lines(document: Any, lines: Sequence[LineInput]) -> bool:
    """Whether a saved document holds these very lines already."""
    kept = [
        line.title if line.kind == SECTION else
        (
            line.item_id, line.title, line.details, line.unit, line.quantity, line.unit_price, line.discount_percent,
            line.tax_rule_id, getattr(line, "optional", False),
        )
        for line in document.lines.order_by("position")
    ]  # fmt: skip
    typed = [
        line.title if line.section else
        (
            line.item_id, line.title, line.details, line.unit, line.quantity, line.unit_price, line.discount_percent,
            line.tax_id, line.optional,
        )
        for line in lines
    ]  # fmt: skip
    return kept == typed


def error_list(rows: Sequence[Row]) -> list[tuple[int, Any]]:
    """``(number of the line, words)`` for the summary above the form; sections are not counted."""
    found, number = [], 0
    for row in rows:
        number += not row.is_section
        found += [(number, words) for words in row.errors.values()]
    return found


def arrange(rows: list[Row], wish: str) -> list[Row]:
    """Carry out a button of the form that works without scripts: ``up-3``, ``down-3``, ``remove-3``, ``rows``,
    ``section``."""
    name, _dash, place = wish.partition("-")
    at = whole(place)
    at = at if at is not None and at < len(rows) else None
    if name == "rows":
        return [*rows, *(Row() for _ in range(10))]
    if name == SECTION:
        return [*rows, Row(kind=SECTION), Row()]
    if at is None:
        return rows
    kept = [*rows[:at], *rows[at + 1 :]]
    if name == "remove":
        return kept
    kept.insert(max(0, at + (-1 if name == "up" else 1)), rows[at])
    return kept
