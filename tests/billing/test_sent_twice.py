"""A double click, a reload, a proxy's retry: the same sheet sent twice takes effect once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from rawabit.billing.models import Invoice, Payment
from rawabit.kit.records.actions import forget_submissions
from rawabit.kit.records.models import Submission
from tests import makers
from tests.laws.world import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return client_of(makers.make_user("administrator"))


def sheet_of(desk, url: str) -> str:
    found = re.search(r'name="once" value="([0-9a-f]{32})"', desk.get(url).content.decode())
    assert found
    return found[1]


def paying(desk, invoice) -> tuple[str, dict[str, str]]:
    url = f"/desk/invoices/{invoice.pk}/do/pay/"
    return url, {"once": sheet_of(desk, url), "amount": "50", "day": "05/03/2026", "method": "cash"}


def test_money_is_recorded_once(desk):
    url, sheet = paying(desk, makers.posted_invoice())

    first, second = desk.post(url, sheet), desk.post(url, sheet)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert Payment.objects.count() == 1


def test_a_new_sheet_is_a_new_payment(desk):
    invoice = makers.posted_invoice()
    for _ in range(2):
        url, sheet = paying(desk, invoice)
        desk.post(url, sheet)

    assert Payment.objects.count() == 2


def test_a_part_is_credited_once(desk):
    invoice = makers.posted_invoice()
    url = f"/desk/invoices/{invoice.pk}/do/credit/"
    page = desk.get(url).content.decode()
    quantity = re.search(rf'name="([^"]*{invoice.lines.get().pk}[^"]*)"', page)
    assert quantity
    sheet = {"once": sheet_of(desk, url), quantity[1]: "1", "reason": "damaged"}

    assert [desk.post(url, sheet).status_code for _ in range(2)] == [302, 302]
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_a_refused_sheet_may_be_sent_again(desk):
    url, sheet = paying(desk, makers.posted_invoice())
    assert desk.post(url, {**sheet, "amount": "0"}).status_code in (409, 422)

    assert desk.post(url, sheet).status_code == 302
    assert Payment.objects.count() == 1


def test_somebody_elses_sheet_is_no_sheet_of_mine(desk):
    invoice = makers.posted_invoice()
    url, sheet = paying(desk, invoice)
    desk.post(url, sheet)
    client_of(makers.make_user("administrator")).post(url, sheet)

    assert Payment.objects.count() == 2


def test_marks_are_forgotten_after_a_while(desk):
    url, sheet = paying(desk, makers.posted_invoice())
    desk.post(url, sheet)
    mark = Submission.objects.get()

    assert forget_submissions(mark.at) == 0
    assert forget_submissions(mark.at + timedelta(seconds=1)) == 1
