"""What the portal offers: pages that customers may open and things that they may do there, switched by the owner for
all customers or for one group of customers. Pure: the switches are an argument, as they are kept with the company.

Kept as ``{"default": {key: bool}, "groups": {"<group key>": {key: bool}}}``; what is not said is on. A switch takes
away what a role would have; it never gives a role more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rawabit.kit.marking import _, pgettext_lazy

EVERY: Final = frozenset({"owner", "buyer", "finance", "support"})
BUYING: Final = frozenset({"owner", "buyer"})
PAYING: Final = frozenset({"owner", "finance"})
OWNING: Final = frozenset({"owner"})
ALWAYS: Final = ""  # the key of what nobody can switch off: the home page, the person's own account


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that can be switched off. ``page``: without that page it is off too; ``acts``: closed by "information
    only"."""

    key: str
    label: Any
    roles: frozenset[str]
    page: str = ""
    acts: bool = False


PAGES: Final[tuple[Switch, ...]] = (
    Switch("quotations", _("Quotations"), BUYING),
    Switch("orders", _("Sales orders"), BUYING),
    Switch("deliveries", _("Delivery notes"), BUYING),
    Switch("invoices", _("Invoices"), PAYING),
    Switch("payments", _("Payments"), PAYING),
    Switch("statement", _("Statement of account"), PAYING),
    Switch("credit", _("Balance and credit limit"), PAYING),
    Switch("documents", pgettext_lazy("portal", "Documents"), EVERY),
    Switch("catalogue", _("Items and prices"), BUYING),
    Switch("requests", _("Questions and requests"), EVERY),
    Switch("search", _("Search"), EVERY),
    Switch("people", _("Colleagues with access"), EVERY),
)
ACTIONS: Final[tuple[Switch, ...]] = (
    Switch("accept_quotation", _("Accept or decline quotations"), BUYING, "quotations", acts=True),
    Switch("ask", _("Ask about a quotation or an order"), EVERY),
    Switch("request_quotation", _("Ask for a quotation"), BUYING, acts=True),
    Switch("reorder", _("Order again"), BUYING, "orders", acts=True),
    Switch("change_order", _("Ask for a change of an order"), BUYING, "orders", acts=True),
    Switch("report_transfer", _("Report a bank transfer"), PAYING, "invoices", acts=True),
    Switch("dispute", _("Dispute an invoice"), PAYING, "invoices", acts=True),
    Switch("change_request", _("Ask for a change of the account's data"), EVERY, acts=True),
    Switch("invite", _("Invite colleagues and set their roles"), OWNING, "people"),
    Switch("upload_document", _("Send us documents"), EVERY, "documents", acts=True),
    Switch("download_all", _("Download everything at once"), OWNING),
)
SWITCHES: Final[Mapping[str, Switch]] = {switch.key: switch for switch in (*PAGES, *ACTIONS)}
# What a person gets who signs in for the first time because every contact may.
OPEN_ROLES: Final = ("support", "buyer", "finance")
USUAL_OPEN_ROLE: Final = "buyer"


def allowed(switches: Mapping[str, Any], group_id: int | None, role: str, key: str, transactions: bool) -> bool:
    """May a person in this role, at a customer of this group, see the page or do it? An unknown key is closed."""
    if key == ALWAYS:
        return True
    switch = SWITCHES.get(key)
    if switch is None or role not in switch.roles or (switch.acts and not transactions):
        return False
    if switch.page and not said(switches, group_id, switch.page):
        return False
    return said(switches, group_id, key)


def said(switches: Mapping[str, Any], group_id: int | None, key: str) -> bool:
    """How a switch stands for a group: as its own row says, else as for all, else on."""
    own = _part(switches, "groups").get(str(group_id), {}) if group_id is not None else {}
    if isinstance(own, Mapping) and key in own:
        return bool(own[key])
    return bool(_part(switches, "default").get(key, True))


def by_group(switches: Mapping[str, Any], key: str) -> bool:
    """Does any group have its own say about the key or its page? Only then must one ask which group it is."""
    page = SWITCHES[key].page if key in SWITCHES else ""
    return any(key in own or page in own for own in _part(switches, "groups").values())


def open_role(switches: Mapping[str, Any]) -> str:
    """The role of whoever signs in for the first time without an invitation; never the account owner's."""
    asked = switches.get("open_role")
    return asked if asked in OPEN_ROLES else USUAL_OPEN_ROLE


def cleaned(default: Mapping[str, bool], groups: Mapping[int, Mapping[str, bool]], role: str) -> dict[str, Any]:
    """The switches as they are kept: only what differs from "on", and for groups only what differs from all."""
    off = {key: False for key in SWITCHES if not default.get(key, True)}
    own = {str(group): _own(said_here, off) for group, said_here in groups.items()}
    kept: dict[str, Any] = {"default": off, "groups": {group: row for group, row in own.items() if row}}
    return kept | ({"open_role": role} if role in OPEN_ROLES else {})


def _own(said_here: Mapping[str, bool], off: Mapping[str, bool]) -> dict[str, bool]:
    return {key: value for key, value in said_here.items() if key in SWITCHES and value != off.get(key, True)}


def keys_of(switches: Iterable[Switch]) -> tuple[str, ...]:
    return tuple(switch.key for switch in switches)


def _part(switches: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = switches.get(name) if isinstance(switches, Mapping) else None
    return found if isinstance(found, Mapping) else {}
