"""What stands in the rail, in the "create" menu and in the portal's bars. A person sees what he may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from rawabit.kit.marking import _, pgettext_lazy


@dataclass(frozen=True)
class Item:
    """An entry; shown when the actor holds ``permission`` (None: everybody)."""

    url: str
    label: Any
    icon: str
    permission: str | None = None
    key: str = ""  # the letter after "g"


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
    ("", (Item("settings", _("Settings"), "settings", "company.view_company"),)),
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

PORTAL: Sequence[Item] = (
    Item("portal-home", pgettext_lazy("portal", "Home"), "home"),
    Item("portal-orders", pgettext_lazy("portal", "Orders"), "box"),
    Item("portal-invoices", _("Invoices"), "invoice"),
    Item("portal-statement", _("Statement of account"), "chart"),
    Item("portal-account", _("My account"), "user"),
)


def address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shown(item: Item, request: HttpRequest) -> dict[str, Any] | None:
    actor = request.actor  # type: ignore[attr-defined]
    url = address(item.url)
    if not url or (item.permission and not actor.may(item.permission)):
        return None
    current = request.path == url or (url not in ("/desk/", "/portal/") and request.path.startswith(url))
    return {"label": item.label, "url": url, "icon": item.icon, "current": current, "key": item.key}


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    groups = []
    for label, entries in GROUPS:
        items = [entry for item in entries if (entry := shown(item, request))]
        if items:
            groups.append({"label": label, "items": items})
    return groups


def create_menu(request: HttpRequest) -> list[dict[str, Any]]:
    return [entry for item in CREATE if (entry := shown(item, request))]


def portal_menu(request: HttpRequest) -> list[dict[str, Any]]:
    return [entry for item in PORTAL if (entry := shown(item, request))]
