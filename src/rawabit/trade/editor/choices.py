"""What the editor offers to choose from, read for one actor."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from rawabit.catalog.models import Item, PriceList, Tax
from rawabit.catalog.queries import find_items, percents_on, prices_for, standard_tax
from rawabit.crm.models import Address, Contact, Customer
from rawabit.kit.display import active
from rawabit.kit.money import Money
from rawabit.kit.numbers import whole
from rawabit.kit.records.actor import Actor
from rawabit.trade.editor.grid import Row, price_text
from rawabit.trade.models import Document


def tax_options(actor: Actor, day: date) -> list[tuple[str, str]]:
    """``[(key, label)]``: the standard rate shows its per cent on the day, the others their name."""
    taxes = list(Tax.objects.visible_to(actor).order_by("category", "pk"))
    taxes.sort(key=lambda tax: tax.category != "S")
    percents = percents_on([tax.pk for tax in taxes], day)
    alone = sum(tax.category == "S" for tax in taxes) == 1
    return [(str(tax.pk), _label(tax, percents[tax.pk], alone)) for tax in taxes]


def _label(tax: Tax, percent: Decimal, alone: bool) -> str:
    name, shown = tax.name_in(get_language()), active().percent(percent)
    if tax.category != "S":
        return name
    return shown if alone else f"{shown} {name}"


def new_row() -> Row:
    """What a new line begins with: the usual tax, and nothing else."""
    tax = standard_tax()
    return Row(tax=str(tax.pk) if tax else "")


def price_lists(actor: Actor) -> QuerySet[PriceList]:
    return PriceList.objects.visible_to(actor).filter(is_active=True).order_by("name", "pk")


def contacts_at(customer: Customer | None, actor: Actor) -> QuerySet[Contact]:
    """The people of a customer whom the actor sees; nobody while there is no customer."""
    rows = Contact.objects.visible_to(actor)
    return rows.filter(affiliations__customer=customer).distinct().order_by("full_name") if customer else rows.none()


def addresses_of(customer: Customer | None, actor: Actor) -> QuerySet[Address]:
    rows = Address.objects.visible_to(actor)
    return rows.filter(customer=customer).order_by("-is_default", "pk") if customer else rows.none()


def customer_seen(key: str, actor: Actor) -> Customer | None:
    """The customer of a posted key, when the actor sees him."""
    return Customer.objects.visible_to(actor).filter(pk=whole(key)).select_related("price_list").first()


def found_items(words: str, actor: Actor, document: Document) -> list[dict[str, Any]]:
    """The items for the list under a cell, with the price that this customer would pay for one."""
    items: list[Item] = list(find_items(words, actor, limit=12))
    wanted = {item.pk: Decimal(1) for item in items}
    prices = prices_for(wanted, document.customer.price_list, document.currency, document.date)
    return [_found(item, prices.get(item.pk), document) for item in items]


def _found(item: Item, price: Decimal | None, document: Document) -> dict[str, Any]:
    currency = document.currency
    return {
        "item": item,
        "title": item.name_in(document.language),
        "unit": item.unit.name_in(document.language),
        "tax": item.tax_id,
        "price_text": "" if price is None else price_text(price, currency),
        "money": None if price is None else Money.of(price, currency),
    }
