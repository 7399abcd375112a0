"""Lines as people enter them: read, checked, with every problem beside its row and field. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol, TypeVar

from rawabit.kit.marking import _
from rawabit.kit.numbers import NotANumber, parse_number
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.trade.logic.totals import LineAmounts

QUANTITY_STEP, PRICE_STEP, PERCENT_STEP = Decimal("0.001"), Decimal("0.000001"), Decimal("0.0001")
SECTION = "section"  # the kind of a line that is only a heading
MAX_QUANTITY, MAX_PRICE, MAX_LINES = Decimal(10**9), Decimal(10**12), 1000
# Net amounts are kept in 64 bits of minor units; a thousand such lines still fit.
MAX_NET_MINOR = 10**15


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as typed. ``unit_price`` None: take it from the price list; ``tax_id`` None: take the item's tax.

    ``section``: a heading among the lines; a title and nothing else, never delivered, taxed or counted."""

    title: str = ""
    quantity: Decimal = Decimal(1)
    item_id: int | None = None
    sku: str = ""
    unit_price: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    tax_id: int | None = None
    unit: str = ""
    details: str = ""
    optional: bool = False
    section: bool = False


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line as it will be kept. ``list_price`` is what the price list says, None where it says nothing."""

    item_id: int | None
    sku: str
    title: str
    details: str
    kind: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    list_price: Decimal | None
    discount_percent: Decimal
    tax_rule_id: int | None
    tax_category: str
    tax_percent: Decimal
    tax_reason: str = ""
    tax_reason_code: str = ""
    optional: bool = False

    @property
    def amounts(self) -> LineAmounts:
        return LineAmounts(
            self.quantity, self.unit_price, self.discount_percent, self.tax_percent, self.tax_category,
            self.tax_reason_code, self.tax_reason,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong in one field of one row; rows count from 0."""

    row: int
    field: str
    words: Any


class LineProblems(Refused):
    """Some rows are wrong. Nothing was saved; ``problems`` says what and where."""

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        super().__init__("\n".join(str(problem.words) for problem in problems[:5]))
        self.problems = list(problems)


@dataclass
class Reading:
    """Rows as they were read, and what could not be read."""

    rows: list[LineInput] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)


def read_rows(rows: Sequence[Mapping[str, str]]) -> Reading:
    """Typed rows (``item``, ``sku``, ``title``, ``quantity``, ``price``, ``discount``, ``tax``, ``unit``, ``details``,
    ``optional``) in digits of any script. Rows with nothing in them are left out; numbers count the rows given."""
    reading = Reading()
    for number, row in enumerate(rows):
        if any(row.get(name, "").strip() for name in ("item", "sku", "title")):
            reading.rows.append(_read(number, row, reading.problems))
    return reading


def _read(number: int, row: Mapping[str, str], problems: list[LineProblem]) -> LineInput:
    price = row.get("price", "").strip()
    return LineInput(
        title=clean_user_text(row.get("title", "")).strip()[:300],
        quantity=_number(number, "quantity", row.get("quantity", "") or "1", problems),
        item_id=_key(row.get("item", "")),
        sku=row.get("sku", "").strip()[:60],
        unit_price=_number(number, "price", price, problems) if price else None,
        discount_percent=_number(number, "discount", row.get("discount", "") or "0", problems),
        tax_id=_key(row.get("tax", "")),
        unit=clean_user_text(row.get("unit", "")).strip()[:60],
        details=clean_user_text(row.get("details", "")).strip(),
        optional=row.get("optional", "") in ("1", "on", "true"),
    )


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _number(row: int, name: str, text: str, problems: list[LineProblem]) -> Decimal:
    try:
        return parse_number(text.strip().removesuffix("%").removesuffix("٪"))
    except NotANumber:
        problems.append(LineProblem(row, name, _("This is not a number.")))
        return Decimal(0)


def check_rows(rows: Sequence[LineInput]) -> list[LineProblem]:
    """What is wrong in rows that could be read."""
    problems = [problem for number, row in enumerate(rows) for problem in _check(number, row)]
    if len(rows) > MAX_LINES:
        problems.append(LineProblem(MAX_LINES, "title", _("A document has 1000 lines at most.")))
    return problems


class OfKind(Protocol):
    """Anything that knows the kind of its line."""

    @property
    def kind(self) -> str: ...


L = TypeVar("L", bound=OfKind)


def with_sections(lines: Iterable[L], keeps: Callable[[L], bool]) -> list[L]:
    """The lines that ``keeps`` wants, each below the headings it stood under. Headings under which nothing is left are
    dropped; headings that follow each other directly stand for the lines below them together."""
    found: list[L] = []
    waiting: list[L] = []
    under_heading = False
    for line in lines:
        if line.kind == SECTION:
            waiting = [*waiting, line] if under_heading else [line]
        elif keeps(line):
            found += [*waiting, line]
            waiting = []
        under_heading = line.kind == SECTION
    return found


def _check(number: int, row: LineInput) -> list[LineProblem]:
    if row.section:
        return [] if row.title else [LineProblem(number, "title", _("A section needs a title."))]
    found = []
    if not 0 < row.quantity <= MAX_QUANTITY:
        found.append(LineProblem(number, "quantity", _("Quantity must be more than zero.")))
    elif row.quantity != row.quantity.quantize(QUANTITY_STEP, ROUND_HALF_UP):
        found.append(LineProblem(number, "quantity", _("A quantity has three decimals at most.")))
    if row.unit_price is not None and not 0 <= row.unit_price <= MAX_PRICE:
        found.append(LineProblem(number, "price", _("A price cannot be negative.")))
    elif row.unit_price is not None and row.unit_price != row.unit_price.quantize(PRICE_STEP, ROUND_HALF_UP):
        found.append(LineProblem(number, "price", _("A price has six decimals at most.")))
    if not 0 <= row.discount_percent <= 100:
        found.append(LineProblem(number, "discount", _("A discount lies between 0 and 100 per cent.")))
    return found
