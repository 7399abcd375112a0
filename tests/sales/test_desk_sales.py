"""Quotations and orders on the desk: what their pages show and what their buttons do."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rawabit.sales.logic.compare import compare
from rawabit.sales.models import Order, Quotation
from rawabit.trade.logic.lines import LineInput
from tests.makers import (
    SYSTEM,
    TODAY,
    Person,
    confirmed_order,
    make_company,
    make_customer,
    make_item,
    make_order,
    make_quotation,
    make_user,
    posted_invoice,
    rows,
    sent_quotation,
)
from tests.trade.desk import Desk, words_of

pytestmark = pytest.mark.django_db


def test_a_draft_is_sent_and_shown_as_paper(desk):
    draft = make_quotation(make_customer("شركة النخيل", name_en="Palm"), lines=1, terms="Thirty days")

    page = desk.read(f"quotations/{draft.pk}/")
    assert "Not numbered yet" in page and "Draft" in page and "Thirty days" in page
    assert "Only two hundred thirty Saudi riyals" in page

    assert desk.do(f"quotations/{draft.pk}/do/send/") == f"quotations/{draft.pk}/"
    page = desk.read(f"quotations/{draft.pk}/")
    assert "Q-2026-00001" in page and "Sent" in page


def test_an_empty_draft_says_why_it_cannot_be_sent(desk):
    draft = make_quotation(make_customer(), rows=rows(1))
    draft.lines.all().delete()

    response = desk.get(f"quotations/{draft.pk}/")
    assert "Add at least one line first." in words_of(response)
    assert desk.send(f"quotations/{draft.pk}/do/send/").status_code == 409


def test_acceptance_asks_for_the_optional_lines(desk):
    extra = LineInput(title="Training", quantity=Decimal(1), unit_price=Decimal(500), optional=True)
    sent = sent_quotation(rows=[*rows(1), extra])
    line = sent.lines.get(optional=True)

    assert "Training · SAR 500.00" in desk.read(f"quotations/{sent.pk}/do/accept/")
    desk.do(f"quotations/{sent.pk}/do/accept/", name="Noura", chosen=str(line.pk))

    sent.refresh_from_db()
    assert (sent.state, sent.decided_by, sent.net) == ("accepted", "Noura", 70_000)
    assert Order.objects.get().net == 70_000
    assert desk.do(f"quotations/{sent.pk}/do/order/") == f"orders/{Order.objects.get().pk}/"


def test_a_refusal_says_why(desk):
    sent = sent_quotation()

    assert desk.send(f"quotations/{sent.pk}/do/decline/", {"reason": ""}).status_code == 422
    desk.do(f"quotations/{sent.pk}/do/decline/", reason="Too dear")

    page = desk.read(f"quotations/{sent.pk}/")
    assert "Declined" in page and "Too dear" in page


def test_versions_are_listed_and_compared(desk):
    sent = sent_quotation(lines=2)
    newer = desk.do(f"quotations/{sent.pk}/do/renew/")
    second = Quotation.objects.exclude(pk=sent.pk).get()
    assert newer == f"quotations/{second.pk}/"
    first_line = second.lines.order_by("position").first()
    first_line.quantity = Decimal(5)
    first_line.save()
    second.lines.order_by("position").last().delete()

    page = desk.read(f"quotations/{second.pk}/")
    assert "Versions" in page and "Compare" in page
    told = desk.read(f"quotations/{second.pk}/compare/{sent.pk}/")
    assert "Version 1 and version 2" in told and "Dropped" in told and "Quantity: 2 5" in told
    assert desk.get(f"quotations/{second.pk}/compare/{make_quotation().pk}/").status_code == 404


def test_lines_of_two_versions_are_paired_by_item_then_words():
    class L:
        def __init__(self, item, title="x", quantity=1, kind="goods"):
            self.item_id, self.title, self.quantity, self.kind = item, title, quantity, kind
            self.unit_price = self.discount_percent = self.tax_percent = 0

    found = compare([L(1), L(1, quantity=2), L(None, "work")], [L(None, "work"), L(1), L(3), L(1, quantity=9)])

    assert [row.kind for row in found] == ["same", "same", "added", "changed"]
    assert [change[1:] for change in found[3].changes] == [(2, 9)]
    assert [row.kind for row in compare([L(None)], [L(None, kind="section")])] == ["added", "dropped"]


def test_lists_tell_what_expires_and_what_is_mine(desk, manager):
    ends = sent_quotation(make_customer("Ending"), valid_until=TODAY + timedelta(days=2))
    sent_quotation(make_customer("Lasting"), valid_until=TODAY + timedelta(days=60))
    make_quotation(make_customer("Own"), owner=manager.user)

    page = desk.read("quotations/", **{"is": "expiring"})
    assert str(ends) in page and "Lasting" not in page
    page = desk.read("quotations/", **{"is": "mine"})
    assert "Own" in page and "Ending" not in page
    assert "The term of this quotation ends soon." in desk.read(f"quotations/{ends.pk}/")


def test_confirming_tells_the_credit_first_and_a_block_holds(desk):
    make_company(credit_policy="block")
    customer = make_customer("شركة الحد", credit_limit=30_000)
    posted_invoice(customer, lines=1)
    draft = make_order(customer, lines=1)

    asked = desk.read(f"orders/{draft.pk}/do/confirm/")
    assert "Confirm this order? Its lines and prices can no longer be changed." in asked
    assert "The credit limit is SAR 300.00" in asked and "Credit limit: SAR 300.00" in asked


def test_who_may_not_exceed_credit_is_stopped_with_words(at_the_makers_moment):
    make_company(credit_policy="block")
    customer = make_customer("شركة الحد", credit_limit=30_000)
    posted_invoice(customer, lines=1)
    seller = Person(make_user("sales", "فهد"))
    customer.owner = seller.user
    customer.save()
    draft = make_order(customer, lines=1)

    response = Desk(seller).send(f"orders/{draft.pk}/do/confirm/")

    assert response.status_code == 409
    assert "SAR 160.00 too much" in words_of(response)
    assert Order.objects.get(pk=draft.pk).state == "draft"


def test_an_order_is_held_released_promised_and_cancelled(desk):
    order = confirmed_order(promised_date=date(2026, 3, 10))

    desk.do(f"orders/{order.pk}/do/hold/", reason="Waiting for the letter of credit")
    assert "Waiting for the letter of credit" in desk.read(f"orders/{order.pk}/")
    desk.do(f"orders/{order.pk}/do/release/")
    assert desk.send(f"orders/{order.pk}/do/promise/", {"day": "1/4/2026"}).status_code == 409
    desk.do(f"orders/{order.pk}/do/promise/", day="۱/۴/۲۰۲۶", reason="Sea freight")
    page = desk.read(f"orders/{order.pk}/")
    assert "1 Apr 2026" in page and "Sea freight" in page and "10 Mar 2026" in page
    assert desk.send(f"orders/{order.pk}/do/cancel/", {"reason": ""}).status_code == 422
    desk.do(f"orders/{order.pk}/do/cancel/", reason="No longer needed")
    assert "Cancelled" in desk.read(f"orders/{order.pk}/")


def test_a_wrong_date_stays_in_its_field(desk):
    order = confirmed_order()

    response = desk.send(f"orders/{order.pk}/do/promise/", {"day": "31/2/2026", "reason": "x"})

    assert (response.status_code, "That month does not have this day." in words_of(response)) == (422, True)
    assert 'value="31/2/2026"' in response.content.decode()


def test_a_draft_is_deleted_and_one_lands_on_the_list(desk):
    draft = make_order()

    assert desk.do(f"orders/{draft.pk}/do/delete/") == "orders/"
    assert not Order.objects.exists()


def test_an_order_is_repeated_as_a_draft(desk):
    order = confirmed_order(rows=[LineInput(item_id=make_item().pk, quantity=Decimal(3))])

    place = desk.do(f"orders/{order.pk}/do/reorder/")

    again = Order.objects.exclude(pk=order.pk).get()
    assert place == f"orders/{again.pk}/"
    assert (again.state, again.lines.get().quantity) == ("draft", Decimal(3))


def test_the_list_shows_how_far_orders_have_come(desk):
    late = confirmed_order(make_customer("Late"), promised_date=TODAY - timedelta(days=1))
    make_order(make_customer("Drafted"), by=SYSTEM)

    page = desk.read("orders/", **{"is": "late"})
    assert late.number in page and "Drafted" not in page
    assert "Not delivered" in page and "Not invoiced" in page
    assert "Late" in desk.read("orders/", **{"is": "to_deliver"})
