"""What stands in the rail, in the "create" menu and in the portal's bars. A person sees what he may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from rawabit.config.setting_cards import PERMISSIONS as SETTINGS
from rawabit.crm.policies import BUYING, PAYING
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.request import Request


@dataclass(frozen=True)
class Item:
    """An entry; shown when the actor holds ``permission``, or one of several (None: everybody)."""

    url: str
    label: Any
    icon: str
    permission: str | tuple[str, ...] | None = None
    key: str = ""  # the letter after "g"
    roles: frozenset[str] = frozenset()  # in the portal: the roles at a customer that open it; empty: all


GROUPS: Sequence[tuple[Any, Sequence[Item]]] = (
    ("", (Item("desk", _("Today"), "home", None, "t"),)),
    (
        _("Sales"),
        (
            Item("customers-list", _("Customers"), "building", "crm.view_customer", "c"),
            Item("contacts-list", _("Contacts"), "users", "crm.view_contact"),
            Item("quotations-list", _("Quotations"), "quote", "sales.view_quotation", "q"),
            Item("orders-list", _("Sales orders"), "box", "sales.view_order", "d"),
            Item("deliveries-list", _("Delivery notes"), "truck", "shipping.view_delivery"),
        ),
    ),
    (
        _("Accounts"),
        (
            Item("invoices-list", _("Invoices"), "invoice", "billing.view_invoice", "i"),
            Item("payments-list", _("Payments"), "card", "billing.view_payment"),
            Item("receivables", _("Receivables"), "chart", "ledger.view_entry"),
        ),
    ),
    (
        _("Catalogue"),
        (
            Item("items-list", _("Items"), "tag", "catalog.view_item"),
            Item("prices-list", _("Prices"), "coins", "catalog.view_price"),
        ),
    ),
    ("", (Item("settings", _("Settings"), "settings", SETTINGS),)),
)

CREATE: Sequence[Item] = (
    Item("quotations-create", _("Quotation"), "quote", "sales.add_quotation"),
    Item("orders-create", _("Sales order"), "box", "sales.add_order"),
    Item("invoices-create", _("Invoice"), "invoice", "billing.add_invoice"),
    Item("payments-create", _("Payment"), "card", "billing.add_payment"),
    Item("customers-create", _("Customer"), "building", "crm.add_customer"),
    Item("contacts-create", _("Contact"), "user", "crm.add_contact"),
    Item("items-create", _("Item"), "tag", "catalog.add_item"),
)

BUYERS, PAYERS = frozenset(BUYING), frozenset(PAYING)

PORTAL: Sequence[Item] = (
    Item("portal-home", pgettext_lazy("portal", "Home"), "home"),
    Item("portal-orders", pgettext_lazy("portal", "Orders"), "box", roles=BUYERS),
    Item("portal-invoices", _("Invoices"), "invoice", roles=PAYERS),
    Item("portal-statement", pgettext_lazy("portal menu", "Statement"), "chart", roles=PAYERS),
    Item("portal-account", _("My account"), "user"),
)


class Entry(NamedTuple):
    """An entry as a template shows it; plain values only, for the shown menu is kept by them."""

    label: str
    url: str
    icon: str
    current: bool
    key: str


class Group(NamedTuple):
    label: str
    items: tuple[Entry, ...]


@cache
def address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shown(item: Item, request: Request) -> Entry | None:
    actor = request.actor
    url = address(item.url)
    asked = (item.permission,) if isinstance(item.permission, str) else item.permission
    if not url or (asked and not any(actor.may(permission) for permission in asked)):
        return None
    if item.roles and item.roles.isdisjoint(actor.customer_roles.values()):
        return None
    current = request.path == url or (url not in ("/desk/", "/portal/") and request.path.startswith(url))
    return Entry(str(item.label), url, item.icon, current, item.key)


def shown_of(items: Sequence[Item], request: Request) -> tuple[Entry, ...]:
    return tuple(entry for item in items if (entry := shown(item, request)))


def menu(request: Request) -> tuple[Group, ...]:
    groups = (Group(str(label), shown_of(entries, request)) for label, entries in GROUPS)
    return tuple(group for group in groups if group.items)


def create_menu(request: Request) -> tuple[Entry, ...]:
    return shown_of(CREATE, request)


def portal_menu(request: Request) -> tuple[Entry, ...]:
    """The same for everybody of a role, a language and a place: made once."""
    place = next((item.url for item in reversed(PORTAL) if request.path.startswith(address(item.url) or "-")), "")
    if place == PORTAL[0].url and request.path != address(place):
        place = ""
    return _portal_menu(frozenset(request.actor.customer_roles.values()), place, get_language())


@lru_cache(maxsize=128)
def _portal_menu(roles: frozenset[str], place: str, language: str | None) -> tuple[Entry, ...]:
    """``language`` is in force while this runs."""
    del language
    seen = [item for item in PORTAL if address(item.url) and not (item.roles and item.roles.isdisjoint(roles))]
    return tuple(Entry(str(i.label), address(i.url), i.icon, i.url == place, i.key) for i in seen)
