"""What is done with items, prices and taxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError
from django.forms import ModelForm

from rawabit.catalog.logic.taxes import TaxForm, taxes_of
from rawabit.catalog.logic.units import UNITS
from rawabit.catalog.models import Item, Price, PriceList, Tax, TaxRate, Unit
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, save_form
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import search_key


def item_key(item: Item) -> str:
    """What an item is found by."""
    return search_key(item.name, item.name_ar, item.name_fa, item.name_en, item.sku, item.barcode)


@transaction.atomic
def save_item(form: ModelForm[Item], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Item:
    """Make or change an item from its form. Documents that name it keep their own words."""
    actor.require("catalog.change_item" if form.instance.pk else "catalog.add_item")
    form.instance.search_text = item_key(form.instance)
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


@transaction.atomic
def put_item(item: Item, *, actor: Actor, at: datetime) -> Item:
    """Keep an item made by a program (import, demo); an unsaved one is new."""
    fresh = item.pk is None
    actor.require("catalog.add_item" if fresh else "catalog.change_item")
    item.search_text = item_key(item)
    item.save()
    emit("item.created" if fresh else "item.changed", item, actor=actor, at=at, sku=item.sku)
    return item


@transaction.atomic
def set_item_active(item: Item, active: bool, *, actor: Actor, at: datetime) -> Item:
    """Sell an item again, or no longer. Old documents keep it."""
    item = lock(item)
    actor.require("catalog.change_item")
    item.is_active = active
    item.version, item.updated_at = item.version + 1, at
    item.save(update_fields=["is_active", "version", "updated_at"])
    emit("item.changed", item, actor=actor, at=at, changes={"is_active": [not active, active]})
    return item


@transaction.atomic
def delete_item(item: Item, *, actor: Actor, at: datetime) -> None:
    """Remove an item that no document names."""
    item = lock(item)
    actor.require("catalog.delete_item")
    emit("item.deleted", item, actor=actor, at=at, sku=item.sku, name=item.name)
    try:
        with transaction.atomic():
            item.delete()
    except ProtectedError:
        raise Refused(_("Documents name this item. Stop selling it instead of deleting it."))


# Prices


@transaction.atomic
def set_price(
    item: Item,
    price_list: PriceList,
    unit_price: Decimal,
    *,
    valid_from: date,
    actor: Actor,
    at: datetime,
    min_quantity: Decimal = Decimal(0),
    valid_to: date | None = None,
) -> Price:
    """What the item costs on the list from a day and from a quantity on. The same day and quantity again replace it."""
    actor.require("catalog.change_price")
    if unit_price < 0:
        raise Refused(_("A price cannot be negative."))
    price, _fresh = Price.objects.update_or_create(
        item=item, price_list=price_list, min_quantity=min_quantity, valid_from=valid_from,
        defaults={"unit_price": unit_price, "valid_to": valid_to, "updated_at": at},
    )  # fmt: skip
    emit(
        "price.set", item, actor=actor, at=at,
        price_list=price_list.name, unit_price=unit_price, min_quantity=min_quantity, valid_from=valid_from,
    )  # fmt: skip
    return price


@transaction.atomic
def put_price_list(price_list: PriceList, *, actor: Actor, at: datetime) -> PriceList:
    """Keep a price list; there is one default list per currency, the last one chosen."""
    fresh = price_list.pk is None
    actor.require("catalog.add_pricelist" if fresh else "catalog.change_pricelist")
    if price_list.is_default:
        PriceList.objects.filter(currency=price_list.currency, is_default=True).exclude(pk=price_list.pk).update(
            is_default=False
        )
    price_list.save()
    emit("pricelist.created" if fresh else "pricelist.changed", price_list, actor=actor, at=at, name=price_list.name)
    return price_list


@transaction.atomic
def save_price_list(
    form: ModelForm[PriceList], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> PriceList:
    """Make or change a price list from its form; choosing it as default takes the place of the former one."""
    actor.require("catalog.change_pricelist" if form.instance.pk else "catalog.add_pricelist")
    chosen = form.instance
    if chosen.is_default:
        others = PriceList.objects.filter(currency=chosen.currency, is_default=True).exclude(pk=chosen.pk)
        others.update(is_default=False)
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


# Taxes and units


@transaction.atomic
def install_taxes(country: str, *, actor: Actor, at: datetime) -> dict[str, Tax]:
    """The taxes of a country with their dated rates, by code. What is there already is left as it is."""
    taxes = {form.code: _install_tax(form) for form in taxes_of(country)}
    emit("taxes.installed", next(iter(taxes.values())), actor=actor, at=at, country=country, codes=sorted(taxes))
    return taxes


def _install_tax(form: TaxForm) -> Tax:
    names = {"name": form.name, "name_en": form.name, "name_ar": form.name_ar, "name_fa": form.name_fa}
    tax, fresh = Tax.objects.get_or_create(
        code=form.code,
        defaults={**names, "category": form.category, "reason_code": form.reason_code, "reason": form.reason},
    )
    if fresh:
        TaxRate.objects.bulk_create(
            TaxRate(tax=tax, percent=Decimal(percent), valid_from=start) for percent, start in form.rates
        )
    return tax


@transaction.atomic
def set_rate(tax: Tax, percent: Decimal, valid_from: date, *, actor: Actor, at: datetime) -> TaxRate:
    """The per cent of a tax from a day on. Documents written before keep the rate they were written with."""
    tax = lock(tax)
    actor.require("catalog.change_tax")
    if not 0 <= percent <= 100:
        raise Refused(_("A rate lies between 0 and 100 per cent."))
    rate, _fresh = TaxRate.objects.update_or_create(tax=tax, valid_from=valid_from, defaults={"percent": percent})
    emit("tax.rate_set", tax, actor=actor, at=at, percent=percent, valid_from=valid_from)
    return rate


@transaction.atomic
def install_units(*, actor: Actor, at: datetime) -> Mapping[str, Unit]:
    """The usual units by their UN/ECE code. What is there already is left as it is."""
    units = {}
    for code, english, arabic, persian in UNITS:
        units[code], _fresh = Unit.objects.get_or_create(
            code=code, defaults={"name": english, "name_en": english, "name_ar": arabic, "name_fa": persian}
        )
    emit("units.installed", units["PCE"], actor=actor, at=at, count=len(units))
    return units
