"""What stands in the rail, in the "create" menu and in the portal's bars. A person sees what he may open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from rawabit.billing.queries import disputes_to_answer, transfers_to_check
from rawabit.config.setting_cards import PERMISSIONS as SETTINGS
from rawabit.connect.policies import ANY as IMPORTS
from rawabit.crm.policies import BUYING, PAYING
from rawabit.crm.queries import changes_waiting
from rawabit.kit.display import active
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.mailroom.queries.knowing import waiting as mail_waiting
from rawabit.portal.queries.documents import documents_unseen, registrations_waiting
from rawabit.portal.switches import hidden_pages


@dataclass(frozen=True)
class Item:
    """An entry; shown when the actor holds ``permission``, or one of several (None: everybody)."""

    url: str
    label: Any
    icon: str
    permission: str | tuple[str, ...] | None = None
    key: str = ""  # the letter after "g"
    count: Callable[[Actor], int] | None = None  # how many wait there, shown beside the entry
    roles: frozenset[str] = frozenset()  # in the portal: the roles at a customer that open it; empty: all


PAPERS = ("sales.view_quotation", "sales.view_order", "shipping.view_delivery", "billing.view_invoice",
          "billing.view_payment")  # fmt: skip
GROUPS: Sequence[tuple[Any, Sequence[Item]]] = (
    (
        "",
        (
            Item("desk", _("Today"), "home", None, "t"),
            Item(
                "inbox-list",
                pgettext_lazy("mail", "Inbox"),
                "inbox",
                "mailroom.view_receivedmail",
                count=mail_waiting,
            ),
            Item("tasks", _("Tasks"), "check-circle", "talks.view_activity"),
        ),
    ),
    (
        _("Sales"),
        (
            Item("customers-list", _("Customers"), "building", "crm.view_customer", "c"),
            Item("contacts-list", _("Contacts"), "users", "crm.view_contact"),
            Item("change-requests-list", _("Change requests"), "edit", "crm.view_changerequest", count=changes_waiting),
            Item(
                "registrations-list",
                _("Registrations"),
                "door",
                "portal.view_registration",
                count=registrations_waiting,
            ),
            Item("leads-list", _("Leads"), "leads", "leads.view_lead", "l"),
            Item("opportunities-list", _("Opportunities"), "target", "pipeline.view_opportunity", "o"),
            Item("quotations-list", _("Quotations"), "quote", "sales.view_quotation", "q"),
            Item("orders-list", _("Sales orders"), "box", "sales.view_order", "d"),
            Item("deliveries-list", _("Delivery notes"), "truck", "shipping.view_delivery"),
            Item("messages-list", pgettext_lazy("mail", "Messages"), "mail", "kit_outbox.view_message"),
        ),
    ),
    (
        _("Accounts"),
        (
            Item("invoices-list", _("Invoices"), "invoice", "billing.view_invoice", "i"),
            Item("payments-list", _("Payments"), "card", "billing.view_payment"),
            Item(
                "transfers-list",
                _("Transfer reports"),
                "coins",
                "billing.view_transferreport",
                count=transfers_to_check,
            ),
            Item("disputes-list", _("Invoice questions"), "question", "billing.view_dispute", count=disputes_to_answer),
            Item("receivables", _("Receivables"), "chart", "ledger.view_entry"),
            Item("desk-downloads", _("Downloads"), "download", PAPERS),
        ),
    ),
    (
        _("Catalogue"),
        (
            Item("items-list", _("Items"), "tag", "catalog.view_item"),
            Item("prices-list", _("Prices"), "coins", "catalog.view_price"),
        ),
    ),
    (
        pgettext_lazy("portal", "Documents"),
        (
            Item("shared-documents-list", _("For customers"), "book", "portal.view_shareddocument"),
            Item(
                "received-documents-list",
                _("From customers"),
                "inbox",
                "portal.view_receiveddocument",
                count=documents_unseen,
            ),
        ),
    ),
    ("", (Item("imports", _("Import"), "upload", IMPORTS), Item("settings", _("Settings"), "settings", SETTINGS))),
)

CREATE: Sequence[Item] = (
    Item("call", _("Log a call"), "phone", "talks.add_activity"),
    Item("activities-create", _("Task"), "check-circle", "talks.add_activity"),
    Item("quotations-create", _("Quotation"), "quote", "sales.add_quotation"),
    Item("orders-create", _("Sales order"), "box", "sales.add_order"),
    Item("invoices-create", _("Invoice"), "invoice", "billing.add_invoice"),
    Item("payments-create", _("Payment"), "card", "billing.add_payment"),
    Item("leads-create", _("Lead"), "leads", "leads.add_lead"),
    Item("opportunities-create", _("Opportunity"), "target", "pipeline.add_opportunity"),
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
    Item("portal-documents", pgettext_lazy("portal", "Documents"), "book"),
)


class Entry(NamedTuple):
    """An entry as a template shows it; plain values only, for the shown menu is kept by them."""

    label: str
    url: str
    icon: str
    current: bool
    key: str
    badge: str = ""


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
    waiting = item.count(actor) if item.count else 0
    return Entry(str(item.label), url, item.icon, current, item.key, active().number(waiting) if waiting else "")


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
    roles = frozenset(request.actor.customer_roles.values())
    return _portal_menu(roles, hidden_pages(request), place, get_language())


@lru_cache(maxsize=128)
def _portal_menu(roles: frozenset[str], hidden: frozenset[str], place: str, language: str | None) -> tuple[Entry, ...]:
    """``language`` is in force while this runs."""
    del language
    seen = [
        item for item in PORTAL
        if address(item.url) and item.url not in hidden and not (item.roles and item.roles.isdisjoint(roles))
    ]  # fmt: skip
    return tuple(Entry(str(i.label), address(i.url), i.icon, i.url == place, i.key) for i in seen)
