"""Lines pasted from a spreadsheet: tabs, semicolons or runs of spaces, with or without a header. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rawabit.kit.numbers import NotANumber, parse_number
from rawabit.kit.text import clean_user_text, fold

# What people call the columns, folded on use.
HEADERS: dict[str, tuple[str, ...]] = {
    "sku": (
        "sku", "code", "item", "item code", "item no", "part no", "product code", "stockcode", "barcode", "رمز الصنف",
        "رقم الصنف", "كود", "كود الصنف", "الرمز", "الصنف", "باركود", "کد", "کد کالا", "شناسه کالا", "کالا", "بارکد",
    ),
    "title": (
        "description", "name", "title", "product", "item name", "الوصف", "البيان", "اسم الصنف", "الاسم", "المنتج",
        "شرح", "نام", "نام کالا", "شرح کالا", "توضیحات",
    ),
    "quantity": (
        "quantity", "qty", "count", "pcs", "الكمية", "كمية", "العدد", "عدد", "تعداد", "مقدار",
    ),
    "price": (
        "price", "unit price", "rate", "سعر الوحدة", "السعر", "سعر", "قیمت", "قیمت واحد", "فی", "مبلغ واحد",
    ),
    "discount": ("discount", "discount %", "disc", "خصم", "الخصم", "نسبة الخصم", "تخفیف", "درصد تخفیف"),
    "unit": ("unit", "uom", "الوحدة", "وحدة", "وحدة القياس", "واحد"),
}  # fmt: skip
_NAMES = {fold(word): name for name, words in HEADERS.items() for word in words}
_SPACES = re.compile(r"\s{2,}|\s(?=\S+$)")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One pasted line; ``quantity`` and ``price`` None where the cell is empty. ``unreadable``: fields in which
    something stood that is no number."""

    number: int
    sku: str = ""
    title: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    discount: Decimal | None = None
    unreadable: tuple[str, ...] = ()


@dataclass
class Pasted:
    """The rows, and the columns as they were understood."""

    rows: list[PastedRow] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)


def parse_pasted(text: str) -> Pasted:
    """Rows of pasted text. Columns are taken from a header in three languages, else guessed: the first column is the
    code, the first column of numbers after it the quantity, the next one the price, a column of words the title."""
    table = [cells for line in clean_user_text(text).split("\n") if (cells := _cells(line)) and any(cells)]
    if not table:
        return Pasted()
    columns = _header(table[0])
    body = table[1:] if columns else table
    columns = columns or _guess(body)
    return Pasted([_row(number, cells, columns) for number, cells in enumerate(body, 1)], columns)


def _cells(line: str) -> list[str]:
    if "\t" in line:
        cells = line.split("\t")
    elif ";" in line or "؛" in line:
        cells = re.split("[;؛]", line)
    else:
        cells = _SPACES.split(line.strip())
    return [cell.strip().strip('"').strip() for cell in cells]


def _header(cells: Sequence[str]) -> list[str]:
    """The columns a header names, "" for unknown ones; [] when the row is no header."""
    names = [_NAMES.get(fold(cell), "") for cell in cells]
    known = [name for name in names if name]
    return names if len(known) >= 2 and len(set(known)) == len(known) else []


def _guess(body: Sequence[Sequence[str]]) -> list[str]:
    width = max(len(cells) for cells in body)
    columns, left = ["sku"], ["quantity", "price", "discount"]
    for place in range(1, width):
        values = [cells[place] for cells in body if place < len(cells) and cells[place]]
        if values and all(_is_number(value) for value in values) and left:
            columns.append(left.pop(0))
        else:
            columns.append("" if "title" in columns else "title")
    return columns


def _is_number(text: str) -> bool:
    try:
        parse_number(text.rstrip("%٪"))
    except NotANumber:
        return False
    return True


def _row(number: int, cells: Sequence[str], columns: Sequence[str]) -> PastedRow:
    values = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell}
    numbers: dict[str, Decimal | None] = {}
    unreadable = []
    for name in ("quantity", "price", "discount"):
        numbers[name] = None
        if name in values:
            try:
                numbers[name] = parse_number(values[name].rstrip("%٪"))
            except NotANumber:
                unreadable.append(name)
    return PastedRow(
        number, values.get("sku", ""), values.get("title", ""), values.get("unit", ""), numbers["quantity"],
        numbers["price"], numbers["discount"], tuple(unreadable),
    )  # fmt: skip
