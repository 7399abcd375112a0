"""Receivables of all customers, and the statement of one, on the desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rawabit.identity.actions import set_grants, set_roles
from rawabit.identity.models import Role
from rawabit.kit.money import Money
from rawabit.kit.records.actor import system
from rawabit.ledger.queries import ageing
from rawabit.ledger.receivables import ageing_of, by_currency, by_customer, open_entries
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    Person,
    make_credit_note,
    make_customer,
    make_payment,
    make_user,
    posted_invoice,
)
from tests.trade.desk import Desk

pytestmark = pytest.mark.django_db
AGES = (-10, 0, 1, 30, 31, 60, 61, 90, 91, 400)


def debts(customer, *days: int) -> None:
    for late in days:
        posted_invoice(customer, due_date=TODAY - timedelta(days=late))


def test_the_grouped_sums_are_those_of_each_customer(company):
    """The same edges of the buckets in SQL and in Python, for customers with debts of every age."""
    first, second = make_customer("A"), make_customer("B")
    debts(first, *AGES)
    debts(second, 45)
    make_payment(second, "100", shares={})

    rows = list(by_customer(open_entries(system()), TODAY, "SAR"))

    assert [row["customer_id"] for row in rows] == [first.pk, second.pk]
    for row, customer in zip(rows, (first, second), strict=True):
        alone, together = ageing(customer, TODAY), ageing_of(row)
        assert [amount for _c, _l, amount in alone.bars()] == [amount for _c, _l, amount in together.bars()]
        assert alone.unallocated == together.unallocated
    ((currency, whole),) = by_currency(open_entries(system()), TODAY, "SAR")
    assert (currency, whole.owed, whole.unallocated) == ("SAR", Money(253_000, "SAR"), Money(10_000, "SAR"))


def test_the_page_shows_who_owes_what_since_when(desk):
    debts(make_customer("Early Co"), -5)
    debts(make_customer("Late Co"), 40, 200)
    settled = make_customer("Settled Co")
    debts(settled, 10)
    make_payment(settled, "230")

    page = desk.read("receivables/")
    assert page.index("Late Co") < page.index("Early Co") and "Settled Co" not in page
    assert "Open in SAR" in page and "690.00" in page
    assert "Early Co" not in desk.read("receivables/", **{"is": "overdue"})
    assert "Late Co" in desk.read("receivables/", **{"is": "old"})
    assert "Early Co" not in desk.read("receivables/", q="late")
    assert "Nobody owes anything" not in page and "No matches" in desk.read("receivables/", q="zzz")


def test_seven_customers_cost_as_many_queries_as_one(desk):
    def queries() -> int:
        desk.get("receivables/")
        with CaptureQueriesContext(connection) as seen:
            desk.get("receivables/")
        return len(seen)

    debts(make_customer(), 5)
    one = queries()
    for _n in range(6):
        debts(make_customer(), 5)
    assert queries() == one


def test_a_seller_sees_what_his_own_customers_owe(at_the_makers_moment, company):
    seller = Person(make_user("sales", "فهد"))
    mine, other = make_customer("Mine", owner=seller.user), make_customer("Other")
    debts(mine, 5)
    debts(other, 5)
    desk = Desk(seller)

    page = desk.read("receivables/")
    assert "Mine" in page and "Other" not in page
    assert desk.get(f"receivables/{mine.pk}/").status_code == 200
    assert desk.get(f"receivables/{other.pk}/").status_code == 404


def test_those_without_the_permission_are_refused(at_the_makers_moment, company):
    desk = Desk(Person(make_user("", "زائر")))

    assert desk.get("receivables/").status_code == 403
    assert desk.get(f"receivables/{make_customer().pk}/").status_code == 403


def test_a_statement_opens_runs_and_closes(desk):
    customer = make_customer("شركة الحساب", name_en="Account Co")
    old = posted_invoice(customer, date=date(2025, 12, 20), due_date=date(2025, 12, 20))
    new = posted_invoice(customer)
    make_payment(customer, "300")
    make_credit_note(new)

    page = desk.get(f"receivables/{customer.pk}/")
    text = desk.read(f"receivables/{customer.pk}/")

    assert "Account Co" in text and old.number not in text and new.number in text
    assert f'href="/desk/invoices/{new.pk}/"' in page.content.decode()
    assert [row["balance"].minor for row in page.context["rows"]] == [46_000, 16_000, -7_000]
    statement = page.context["statement"]
    assert (statement.start, statement.end) == (date(2026, 1, 1), TODAY)
    assert (statement.opening.minor, statement.closing.minor) == (23_000, -7_000)


def test_a_period_may_be_typed_in_any_calendar(desk):
    customer = make_customer()
    posted_invoice(customer)

    asked = {"start": "۱۰ اسفند ۱۴۰۴", "end": "1447/9/20"}
    statement = desk.get(f"receivables/{customer.pk}/", **asked).context["statement"]

    assert (statement.start, statement.end) == (date(2026, 3, 1), date(2026, 3, 9))
    turned = desk.get(f"receivables/{customer.pk}/", start="9/3/2026", end="1/3/2026").context["statement"]
    assert (turned.start, turned.end) == (date(2026, 3, 1), date(2026, 3, 9))


def test_both_pages_are_files_too(desk):
    customer = make_customer("=cmd()")
    debts(customer, 40)

    receivables = desk.get("receivables/", **{"as": "csv"}).content.decode("utf-8-sig").splitlines()
    statement = desk.get(f"receivables/{customer.pk}/", **{"as": "csv"}).content.decode("utf-8-sig").splitlines()

    assert receivables[1].partition(",")[2] == "'=cmd(),SAR,0.00,0.00,230.00,0.00,0.00,0.00,230.00"
    assert statement[-1].startswith("2026-03-05,Invoice,INV-2026-00001,2026-01-24,230.00,0.00,230.00")


def test_files_need_the_permission_to_export(at_the_makers_moment, company):
    person = Person(make_user("", "قارئ"))
    role = Role.objects.create(code="reader", name="reader")
    set_grants(role, {"ledger.view_entry": "all", "crm.view_customer": "all"}, actor=SYSTEM, at=NOW)
    set_roles(person.user, [role], actor=SYSTEM, at=NOW)
    desk = Desk(person)

    assert desk.get("receivables/").status_code == 200
    assert desk.get("receivables/", **{"as": "csv"}).status_code == 403
