"""What papers of all documents share: in which languages, who stands on them, lines, totals. A sheet is data only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rawabit.company.models import Company
from rawabit.kit.display import Display
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money, digits_of
from rawabit.kit.paper.cache import pdf_of
from rawabit.kit.paper.pictures import NotAPicture, picture_svg
from rawabit.kit.paper.sheet import Block, Cell, Column, Fact, Group, Pair, Paper, Row, Sheet, Total
from rawabit.kit.paper.writing import Writer, ltr, user, user_lines
from rawabit.trade.logic.lines import SECTION
from rawabit.trade.models import Document
from rawabit.trade.queries import buyer_of, seller_of

LANGUAGES = ("ar", "fa", "en")
LONG_DETAILS = 25  # lines of details from which a row may go on on the next page
UNTAXED = {"Z": _("Zero rate"), "E": _("Exempt"), "O": _("Out of scope")}
Party = dict[str, Any]


# Languages


def languages_of(company: Company, customer: Any, asked: Sequence[str] | None = None) -> tuple[str, ...]:
    """As asked; else as the company has chosen: the customer's own, one for all, or Arabic beside English."""
    if asked:
        return tuple(dict.fromkeys(code for code in asked if code in LANGUAGES))[:2] or (company.language,)
    if company.paper_languages == "ar_en":
        return ("ar", "en")
    if company.paper_languages in LANGUAGES:
        return (company.paper_languages,)
    own = customer.language if customer is not None else ""
    return (own if own in LANGUAGES else company.language,)


def with_arabic(languages: Sequence[str], company: Company, asked: Sequence[str] | None) -> tuple[str, ...]:
    """A Saudi tax document speaks Arabic, whatever the customer reads; the customer's language stands beside it."""
    if asked or company.country != "SA" or not company.vat_number or "ar" in languages:
        return tuple(languages)
    return ("ar", languages[0])


def writer_of(company: Company, languages: Sequence[str]) -> Writer:
    return Writer([display_in(company, code) for code in languages])


def display_in(company: Company, language: str) -> Display:
    """The company's calendars and ways of writing, for readers of a language."""
    usual = "arabext" if language == "fa" else "latn" if company.digits == "arabext" else company.digits
    return Display(
        language, company.calendar, company.second_calendar or None, "latn" if language == "en" else usual,
        company.timezone, company.country, company.first_weekday, company.money_style, "rial",
    )  # fmt: skip


# The company's pictures


def logo_of(company: Company) -> str:
    return _picture(company.logo)


def stamp_of(company: Company) -> str:
    return _picture(company.stamp)


def _picture(file: Any) -> str:
    if not file:
        return ""
    try:
        return _svg_of(file.name, file.storage.get_modified_time(file.name))
    except (OSError, NotAPicture):
        return ""


@lru_cache(maxsize=8)
def _svg_of(name: str, _changed: Any) -> str:
    from django.core.files.storage import default_storage

    with default_storage.open(name) as file:
        return picture_svg(file.read())


# Parties


def sellers_of(record: Document, company: Company) -> Party:
    return record.seller or seller_of(company)


def buyers_of(record: Document) -> Party:
    return record.buyer or buyer_of(record.customer)


def names_of(party: Party, writer: Writer) -> list[str]:
    """The legal name, and the English one where English is read too."""
    english = party.get("name_en", "") if "en" in writer.languages else ""
    return [user(name) for name in dict.fromkeys((str(party.get("name", "")), english)) if name]


def party_group(label: Any, party: Party, writer: Writer, *, phones: bool = True) -> Group:
    """Name, address and official numbers, as they stood when the document was issued."""
    rows = [Pair(name, strong=place == 0) for place, name in enumerate(names_of(party, writer))]
    rows += [Pair(line) for line in user_lines(str(party.get("address", "")))]
    numbers = [
        (_("VAT number"), ltr(str(party.get("vat_number", "")))),
        (_("Commercial registration"), ltr(str(party.get("registration", "")))),
        (_("Phone"), writer.phone(str(party.get("phone", ""))) if phones else ""),
    ]
    rows += [Pair(value, writer.label(words)) for words, value in numbers if value]
    return Group(writer.label(label), rows)


