"""Orders, shipments and delivery notes as the customer reads them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rawabit.catalog.models import Item
from rawabit.portal.shipments import tracking_url
from rawabit.sales.actions import cancel_order, hold_order, promise_order
from rawabit.shipping.actions import deliver_delivery, ship_delivery, track
from rawabit.trade.logic.lines import LineInput
from tests.makers import (
    NOW,
    ONE_DAY,
    SYSTEM,
    TODAY,
    confirmed_order,
    make_address,
    make_carrier,
    make_customer,
    make_customer_user,
    make_delivery,
    make_item,
    make_order,
    make_user,
    posted_invoice,
    quantities,
    rows,
    shipped_order,
)
from tests.portal.conftest import Reader, reader

NUMBERS = re.compile(r"SO-2026-\d{5}")


def listed(who: Reader, **query: str) -> list[str]:
    return NUMBERS.findall(who.read("orders", **query))


def test_each_order_stands_under_one_tab(noura):
    current = confirmed_order(noura.customer)
    done = shipped_order(noura.customer)
    deliver_delivery(done.deliveries.get(), received_by="Khaled", actor=SYSTEM, at=NOW)
    gone = cancel_order(confirmed_order(noura.customer), reason="", actor=SYSTEM, at=NOW)
    make_order(noura.customer)

    assert listed(noura) == [current.number]
    assert listed(noura, show="completed") == [done.number]
    assert listed(noura, show="cancelled") == [gone.number]
    assert listed(noura, show="nonsense") == [current.number]


def test_found_by_number_by_purchase_order_and_by_folded_item(noura):
    pump = make_item("مضخّة الأعماق")
    deep = confirmed_order(noura.customer, rows=[LineInput(item_id=pump.pk, quantity=Decimal(1))])
    other = confirmed_order(noura.customer, customer_reference="PO-7781")

    assert listed(noura, q=deep.number[-5:]) == [deep.number]
    assert listed(noura, q="po-7781") == [other.number]
    assert listed(noura, q="مضخه الاعماق") == [deep.number]
    assert listed(noura, q=Item.objects.get(pk=pump.pk).sku.lower()) == [deep.number]
    assert "No matches" in noura.read("orders", q="zzz")


def test_forty_five_orders_come_in_pages_each_once(noura):
    numbers = [confirmed_order(noura.customer).number for _ in range(45)]
    seen, query = [], {}
    for expected in (20, 20, 5):
        response = noura.open("orders", **query)
        page = NUMBERS.findall(response.content.decode())
        assert len(page) == expected
        seen += page
        more = re.search(r'href="\?show=current&amp;after=([0-9a-f-]+)"', response.content.decode())
        query = {"show": "current", "after": more[1]} if more else {}

    assert seen == sorted(numbers, reverse=True)
    assert query == {}


def test_the_place_in_a_strangers_list_is_no_place(noura):
    mine, theirs = confirmed_order(noura.customer), confirmed_order(make_customer())

    assert listed(noura, after=str(theirs.uid)) == []
    assert listed(noura, after="nonsense") == [mine.number]


def test_what_is_ordered_delivered_and_still_to_come(noura):
    order = confirmed_order(noura.customer, lines=2)
    first = ship_delivery(make_delivery(order, quantities(order, "2", "1")), actor=SYSTEM, at=NOW)
    deliver_delivery(first, received_by="Khaled", actor=SYSTEM, at=NOW + ONE_DAY)

    page = noura.read("order", order.uid)

    one, two = order.lines.order_by("position")
    assert "Partially delivered" in page
    assert f"Still to come {two.title} × 1" in page
    assert f"{one.title} × " not in page
    assert f"{first.number}" in page


def test_services_are_not_to_come(noura):
    service = make_item(kind="service")
    order = confirmed_order(noura.customer, rows=[LineInput(item_id=service.pk, quantity=Decimal(1)), *rows(1)])

    page = noura.read("order", order.uid)

    ship_delivery(make_delivery(order), actor=SYSTEM, at=NOW)
    assert f"{service.name} ×" not in noura.read("order", order.uid)
    assert "Order tracking" in page


def test_carrier_tracking_page_and_contents_of_each_shipment(noura):
    order = confirmed_order(noura.customer, lines=2)
    carrier = make_carrier(name="SMSA", tracking_url="https://track.example/?n={number}")
    for amounts, number in ((("2", "0"), "A 1&x"), (("0", "2"), "B2")):
        delivery = make_delivery(order, quantities(order, *amounts))
        ship_delivery(delivery, carrier=carrier, tracking_number=number, actor=SYSTEM, at=NOW)

    body = noura.open("order", order.uid).content.decode()

    assert 'href="https://track.example/?n=A%201%26x"' in body
    assert 'href="https://track.example/?n=B2"' in body
    assert noura.read("order", order.uid).count("shipment 2") == 1


def test_a_carriers_page_is_only_ever_a_web_page():
    assert tracking_url("https://t.example/{number}", "1/2") == "https://t.example/1%2F2"
    assert tracking_url("javascript:alert({number})", "1") == ""
    assert tracking_url("https://t.example/{number}", "") == ""
    assert tracking_url(None, "1") == ""


def test_the_promise_is_told_and_dropped_when_the_goods_are_there(noura):
    order = confirmed_order(noura.customer, promised_date=TODAY + ONE_DAY)
    promise_order(order, date(2026, 3, 10), reason="customs", actor=SYSTEM, at=NOW)
    page = noura.read("order", order.uid)
    assert "Expected Tuesday 10 March 2026" in page
    assert "Changed from 6 Mar 2026 because: customs" in page

    deliver_delivery(ship_delivery(make_delivery(order), actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)

    page = noura.read("order", order.uid)
    assert "Expected" not in page
    assert "customs" not in page


def test_an_order_on_hold_says_why(noura):
    order = confirmed_order(noura.customer)
    hold_order(order, reason="pipe size?", actor=SYSTEM, at=NOW)

    page = noura.read("order", order.uid)

    assert "This order is on hold: pipe size?" in page


def test_whom_to_ask_is_whoever_looks_after_the_order(noura):
    rep = make_user("sales", "Reem", phone="+966501000003")
    order = confirmed_order(noura.customer, owner=rep)

    body = noura.open("order", order.uid).content.decode()

    assert "Reem" in body
    assert 'href="tel:+966501000003"' in body


def test_the_papers_of_an_order(noura, as_role):
    order = shipped_order(noura.customer)
    invoice = posted_invoice(noura.customer, order=order)

    assert invoice.number in noura.read("order", order.uid)
    assert order.deliveries.get().number in noura.read("order", order.uid)
    assert invoice.number not in as_role("buyer").read("order", order.uid)


def test_where_it_goes(noura):
    make_address(noura.customer, purpose="delivery", map_link="https://maps.example/1")
    order = confirmed_order(noura.customer)

    body = noura.open("order", order.uid).content.decode()

    assert "سالم" in body
    assert 'href="https://maps.example/1"' in body


def test_a_delivery_note_shows_its_own_goods_without_prices(noura):
    order = confirmed_order(noura.customer, lines=2)
    first = ship_delivery(make_delivery(order, quantities(order, "2", "0")), actor=SYSTEM, at=NOW)
    ship_delivery(make_delivery(order), actor=SYSTEM, at=NOW)
    track(first, "in_transit", place="Jeddah", actor=SYSTEM, at=NOW + timedelta(hours=1))
    deliver_delivery(first, received_by="Khaled", actor=SYSTEM, at=NOW + ONE_DAY)

    page = noura.read("delivery", first.uid)

    one, two = order.lines.order_by("position")
    assert one.title in page
    assert two.title not in page
    assert "Jeddah" in page
    assert "Received by Khaled" in page
    assert "230" not in page


def test_delivery_notes_in_a_list(noura):
    order = shipped_order(noura.customer)
    make_delivery(confirmed_order(noura.customer))  # a draft note

    page = noura.read("deliveries")

    assert order.deliveries.get().number in page
    assert page.count("DN-2026-") == 1


@pytest.mark.parametrize("role", ["finance", "support"])
def test_who_does_not_buy_sees_no_orders(noura, as_role, role):
    order = shipped_order(noura.customer)
    who = as_role(role)

    for answer in (who.open("orders"), who.open("order", order.uid), who.open("delivery", order.deliveries.get().uid)):
        assert answer.status_code == 403
        assert "This page is for the account owner only." in answer.content.decode()


def test_an_order_of_the_other_account_opens_from_its_link(noura):
    """Somebody who stands for two customers follows a link to the one he is not looking at."""
    from rawabit.crm.actions import grant_portal_access

    second = make_customer("Second Trading")
    grant_portal_access(second, noura.person.user.email, "Noura", "owner", actor=SYSTEM, at=NOW)
    order = confirmed_order(second)
    both = reader(noura.person)

    assert listed(both) == []
    page = both.read("order", order.uid)
    assert order.number in page
    assert "Second Trading" in page


def test_a_stranger_gets_404(noura):
    order = shipped_order(make_customer())
    babak = make_customer_user(make_customer(), "owner")

    for who in (noura, reader(babak)):
        assert who.open("order", order.uid).status_code == 404
        assert who.open("delivery", order.deliveries.get().uid).status_code == 404
