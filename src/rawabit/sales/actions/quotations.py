"""The life of a quotation: sent, decided, renewed, expired."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from rawabit.company.actions import next_document_number
from rawabit.company.queries import company_now, local_day
from rawabit.crm.policies import BUYING, require_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.sales.actions.asking import settle_changes
from rawabit.sales.actions.drafts import require_own_discounts
from rawabit.sales.actions.making import LINE_FIELDS, order_of
from rawabit.sales.logic.states import DECLINE_REASONS, QUOTATION, RENEWABLE, WHY_CLOSED
from rawabit.sales.models import Order, Quotation, QuotationLine
from rawabit.sales.queries import live_order_of, next_edition, quotations_past, root_of, versions_of
from rawabit.trade.actions import TOTAL_FIELDS, add_up_again, document_key, freeze


@transaction.atomic
def send_quotation(quotation: Quotation, *, actor: Actor, at: datetime) -> Quotation:
    """Put the offer before the customer: number it, freeze it; an older version of it can no longer be accepted."""
    family = _lock_family(quotation)
    quotation = next(one for one in family if one.pk == quotation.pk)
    require_on(actor, "sales.send_quotation", quotation)
    move = QUOTATION.require(quotation, "send")
    company = company_now()
    _require_term(quotation, at)
    require_own_discounts(quotation, actor)
    older = [one for one in family if one.pk != quotation.pk]
    _supersede(older, quotation, actor, at)
    quotation.state, quotation.sent_at = move.target, at
    quotation.number = next((one.number for one in older if one.number), "") or next_document_number(
        "quotation", quotation.date
    )
    freeze(quotation, company, at)
    quotation.save()
    if older:
        settle_changes(quotation, at)
    emit("quotation.sent", quotation, actor=actor, at=at, number=str(quotation), total=quotation.total)
    return quotation


def _lock_family(quotation: Quotation) -> list[Quotation]:
    """All versions, held until the commit in the order of their keys: versions stand in line."""
    root = root_of(quotation)
    list(Quotation.objects.select_for_update(of=("self",)).filter(pk=root))
    return list(versions_of(quotation).select_for_update(of=("self",)).order_by("pk"))


def _require_term(quotation: Quotation, at: datetime) -> None:
    if quotation.valid_until is not None and quotation.valid_until < local_day(at):
        raise Refused(_("The term of this quotation has passed. Give it a later one first."))


def _supersede(older: list[Quotation], newer: Quotation, actor: Actor, at: datetime) -> None:
    if any(one.state == "accepted" for one in older):
        raise Refused(_("The customer has accepted an earlier version already."))
    for one in older:
        if one.state in RENEWABLE:
            one.state = QUOTATION.require(one, "supersede").target
            touch(one, at)
            one.save(update_fields=["state", "version", "updated_at"])
            emit("quotation.superseded", one, actor=actor, at=at, number=str(one), edition=newer.edition)


@transaction.atomic
def new_version(quotation: Quotation, *, actor: Actor, at: datetime) -> Quotation:
    """A draft of the next version, with the same lines and a new term. The version before stays open to the customer
    until the new one is sent. A draft version that exists already is answered instead of a second one."""
    family = _lock_family(quotation)
    quotation = next(one for one in family if one.pk == quotation.pk)
    require_on(actor, "sales.change_quotation", quotation)
    if draft := next((one for one in family if one.state == "draft"), None):
        return draft
    if quotation.state not in RENEWABLE:
        raise Refused(_("Only an offer that was sent and not accepted gets a new version."))
    newer = _copy(quotation, at)
    emit("quotation.renewed", newer, actor=actor, at=at, of=str(quotation), edition=newer.edition)
    return newer


def _copy(quotation: Quotation, at: datetime) -> Quotation:
    today = local_day(at)
    newer = Quotation(
        family_id=root_of(quotation), edition=next_edition(quotation), customer=quotation.customer,
        contact=quotation.contact, owner=quotation.owner, date=today, currency=quotation.currency,
        language=quotation.language, customer_reference=quotation.customer_reference, note=quotation.note,
        terms=quotation.terms, valid_until=today + timedelta(days=company_now().quotation_days),
        signatures_needed=quotation.signatures_needed, opportunity_id=quotation.opportunity_id,
    )  # fmt: skip
    newer.search_text = document_key(newer)
    newer.save()
    QuotationLine.objects.bulk_create(
        QuotationLine(
            document=newer, optional=line.optional, chosen=not line.optional,
            **{name: getattr(line, name) for name in LINE_FIELDS},
        )
        for line in quotation.lines.order_by("position")
    )  # fmt: skip
    add_up_again(newer)
    newer.save(update_fields=TOTAL_FIELDS)
    return newer


@transaction.atomic
def order_quotation(quotation: Quotation, *, actor: Actor, at: datetime) -> Order:
    """The order of an accepted quotation; made anew only when the former one was cancelled or deleted."""
    quotation = lock(quotation)
    require_on(actor, "sales.add_order", quotation)
    if quotation.state != "accepted":
        raise Refused(_("The customer has not accepted this quotation."))
    if order := live_order_of(quotation):
        return order
    order = order_of(quotation, at)
    emit("order.created", order, actor=actor, at=at, customer=order.customer.name, total=order.total)
    return order


@transaction.atomic
def decline_quotation(
    quotation: Quotation, *, reason: str, actor: Actor, at: datetime, name: str = "", code: str = ""
) -> Quotation:
    """The customer says no, and why: ``code`` for the statistics, ``reason`` in words. Declining twice is declining
    once."""
    quotation = lock(quotation)
    require_on(actor, "sales.decline_quotation", quotation, roles=BUYING)
    if quotation.state == "declined":
        return quotation
    if actor.is_customer and (words := WHY_CLOSED.get(quotation.state)) is not None:
        raise Refused(words)
    quotation.state = QUOTATION.require(quotation, "decline").target
    quotation.decided_at, quotation.decided_by = at, (name.strip() or actor.name)[:200]
    quotation.decline_code = code if code in DECLINE_REASONS else ""
    quotation.decline_reason = reason.strip()[:300]
    touch(quotation, at)
    quotation.save()
    emit("quotation.declined", quotation, actor=actor, at=at, number=str(quotation), reason=quotation.decline_reason,
         code=quotation.decline_code)  # fmt: skip
    return quotation


@transaction.atomic
def withdraw_quotation(quotation: Quotation, *, actor: Actor, at: datetime) -> Quotation:
    """Take an offer back before the customer has decided."""
    quotation = lock(quotation)
    require_on(actor, "sales.withdraw_quotation", quotation)
    quotation.state = QUOTATION.require(quotation, "withdraw").target
    touch(quotation, at)
    quotation.save(update_fields=["state", "version", "updated_at"])
    emit("quotation.withdrawn", quotation, actor=actor, at=at, number=str(quotation))
    return quotation


def expire_quotations(*, actor: Actor, at: datetime) -> int:
    """For the clock: let offers expire whose last day has passed in the company's zone; answers how many. Each in its
    own transaction; running twice changes nothing."""
    return sum(_expire(one, actor, at) for one in quotations_past(local_day(at)).iterator())


@transaction.atomic
def _expire(quotation: Quotation, actor: Actor, at: datetime) -> bool:
    quotation = lock(quotation)
    if quotation.state != "sent" or quotation.valid_until is None or quotation.valid_until >= local_day(at):
        return False
    quotation.state = QUOTATION.require(quotation, "expire").target
    touch(quotation, at)
    quotation.save(update_fields=["state", "version", "updated_at"])
    emit("quotation.expired", quotation, actor=actor, at=at, number=str(quotation), valid_until=quotation.valid_until)
    return True
