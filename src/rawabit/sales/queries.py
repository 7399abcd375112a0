"""Quotations and orders, read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from rawabit.crm.models import Customer
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event
from rawabit.kit.records.prepared import prepared
from rawabit.ledger.logic.credit import CreditStatus
from rawabit.ledger.queries import credit_status
from rawabit.sales.logic.progress import LineProgress, OrderProgress, progress
from rawabit.sales.logic.signing import digest_of
from rawabit.sales.logic.states import DRAFT, OPEN_ORDERS
from rawabit.sales.models import (
    Acceptance,
    Order,
    OrderLine,
    PendingAcceptance,
    Question,
    Quotation,
    QuotationOpening,
    Reply,
)


def progress_of(lines: Sequence[OrderLine]) -> OrderProgress:
    """How far these lines of one order have come."""
    return progress([line_progress(line) for line in lines])


def line_progress(line: OrderLine) -> LineProgress:
    return LineProgress(line.kind, line.quantity, line.shipped, line.delivered, line.invoiced)


def on_order(customer: Customer, *, besides: int | None = None) -> Money:
    """What the customer has ordered and not been invoiced yet, with tax, in his own currency; drafts do not count."""
    rows = _on_order(customer=customer.pk, currency=customer.currency)
    worth = sum(
        int((net + tax) * (quantity - invoiced) / quantity)
        for order, net, tax, quantity, invoiced in rows
        if order != besides
    )
    return Money(worth, customer.currency)


@prepared
def _on_order(*, customer: int, currency: str) -> QuerySet[OrderLine, tuple[int, int, int, Decimal, Decimal]]:
    lines = OrderLine.objects.filter(
        document__customer_id=customer, document__state__in=OPEN_ORDERS, document__currency=currency,
        invoiced__lt=F("quantity"),
    )  # fmt: skip
    return lines.order_by().values_list("document_id", "net", "tax", "quantity", "invoiced")


def credit_for_order(order: Order, today: date) -> CreditStatus:
    """The customer's credit when this order is added to what he owes and has on order."""
    customer = order.customer
    extra = on_order(customer, besides=order.pk)
    if order.currency == customer.currency:
        extra += order.money("total")
    return credit_status(customer, extra, today)


def credit_of(customer: Customer, today: date) -> CreditStatus:
    """The customer's credit as it stands, for his page."""
    return credit_status(customer, on_order(customer), today)


# Versions of a quotation


def root_of(quotation: Quotation) -> int:
    """The key of the first version."""
    return quotation.family_id or quotation.pk


def versions_of(quotation: Quotation) -> QuerySet[Quotation]:
    """All versions of an offer, newest first."""
    root = root_of(quotation)
    return Quotation.objects.filter(Q(pk=root) | Q(family=root)).order_by("-edition")


def next_edition(quotation: Quotation) -> int:
    return (versions_of(quotation).aggregate(last=Max("edition"))["last"] or 0) + 1


def live_order_of(quotation: Quotation) -> Order | None:
    """The order made of a quotation, unless it was cancelled."""
    return quotation.orders.exclude(state="cancelled").first()


def quotations_past(day: date) -> QuerySet[Quotation]:
    """Sent quotations whose term ended before a day."""
    return Quotation.objects.filter(state="sent", valid_until__lt=day).order_by("pk")


def family_uids(quotation: Quotation) -> frozenset[UUID]:
    """The addresses of all versions of an offer that the customer was ever shown: one document to him."""
    return frozenset(versions_of(quotation).exclude(state=DRAFT).values_list("uid", flat=True))


# The room of an offer: who opened it, what was asked, who signed


def acceptances_of(quotation: Quotation) -> list[Acceptance]:
    """The signatures under a version, oldest first."""
    return list(quotation.acceptances.select_related("stamp").order_by("pk"))


def acceptance_of(quotation: Quotation) -> Acceptance | None:
    """The signature that accepted the offer: the last of those needed. None while it is not accepted."""
    if quotation.state != "accepted":
        return None
    return quotation.acceptances.select_related("stamp").order_by("-pk").first()


