"""Quotations and orders of an opportunity, and what they tell it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from rawabit.company.queries import local_day
from rawabit.crm.models import Contact, Customer
from rawabit.crm.policies import require_on
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import lock
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.pipeline import actions as pipeline
from rawabit.pipeline.logic.states import LOST, OPEN
from rawabit.pipeline.models import Opportunity
from rawabit.sales.actions.drafts import start_document
from rawabit.sales.models import Order, Quotation
from rawabit.trade.logic.lines import LineInput

Paper = TypeVar("Paper", Quotation, Order)


@transaction.atomic
def quotation_from(
    opportunity: Opportunity,
    *,
    customer: Customer | None = None,
    contact: Contact | None = None,
    actor: Actor,
    at: datetime,
) -> Quotation:
    """A draft offer with the lines, prices and contact of an open deal. A deal without a customer needs ``customer``,
    who becomes the deal's."""
    opportunity = _ready(opportunity, customer, contact, actor, at)
    if opportunity.state != OPEN:
        raise Refused(_("This opportunity is decided. Open it again to make a quotation of it."))
    return _paper_of(Quotation(), opportunity, actor, at)


@transaction.atomic
def order_from(
    opportunity: Opportunity,
    *,
    customer: Customer | None = None,
    contact: Contact | None = None,
    actor: Actor,
    at: datetime,
) -> Order:
    """A draft order with the lines, prices and contact of a deal that is not lost."""
    opportunity = _ready(opportunity, customer, contact, actor, at)
    if opportunity.state == LOST:
        raise Refused(_("This opportunity is lost. Open it again to make an order of it."))
    return _paper_of(Order(), opportunity, actor, at)


def _ready(
    opportunity: Opportunity, customer: Customer | None, contact: Contact | None, actor: Actor, at: datetime
) -> Opportunity:
    """The locked deal, with a customer."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.view_opportunity", opportunity)
    if opportunity.customer is None:
        if customer is None:
            raise Refused(_("Choose a customer first."))
        opportunity = pipeline.set_customer(opportunity, customer, contact, actor=actor, at=at)
    return opportunity


def _paper_of(paper: Paper, opportunity: Opportunity, actor: Actor, at: datetime) -> Paper:
    customer = opportunity.customer
    assert customer is not None
    paper.customer, paper.contact, paper.opportunity = customer, opportunity.contact, opportunity
    paper.date, paper.language, paper.currency = local_day(at), customer.language, opportunity.currency
    paper.owner_id = opportunity.owner_id
    made = start_document(paper, rows_of(opportunity), actor, at)
    pipeline.sign_of_life(opportunity.pk, at)
    return made


def rows_of(opportunity: Opportunity) -> list[LineInput]:
    """The deal's lines at the deal's prices."""
    return [
        LineInput(
            title=line.title, quantity=line.quantity, item_id=line.item_id, unit_price=line.unit_price,
            discount_percent=line.discount_percent,
        )
        for line in opportunity.lines.order_by("position")
    ]  # fmt: skip


@transaction.atomic
def win_deal(
    opportunity: Opportunity,
    *,
    value: Money | None = None,
    on: date | None = None,
    make_order: bool = False,
    actor: Actor,
    at: datetime,
) -> Opportunity | Order:
    """The deal is won; with ``make_order`` its draft order is begun at once, and answered. Both or neither."""
    won = pipeline.win(opportunity, value=value, on=on, actor=actor, at=at)
    return order_from(won, actor=actor, at=at) if make_order else won


# What offers tell their deal. Called by the composition root's subscribers; hearing twice changes nothing.


@transaction.atomic
def win_by_quotation(quotation: Quotation, *, actor: Actor, at: datetime) -> None:
    """The customer took the offer: its deal is won for what the offer comes to before tax. A deal that was decided
    meanwhile stays as it is; one in another currency keeps its own estimate."""
    if quotation.opportunity_id is None:
        return
    opportunity = lock(Opportunity(pk=quotation.opportunity_id))
    if opportunity.state == OPEN:
        value = quotation.money("net") if quotation.currency == opportunity.currency else None
        pipeline.win(opportunity, value=value, actor=actor, at=at)


def stir_deal(quotation: Quotation, at: datetime) -> None:
    """An offer went out: the deal is alive."""
    if quotation.opportunity_id is not None:
        pipeline.sign_of_life(quotation.opportunity_id, at)
