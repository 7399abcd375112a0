"""The catalogue, read: prices and rates on a day, items by what people type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Upper

from rawabit.catalog.logic.prices import PriceRow, best_price
from rawabit.catalog.logic.taxes import STANDARD_CODE, percent_on
from rawabit.catalog.models import Item, Price, PriceList, Tax, TaxRate
from rawabit.kit.records.actor import Actor
from rawabit.kit.text import latn, search_terms


def percents_on(taxes: Collection[int], day: date) -> dict[int, Decimal]:
    """``{tax key: per cent}`` on a day, in one query."""
    rates: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for row in TaxRate.objects.filter(tax__in=taxes, valid_from__lte=day):
        rates[row.tax_id].append((row.valid_from, row.percent))
    return {key: percent_on(rates[key], day) for key in taxes}


def tax_percent_on(tax: Tax, day: date) -> Decimal:
    """The per cent of a tax on a day (15 means 15 %)."""
    return percents_on([tax.pk], day)[tax.pk]


def standard_tax() -> Tax | None:
    """What lines without an item are taxed with."""
    return Tax.objects.filter(code=STANDARD_CODE).first() or Tax.objects.order_by("pk").first()


def default_list(currency: str) -> PriceList | None:
    return PriceList.objects.filter(currency=currency, is_default=True, is_active=True).first()


def prices_for(
    wanted: Mapping[int, Decimal], price_list: PriceList | None, currency: str, day: date
) -> dict[int, Decimal]:
    """``{item key: unit price}`` for ``{item key: quantity}``, from the customer's list, else from the default list of
    the currency. Items without a price are left out. A list in another currency is never used. Three queries
    at most."""
    found: dict[int, Decimal] = {}
    for chosen in (price_list, default_list(currency)):
        missing = {item: quantity for item, quantity in wanted.items() if item not in found}
        if chosen is not None and chosen.currency == currency and missing:
            found |= _from_list(chosen, missing, day)
    return found


def _from_list(price_list: PriceList, wanted: Mapping[int, Decimal], day: date) -> dict[int, Decimal]:
    rows: dict[int, list[PriceRow]] = defaultdict(list)
    prices = Price.objects.filter(price_list=price_list, item__in=list(wanted), valid_from__lte=day)
    for price in prices.filter(Q(valid_to=None) | Q(valid_to__gte=day)):
        rows[price.item_id].append(PriceRow(price.unit_price, price.min_quantity, price.valid_from, price.valid_to))
    best = {item: best_price(rows[item], wanted[item], day) for item in rows}
    return {item: price for item, price in best.items() if price is not None}


def price_for(
    item: Item, *, price_list: PriceList | None, currency: str, quantity: Decimal, day: date
) -> Decimal | None:
    """What one unit costs before tax, or None when no list says."""
    return prices_for({item.pk: quantity}, price_list, currency, day).get(item.pk)


def find_items(words: str, actor: Actor, *, limit: int = 20) -> QuerySet[Item]:
    """Items sold now by name, SKU or barcode as typed (any digits, any spelling); an exact code comes first."""
    rows = Item.objects.visible_to(actor).filter(is_active=True).select_related("unit", "tax")
    code = code_key(words)
    for word in search_terms(words):
        rows = rows.filter(search_text__contains=word)
    rank = Case(
        When(Q(sku__iexact=code) | Q(barcode__iexact=code), then=Value(0)),
        When(sku__istartswith=code, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.annotate(rank=rank).order_by("rank", "name", "pk")[:limit]


def items_by_code(codes: Collection[str]) -> dict[str, Item]:
    """``{code as typed: item}`` for SKUs and barcodes sold now, without regard to case and digit systems."""
    wanted = {code_key(code): code for code in codes if code.strip()}
    rows = Item.objects.filter(is_active=True).annotate(upper_sku=Upper("sku"))
    rows = rows.filter(Q(upper_sku__in=list(wanted)) | Q(barcode__in=list(wanted)))
    by_key: dict[str, Item] = {}
    for item in rows.select_related("unit", "tax").order_by("-pk"):
        by_key |= {code_key(item.barcode): item} if item.barcode else {}
        by_key[code_key(item.sku)] = item
    return {typed: by_key[key] for key, typed in wanted.items() if key in by_key}


def code_key(code: str) -> str:
    """A code as it is compared: Latin digits, capitals, no space around it."""
    return latn(code).strip().upper()
