"""Which switch closes which address of the portal. ``within`` and ``anywhere`` ask here; a test demands every name.

An address that is not named here is closed: a new page is offered when somebody has said what switches it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest

from rawabit.crm.logic.switches import ALWAYS, SWITCHES, allowed, by_group
from rawabit.kit.records.actor import Actor
from rawabit.portal.queries.accounts import groups_of

# Looking at a page, by its name.
PAGE_OF: Mapping[str, str] = {
    "portal-home": ALWAYS,
    "portal-account": ALWAYS,
    "portal-account-email": ALWAYS,
    "portal-account-email-confirm": ALWAYS,
    "portal-company": ALWAYS,
    "portal-address-new": "change_request",
    "portal-address": "change_request",
    "portal-address-remove": "change_request",
    "portal-change": "change_request",
    "portal-change-request": ALWAYS,
    "portal-change-withdraw": ALWAYS,
    "portal-colleagues": "people",
    "portal-colleague-new": "invite",
    "portal-colleague": "invite",
    "portal-colleague-end": "invite",
    "portal-colleague-back": "invite",
    "portal-colleague-again": "invite",
    "portal-security": ALWAYS,
    "portal-device-end": ALWAYS,
    "portal-devices-end": ALWAYS,
    "portal-password-remove": ALWAYS,
    "portal-activity": ALWAYS,
    "portal-notices": ALWAYS,
    "portal-messages": ALWAYS,
    "portal-push": ALWAYS,
    "portal-push-end": ALWAYS,
    "portal-switch": ALWAYS,
    "portal-help": ALWAYS,
    "portal-downloads": ALWAYS,  # offers what the person's pages offer
    "portal-downloads-start": ALWAYS,
    "portal-download-file": ALWAYS,
    "portal-file": ALWAYS,  # by the record it hangs on: see portal.views.files
    "portal-orders": "orders",
    "portal-order": "orders",
    "portal-quotations": "quotations",
    "portal-quotation": "quotations",
    "portal-quotation-accept": "accept_quotation",
    "portal-quotation-decline": "accept_quotation",
    "portal-quotation-code": "accept_quotation",
    "portal-quotation-approval": "accept_quotation",
    "portal-quotation-opened": "quotations",
    "portal-quotation-ask": "ask",
    "portal-quotation-renewal": "ask",
    "portal-orders-export": "orders",
    "portal-order-ask": "ask",
    "portal-order-delivery": "change_order",
    "portal-deliveries": "deliveries",
    "portal-delivery": "deliveries",
    "portal-invoices": "invoices",
    "portal-invoice": "invoices",
    "portal-invoices-export": "invoices",
    "portal-invoice-paid": "report_transfer",
    "portal-invoice-later": "report_transfer",
    "portal-invoice-question": "dispute",
    "portal-transfer-new": "report_transfer",
    "portal-transfer-later": "report_transfer",
    "portal-transfer": "invoices",
    "portal-transfer-withdraw": "report_transfer",
    "portal-disputes": "invoices",
    "portal-dispute": "invoices",
    "portal-dispute-withdraw": "dispute",
    "portal-payment-question": "dispute",
    "portal-statement-question": "dispute",
    "portal-statement-send": "statement",
    "portal-statement-monthly": "statement",
    "portal-payments": "payments",
    "portal-payment": "payments",
    "portal-statement": "statement",
    "portal-statement-download": "statement",
    "portal-documents": "documents",
    "portal-document": "documents",
    "portal-document-agree": "documents",
    "portal-document-send": "upload_document",
}
# Sending something there, where that needs another switch than looking.
ACTION_OF: Mapping[str, str] = {
    "portal-dispute": "dispute",
}
# What hangs on a kind of record is offered with its page.
KIND_OF: Mapping[str, str] = {
    "sales.quotation": "quotations", "sales.order": "orders", "shipping.delivery": "deliveries",
    "billing.invoice": "invoices", "billing.transferreport": "invoices", "billing.payment": "payments",
    "portal.shareddocument": "documents",
    "portal.receiveddocument": "documents",
}  # fmt: skip
# Kinds of paper in addresses like papers/<kind>/<uid>/.
PAPER_OF: Mapping[str, str] = {
    "quotation": "quotations", "order": "orders", "delivery": "deliveries", "invoice": "invoices",
    "credit-note": "invoices", "credit_note": "invoices", "payment": "payments", "receipt": "payments",
    "statement": "statement",
}  # fmt: skip
UNKNOWN = "?"


def key_of(request: HttpRequest) -> str:
    """The switch of the address that is being answered."""
    match = request.resolver_match
    name = (match.url_name if match else "") or ""
    if name == "portal-paper" and match:
        return PAPER_OF.get(str(match.kwargs.get("kind", "")), UNKNOWN)
    if request.method not in ("GET", "HEAD") and name in ACTION_OF:
        return ACTION_OF[name]
    return PAGE_OF.get(name, UNKNOWN)


def may(request: HttpRequest, key: str, account: Any = None) -> bool:
    """Is this offered to the person, at the customer he looks at (``account``) or at any of his customers?"""
    company = request.company  # type: ignore[attr-defined]
    if account is not None:
        return allowed(company.switches, account.customer.group_id, account.role, key, company.transactions)
    return bool(open_to(request, key).customer_roles) or key == ALWAYS


def open_to(request: HttpRequest, key: str) -> Actor:
    """The person, standing only for those of his customers to whom this is offered. Which group a customer belongs to
    is asked only when some group differs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    company = request.company  # type: ignore[attr-defined]
    if key == ALWAYS or not actor.customer_roles:
        return actor
    groups = groups_of(actor) if by_group(company.switches, key) else {}
    roles = {
        pk: role for pk, role in actor.customer_roles.items()
        if allowed(company.switches, groups.get(pk), role, key, company.transactions)
    }  # fmt: skip
    if len(roles) == len(actor.customer_roles):
        return actor
    return replace(actor, customer_ids=frozenset(roles), customer_roles=MappingProxyType(roles))


class Offered:
    """``offered["invoices"]``: is that offered at this account? For templates: ``{% if offered.invoices %}``."""

    __slots__ = ("_account", "_company")

    def __init__(self, company: Any, account: Any) -> None:
        self._company, self._account = company, account

    def __getitem__(self, key: str) -> bool:
        if key not in SWITCHES:
            raise KeyError(key)
        account, company = self._account, self._company
        if account is None:
            return False
        return allowed(company.switches, account.customer.group_id, account.role, key, company.transactions)


def hidden_pages(request: HttpRequest) -> frozenset[str]:
    """Names of addresses that the menu leaves out for this person. The group is the one of the account that the page
    was made for; before that is known, the switches of all customers hold."""
    company = request.company  # type: ignore[attr-defined]
    if not company.switches:
        return frozenset()
    group = getattr(request, "portal_group", None)
    roles = request.actor.customer_roles.values()  # type: ignore[attr-defined]
    return frozenset(
        name for name, key in PAGE_OF.items()
        if key and not any(allowed(company.switches, group, role, key, company.transactions) for role in roles)
    )  # fmt: skip
