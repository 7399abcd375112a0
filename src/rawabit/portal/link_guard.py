"""What a link to one document opens: its page, its papers and files, and what belongs to it. Everything else is 404.

A table, so that a new page is closed to links until somebody writes it here; a test demands a word about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.urls import ResolverMatch

from rawabit.crm.models import Customer
from rawabit.kit.records.actor import Actor
from rawabit.portal.queries import invoices, orders, transfers
from rawabit.portal.queries.files import file_for

# How the ``uid`` in an address must stand to the document of the link.
OWN, PART, FILE, ALL = "own", "part", "file", "all"
Rules = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document that links lead to: its page, the role that shows just this, and the addresses inside."""

    page: str
    role: str
    addresses: Rules


KINDS: Mapping[str, Kind] = {
    "sales.quotation": Kind("portal-quotation", "buyer", {
        "portal-quotation": (OWN,), "portal-quotation-accept": (OWN,), "portal-quotation-decline": (OWN,),
        "portal-quotation-code": (OWN,), "portal-quotation-ask": (OWN,), "portal-quotation-renewal": (OWN,),
        "portal-quotation-opened": (OWN,),
        "portal-paper": (OWN,), "portal-file": (FILE,),
    }),
    "sales.order": Kind("portal-order", "buyer", {
        "portal-order": (OWN,), "portal-order-ask": (OWN,), "portal-delivery": (PART,), "portal-paper": (OWN, PART),
        "portal-file": (FILE,),
    }),
    "shipping.delivery": Kind("portal-delivery", "buyer", {
        "portal-delivery": (OWN,), "portal-paper": (OWN,), "portal-file": (FILE,),
    }),
    "billing.invoice": Kind("portal-invoice", "finance", {
        "portal-invoice": (OWN,), "portal-invoice-paid": (OWN,), "portal-invoice-later": (OWN,),
        "portal-invoice-question": (OWN,), "portal-dispute": (PART,), "portal-dispute-withdraw": (PART,),
        "portal-payment": (PART,), "portal-paper": (OWN, PART), "portal-file": (FILE,),
    }),
    "billing.payment": Kind("portal-payment", "finance", {
        "portal-payment": (OWN,), "portal-paper": (OWN,), "portal-file": (FILE,),
    }),
    "crm.customer": Kind("portal-statement", "finance", {
        "portal-statement": (ALL,), "portal-statement-download": (ALL,),
    }),
}  # fmt: skip
# The link's own pages, open to every link.
OWN_PAGES = frozenset({"link-code", "link-language", "link-opened"})
# Portal pages that no link opens: they are about the account, or about many documents.
NEVER = frozenset({
    "portal-home", "portal-orders", "portal-quotations", "portal-deliveries", "portal-invoices", "portal-payments",
    "portal-account", "portal-notices", "portal-switch", "portal-invoices-export", "portal-transfer-new",
    "portal-transfer-later", "portal-transfer", "portal-transfer-withdraw", "portal-disputes",
    "portal-payment-question", "portal-documents", "portal-document-send", "portal-document-agree", "portal-help",
    "portal-quotation-approval", "portal-orders-export", "portal-order-delivery",
    "portal-downloads", "portal-downloads-start", "portal-download-file",
    "portal-statement-question", "portal-statement-send", "portal-statement-monthly",
})  # fmt: skip

# What the company may lock with a code: the words of ``Company.link_code_for``.
AMOUNTS, PAPER, PAY, ACCEPT, FILES = "amounts", "paper", "pay", "accept", "files"
LOCK_OF: Mapping[str, str] = {
    "portal-paper": PAPER, "portal-file": FILES, "portal-quotation-accept": ACCEPT,
    "portal-invoice-paid": PAY, "portal-invoice-later": PAY,
}  # fmt: skip
WITHOUT_AMOUNTS = frozenset({"portal-order", "portal-order-ask", "portal-delivery", "portal-file"})
CODE_VALID = timedelta(hours=12)


def kind_of(record: Model) -> Kind | None:
    return KINDS.get(record._meta.label_lower)


def customer_of(record: Any) -> Customer:
    """The one customer that the record belongs to."""
    found: Customer = record if isinstance(record, Customer) else record.customer
    return found


class Guard:
    """The link's document and what belongs to it, asked for once per request."""

    def __init__(self, record: Any, kind: Kind, actor: Actor) -> None:
        self.record, self.kind, self.actor = record, kind, actor

    def lets_through(self, match: ResolverMatch) -> bool:
        """Whether an address is one of this document's."""
        name = match.url_name or ""
        rules = self.kind.addresses.get(name)
        if rules is None:
            return name in OWN_PAGES
        if ALL in rules:
            return True
        uid = match.kwargs.get("uid")
        if not isinstance(uid, UUID):
            return False
        return self._is_file(uid) if FILE in rules else self.reaches(name, uid)

    def reaches(self, name: str, uid: UUID) -> bool:
        """Whether the address ``name`` of the record ``uid`` is one of this document's."""
        rules = self.kind.addresses.get(name, ())
        return (OWN in rules and uid == self.record.uid) or (PART in rules and uid in self.parts)

    def _is_file(self, uid: UUID) -> bool:
        found = file_for(self.actor, uid)
        return found is not None and getattr(found.subject, "uid", None) in {self.record.uid, *self.parts}

    @cached_property
    def parts(self) -> frozenset[UUID]:
        """The uids of what belongs to the document: deliveries of an order, receipts of an invoice."""
        label = self.record._meta.label_lower
        if label == "sales.order":
            return frozenset(row["uid"] for row in orders.shipments_of(self.actor, order_id=self.record.pk))
        if label == "billing.invoice":
            found = invoices.settled_by(self.actor, invoice_id=self.record.pk)
            questions = transfers.disputes_of_invoice(self.actor, invoice_id=self.record.pk)
            return frozenset(
                [*(row["payment_uid"] for row in found if row["payment_uid"]), *(row["uid"] for row in questions)]
            )
        return frozenset()


def locked(company: Any, part: str, coded_at: datetime | None, now: datetime) -> bool:
    """Whether ``part`` still waits for a code from this visitor."""
    if part not in company.link_code_for:
        return False
    return coded_at is None or not timedelta(0) <= now - coded_at <= CODE_VALID


def wants_code(company: Any, match: ResolverMatch, coded_at: datetime | None, now: datetime) -> bool:
    """Whether this address is shown only after a code."""
    name = match.url_name or ""
    if name in OWN_PAGES:
        return False
    part = LOCK_OF.get(name, "")
    if part and locked(company, part, coded_at, now):
        return True
    bare = name in WITHOUT_AMOUNTS or (name == "portal-paper" and match.kwargs.get("kind") == "delivery")
    return not bare and locked(company, AMOUNTS, coded_at, now)
