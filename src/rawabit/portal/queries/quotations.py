"""Quotations, as the customer reads them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from rawabit.kit.records.actor import Actor
from rawabit.kit.records.prepared import prepared
from rawabit.portal.queries.accounts import SEEN_WITH_RECORD
from rawabit.portal.queries.searching import with_words
from rawabit.portal.queries.seeing import seen
from rawabit.portal.queries.slices import PAGE, Slice, cut, later, newest_first, one_page
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
    "decided_at", "decided_by", "decline_reason", "customer_id", "version", "family_id", "signatures_needed",
    "owner__full_name", "owner__phone", "owner__email",
)  # fmt: skip
LINE = (
    "pk", "title", "sku", "details", "unit", "quantity", "unit_price", "discount_percent", "tax_percent", "net",
    "optional", "chosen", "tax_category", "tax_reason", "tax_reason_code", "kind",
    "item_id",
)  # fmt: skip

WAITING_SHOWN = 3  # quotations on the first page
Row = dict[str, Any]


def quotations_of(actor: Actor, tab: str, words: str, after: UUID | None) -> Slice:
    """A page of quotations, newest first. Versions that were replaced are reached from the newer one."""
    if not words:
        return cut(_quotations(actor, tab, **later(after)))
    rows = with_words(_narrowed(actor, tab), QuotationLine.objects.all(), words, actor)
    return cut(list(one_page(newest_first(rows, after), *LISTED)))


def _narrowed(actor: Actor, tab: str) -> QuerySet[Quotation]:
    return Quotation.objects.visible_to(actor).filter(TABS[tab])


@seen
def _quotations(actor: Actor, tab: str, *, after: UUID | None = None) -> QuerySet[Quotation, Row]:
    return one_page(newest_first(_narrowed(actor, tab), after), *LISTED)


def waiting_quotations(actor: Actor, today: date) -> list[Row]:
    """Those that can still be decided on, the soonest to expire first."""
    found = _waiting(actor, today=today)
    return sorted(found, key=lambda row: row["valid_until"] or date.max)[:WAITING_SHOWN]


@seen
def _waiting(actor: Actor, *, today: date) -> QuerySet[Quotation, Row]:
    """Ordered by key, for an engine without statistics follows an order by term through all customers' offers."""
    rows = Quotation.objects.visible_to(actor).filter(Q(valid_until=None) | Q(valid_until__gte=today), state=SENT)
    return rows.order_by("-pk").values("uid", *LISTED)[:PAGE]


@seen
def quotation_for(actor: Actor, *, uid: UUID) -> QuerySet[Quotation]:
    """One quotation of the person's customers."""
    rows = Quotation.objects.visible_to(actor).filter(uid=uid).select_related("customer__owner", "owner")
    return rows.only("uid", *PAPER, *SEEN_WITH_RECORD)[:1]


@prepared
def lines_of(*, quotation_id: int) -> QuerySet[QuotationLine, Row]:
    """The lines of a quotation that the caller has been shown."""
    return QuotationLine.objects.filter(document_id=quotation_id).order_by("position").values(*LINE)


@seen
def other_versions(actor: Actor, *, first_id: int, besides: int) -> QuerySet[Quotation, Row]:
    """The other versions of the same offer that the customer was sent, newest first."""
    rows = Quotation.objects.visible_to(actor).filter(Q(pk=first_id) | Q(family_id=first_id)).exclude(pk=besides)
    return rows.order_by("-edition").values("uid", "edition", "state")[:20]


@seen
def version_before(actor: Actor, edition: int, *, first_id: int) -> QuerySet[Quotation]:
    """The version of an offer that the customer was sent before this one. The edition belongs to the shape: a column of
    two bytes answers a stand-in that it cannot hold by leaving the condition out."""
    rows = Quotation.objects.visible_to(actor).filter(Q(pk=first_id) | Q(family_id=first_id), edition__lt=edition)
    return rows.order_by("-edition")[:1]


@seen
def orders_from(actor: Actor, *, quotation_id: int) -> QuerySet[Order, Row]:
    """The order that an accepted quotation became, in a list of at most one."""
    return Order.objects.visible_to(actor).filter(quotation_id=quotation_id).order_by("-pk").values("uid", "number")[:1]