def sender_of(party: Party, company: Company, writer: Writer) -> list[str]:
    """The head of the paper: who sends it."""
    reach = [writer.phone(str(party.get("phone", ""))), ltr(str(party.get("email", ""))), ltr(company.website)]
    return [*names_of(party, writer), "  ·  ".join(one for one in reach if one)]


def bank_box(party: Party, writer: Writer, reference: str = "") -> list[Group]:
    """Where to pay; nothing without an account."""
    if not party.get("iban"):
        return []
    rows = [
        (_("Beneficiary"), user(str(party.get("name", "")))), (_("Bank"), user(str(party.get("bank", "")))),
        (_("IBAN"), writer.iban(str(party["iban"]))), (_("Reference"), ltr(reference)),
    ]  # fmt: skip
    found = [Pair(value, writer.label(words)) for words, value in rows if value]
    return [Group(writer.label(_("Bank details")), found)]


# Facts


def fact(writer: Writer, words: Any, value: str | Sequence[str]) -> list[Fact]:
    """One fact, or none where nothing is known."""
    values = [value] if isinstance(value, str) else [*value]
    return [Fact(writer.label(words), values)] if any(values) else []


def day_fact(writer: Writer, words: Any, day: date | None) -> list[Fact]:
    return fact(writer, words, writer.day(day)) if day else []


def currency_fact(writer: Writer, code: str) -> list[Fact]:
    return fact(writer, _("Currency"), writer.currency(code))


# Lines


def line_columns(writer: Writer, lines: Sequence[Any], *, taxes: bool) -> list[Column]:
    head = writer.head
    discount = [Column(head(_("Discount")), "number")] if any(line.discount_percent for line in lines) else []
    vat = [Column(head(pgettext_lazy("VAT", "Rate")), "number"), Column(head(_("VAT")), "number")] if taxes else []
    return [
        Column(head(_("No.")), "middle"), Column(head(_("Item")), share=1), Column(head(_("Quantity")), "number"),
        Column(head(_("Unit")), "middle"), Column(head(_("Unit price")), "number"), *discount, *vat,
        Column(head(_("Total before VAT")), "number"),
    ]  # fmt: skip


def line_rows(writer: Writer, lines: Sequence[Any], currency: str, *, taxes: bool) -> list[Row]:
    """The lines with running numbers; headings in between count for nothing."""
    places = max([digits_of(currency), *(_decimals(line.unit_price) for line in lines if line.kind != SECTION)])
    discounts = any(line.discount_percent for line in lines)
    rows, number = [], 0
    for line in lines:
        if line.kind == SECTION:
            rows.append(Row([Cell(user(line.title))], "section"))
            continue
        number += 1
        rows.append(_line_row(writer, line, number, currency, places, discounts=discounts, taxes=taxes))
    return rows


def _decimals(price: Decimal) -> int:
    exponent = price.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _line_row(
    writer: Writer, line: Any, number: int, currency: str, places: int, *, discounts: bool, taxes: bool
) -> Row:
    optional = getattr(line, "optional", False)
    dim = optional and not line.chosen
    discount = [Cell(writer.percent(line.discount_percent) if line.discount_percent else "", dim=dim)]
    vat = [Cell(writer.percent(line.tax_percent), dim=dim), Cell(writer.amount(Money(line.tax, currency)), dim=dim)]
    title = title_cell(writer, line, dim=dim)
    return Row(
        [
            Cell(writer.number(number), dim=True), title, Cell(writer.number(line.quantity), dim=dim),
            Cell(user(line.unit), dim=True), Cell(writer.number(line.unit_price, places), dim=dim),
            *(discount if discounts else []), *(vat if taxes else []),
            Cell(writer.amount(Money(line.net, currency)), strong=not dim, dim=dim),
        ],
        long=len(title.below) > LONG_DETAILS or sum(map(len, title.below)) > 60 * LONG_DETAILS,
    )  # fmt: skip


