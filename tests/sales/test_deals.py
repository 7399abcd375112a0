"""Quotations and orders of an opportunity: lines, prices and contact come along; a yes to the offer wins the deal."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from rawabit.config.spine import stir_opportunity, win_opportunity
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.pipeline import actions as pipeline
from rawabit.pipeline.models import LostReason, Opportunity
from rawabit.sales import actions as sales
from rawabit.sales.models import Order, Quotation
from rawabit.trade.logic.lines import LineInput, LineProblems
from tests import makers
from tests.makers import NOW, SYSTEM, TODAY, make_opportunity, sar

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def deal(company) -> Opportunity:
    item = makers.make_item(price="1250")
    made = make_opportunity()
    made.contact = makers.make_contact(made.customer)
    made.save()
    rows = [
        LineInput(item_id=item.pk, quantity=Decimal(3), unit_price=Decimal(1200), discount_percent=Decimal(5)),
        LineInput(title="Installation", unit_price=Decimal("99.995")),
    ]
    return pipeline.set_lines(made, rows, actor=SYSTEM, at=NOW)


def told(name: str) -> Event:
    return Event.objects.filter(name=name).latest("pk")


def test_an_offer_takes_lines_prices_and_contact(deal):
    offer = sales.quotation_from(deal, actor=SYSTEM, at=LATER)
    lines = [(line.title, line.quantity, line.unit_price, line.discount_percent) for line in offer.lines.all()]
    wanted = [(line.title, line.quantity, line.unit_price, line.discount_percent) for line in deal.lines.all()]
    assert lines == wanted and len(lines) == 2
    assert (offer.opportunity, offer.customer, offer.contact) == (deal, deal.customer, deal.contact)
    assert offer.money("net") == deal.worth == sar("3520.00")
    assert (offer.state, offer.owner_id, offer.currency) == ("draft", deal.owner_id, deal.currency)
    deal.refresh_from_db()
    assert deal.touched_at == LATER


def test_an_order_too_and_each_opportunity_knows_its_papers(deal):
    order = sales.order_from(deal, actor=SYSTEM, at=NOW)
    offer = sales.quotation_from(deal, actor=SYSTEM, at=NOW)
    assert order.money("net") == sar("3520.00")
    assert (list(deal.orders.all()), list(deal.quotations.all())) == ([order], [offer])


def test_a_deal_without_a_customer_asks_for_one(company):
    deal = make_opportunity(None, value=100)
    with pytest.raises(Refused):
        sales.quotation_from(deal, actor=SYSTEM, at=NOW)
    assert Quotation.objects.count() == 0
    customer = makers.make_customer()
    offer = sales.quotation_from(deal, customer=customer, actor=SYSTEM, at=NOW)
    deal.refresh_from_db()
    assert offer.customer == deal.customer == customer


def test_a_decided_deal_gets_no_offer_and_a_lost_one_no_order(deal):
    won = pipeline.win(deal, actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        sales.quotation_from(won, actor=SYSTEM, at=NOW)
    assert sales.order_from(won, actor=SYSTEM, at=NOW).opportunity == won
    again = pipeline.reopen(won, "x", TODAY, actor=SYSTEM, at=NOW)
    lost = pipeline.lose(again, LostReason.objects.first(), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        sales.order_from(lost, actor=SYSTEM, at=NOW)


def test_a_yes_wins_the_deal_for_what_the_offer_comes_to(deal):
    offer = sales.quotation_from(deal, actor=SYSTEM, at=NOW)
    offer = sales.save_lines(offer, [LineInput(title="All", unit_price=Decimal(3000))], actor=SYSTEM, at=NOW)
    sent = sales.send_quotation(offer, actor=SYSTEM, at=LATER)
    stir_opportunity(told("quotation.sent"), LATER)
    assert Opportunity.objects.get().touched_at == LATER
    accepted = sales.accept_quotation(sent, name="Noura", actor=SYSTEM, at=LATER)
    win_opportunity(told("quotation.accepted"), LATER)
    deal.refresh_from_db()
    assert (deal.state, deal.worth, deal.closed_on) == ("won", sar(3000), TODAY + timedelta(days=3))
    version = deal.version
    win_opportunity(told("quotation.accepted"), LATER)  # heard twice, done once
    deal.refresh_from_db()
    assert deal.version == version
    assert accepted.orders.get().opportunity_id == deal.pk


def test_a_lost_deal_stays_lost_whatever_is_accepted(deal):
    offer = sales.send_quotation(sales.quotation_from(deal, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    pipeline.lose(deal, LostReason.objects.first(), actor=SYSTEM, at=NOW)
    sales.accept_quotation(offer, name="Noura", actor=SYSTEM, at=NOW)
    win_opportunity(told("quotation.accepted"), NOW)
    deal.refresh_from_db()
    assert deal.state == "lost"


def test_an_offer_in_other_money_wins_without_touching_the_value(deal):
    offer = sales.quotation_from(deal, actor=SYSTEM, at=NOW)
    Quotation.objects.filter(pk=offer.pk).update(currency="USD")
    offer = Quotation.objects.get(pk=offer.pk)
    sales.win_by_quotation(offer, actor=SYSTEM, at=NOW)
    deal.refresh_from_db()
    assert (deal.state, deal.worth) == ("won", sar("3520.00"))


def test_a_newer_version_keeps_its_deal(deal):
    sent = sales.send_quotation(sales.quotation_from(deal, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    assert sales.new_version(sent, actor=SYSTEM, at=NOW).opportunity == deal


def test_winning_can_begin_the_order_and_both_happen_or_neither(company):
    deal = make_opportunity(None, value=500_00)
    with pytest.raises(Refused):
        sales.win_deal(deal, make_order=True, actor=SYSTEM, at=NOW)
    deal.refresh_from_db()
    assert (deal.state, Order.objects.count()) == ("open", 0)
    made = sales.win_deal(make_opportunity(value=500_00), make_order=True, actor=SYSTEM, at=NOW)
    assert isinstance(made, Order) and made.opportunity.state == "won"


def test_who_may_not_see_the_deal_makes_nothing_of_it(deal, seller, clerk):
    for person in (seller, clerk):
        for make in (sales.quotation_from, sales.order_from):
            with pytest.raises(PermissionDenied):
                make(deal, actor=person.actor, at=NOW)
    mine = make_opportunity(None, owner=seller.user)
    with pytest.raises(PermissionDenied):
        sales.quotation_from(mine, customer=makers.make_customer(), actor=seller.actor, at=NOW)
    assert (Quotation.objects.count(), Order.objects.count()) == (0, 0)


def test_a_seller_offers_within_his_discount(deal, seller):
    """What stands in the deal is no way around the limit of discounts."""
    pipeline.set_lines(
        deal, [LineInput(title="x", unit_price=Decimal(10), discount_percent=Decimal(99))], actor=SYSTEM, at=NOW
    )
    Opportunity.objects.filter(pk=deal.pk).update(owner=seller.user)
    deal.customer.owner = seller.user
    deal.customer.save()
    with pytest.raises(LineProblems):
        sales.quotation_from(Opportunity.objects.get(pk=deal.pk), actor=seller.actor, at=NOW)
    assert Quotation.objects.count() == 0


def test_a_deal_with_papers_is_not_deleted(deal):
    sales.quotation_from(deal, actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        pipeline.delete_opportunity(deal, actor=SYSTEM, at=NOW)
    fresh = make_opportunity()
    pipeline.delete_opportunity(fresh, actor=SYSTEM, at=NOW)
    assert not Opportunity.objects.filter(pk=fresh.pk).exists()
