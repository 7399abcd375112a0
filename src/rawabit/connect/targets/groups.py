"""Groups of customers and of items: named by themselves."""

from __future__ import annotations

from typing import Any

from rawabit.catalog.models import ItemGroup
from rawabit.connect.logic.units import Unit
from rawabit.connect.targets.base import Batch, Writer, given
from rawabit.crm.models import CustomerGroup
from rawabit.kit.importing import EntitySpec, FieldSpec

NAMES = ("name", "name_ar", "name_fa", "name_en")
FIELDS = tuple(FieldSpec(name, required=name == "name", limit=200) for name in NAMES)


class _GroupWriter(Writer):
    fillable = NAMES[1:]

    def same(self, fresh: dict[str, Unit], batch: Batch) -> dict[str, int]:
        """A group of that name is the same group."""
        rows = self.model._default_manager.filter(name__in=list(fresh)).order_by("-pk")
        return dict(rows.values_list("name", "pk"))

    def build(self, unit: Unit, batch: Batch, desk: Any) -> Any:
        return self.model(created_at=batch.at, updated_at=batch.at, **given(unit.values, *NAMES))


class CustomerGroupWriter(_GroupWriter):
    entity = EntitySpec("customer_group", FIELDS, key=("name",))
    model = CustomerGroup
    permission = "crm.import_customer"


class ItemGroupWriter(_GroupWriter):
    entity = EntitySpec("item_group", FIELDS, key=("name",))
    model = ItemGroup
    permission = "catalog.import_item"
