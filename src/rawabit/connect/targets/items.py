"""Items of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rawabit.catalog.actions import install_taxes, install_units, item_key
from rawabit.catalog.logic.taxes import STANDARD_CODE
from rawabit.catalog.models import Item, ItemGroup, Tax
from rawabit.catalog.models import Unit as Measure
from rawabit.connect.logic.units import Unit
from rawabit.connect.targets.base import Batch, Writer, given, text
from rawabit.connect.targets.lookups import by_name, by_name_or_key, one_of, values_of
from rawabit.kit.importing import EntitySpec, FieldSpec, Values
from rawabit.kit.records.actor import system

SPEC = EntitySpec(
    "item",
    (
        FieldSpec("external_id", required=True, limit=200),
        FieldSpec("sku", limit=60),
        FieldSpec("name", limit=200),
        FieldSpec("name_ar", limit=200),
        FieldSpec("name_fa", limit=200),
        FieldSpec("name_en", limit=200),
        FieldSpec("kind", "choice", choices=(Item.GOODS, Item.SERVICE)),
        FieldSpec("group", limit=200),
        FieldSpec("unit", limit=10),
        FieldSpec("tax", limit=30),
        FieldSpec("barcode", limit=40),
        FieldSpec("description", limit=10_000),
        FieldSpec("is_active", "bool"),
    ),
)
PIECE, STANDARD, OUTSIDE = "PCE", STANDARD_CODE, "out-of-scope"


@dataclass(slots=True)
class _Desk:
    groups: dict[str, Any]
    measures: dict[str, Any]
    taxes: dict[str, Any]


class ItemWriter(Writer):
    entity = SPEC
    model = Item
    permission = "catalog.import_item"
    fillable = ("name", "name_ar", "name_fa", "name_en", "description", "barcode")

    def prepare(self, units: list[Unit], batch: Batch) -> _Desk:
        _require_basics(batch)
        return _Desk(
            groups=by_name_or_key(batch, "item_group", ItemGroup, values_of(units, "group")),
            measures=by_name(batch, Measure, values_of(units, "unit") | {PIECE}, "code"),
            taxes=by_name(batch, Tax, values_of(units, "tax") | {STANDARD, OUTSIDE}, "code"),
        )

    def same(self, fresh: dict[str, Unit], batch: Batch) -> dict[str, int]:
        """An item of that SKU is the same item; it is not touched."""
        skus = {sku_of(unit): key for key, unit in fresh.items()}
        rows = Item.objects.filter(sku__in=list(skus)).values_list("sku", "pk")
        return {skus[sku]: pk for sku, pk in rows}

    def build(self, unit: Unit, batch: Batch, desk: _Desk) -> Item:
        sku = sku_of(unit)
        values = {**unit.values, "name": text(unit.values, "name") or sku}
        item = Item(
            sku=sku, created_at=batch.at, updated_at=batch.at,
            **given(values, "name", "name_ar", "name_fa", "name_en", "kind", "barcode", "description", "is_active"),
        )  # fmt: skip
        item.group = one_of(desk.groups, unit, "group", ItemGroup._meta.verbose_name)
        item.unit = one_of(desk.measures, unit, "unit", Measure._meta.verbose_name) or desk.measures[PIECE][0]
        item.tax = one_of(desk.taxes, unit, "tax", Tax._meta.verbose_name) or _usual_tax(desk)
        item.search_text = item_key(item)
        return item

    def blank(self, record: Item, name: str) -> bool:
        return super().blank(record, name) or (name == "name" and record.name == record.sku)

    def fill(self, record: Item, values: Values) -> None:
        for name, value in values.items():
            setattr(record, name, value)
        record.search_text = item_key(record)
        record.save(update_fields=[*values, "search_text"])


def _usual_tax(desk: _Desk) -> Tax:
    """The standard rate; countries without one have goods out of scope."""
    tax: Tax = (desk.taxes.get(STANDARD) or desk.taxes[OUTSIDE])[0]
    return tax


def sku_of(unit: Unit) -> str:
    """The SKU: what the map says, else the key in the source. Letter case counts."""
    return (text(unit.values, "sku") or unit.name)[:60]


def _require_basics(batch: Batch) -> None:
    """An empty installation gets the usual units and the taxes of its country first."""
    if batch.shelf.get("basics"):
        return
    actor = system("import")
    if not Measure.objects.filter(code=PIECE).exists():
        install_units(actor=actor, at=batch.at)
    if not Tax.objects.exists():
        install_taxes(batch.company.country, actor=actor, at=batch.at)
    batch.shelf["basics"] = True
