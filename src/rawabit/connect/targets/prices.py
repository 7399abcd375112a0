"""Prices of items on price lists, dated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rawabit.catalog.models import Item, Price, PriceList
from rawabit.connect.logic.reasons import Rejected
from rawabit.connect.logic.units import Unit
from rawabit.connect.targets.base import Batch, Writer, day_in, text
from rawabit.connect.targets.lookups import by_key, by_name, label_of, one_of, values_of
from rawabit.kit.importing import EntitySpec, FieldSpec

SPEC = EntitySpec(
    "price",
    (
        FieldSpec("price_list", required=True, limit=200),
        FieldSpec("item", required=True, limit=200),
        FieldSpec("unit_price", "decimal", required=True, places=6),
        FieldSpec("currency", limit=3),
        FieldSpec("min_quantity", "decimal", places=3),
        FieldSpec("valid_from", "date"),
        FieldSpec("valid_to", "date"),
    ),
    key=("price_list", "item", "min_quantity", "valid_from"),
)
LIST = "price_list"


@dataclass(slots=True)
class _Desk:
    lists: dict[str, Any]
    items: dict[str, int]
    taken: set[tuple[int, int, Decimal, date]]


class PriceWriter(Writer):
    entity = SPEC
    model = Price
    permission = "catalog.import_price"

    def prepare(self, units: list[Unit], batch: Batch) -> _Desk:
        lists = by_name(batch, PriceList, values_of(units, "price_list"))
        for unit in units:
            name = text(unit.values, "price_list")
            if name not in lists:
                lists[name] = self._new_list(unit, name, batch)
        items = by_key(batch, "item", Item, "sku", values_of(units, "item"))
        there = Price.objects.filter(item__in=set(items.values()))
        return _Desk(lists, items, set(there.values_list("price_list", "item", "min_quantity", "valid_from")))

    def _new_list(self, unit: Unit, name: str, batch: Batch) -> list[PriceList]:
        """A list that is not there yet comes with its first price, and goes with the undo."""
        if ref := batch.known.find(LIST, {name}).get(name):
            return list(PriceList.objects.filter(pk=ref.pk))  # somebody has given it another name since
        currency = text(unit.values, "currency") or batch.company.currency
        made = PriceList.objects.create(name=name, currency=currency, created_at=batch.at, updated_at=batch.at)
        batch.made_aside(LIST, name, made.pk)
        batch.shelf.setdefault("catalog.PriceList.name", {})[name] = [made]
        return [made]

    def build(self, unit: Unit, batch: Batch, desk: _Desk) -> Price:
        values = unit.values
        listed: PriceList = one_of(desk.lists, unit, "price_list", PriceList._meta.verbose_name)
        item = one_of(desk.items, unit, "item", Item._meta.verbose_name)
        _same_currency(unit, listed)
        price = Decimal(str(values["unit_price"]))
        if price < 0:
            column = label_of(unit, "unit_price")
            raise Rejected("record.invalid", column=column, value=price, reason="≥ 0")
        start = day_in(values, "valid_from") or batch.as_of
        quantity = Decimal(str(values.get("min_quantity") or 0))
        place = (listed.pk, int(item), quantity, start)
        if place in desk.taken:
            raise Rejected("document.number_taken", document=unit.name)
        desk.taken.add(place)
        return Price(
            price_list=listed, item_id=item, unit_price=price, min_quantity=quantity, valid_from=start,
            valid_to=day_in(values, "valid_to"), created_at=batch.at, updated_at=batch.at,
        )  # fmt: skip


def _same_currency(unit: Unit, listed: PriceList) -> None:
    currency = text(unit.values, "currency")
    if currency and currency != listed.currency:
        column = label_of(unit, "currency")
        raise Rejected("record.invalid", column=column, value=currency, reason=f"{listed.name}: {listed.currency}")
