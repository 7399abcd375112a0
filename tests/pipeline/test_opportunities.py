"""Opportunities: begun, moved, planned, decided; what they are worth; who sees them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from rawabit.kit.money import Money
from rawabit.kit.states import Refused
from rawabit.pipeline import actions
from rawabit.pipeline.logic import stages as logic
from rawabit.pipeline.logic.stages import Deal
from rawabit.pipeline.models import LostReason, Opportunity, Stage, StageMove
from rawabit.pipeline.queries import deals, decided, open_ones, without_next_step
from rawabit.trade.logic.lines import LineInput, LineProblems
from tests import makers
from tests.makers import NOW, SYSTEM, TODAY, make_opportunity, sar

pytestmark = pytest.mark.django_db


def stage(number: int) -> Stage:
    return Stage.objects.order_by("position")[number - 1]


def test_a_new_one_has_number_stage_owner_and_next_step(company, seller):
    customer = makers.make_customer(owner=seller.user)
    with translation.override("en"):
        deal = make_opportunity(customer, by=seller.actor, title="Pumps for the new plant")
    assert (deal.number, deal.stage.position, deal.owner_id, deal.state) == ("OP-2026-00001", 1, seller.user.pk, "open")
    assert (deal.next_step, deal.next_on, deal.opened_on) == ("First contact", TODAY + timedelta(days=2), TODAY)
    assert deal.currency == customer.currency and deal.chance == 10
    assert [move.to_stage_id for move in StageMove.objects.all()] == [deal.stage_id]


def test_without_a_customer_too(company):
    assert make_opportunity(None).customer is None


def test_lines_give_the_value(company):
    item = makers.make_item(price="1250")
    deal = make_opportunity(value=99)
    rows = [
        LineInput(item_id=item.pk, quantity=Decimal(3)),
        LineInput(title="Installation", unit_price=Decimal("99.995")),
    ]
    actions.set_lines(deal, rows, actor=SYSTEM, at=NOW)
    deal.refresh_from_db()
    assert deal.worth == sar("3850.00")
    assert [line.net for line in deal.lines.all()] == [375000, 10000]
    actions.set_lines(deal, [], actor=SYSTEM, at=NOW)
    deal.refresh_from_db()
    assert (deal.lines.count(), deal.worth) == (0, sar("3850.00"))
    with pytest.raises(LineProblems):
        actions.set_lines(deal, [LineInput(sku="no such item")], actor=SYSTEM, at=NOW)


def test_a_stage_asks_for_what_it_needs(company):
    deal = make_opportunity(None)
    with translation.override("en"), pytest.raises(Refused) as refusal:
        actions.move_stage(deal, stage(3), actor=SYSTEM, at=NOW)
    words = str(refusal.value)
    assert "Customer" in words and "Value" in words and "Expected close" in words
    assert StageMove.objects.count() == 1
    full = make_opportunity(value=100_00, expected_close=TODAY)
    moved = actions.move_stage(full, stage(3), actor=SYSTEM, at=NOW)
    assert (moved.stage_id, moved.chance, moved.version) == (stage(3).pk, 50, full.version + 1)
    again = actions.move_stage(moved, stage(3), actor=SYSTEM, at=NOW)
    assert again.version == moved.version


def test_the_next_step_is_never_empty(company):
    deal = make_opportunity()
    for nothing in ("", "   ", "\u200b"):
        with pytest.raises(Refused):
            actions.set_next_step(deal, nothing, TODAY, actor=SYSTEM, at=NOW)
    done = actions.finish_step(deal, "They want a visit", "Visit the plant", TODAY, actor=SYSTEM, at=NOW)
    assert (done.next_step, done.next_on) == ("Visit the plant", TODAY)


def test_won_lost_and_open_again(company):
    deal = make_opportunity(value=500_00)
    won = actions.win(deal, value=sar(450), actor=SYSTEM, at=NOW)
    assert (won.state, won.closed_on, won.value, won.chance, won.next_step) == ("won", TODAY, 450_00, 100, "")
    with pytest.raises(Refused):
        actions.move_stage(won, stage(2), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        actions.lose(won, LostReason.objects.first(), actor=SYSTEM, at=NOW)
    opened = actions.reopen(won, "Ask again", TODAY, actor=SYSTEM, at=NOW)
    lost = actions.lose(opened, LostReason.objects.first(), "too dear", actor=SYSTEM, at=NOW)
    assert (lost.state, lost.lost_note, lost.chance) == ("lost", "too dear", 0)
    assert [move.state for move in StageMove.objects.order_by("id")] == ["open", "won", "open", "lost"]


def test_decisions_in_the_future_and_in_other_money_are_refused(company):
    deal = make_opportunity()
    for wrong in ({"on": TODAY + timedelta(days=1)}, {"value": Money(100, "EUR")}):
        with pytest.raises(Refused):
            actions.win(deal, **wrong, actor=SYSTEM, at=NOW)
    assert Opportunity.objects.get().state == "open"


def test_the_database_knows_the_rules(company):
    deal = make_opportunity()
    for wrong in ({"state": "lost"}, {"state": "won", "closed_on": None}, {"probability": 101}, {"value": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opportunity.objects.filter(pk=deal.pk).update(**wrong)


def test_people_and_partners(company):
    deal = make_opportunity()
    contact = makers.make_contact(deal.customer)
    actions.add_person(deal, contact, "user", actor=SYSTEM, at=NOW)
    actions.add_person(deal, contact, "decision_maker", actor=SYSTEM, at=NOW)
    assert [person.role for person in deal.people.all()] == ["decision_maker"]
    partner, other = (makers.make_customer(kind="partner") for _ in range(2))
    actions.add_partner(deal, partner, "installs", Decimal(60), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        actions.add_partner(deal, other, "sells", Decimal("40.0001"), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        actions.add_partner(deal, makers.make_customer(), "x", Decimal(1), actor=SYSTEM, at=NOW)
    actions.add_partner(deal, other, "sells", Decimal(40), actor=SYSTEM, at=NOW)
    actions.remove_partner(deal, partner.pk, actor=SYSTEM, at=NOW)
    assert [row.partner_id for row in deal.partners.all()] == [other.pk]


def test_who_sees_and_moves_a_deal(company, seller, manager, clerk, amina):
    mine = make_opportunity(makers.make_customer(owner=seller.user))
    handed = make_opportunity(None, owner=seller.user)
    foreign = make_opportunity()
    seen = lambda person: set(Opportunity.objects.visible_to(person.actor).values_list("pk", flat=True))  # noqa: E731
    assert seen(seller) == {mine.pk, handed.pk}
    assert seen(manager) == {mine.pk, handed.pk, foreign.pk}
    assert seen(amina) == set()
    make_opportunity(amina.customer)
    assert seen(amina) == set()
    for act in (lambda: actions.move_stage(foreign, stage(2), actor=seller.actor, at=NOW),
                lambda: actions.win(foreign, actor=seller.actor, at=NOW),
                lambda: actions.set_next_step(foreign, "x", TODAY, actor=seller.actor, at=NOW)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()


def test_handing_over(company, manager, seller):
    deal = actions.hand_over(make_opportunity(), seller.user, actor=manager.actor, at=NOW)
    assert deal.owner_id == seller.user.pk
    with pytest.raises(PermissionDenied):
        actions.hand_over(deal, manager.user, actor=seller.actor, at=NOW)


def test_lists_for_the_day(company, manager):
    late = make_opportunity(next_step="Call", next_on=TODAY - timedelta(days=1))
    make_opportunity(next_step="Call", next_on=TODAY)
    won = actions.win(make_opportunity(), actor=SYSTEM, at=NOW)
    assert [row.pk for row in without_next_step(manager.actor, TODAY)] == [late.pk]
    assert won.pk not in {row.pk for row in open_ones(manager.actor)}
    assert decided(manager.actor, TODAY, TODAY) == {"won": 1, "lost": 0}
    assert sum(deal.count for deal in deals(open_ones(manager.actor))) == 2


def test_the_database_weighs_as_the_rules_do(company, manager):
    for value, own in ((101, 50), (1, 49), (333, None), (0, 100)):
        make_opportunity(value=value, probability=own)
    make_opportunity(value=5_001, currency="KWD", probability=33)
    rows = open_ones(manager.actor)
    one_by_one = logic.by_stage(Deal(row.stage_id, row.worth, row.chance) for row in rows)
    assert logic.by_stage(deals(rows)) == one_by_one


# Pure


def test_weights_add_up():
    assert logic.weighted(Money(101, "SAR"), 50) == Money(51, "SAR")
    assert logic.weighted(Money(0, "SAR"), 50) == Money(0, "SAR")
    sums = logic.by_stage([Deal(1, sar(100), 10), Deal(1, Money(5_000, "KWD"), 50), Deal(2, sar(1), 100)])
    assert sums[1].count == 2 and sums[1].value == {"SAR": sar(100), "KWD": Money(5_000, "KWD")}
    assert sums[1].expected == {"SAR": sar(10), "KWD": Money(2_500, "KWD")}


def test_a_forecast_has_a_place_for_every_deal():
    months = [(date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))]
    days = [date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 1), None]
    found = logic.forecast([Deal(1, sar(1), 100, day) for day in days], months)
    assert {place: sums.count for (place, _stage), sums in found.items()} == {0: 2, 1: 1, 2: 1, -1: 1}


@pytest.mark.parametrize(("won", "lost", "rate"), [(0, 0, None), (1, 0, 100), (1, 1, 50), (1, 2, 33), (2, 1, 67)])
def test_win_rate(won: int, lost: int, rate: int | None):
    assert logic.win_rate(won, lost) == rate


def test_colours_and_stalling():
    days = (None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1))
    assert [logic.next_tone(day, TODAY) for day in days] == ["neutral", "bad", "warn", "ok"]
    assert not logic.is_stalled(NOW - timedelta(days=14), 14, NOW)
    assert logic.is_stalled(NOW - timedelta(days=14, seconds=1), 14, NOW)
    assert not logic.is_stalled(NOW - timedelta(days=999), 0, NOW)
