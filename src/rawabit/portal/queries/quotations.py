"""Quotations, as the customer reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from rawabit.kit.records.actor import Actor
from rawabit.portal.queries.accounts import SEEN_WITH_RECORD
from rawabit.portal.queries.searching import with_words
from rawabit.portal.queries.slices import Slice, newest_first, page_of
from rawabit.sales.logic.states import ACCEPTED, SENT, SUPERSEDED
from rawabit.sales.models import Order, Quotation, QuotationLine

TABS: dict[str, Q] = {
    "waiting": Q(state=SENT),
    "accepted": Q(state=ACCEPTED),
    "past": ~Q(state__in=(SENT, ACCEPTED, SUPERSEDED)),
}
LISTED = ("number", "state", "edition", "date", "valid_until", "currency", "total")
PAPER = (
    *LISTED, "customer_reference", "note", "terms", "seller", "buyer", "net", "discount", "tax", "tax_summary",
    "decided_at", "decided_by", "decline_reason", "customer_id", "version", "family_id",
    "owner__full_name", "owner__phone", "owner__email",
)  # fmt: skip
LINE = (
    "pk", "title", "sku", "details", "unit", "quantity", "unit_price", "discount_percent", "tax_percent", "net",
    "optional", "chosen", "tax_category", "tax_reason", "tax_reason_code",
)  # fmt: skip


def quotations_of(actor: Actor, tab: str, words: str, after: UUID | None) -> Slice[dict[str, Any]]:
    """A page of quotations, newest first. Versions that were replaced are reached from the newer one."""
    rows = Quotation.objects.visible_to(actor).filter(TABS[tab])
    if words:
        rows = with_words(rows, QuotationLine.objects.all(), words)
    return page_of(newest_first(rows, after), *LISTED)


def waiting_quotations(actor: Actor, today: date, most: int) -> Sequence[dict[str, Any]]:
    """Those that can still be decided on, the soonest to expire first."""
    rows = Quotation.objects.visible_to(actor).filter(Q(valid_until=None) | Q(valid_until__gte=today), state=SENT)
    return list(rows.order_by("valid_until", "pk").values("uid", *LISTED)[:most])


def quotation_for(actor: Actor, uid: UUID) -> Quotation | None:
    """One quotation of the person's customers."""
    rows = Quotation.objects.visible_to(actor).filter(uid=uid).select_related("customer__owner", "owner")
    return rows.only(*PAPER, *SEEN_WITH_RECORD).first()


def lines_of(quotation: Quotation) -> Sequence[dict[str, Any]]:
    """The lines of a quotation that the caller has been shown."""
    return list(QuotationLine.objects.filter(document_id=quotation.pk).order_by("position").values(*LINE))


def other_versions(actor: Actor, quotation: Quotation) -> Sequence[dict[str, Any]]:
    """The other versions of the same offer that the customer was sent, newest first."""
    first = quotation.family_id or quotation.pk
    rows = Quotation.objects.visible_to(actor).filter(Q(pk=first) | Q(family_id=first)).exclude(pk=quotation.pk)
    return list(rows.order_by("-edition").values("uid", "number", "edition", "state")[:20])


def order_of(actor: Actor, quotation: Quotation) -> dict[str, Any] | None:
    """The order that an accepted quotation became."""
    return Order.objects.visible_to(actor).filter(quotation=quotation).order_by("-pk").values("uid", "number").first()
