"""A saved document as paper: parties, lines, totals and the amount in words, for the page of the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money, digits_of
from rawabit.kit.screens.columns import EMPTY, Column
from rawabit.kit.screens.templatetags.kit import words
from rawabit.trade.editor.shown import ShownRate, ShownTotals, rate_label
from rawabit.trade.logic.lines import SECTION
from rawabit.trade.models import Document
from rawabit.trade.queries import buyer_of, seller_of

Extra = tuple[Any, Callable[[Any], Decimal | None]]  # what is told below a line: its words, and the quantity or None


@dataclass(frozen=True)
class PaperLine:
    line: Any
    number: int
    quantity: Decimal
    net: Money
    places: int
    section: bool
    optional: bool
    extra: Sequence[tuple[Any, Decimal]]


@dataclass(frozen=True)
class Paper:
    """For ``trade/paper.html``. ``parties``: (heading, frozen party, address of page); ``remarks``: (label, text)."""

    title: Any
    facts: Sequence[tuple[str, Any]]
    parties: Sequence[tuple[Any, dict[str, Any], str]]
    lines: Sequence[PaperLine]
    totals: ShownTotals | None
    words: str = ""
    remarks: Sequence[tuple[Any, str]] = ()
    priced: bool = True

    @property
    def discounted(self) -> bool:
        return any(row.line.discount_percent for row in self.lines)

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return 3 + (3 + self.discounted if self.priced else 0)


def paper_of(
    document: Document, company: Any, *, title: Any, facts: Iterable[Column], customer_url: str = "",
    lines: Sequence[Any], extra: Sequence[Extra] = (), more: Sequence[tuple[Any, Money, str]] = (),
    remarks: Sequence[tuple[Any, str]] = (),
) -> Paper:  # fmt: skip
    """The paper of a quotation, an order or an invoice; a draft shows the parties as they are now."""
    total, rows = document.money("total"), paper_lines(lines, document.currency, extra)
    return Paper(
        title, facts_of(document, facts), parties_of(document, company, customer_url),
        rows, totals_on(document, sum(not row.section for row in rows), more), words(total),
        [(label, text) for label, text in remarks if text],
    )  # fmt: skip


def facts_of(record: Any, columns: Iterable[Column]) -> list[tuple[str, Any]]:
    """Label and cell of what is known about the record; unknown things are left out."""
    cells = [(column.title(type(record)), column.cell(record)) for column in columns]
    return [(label, cell) for label, cell in cells if cell != EMPTY]


def parties_of(document: Document, company: Any, customer_url: str) -> list[tuple[Any, dict[str, Any], str]]:
    seller = document.seller or seller_of(company)
    buyer = document.buyer or buyer_of(document.customer)
    bank = [(_("IBAN"), seller["iban"])] if seller.get("iban") else []
    contact = [(_("Contact"), str(document.contact))] if document.contact_id else []
    return [
        (pgettext_lazy("party", "From"), {**seller, "more": bank}, ""),
        (pgettext_lazy("party", "To"), {**buyer, "more": contact}, customer_url),
    ]  # fmt: skip


def paper_lines(lines: Sequence[Any], currency: str, extra: Sequence[Extra] = ()) -> list[PaperLine]:
    """The lines with running numbers; prices of one table all have as many decimals as the longest needs."""
    places = max([digits_of(currency), *(_decimals(line.unit_price) for line in lines)])
    rows, number = [], 0
    for line in lines:
        section = line.kind == SECTION
        number += not section
        cells = [(label, told) for label, value in extra if not section and (told := value(line)) is not None]
        optional = getattr(line, "optional", False)
        rows.append(PaperLine(line, number, line.quantity, Money(line.net, currency), places, section, optional, cells))
    return rows


def _decimals(price: Decimal) -> int:
    exponent = price.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def totals_on(document: Document, count: int, more: Sequence[tuple[Any, Money, str]] = ()) -> ShownTotals:
    """The totals as they are saved, with one line per rate of tax."""
    rates = [
        ShownRate(rate_label(rate["category"], Decimal(rate["percent"])), Money(rate["tax"], document.currency))
        for rate in document.tax_summary
    ]
    money = document.money
    return ShownTotals(money("net"), money("discount"), money("tax"), money("total"), rates, count, more)
