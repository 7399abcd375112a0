"""Offers: sent, decided, renewed, expired."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.sales.actions import (
    accept_quotation,
    cancel_order,
    confirm_order,
    decline_quotation,
    expire_quotations,
    new_version,
    order_quotation,
    save_lines,
    send_quotation,
    withdraw_quotation,
)
from rawabit.sales.logic.states import ORDER, QUOTATION
from rawabit.sales.models import Order, Quotation
from rawabit.sales.queries import versions_of
from rawabit.trade.logic.lines import LineProblems
from tests.makers import (
    NOW,
    ONE_DAY,
    SYSTEM,
    make_company,
    make_customer,
    make_customer_user,
    make_quotation,
    rows,
    sent_quotation,
)


def states(*quotations: Quotation) -> list[str]:
    return [Quotation.objects.get(pk=one.pk).state for one in quotations]


def test_sending_numbers_and_freezes(company):
    company.vat_number = "310122393500003"
    company.save()
    draft = make_quotation(make_customer("شركة الأفق"), lines=2)
    assert (draft.number, draft.valid_until) == ("", date(2026, 3, 19))

    sent = send_quotation(draft, actor=SYSTEM, at=NOW)

    assert (sent.number, sent.state, sent.sent_at) == ("Q-2026-00001", "sent", NOW)
    assert (sent.seller["vat_number"], sent.buyer["name"]) == ("310122393500003", "شركة الأفق")
    with pytest.raises(Refused):
        save_lines(sent, rows(1), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        send_quotation(sent, actor=SYSTEM, at=NOW)


def test_an_empty_or_outdated_offer_is_not_sent(company):
    empty = make_quotation()
    empty.lines.all().delete()
    with pytest.raises(Refused):
        send_quotation(empty, actor=SYSTEM, at=NOW)
    late = make_quotation(valid_until=date(2026, 3, 4))
    with pytest.raises(Refused):
        send_quotation(late, actor=SYSTEM, at=NOW)
    assert states(empty, late) == ["draft", "draft"]


def test_acceptance_makes_an_order_of_the_same_sum(amina):
    quotation = sent_quotation(amina.customer, lines=3)

    accepted = accept_quotation(quotation, name="أمينة", customer_reference="PO-77", actor=amina.actor, at=NOW)

    order = accepted.orders.get()
    assert (accepted.state, accepted.decided_by, accepted.decided_at) == ("accepted", "أمينة", NOW)
    assert (order.state, order.total, order.lines.count()) == ("draft", quotation.total, 3)
    assert order.customer_reference == "PO-77"


def test_accepting_twice_is_accepting_once(amina):
    quotation = sent_quotation(amina.customer)
    first = accept_quotation(quotation, name="أ", actor=amina.actor, at=NOW)
    second = accept_quotation(quotation, name="ب", actor=amina.actor, at=NOW + ONE_DAY)

    assert (second.decided_by, second.version) == ("أ", first.version)
    assert Order.objects.count() == 1
    assert Event.objects.filter(name="quotation.accepted").count() == 1


def test_optional_lines_are_chosen_on_acceptance(amina):
    typed = [*rows(1), *rows(2, optional=True)]
    quotation = send_quotation(make_quotation(amina.customer, rows=typed), actor=SYSTEM, at=NOW)
    assert quotation.total == 23000
    wanted = quotation.lines.filter(optional=True).first()

    accepted = accept_quotation(quotation, name="", chosen=[wanted.pk], actor=amina.actor, at=NOW)

    assert accepted.total == 46000
    assert [line.item_id for line in accepted.orders.get().lines.all()] == [typed[0].item_id, wanted.item_id]


def test_an_expired_offer_cannot_be_accepted_even_before_the_clock_has_run(amina):
    quotation = sent_quotation(amina.customer)
    last_moment = datetime(2026, 3, 19, 20, 59, tzinfo=UTC)  # 23:59 in Riyadh

    with pytest.raises(Refused):
        accept_quotation(quotation, name="", actor=amina.actor, at=last_moment + timedelta(minutes=1))
    assert accept_quotation(quotation, name="", actor=amina.actor, at=last_moment).state == "accepted"


def test_the_clock_expires_offers_once(company):
    quotation, later = sent_quotation(), sent_quotation(valid_until=date(2026, 12, 1))
    after = NOW + timedelta(days=15)

    assert expire_quotations(actor=SYSTEM, at=NOW) == 0
    assert expire_quotations(actor=SYSTEM, at=after) == 1
    assert expire_quotations(actor=SYSTEM, at=after) == 0
    assert states(quotation, later) == ["expired", "sent"]


def test_only_buyers_of_that_customer_decide(amina, babak):
    quotation = sent_quotation(amina.customer)
    finance = make_customer_user(amina.customer, "finance")
    for stranger in (babak.actor, finance.actor):
        with pytest.raises(PermissionDenied):
            accept_quotation(quotation, name="", actor=stranger, at=NOW)
        with pytest.raises(PermissionDenied):
            decline_quotation(quotation, reason="", actor=stranger, at=NOW)
    assert states(quotation) == ["sent"]
    assert not Order.objects.exists()


def test_declining_says_why(amina):
    quotation = sent_quotation(amina.customer)
    declined = decline_quotation(quotation, reason="price", actor=amina.actor, at=NOW)
    decline_quotation(quotation, reason="timing", actor=amina.actor, at=NOW)
    assert (declined.state, Quotation.objects.get().decline_reason) == ("declined", "price")
    with pytest.raises(Refused):
        accept_quotation(quotation, name="", actor=amina.actor, at=NOW)


def test_a_new_version_takes_the_old_one_s_place_when_it_is_sent(amina):
    first = sent_quotation(amina.customer, lines=2)
    second = new_version(first, actor=SYSTEM, at=NOW)

    assert (second.edition, second.state, second.number, second.total) == (2, "draft", "", first.total)
    assert new_version(first, actor=SYSTEM, at=NOW) == second
    assert states(first) == ["sent"]
    save_lines(second, rows(1), actor=SYSTEM, at=NOW)
    sent = send_quotation(second, actor=SYSTEM, at=NOW)

    assert (sent.number, str(sent)) == (first.number, "Q-2026-00001 v2")
    assert states(first, sent) == ["superseded", "sent"]
    assert Event.objects.get(name="quotation.superseded").subject == first
    assert list(versions_of(first)) == [sent, first]
    with pytest.raises(Refused):
        accept_quotation(first, name="", actor=amina.actor, at=NOW)


def test_a_newer_version_does_not_overtake_an_acceptance(amina):
    first = sent_quotation(amina.customer)
    second = new_version(first, actor=SYSTEM, at=NOW)
    accept_quotation(first, name="", actor=amina.actor, at=NOW)
    with pytest.raises(Refused):
        send_quotation(second, actor=SYSTEM, at=NOW)
    assert states(first, second) == ["accepted", "draft"]


def test_expired_and_declined_offers_are_renewed(amina):
    quotation = sent_quotation(amina.customer)
    expire_quotations(actor=SYSTEM, at=NOW + timedelta(days=15))
    newer = new_version(quotation, actor=SYSTEM, at=NOW + timedelta(days=15))
    assert newer.valid_until == date(2026, 4, 3)
    accepted = accept_quotation(sent_quotation(amina.customer), name="", actor=amina.actor, at=NOW)
    with pytest.raises(Refused):
        new_version(accepted, actor=SYSTEM, at=NOW)


def test_withdrawing(amina):
    quotation = sent_quotation(amina.customer)
    withdraw_quotation(quotation, actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        accept_quotation(quotation, name="", actor=amina.actor, at=NOW)


def test_a_cancelled_order_can_be_made_again(amina):
    quotation = accept_quotation(sent_quotation(amina.customer), name="", actor=amina.actor, at=NOW)
    order = order_quotation(quotation, actor=SYSTEM, at=NOW)
    assert Order.objects.get() == order
    cancel_order(confirm_order(order, actor=SYSTEM, at=NOW), reason="", actor=SYSTEM, at=NOW)
    assert order_quotation(quotation, actor=SYSTEM, at=NOW) != order
    with pytest.raises(Refused):
        order_quotation(sent_quotation(), actor=SYSTEM, at=NOW)


def test_customers_never_see_drafts_and_keep_seeing_what_was_withdrawn(amina, babak):
    draft, sent = make_quotation(amina.customer), sent_quotation(amina.customer)
    seen = Quotation.objects.visible_to(amina.actor)
    assert list(seen) == [sent]
    assert draft not in seen
    withdraw_quotation(sent, actor=SYSTEM, at=NOW)
    assert list(Quotation.objects.visible_to(amina.actor)) == [sent]
    assert not Quotation.objects.visible_to(babak.actor).exists()


def test_discounts_above_the_limit_need_permission(company, seller, manager):
    customer = make_customer(owner=seller.user)
    make_company(discount_limit=Decimal(10))
    with pytest.raises(LineProblems) as wrong:
        make_quotation(customer, rows=rows(1, discount_percent=Decimal("10.5")), by=seller.actor)
    assert [(one.row, one.field) for one in wrong.value.problems] == [(0, "discount")]
    ours = make_quotation(customer, rows=rows(1, discount_percent=Decimal(50)), by=manager.actor, owner=seller.user)

    with pytest.raises(LineProblems):
        send_quotation(ours, actor=seller.actor, at=NOW)
    sent = send_quotation(ours, actor=manager.actor, at=NOW)
    # The manager answered for it, so the seller goes on with what the customer accepted.
    order = accept_quotation(sent, name="x", actor=seller.actor, at=NOW).orders.get()
    assert confirm_order(order, actor=seller.actor, at=NOW).state == "confirmed"


@given(st.lists(st.sampled_from(sorted({*QUOTATION.moves, *ORDER.moves})), max_size=12))
def test_walks_through_the_lifecycles_stay_legal(names):
    class Paper:
        state, line_count, shipping_state, invoice_state = "draft", 1, "none", "none"

    for life in (QUOTATION, ORDER):
        paper = Paper()
        for name in names:
            if name in life.moves and life.refusal(paper, name) is None:
                paper.state = life.require(paper, name).target
        assert paper.state in life.states
        assert {move.name for move in life.open_to(paper)} <= set(life.moves)
