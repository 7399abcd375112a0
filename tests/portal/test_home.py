"""The first page answers: where is my order, what do I owe, my last invoice, what did I order last."""

from __future__ import annotations

from datetime import date, timedelta

from rawabit.sales.actions import hold_order, promise_order
from rawabit.shipping.actions import ship_delivery, track
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    confirmed_order,
    make_company,
    make_credit_note,
    make_customer,
    make_customer_user,
    make_delivery,
    make_order,
    make_payment,
    posted_invoice,
    sent_quotation,
)
from tests.portal.conftest import reader


def test_a_new_customer_is_told_whom_to_ask(noura):
    make_company(phone="+966112223344", whatsapp="+966501112233", email="care@example.com")

    page = noura.read("home")

    assert "Nothing here yet" in page
    assert "Amount due" not in page
    body = noura.open("home").content.decode()
    assert 'href="https://wa.me/966501112233"' in body
    assert 'href="tel:+966112223344"' in body
    assert 'href="mailto:care@example.com"' in body


def test_what_is_due_counts_open_invoices_alone(noura):
    posted_invoice(noura.customer, due_date=TODAY - timedelta(days=3))  # 230.00
    posted_invoice(noura.customer, lines=2, due_date=TODAY + timedelta(days=5))  # 460.00
    paid = posted_invoice(noura.customer, lines=3, due_date=TODAY)
    make_payment(noura.customer, "690", shares={paid.pk: paid.money("total")})
    make_payment(noura.customer, "30")  # goes to the oldest

    page = noura.read("home")

    assert "⃁ 660.00" in page
    assert "2 open invoices · the oldest was due on 2 Mar 2026" in page
    assert "1 overdue invoice" in page
    assert "Overdue: ⃁ 200.00" in page


def test_a_due_date_that_comes_is_told_without_alarm(noura):
    posted_invoice(noura.customer, due_date=TODAY + timedelta(days=5))

    page = noura.read("home")

    assert "Due in 5 days" in page
    assert "the nearest is due on 10 Mar 2026" in page
    assert "verdue" not in page


def test_money_not_yet_set_against_invoices_explains_the_balance(noura):
    posted_invoice(noura.customer, lines=2)
    make_payment(noura.customer, "100", shares={})

    page = noura.read("home")

    assert "⃁ 100.00 Saudi riyal in your favour is not yet set against them" in page.replace("  ", " ")
    assert "⃁ 360.00 Saudi riyal you owe us" in page


def test_a_balance_in_ones_favour(noura):
    make_payment(noura.customer, "50")

    assert "⃁ 50.00 Saudi riyal in your favour" in noura.read("home")


def test_the_credit_limit_counts_what_is_owed_and_what_is_on_order(noura):
    posted_invoice(noura.customer)  # 230.00 of 10,000.00
    confirmed_order(noura.customer, lines=2)  # 460.00 more

    page = noura.read("home")

    assert "Credit limit ⃁ 10,000.00" in page
    assert "Ordered, not yet invoiced ⃁ 460.00" in page
    assert "Available ⃁ 9,310.00" in page


def test_the_order_that_arrives_next_is_the_current_one(noura):
    held = confirmed_order(noura.customer, promised_date=TODAY)
    hold_order(held, reason="size?", actor=SYSTEM, at=NOW)
    moving = confirmed_order(noura.customer, promised_date=TODAY + timedelta(days=9))
    ship_delivery(make_delivery(moving), actor=SYSTEM, at=NOW, tracking_number="7000123456")
    sooner = confirmed_order(noura.customer, promised_date=TODAY + timedelta(days=2))

    page = noura.read("home")

    assert f"Your current order {moving.number}" in page
    assert "Shipped" in page
    assert page.index(sooner.number) < page.index(held.number)
    assert "Tracking number 7000123456" in page


def test_the_promise_and_why_it_was_changed(noura):
    order = confirmed_order(noura.customer, promised_date=TODAY + timedelta(days=1))
    promise_order(order, date(2026, 3, 8), reason="rain in Jeddah", actor=SYSTEM, at=NOW)

    page = noura.read("home")

    assert "Expected Sunday 8 March 2026" in page
    assert "Changed from 6 Mar 2026 because: rain in Jeddah" in page


def test_the_timeline_shows_the_latest_steps(noura):
    order = confirmed_order(noura.customer, promised_date=TODAY + timedelta(days=1))
    delivery = ship_delivery(make_delivery(order), actor=SYSTEM, at=NOW)
    track(delivery, "delayed", place="Jeddah", note="rain", actor=SYSTEM, at=NOW + timedelta(hours=2))

    page = noura.read("home")

    assert page.index("With the carrier") < page.index("Delayed") < page.index("Jeddah · rain")


def test_the_last_order_is_told_without_a_tap(noura):
    order = confirmed_order(noura.customer, lines=6)
    make_order(noura.customer)  # a draft is nobody's business

    page = noura.read("home")

    assert f"Your last order {order.number}" in page
    lines = list(order.lines.order_by("position"))
    assert f"{lines[3].title} × 2" in page
    assert f"{lines[4].title} × 2" not in page
    assert "and 2 more items" in page


def test_a_quotation_waits_with_days_left(noura):
    waiting = sent_quotation(noura.customer, valid_until=TODAY + timedelta(days=7))
    sent_quotation(noura.customer, valid_until=TODAY + timedelta(days=30))

    page = noura.read("home")

    assert waiting.number in page
    assert "7 days left" in page
    assert page.index("7 days left") < page.index("30 days left")


def test_the_latest_invoices_are_at_hand(noura):
    numbers = [posted_invoice(noura.customer).number for _ in range(4)]
    make_credit_note(posted_invoice(noura.customer))

    body = noura.open("home").content.decode()

    assert numbers[3] in body
    assert numbers[0] not in body


def test_each_role_sees_its_part(noura, as_role):
    posted_invoice(noura.customer, due_date=TODAY)
    order = confirmed_order(noura.customer)

    buyer, finance, support = (as_role(role).read("home") for role in ("buyer", "finance", "support"))

    assert (order.number in buyer, "Amount due" in buyer, "Balance" in buyer) == (True, False, False)
    assert (order.number in finance, "Amount due" in finance, "Balance" in finance) == (False, True, True)
    assert (order.number in support, "Amount due" in support) == (False, False)
    assert "Who to ask" in support


def test_somebody_whose_access_was_withdrawn(db):
    from rawabit.crm.actions import revoke_portal_access
    from rawabit.crm.models import PortalAccess

    person = make_customer_user(make_customer(), "owner")
    revoke_portal_access(PortalAccess.objects.get(user=person.user), actor=SYSTEM, at=NOW)
    person.user.refresh_from_db()

    answer = reader(person).open("home")

    assert answer.status_code in (302, 403)


def test_jalali_and_persian_digits(noura):
    posted_invoice(noura.customer, due_date=TODAY)
    persian = reader(noura.person, language="fa", calendar="jalali", digits="arabext")

    body = persian.open("home").content.decode()

    assert '<html lang="fa" dir="rtl"' in body
    assert "۲۳۰٫۰۰" in body
    assert "۱۴ اسفند ۱۴۰۴" in body