CONTENT = (
    "position", "sku", "title", "details", "kind", "unit", "quantity", "unit_price", "discount_percent",
    "tax_category", "tax_percent", "tax_reason", "net", "tax", "optional", "chosen",
)  # fmt: skip
HEAD = (
    "number", "edition", "date", "valid_until", "currency", "note", "terms", "seller", "buyer", "net", "discount",
    "tax", "total", "tax_summary",
)  # fmt: skip


def content_digest(quotation: Quotation) -> str:
    """The fingerprint of everything that a version promises: head, parties, texts, lines, totals."""
    head = {name: _written(getattr(quotation, name)) for name in HEAD}
    lines = [
        {name: _written(value) for name, value in row.items()}
        for row in quotation.lines.order_by("position").values(*CONTENT)
    ]
    return digest_of({"head": head, "lines": lines})


def _written(value: Any) -> Any:
    """A number in one form only: 2, 2.0 and 2.000 are the same quantity."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def openings_of(quotation: Quotation) -> QuerySet[QuotationOpening]:
    """Who has opened a version, the latest first."""
    return quotation.openings.order_by("-last_at")


def pending_for(quotation: Quotation, signer: str) -> PendingAcceptance | None:
    """What this person typed to accept the offer and has not confirmed yet."""
    return PendingAcceptance.objects.filter(quotation=quotation, signer=signer).first()


def pending_before(moment: datetime) -> QuerySet[PendingAcceptance]:
    return PendingAcceptance.objects.filter(at__lt=moment)


@prepared
def questions_on_offer(*, root: int) -> QuerySet[Question]:
    """What was asked about any version of an offer that the caller has been shown, oldest first."""
    rows = Question.objects.filter(Q(quotation_id=root) | Q(quotation__family_id=root))
    return rows.select_related("quotation").order_by("pk")


@prepared
def questions_on_order(*, order: int) -> QuerySet[Question]:
    """What was asked about an order that the caller has been shown, oldest first."""
    return Question.objects.filter(order_id=order).order_by("pk")


def with_replies(questions: list[Question]) -> list[Question]:
    """The same, each with ``said``: the replies in their order."""
    replies = Reply.objects.filter(question__in=[one.pk for one in questions]) if questions else ()
    said: dict[int, list[Reply]] = {}
    for reply in replies:
        said.setdefault(reply.question_id, []).append(reply)
    for one in questions:
        one.said = said.get(one.pk, [])  # type: ignore[attr-defined]
    return questions


def open_questions(field: str, keys: Sequence[int]) -> dict[int, int]:
    """``{key of a document: questions without an answer}``; ``field`` quotation or order."""
    rows = Question.objects.filter(**{f"{field}__in": keys}, answered_at=None).order_by()
    return {row[field]: row["open"] for row in rows.values(field).annotate(open=Count("pk"))}


def unanswered(field: str) -> Q:
    """Documents with a question that waits for an answer; ``field`` quotation or order."""
    return Q(Exists(Question.objects.filter(**{field: OuterRef("pk")}, answered_at=None)))


def signed_by(quotation: Quotation, signer: str) -> Acceptance | None:
    """The signature this person has given already."""
    return quotation.acceptances.filter(signer=signer).first()


def has_asked_approval(quotation: Quotation, actor: Actor) -> bool:
    """Whether this person has asked his colleagues to approve the offer."""
    asked = Event.objects.about(quotation).filter(name="quotation.approval_asked", actor_id=actor.user_id)
    return asked.exists()


def question_on(document: Quotation | Order, uid: UUID) -> Question | None:
    """One question about this document (any version of an offer)."""
    if isinstance(document, Order):
        return document.questions.filter(uid=uid).first()
    root = root_of(document)
    return Question.objects.filter(Q(quotation=root) | Q(quotation__family=root), uid=uid).first()


def line_of(document: Quotation | Order, key: Any) -> str:
    """The words of one line of a document; "" for none and for nonsense."""
    text = str(key or "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return ""
    return document.lines.filter(pk=int(text)).values_list("title", flat=True).first() or ""
