"""Deliveries on the desk: quantities, moves, tracking, proof."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rawabit.kit.records.models import Attachment
from rawabit.sales.models import Order
from rawabit.shipping.models import Carrier, Delivery
from tests.makers import TODAY, confirmed_order, make_carrier, make_customer, make_delivery, quantities, rows
from tests.trade.desk import words_of

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def test_the_form_offers_what_is_left_and_refuses_more(desk):
    order = confirmed_order(rows=rows(2, "5"))
    first, second = quantities(order, "0", "0")
    make_delivery(order, {first: Decimal(3)})

    page = desk.get(f"orders/{order.pk}/do/deliver/").content.decode()
    assert f'name="quantity-{first}"' in page and 'value="2"' in page and 'value="5"' in page

    asked = {f"quantity-{first}": "3", f"quantity-{second}": "٢", "day": "5/3/2026"}
    refused = desk.send(f"orders/{order.pk}/do/deliver/", asked)
    assert (refused.status_code, "At most 2." in words_of(refused)) == (422, True)
    place = desk.do(f"orders/{order.pk}/do/deliver/", **{**asked, f"quantity-{first}": "0"})

    made = Delivery.objects.order_by("-pk").first()
    assert place == f"deliveries/{made.pk}/"
    assert [(line.order_line_id, line.quantity) for line in made.lines.all()] == [(second, Decimal(2))]


def test_a_delivery_goes_its_way_and_the_order_follows(desk):
    order = confirmed_order()
    delivery = make_delivery(order)
    carrier = make_carrier(name="SMSA")
    address = f"deliveries/{delivery.pk}/do"

    desk.do(f"{address}/pack/")
    asked = desk.read(f"{address}/ship/")
    assert "Ship these goods? Quantities can no longer be changed." in asked and "SMSA" in asked
    desk.do(f"{address}/ship/", carrier=str(carrier.pk), tracking_number="٧٠٠١", parcels="2")
    desk.do(f"{address}/track/", kind="in_transit", place="Dammam", note="At the hub")
    desk.do(f"{address}/out/")
    assert "Out for delivery" in desk.read(f"orders/{order.pk}/")
    desk.do(f"{address}/deliver/", received_by="Salem", proof=SimpleUploadedFile("proof.png", PNG))

    page = desk.get(f"deliveries/{delivery.pk}/")
    text = words_of(page)
    assert "Delivered" in text and "Salem" in text and "Dammam" in text and "DN-2026-00001" in text
    assert 'href="https://track.example/7001"' in page.content.decode()
    kept = Attachment.objects.get()
    assert (kept.name, kept.for_customer) == ("proof.png", True)
    assert Order.objects.get(pk=order.pk).delivery_state == "fully"


def test_a_bad_proof_changes_nothing(desk):
    order = confirmed_order()
    delivery = make_delivery(order)
    desk.do(f"deliveries/{delivery.pk}/do/ship/")

    bad = SimpleUploadedFile("proof.html", b"<html>")
    response = desk.send(f"deliveries/{delivery.pk}/do/deliver/", {"received_by": "x", "proof": bad})

    assert response.status_code == 409
    assert "This kind of file is not accepted." in words_of(response)
    assert Delivery.objects.get().state == "shipped"


def test_the_quantities_of_a_draft_can_be_changed(desk):
    order = confirmed_order(rows=rows(1, "5"))
    (line,) = quantities(order, "0")
    delivery = make_delivery(order, {line: Decimal(2)})

    page = desk.get(f"deliveries/{delivery.pk}/do/quantities/").content.decode()
    assert 'value="2"' in page
    desk.do(f"deliveries/{delivery.pk}/do/quantities/", **{f"quantity-{line}": "4.5"})

    assert delivery.lines.get().quantity == Decimal("4.5")


def test_goods_come_back_with_a_reason(desk):
    order = confirmed_order()
    delivery = make_delivery(order)
    desk.do(f"deliveries/{delivery.pk}/do/ship/")

    assert desk.send(f"deliveries/{delivery.pk}/do/return/", {"reason": ""}).status_code == 422
    desk.do(f"deliveries/{delivery.pk}/do/return/", reason="Refused at the gate")

    assert "Refused at the gate" in desk.read(f"deliveries/{delivery.pk}/")
    assert Order.objects.get(pk=order.pk).shipping_state == "none"


def test_a_new_delivery_begins_with_an_order(desk):
    waiting = confirmed_order(make_customer("Waiting"))
    make_delivery(confirmed_order(make_customer("Held")))

    page = desk.get("deliveries/new/")
    assert f'href="/desk/orders/{waiting.pk}/do/deliver/"' in page.content.decode()


def test_lists_tell_what_is_late(desk):
    late = make_delivery(confirmed_order(make_customer("Late"), promised_date=TODAY - timedelta(days=1)))
    make_delivery(confirmed_order(make_customer("Early"), promised_date=TODAY + timedelta(days=9)))

    page = desk.read("deliveries/", **{"is": "late"})
    assert "Late" in page and "Early" not in page
    assert "The promised date has passed." in desk.read(f"deliveries/{late.pk}/")


def test_a_carriers_page_must_be_an_address(desk):
    wrong = desk.send("carriers/new/", {"name": "X", "tracking_url": "javascript:alert(1)//{number}"})
    assert wrong.status_code == 422 and "The address begins with https://." in words_of(wrong)

    desk.do("carriers/new/", name="Aramex", tracking_url="https://x.example/{number}", is_active="on")
    assert Carrier.objects.get().name == "Aramex"
