"""What a page costs: the same number of queries for one row and for many, never more than 25, and few bytes."""

from __future__ import annotations

import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rawabit.shipping.actions import deliver_delivery, ship_delivery
from tests.makers import (
    NOW,
    SYSTEM,
    confirmed_order,
    make_carrier,
    make_credit_note,
    make_delivery,
    make_payment,
    posted_invoice,
    quantities,
    sent_quotation,
    shipped_order,
)
from tests.portal.conftest import Reader

MOST_QUERIES, MOST_BYTES = 25, 12_000
LISTS = [
    "home",
    "orders",
    "quotations",
    "deliveries",
    "invoices",
    "payments",
    "statement",
    "account",
    "notices",
    "switch",
    "disputes",
    "transfer-new",
    "transfer-later",
    "documents",
    "downloads",
    "help",
    "company",
    "colleagues",
    "security",
    "activity",
    "messages",
]


def a_deal(customer, lines: int = 1, parcels: int = 1) -> dict[str, object]:
    """An order with so many lines, sent in so many parcels, invoiced, paid, partly credited; and an offer."""
    order = confirmed_order(customer, lines=lines)
    for place in range(parcels):
        amounts = ["2" if place == line % parcels else "0" for line in range(lines)]
        delivery = make_delivery(order, quantities(order, *amounts))
        ship_delivery(delivery, carrier=make_carrier(), tracking_number="1", actor=SYSTEM, at=NOW)
        deliver_delivery(delivery, actor=SYSTEM, at=NOW)
    invoice = posted_invoice(customer, lines=lines, order=order)
    note = make_credit_note(posted_invoice(customer, lines=lines))
    payment = make_payment(customer, "20")
    shipped_order(customer)
    return {
        "order": order, "delivery": delivery, "invoice": invoice, "payment": payment,
        "quotation": sent_quotation(customer, lines=lines), "note": note,
    }  # fmt: skip


def cost(who: Reader, name: str, *args: object) -> tuple[int, int]:
    """(queries, bytes on the wire)."""
    who.open(name, *args)
    with CaptureQueriesContext(connection) as asked:
        response = who.open(name, *args)
    assert response.status_code == 200
    return len(asked), len(gzip.compress(response.content))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_one_row_and_for_seven(noura, name):
    a_deal(noura.customer)
    one, _bytes = cost(noura, name)
    for _ in range(6):
        a_deal(noura.customer)

    seven, size = cost(noura, name)

    assert seven == one
    assert seven <= MOST_QUERIES
    assert size <= MOST_BYTES


@pytest.mark.parametrize("name", ["order", "delivery", "invoice", "payment", "quotation"])
def test_a_record_costs_the_same_with_one_line_and_with_seven(noura, name):
    small, large = a_deal(noura.customer), a_deal(noura.customer, lines=7, parcels=3)

    one, _bytes = cost(noura, name, small[name].uid)
    many, size = cost(noura, name, large[name].uid)

    assert many == one
    assert many <= MOST_QUERIES
    assert size <= MOST_BYTES