def title_cell(writer: Writer, line: Any, *, dim: bool = False) -> Cell:
    """What is sold, with its code and details below, and whether it is an option."""
    below = [ltr(line.sku)] if line.sku else []
    below += user_lines(line.details)
    tag: list[str] = []
    if getattr(line, "optional", False):
        tag = writer.label(_("Optional, chosen") if line.chosen else _("Optional, not in the total"))
    return Cell(user(line.title), below, tag, dim=dim)


# Totals


def total_rows(writer: Writer, document: Document) -> list[Total]:
    """As they were frozen: net, discount, each rate with its base and its reason, the whole."""
    money, currency = document.money, document.currency
    rows = [Total(writer.label(_("Total before VAT")), writer.money(money("net")))]
    if document.discount:
        rows.append(Total(writer.label(_("Discount included")), writer.money(money("discount"))))
    rows += [_rate(writer, rate, currency) for rate in document.tax_summary]
    grand = Total(writer.label(_("Total including VAT")), writer.money(money("total")), "grand")
    return [*rows, grand, *toman_rows(writer, money("total"))]


def toman_rows(writer: Writer, money: Money) -> list[Total]:
    """Papers are in rials; beside them stands how the amount is said."""
    if money.currency != "IRR" or "fa" not in writer.languages:
        return []
    return [Total(writer.label(_("In tomans")), writer.tomans(money))]


def _rate(writer: Writer, rate: dict[str, Any], currency: str) -> Total:
    base, tax = Money(rate["net"], currency), Money(rate["tax"], currency)
    below = [user(rate["reason"])] if rate.get("reason") else []
    if (words := UNTAXED.get(rate["category"])) is not None and not Decimal(rate["percent"]):
        return Total(writer.label(words), writer.money(tax), below=[writer.money(base), *below])
    values = {"rate": writer.percent(Decimal(rate["percent"])), "base": writer.amount(base)}
    label = writer.say(_("VAT %(rate)s on %(base)s"), **values)
    return Total(label, writer.money(tax), below=below)


# Texts


def text_blocks(writer: Writer, *texts: tuple[Any, str]) -> list[Block]:
    return [Block(writer.label(words), writer.paras(text)) for words, text in texts if text.strip()]


# The sheet


def sheet_of(
    writer: Writer, company: Company, seller: Party, *, heading: Any, number: str, day: date, draft: bool = False,
    mark: Any = None, **more: Any,
) -> Sheet:  # fmt: skip
    """A sheet with the company's head, colours and pictures. Drafts carry a mark and no stamp."""
    words = _("Draft") if draft else mark
    return Sheet(
        lang=writer.lang, dir=writer.dir, digits=writer.digits,
        lang2=writer.languages[-1], dir2="ltr" if writer.languages[-1] == "en" else "rtl",
        title=" ".join(filter(None, [writer.label(heading)[0], number])), author=str(seller.get("name", "")), day=day,
        heading=writer.label(heading), number=number, sender=[one for one in sender_of(seller, company, writer) if one],
        pages=writer.pages(), brand=company.brand_color, mark=writer.label(words) if words else (),
        logo=logo_of(company), stamp="" if draft else stamp_of(company), stamp_alt=writer.label(_("Stamp"))[0],
        footer=footer_of(seller, writer), **more,
    )  # fmt: skip


def footer_of(seller: Party, writer: Writer) -> str:
    """Who it is from, on every page."""
    vat = str(seller.get("vat_number", ""))
    numbers = f"{writer.label(_('VAT number'))[0]}: {ltr(vat)}" if vat else ""
    return "  ·  ".join(one for one in (user(str(seller.get("name", ""))), numbers) if one)


def finished(sheet: Sheet, writer: Writer, *, key: str) -> Paper:
    """The paper of a sheet. ``key``: kind, uid and version of the document, for the cache."""
    name = sheet.title.replace("/", "-").replace("\\", "-")
    return Paper(f"{name}.pdf", *pdf_of(sheet, f"{key}-{'-'.join(writer.languages)}"))


def key_of(record: Any) -> str:
    return f"{record._meta.model_name}-{record.uid}-v{record.version}"


Builder = Callable[..., Paper]
