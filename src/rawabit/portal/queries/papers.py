"""Documents as a customer may have them on paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from rawabit.billing.models import Invoice, Payment
from rawabit.crm.policies import BUYING, PAYING
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.sales.models import Order, Quotation
from rawabit.shipping.models import Delivery

MOST = 2000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its model, who may have it, the switch of its page, its name in lists."""

    model: Any
    roles: tuple[str, ...]
    switch: str
    label: Any
    narrowed: Mapping[str, Any]


KINDS: Mapping[str, Kind] = {
    "quotation": Kind(Quotation, BUYING, "quotations", _("Quotations"), {}),
    "order": Kind(Order, BUYING, "orders", _("Sales orders"), {}),
    "delivery": Kind(Delivery, BUYING, "deliveries", _("Delivery notes"), {}),
    "invoice": Kind(Invoice, PAYING, "invoices", _("Invoices and credit notes"), {}),
    "credit-note": Kind(Invoice, PAYING, "invoices", _("Credit notes"), {"kind": Invoice.CREDIT_NOTE}),
    "payment": Kind(Payment, PAYING, "payments", _("Receipts"), {}),
}
BUNDLED = ("invoice", "payment", "quotation", "order", "delivery")


def record_for(actor: Actor, kind: str, uid: UUID) -> Any:
    """The document, with what its paper needs; None when there is none or the person does not see it. Drafts are seen
    by no customer (the row rules say so)."""
    known = KINDS[kind]
    rows = known.model.objects.visible_to(actor).filter(uid=uid, **known.narrowed)
    return rows.select_related("customer").first()


def parts_of(actor: Actor, kinds: Collection[str], since: date | None) -> list[tuple[str, int]]:
    """``(model label, key)`` of the documents of these kinds since a day, the newest first, one more than may be put
    together at once at most."""
    found: list[tuple[str, int]] = []
    for name in kinds:
        model = KINDS[name].model
        rows = model.objects.visible_to(actor).order_by("-date", "-pk")
        rows = rows.filter(date__gte=since) if since else rows
        found += [(model._meta.label_lower, pk) for pk in rows.values_list("pk", flat=True)[: MOST + 1]]
    return found
