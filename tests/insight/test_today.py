"""What stands on a colleague's page in the morning: his own work, with exact figures, within his sight."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import rawabit.config.urls  # noqa: F401 -- cards link to pages
from rawabit.insight.today import cards_for
from rawabit.kit.records.actions import assign
from tests import makers

pytestmark = pytest.mark.django_db
LATER = makers.NOW + timedelta(days=45)


def figures(who, at=makers.NOW) -> dict[str, str]:
    return {str(card.title): str(card.figure) for card in cards_for(who.actor, at, "SAR")}


def test_a_manager_finds_everything(manager, en):
    assign(makers.confirmed_order(), manager.user.pk, "call", actor=manager.actor, at=makers.NOW)
    makers.sent_quotation()
    makers.posted_invoice()
    makers.make_payment(amount="50")

    found = figures(manager, LATER)

    assert found["Asked of me"] == "1"
    assert found["Quotations"] == "1"
    assert found["Sales orders"] == "1"
    assert "230.00" in found["Receivables"]  # 2 × 100 and 15 %, due after thirty days
    assert "50.00" in found["Payments"]


def test_sales_of_the_month_are_net_of_tax(manager, en):
    makers.posted_invoice(lines=2)

    assert "400.00" in figures(manager)["Sales"]
    assert "0.00" in figures(manager, LATER)["Sales"]


def test_a_seller_counts_his_own_alone(seller, manager, en):
    makers.confirmed_order(makers.make_customer(owner=manager.user))
    assert "Sales orders" not in figures(seller)

    makers.confirmed_order(makers.make_customer(owner=seller.user))
    assert figures(seller)["Sales orders"] == "1"


def test_without_rights_there_is_nothing_to_tell(company, en):
    makers.posted_invoice()
    makers.confirmed_order()

    assert figures(makers.Person(makers.make_user(""))) == {}


def test_more_work_costs_no_more_queries(manager, en):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            figures(manager)
        return len(caught)

    makers.confirmed_order()
    makers.sent_quotation()
    figures(manager)
    few = cost()
    for _ in range(4):
        makers.confirmed_order()
        makers.sent_quotation()

    assert cost() == few


@pytest.fixture
def en():
    from django.utils import translation

    from rawabit.kit.display import PRESETS, using

    with translation.override("en"), using(PRESETS["SA"]):
        yield


def test_every_card_leads_to_a_page_that_its_reader_may_open(company):
    makers.posted_invoice(date=date(2026, 1, 1), due_date=date(2026, 1, 2))
    makers.sent_quotation(makers.make_customer(currency="KWD"))
    support = makers.make_user("support")
    client = Client()
    client.force_login(support)

    page = client.get("/desk/").content.decode().split("<main")[1]

    links = set(re.findall(r'class="tap sm" href="([^"]+)"', page))
    assert "/desk/invoices/?is=overdue" in links
    assert "/desk/quotations/?state=sent" in links, "a quotation in another currency waits too"
    for url in links:
        assert client.get(url.replace("&amp;", "&")).status_code == 200, url
