"""Deliveries: partial, packed, shipped, arrived, come back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.sales.actions import cancel_order, hold_order, release_order
from rawabit.sales.models import Order
from rawabit.shipping.actions import (
    cancel_delivery,
    cancel_open_deliveries,
    delete_delivery,
    deliver_delivery,
    deliver_order,
    out_delivery,
    pack_delivery,
    return_delivery,
    set_quantities,
    ship_delivery,
    track,
)
from rawabit.shipping.logic.states import CUSTOMER_STATES, Progress, situation
from rawabit.shipping.models import Delivery, DeliveryLine, TrackingEvent
from rawabit.shipping.queries import remaining, situation_of, situations_of, tracking_link, verify_deliveries
from tests.makers import (
    NOW,
    SYSTEM,
    confirmed_order,
    make_carrier,
    make_customer_user,
    make_delivery,
    make_item,
    make_order,
    quantities,
    rows,
)


def test_a_partial_delivery_all_the_way(company):
    order = confirmed_order(lines=2)
    first = deliver_order(order, quantities(order, "1"), actor=SYSTEM, at=NOW)
    assert (first.number, first.state, [row.left for row in remaining(order)]) == ("", "draft", [1, 2])

    packed = pack_delivery(first, actor=SYSTEM, at=NOW)
    shipped = ship_delivery(
        packed, carrier=make_carrier(), tracking_number=" 7000123456 ", parcels=2, actor=SYSTEM, at=NOW
    )
    assert (shipped.number, shipped.parcels) == ("DN-2026-00001", 2)
    assert tracking_link(shipped) == "https://track.example/7000123456"
    assert Order.objects.get().shipping_state == "partly"
    out_delivery(shipped, actor=SYSTEM, at=NOW)
    arrived = deliver_delivery(shipped, received_by="سالم", actor=SYSTEM, at=NOW)

    assert (arrived.received_by, arrived.delivered_at) == ("سالم", NOW)
    assert Order.objects.get().delivery_state == "partly"
    kinds = list(TrackingEvent.objects.values_list("kind", flat=True))
    assert kinds == ["packed", "picked_up", "out", "delivered"]
    rest = deliver_order(order, actor=SYSTEM, at=NOW)
    assert [line.quantity for line in rest.lines.all()] == [1, 2]
    assert verify_deliveries() == []


def test_all_shortages_are_named_at_once(company):
    order = confirmed_order(lines=3)
    titles = [line.title for line in order.lines.all()]
    with pytest.raises(Refused) as wrong:
        deliver_order(order, quantities(order, "3", "1", "5"), actor=SYSTEM, at=NOW)
    assert titles[0] in str(wrong.value) and titles[2] in str(wrong.value)
    assert titles[1] not in str(wrong.value)
    assert not Delivery.objects.exists()


def test_what_is_on_a_note_cannot_be_on_another(company):
    order = confirmed_order()
    first = make_delivery(order)
    with pytest.raises(Refused):
        deliver_order(order, actor=SYSTEM, at=NOW)
    cancel_delivery(first, actor=SYSTEM, at=NOW)
    assert deliver_order(order, actor=SYSTEM, at=NOW).lines.get().quantity == 2


def test_foreign_lines_and_negative_quantities(company):
    order, other = confirmed_order(), confirmed_order()
    for asked in (quantities(other, "1"), quantities(order, "-1"), {}):
        with pytest.raises(Refused):
            deliver_order(order, asked, actor=SYSTEM, at=NOW)


def test_services_are_not_delivered(company):
    from rawabit.trade.logic.lines import LineInput

    order = confirmed_order(rows=[*rows(1), LineInput(item_id=make_item(kind="service").pk)])
    assert make_delivery(order).lines.count() == 1


def test_a_draft_note_can_be_changed(company):
    order = confirmed_order(lines=2)
    note = make_delivery(order)
    set_quantities(note, quantities(order, "1", "1"), actor=SYSTEM, at=NOW)
    assert [row.left for row in remaining(order)] == [1, 1]
    ship_delivery(note, actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        set_quantities(note, quantities(order, "2"), actor=SYSTEM, at=NOW)


def test_nothing_leaves_for_an_order_on_hold(company):
    order = confirmed_order()
    note = make_delivery(order)
    hold_order(order, reason="x", actor=SYSTEM, at=NOW)
    for attempt in (lambda: ship_delivery(note, actor=SYSTEM, at=NOW), lambda: make_delivery(order)):
        with pytest.raises(Refused):
            attempt()
    assert not Order.objects.get().lines.filter(shipped__gt=0).exists()
    release_order(order, actor=SYSTEM, at=NOW)
    assert ship_delivery(note, actor=SYSTEM, at=NOW).state == "shipped"


@pytest.mark.parametrize("arrived", [False, True])
def test_returned_goods_count_as_not_shipped(company, arrived):
    order = confirmed_order()
    note = ship_delivery(make_delivery(order), actor=SYSTEM, at=NOW)
    if arrived:
        deliver_delivery(note, actor=SYSTEM, at=NOW)

    return_delivery(note, reason="تالف", actor=SYSTEM, at=NOW)

    line = Order.objects.get().lines.get()
    assert (line.shipped, line.delivered) == (0, 0)
    assert TrackingEvent.objects.last().note == "تالف"
    assert verify_deliveries() == []
    with pytest.raises(Refused):
        return_delivery(note, actor=SYSTEM, at=NOW)


def test_a_cancelled_order_takes_its_open_notes_along(company):
    order = confirmed_order()
    note = make_delivery(order)
    cancel_order(order, reason="x", actor=SYSTEM, at=NOW)
    assert cancel_open_deliveries(order, actor=SYSTEM, at=NOW) == 1
    assert cancel_open_deliveries(order, actor=SYSTEM, at=NOW) == 0
    assert Delivery.objects.get(pk=note.pk).state == "cancelled"


def test_tracking_is_a_list_of_news(company, agent):
    note = ship_delivery(make_delivery(), actor=SYSTEM, at=NOW)
    track(note, "in_transit", place="جدة", actor=agent.actor, at=NOW)
    with pytest.raises(Refused):
        track(note, "teleported", actor=agent.actor, at=NOW)
    assert Delivery.objects.get().state == "shipped"
    assert Event.objects.filter(name="delivery.tracked").count() == 1


def test_only_drafts_are_thrown_away(company):
    note = make_delivery()
    delete_delivery(note, actor=SYSTEM, at=NOW)
    shipped = ship_delivery(make_delivery(), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        delete_delivery(shipped, actor=SYSTEM, at=NOW)


def test_a_wrong_quantity_on_a_line_is_found(company):
    ship_delivery(make_delivery(), actor=SYSTEM, at=NOW)
    DeliveryLine.objects.update(quantity=Decimal(1))
    assert len(verify_deliveries()) == 1


# What people read


@pytest.mark.parametrize(
    ("state", "shipping", "delivery", "notes", "expected"),
    [
        ("confirmed", "none", "none", [], "confirmed"),
        ("confirmed", "none", "none", ["draft"], "preparing"),
        ("confirmed", "none", "none", ["packed"], "packed"),
        ("confirmed", "fully", "none", ["shipped"], "shipped"),
        ("confirmed", "partly", "none", ["shipped", "draft"], "partly_shipped"),
        ("confirmed", "fully", "none", ["out"], "out"),
        ("confirmed", "partly", "partly", ["delivered"], "partly_delivered"),
        ("confirmed", "fully", "fully", ["delivered"], "delivered"),
        ("done", "fully", "fully", ["delivered"], "delivered"),
        ("on_hold", "partly", "partly", ["delivered"], "on_hold"),
        ("cancelled", "none", "none", ["cancelled"], "cancelled"),
        ("confirmed", "none", "none", ["returned"], "returned"),
        ("done", "no_goods", "no_goods", [], "completed"),
        ("done", "partly", "partly", ["delivered"], "completed"),
    ],
)
def test_the_one_status_of_an_order(state, shipping, delivery, notes, expected):
    assert situation(Progress(state, shipping, delivery, notes)) == CUSTOMER_STATES[expected]


def test_situations_of_a_page_cost_one_query(company, django_assert_num_queries):
    orders = [confirmed_order() for _ in range(3)]
    ship_delivery(make_delivery(orders[0]), actor=SYSTEM, at=NOW)
    orders = list(Order.objects.order_by("pk"))
    with django_assert_num_queries(1):
        found = situations_of(orders)
    assert [found[one.pk].code for one in orders] == ["shipped", "confirmed", "confirmed"]
    assert situation_of(orders[0]).code == "shipped"


# Rights


def test_who_sees_deliveries(amina, babak, agent):
    order = confirmed_order(amina.customer)
    shipped = ship_delivery(make_delivery(order), actor=SYSTEM, at=NOW)
    make_delivery(confirmed_order(amina.customer))
    finance = make_customer_user(amina.customer, "finance")

    assert list(Delivery.objects.visible_to(amina.actor)) == [shipped]
    assert TrackingEvent.objects.visible_to(amina.actor).count() == 1
    assert DeliveryLine.objects.visible_to(amina.actor).count() == 1
    assert Delivery.objects.visible_to(agent.actor).count() == 2
    for person in (babak, finance):
        for model in (Delivery, DeliveryLine, TrackingEvent):
            assert not model.objects.visible_to(person.actor).exists()


def test_moving_needs_its_right(company, clerk, amina):
    note = make_delivery(confirmed_order(amina.customer))
    for person in (clerk, amina):
        with pytest.raises(PermissionDenied):
            ship_delivery(note, actor=person.actor, at=NOW)
        with pytest.raises(PermissionDenied):
            make_delivery_by(person, note.order)
    assert Delivery.objects.get().state == "draft"
    assert make_order()


def make_delivery_by(person, order):
    return deliver_order(order, actor=person.actor, at=NOW)
