"""What a document needs from catalogue, customer and company while it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from rawabit.catalog.models import Item, Tax
from rawabit.catalog.queries import items_by_code, percents_on, prices_for, standard_tax
from rawabit.company.models import Company
from rawabit.crm.models import Address, Customer
from rawabit.kit.marking import _
from rawabit.trade.logic.lines import (
    MAX_NET_MINOR,
    SECTION,
    LineInput,
    LineProblem,
    LineProblems,
    PricedLine,
    check_rows,
)
from rawabit.trade.logic.paste import parse_pasted
from rawabit.trade.logic.totals import Totals, add_up, line_net
from rawabit.trade.models import Document


def price_rows(document: Document, rows: Sequence[LineInput]) -> list[PricedLine]:
    """The rows with items, prices and taxes found for this document's customer, date, currency and language.

    The number of queries is the same for one row and for a thousand. :class:`LineProblems` says all that is wrong."""
    problems = check_rows(rows)
    items = _items(rows, problems)
    taxes = _taxes(rows, items)
    if problems:
        raise LineProblems(problems)
    wanted = {item.pk: row.quantity for row, item in zip(rows, items, strict=True) if item}
    prices = prices_for(wanted, document.customer.price_list, document.currency, document.date)
    percents = percents_on([tax.pk for tax in taxes if tax], document.date)
    priced = [
        _priced(document, row, item, prices, tax, percents) for row, item, tax in zip(rows, items, taxes, strict=True)
    ]
    _require_possible(priced, document.currency)
    return priced


def _items(rows: Sequence[LineInput], problems: list[LineProblem]) -> list[Item | None]:
    keys = [row.item_id for row in rows if row.item_id]
    by_key = {item.pk: item for item in Item.objects.filter(pk__in=keys).select_related("unit", "tax")}
    by_code = items_by_code([row.sku for row in rows if row.sku and not row.item_id])
    found: list[Item | None] = []
    for number, row in enumerate(rows):
        item = by_key.get(row.item_id) if row.item_id else by_code.get(row.sku)
        if item is None and not row.title and not row.section:
            problems.append(LineProblem(number, "sku", _("No item has this code.")))
        found.append(item)
    return found


def _taxes(rows: Sequence[LineInput], items: Sequence[Item | None]) -> list[Tax | None]:
    chosen = Tax.objects.in_bulk([row.tax_id for row in rows if row.tax_id])
    bare = any(_untaxed(row, item, chosen) for row, item in zip(rows, items, strict=True))
    usual = standard_tax() if bare else None
    return [chosen.get(row.tax_id or 0) or (item.tax if item else usual) for row, item in zip(rows, items, strict=True)]


def _untaxed(row: LineInput, item: Item | None, chosen: dict[int, Tax]) -> bool:
    return item is None and row.tax_id not in chosen and not row.section


def _priced(
    document: Document,
    row: LineInput,
    item: Item | None,
    prices: dict[int, Decimal],
    tax: Tax | None,
    percents: dict[int, Decimal],
) -> PricedLine:
    if row.section:
        return PricedLine(
            None, "", row.title, "", SECTION, "", Decimal(0), Decimal(0), None, Decimal(0), None, "O", Decimal(0)
        )
    listed = prices.get(item.pk) if item else None
    price = row.unit_price if row.unit_price is not None else listed
    line = PricedLine(
        item_id=item.pk if item else None,
        sku=item.sku if item else row.sku,
        title=row.title or (item.name_in(document.language) if item else ""),
        details=row.details,
        kind=item.kind if item else Item.GOODS,
        unit=row.unit or (item.unit.name_in(document.language) if item else ""),
        quantity=row.quantity,
        unit_price=price if price is not None else Decimal(0),
        list_price=listed,
        discount_percent=row.discount_percent,
        tax_rule_id=None,
        tax_category="O",
        tax_percent=Decimal(0),
        optional=row.optional,
    )
    return line if tax is None else _taxed(line, tax, percents[tax.pk])


def _taxed(line: PricedLine, tax: Tax, percent: Decimal) -> PricedLine:
    return replace(
        line, tax_rule_id=tax.pk, tax_category=tax.category, tax_percent=percent, tax_reason=tax.reason,
        tax_reason_code=tax.reason_code,
    )  # fmt: skip


def _require_possible(lines: Sequence[PricedLine], currency: str) -> None:
    too_large = [
        LineProblem(number, "price", _("This amount is too large."))
        for number, line in enumerate(lines)
        if abs(line_net(line.amounts, currency).minor) > MAX_NET_MINOR
    ]
    if too_large:
        raise LineProblems(too_large)


def preview(document: Document, rows: Sequence[LineInput]) -> tuple[list[PricedLine], Totals]:
    """Lines and totals as they would be saved; nothing is written. Optional lines and sections do not count."""
    priced = price_rows(document, rows)
    counted = [line.amounts for line in priced if not line.optional and line.kind != SECTION]
    return priced, add_up(counted, document.currency)


def rows_from_paste(text: str) -> tuple[list[LineInput], list[LineProblem]]:
    """Pasted spreadsheet text as rows for :func:`price_rows`; unknown codes stay as problems beside their row."""
    rows, problems = [], []
    pasted = parse_pasted(text)
    known = items_by_code([row.sku for row in pasted.rows])
    for number, row in enumerate(pasted.rows):
        item = known.get(row.sku)
        problems += [LineProblem(number, name, _("This is not a number.")) for name in row.unreadable]
        if item is None and not row.title:
            problems.append(LineProblem(number, "sku", _("No item has this code.")))
        rows.append(
            LineInput(
                title=row.title[:300], quantity=row.quantity if row.quantity is not None else Decimal(1),
                item_id=item.pk if item else None, sku=row.sku[:60], unit_price=row.price,
                discount_percent=row.discount or Decimal(0), unit=row.unit[:60],
            )
        )  # fmt: skip
    return rows, problems


# Parties, as they stood when a document left draft


def seller_of(company: Company) -> dict[str, Any]:
    """The company as it is written on a document."""
    parts = [company.building, company.street, company.secondary, company.district, company.city, company.province]
    return {
        "name": company.name,
        "name_en": company.name_en,
        "vat_number": company.vat_number,
        "registration": company.registration_number,
        "address": _in_one_line([*parts, company.postal_code]),
        "country": company.country,
        "phone": company.phone,
        "email": company.email,
        "iban": company.iban,
        "bank": company.bank_name,
    }


VAT_KINDS = ("sa_vat", "ir_economic_code", "zatca_tin")
REGISTRATION_KINDS = ("sa_unified", "sa_cr", "ir_legal_id", "sa_national_id", "ir_national_code")


def buyer_of(customer: Customer) -> dict[str, Any]:
    """The customer as he is written on a document."""
    numbers = dict(customer.identifiers.values_list("kind", "value"))
    address = default_address(customer, "billing")
    return {
        "name": customer.name,
        "name_en": customer.name_en,
        "code": customer.code,
        "vat_number": _first(numbers, VAT_KINDS),
        "registration": _first(numbers, REGISTRATION_KINDS),
        "address": str(address) if address else "",
        "country": address.country if address else customer.country,
        "phone": customer.phone,
        "email": customer.email,
    }


def default_address(customer: Customer, purpose: str) -> Address | None:
    """The address used first for a purpose, else any address of the customer."""
    rows = list(customer.addresses.order_by("-is_default", "pk"))
    return next((row for row in rows if row.purpose == purpose), rows[0] if rows else None)


def _first(numbers: dict[str, str], kinds: Sequence[str]) -> str:
    return next((numbers[kind] for kind in kinds if kind in numbers), "")


def _in_one_line(parts: Sequence[str]) -> str:
    return "، ".join(part for part in parts if part)


def tax_percents(document: Document, day: date) -> dict[int, Decimal]:
    """``{tax key: per cent}`` on another day, for the taxes of the document's lines."""
    keys = document.lines.exclude(tax_rule=None).values_list("tax_rule_id", flat=True)  # type: ignore[attr-defined]
    return percents_on(sorted(set(keys)), day)
