"""Who sees the catalogue: staff with the permission. Customers see the lines of their own documents, not the lists."""

from __future__ import annotations

from django.db.models import Q

from rawabit.catalog.models import Item, ItemGroup, Price, PriceList, Tax, TaxRate, Unit
from rawabit.kit.records.actor import Actor, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on

PERMISSIONS: list[Permission] = [
    *verbs_on(Item, "view", "add", "change", "delete", "export", "import"),
    *verbs_on(ItemGroup, "view", "add", "change", "delete"),
    *verbs_on(Unit, "view", "add", "change", "delete"),
    *verbs_on(PriceList, "view", "add", "change", "delete"),
    *verbs_on(Price, "view", "add", "change", "delete", "export", "import"),
    *verbs_on(Tax, "view", "add", "change", "delete"),
]


@visible(Item)
def item_rows(actor: Actor) -> Q:
    return shared_rows(actor, "catalog.view_item")


@visible(ItemGroup)
def group_rows(actor: Actor) -> Q:
    return shared_rows(actor, "catalog.view_itemgroup")


@visible(Unit)
def unit_rows(actor: Actor) -> Q:
    return shared_rows(actor, "catalog.view_unit")


@visible(PriceList)
def price_list_rows(actor: Actor) -> Q:
    return shared_rows(actor, "catalog.view_pricelist")


@visible(Price)
def price_rows(actor: Actor) -> Q:
    return shared_rows(actor, "catalog.view_price")


@visible(Tax, TaxRate)
def tax_rows(actor: Actor) -> Q:
    return shared_rows(actor, "catalog.view_tax")
