"""The statement of account."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

from tests.makers import TODAY, make_credit_note, make_payment, posted_invoice
from tests.portal.conftest import reader


def rows_of(page: str) -> list[str]:
    return re.findall(r"(?:INV|CN|RC|PAY)-2026-\d{5}", page)


def history(customer) -> None:
    """Last year 230 invoiced; this year 460 in January, 100 paid in February, 230 invoiced and credited in March."""
    posted_invoice(customer, date=date(2025, 11, 3))
    posted_invoice(customer, lines=2, date=date(2026, 1, 10))
    make_payment(customer, "100", day=date(2026, 2, 10))
    make_credit_note(posted_invoice(customer, date=date(2026, 3, 2)))


def test_opening_movements_and_closing_of_a_quarter(noura):
    history(noura.customer)

    page = noura.read("statement", range="quarter")

    assert "Opening balance ⃁ 230.00" in page
    assert "Closing balance ⃁ 590.00" in page
    assert len(rows_of(page)) == 4
    balances = re.findall(
        r"⃁ ([\d,.]+)", page[page.index("Brought") if "Brought" in page else page.index("Document Debit") :]
    )
    assert balances[:9] == ["230.00", "460.00", "690.00", "100.00", "590.00", "230.00", "820.00", "230.00", "590.00"]


def test_a_month_of_the_readers_calendar(noura):
    history(noura.customer)
    persian = reader(noura.person, calendar="jalali")

    gregorian, jalali = noura.read("statement", range="month"), persian.read("statement", range="month")

    assert len(rows_of(gregorian)) == 2
    assert "from 20 February 2026" not in gregorian
    assert len(rows_of(jalali)) == 2
    assert "from 1 Esfand 1404 to 29 Esfand 1404" in jalali


def test_days_typed_in_another_calendar(noura):
    history(noura.customer)

    hijri = noura.read("statement", first="١ رجب ١٤٤٧", last="29/08/1447 هـ")  # 21 Dec 2025 to 17 Feb 2026
    iso = noura.read("statement", first="2026-02-17", last="2025-12-21")

    assert len(rows_of(hijri)) == 2
    assert rows_of(iso) == rows_of(hijri)


def test_days_that_cannot_be_read_say_so_and_keep_what_was_typed(noura):
    response = noura.open("statement", first="31/02/2026", last="x")
    body = response.content.decode()

    assert response.status_code == 200
    assert "That month does not have this day." in body
    assert 'value="31/02/2026"' in body
    assert 'value="x"' in body


def test_the_days_are_offered_to_be_typed(noura):
    body = noura.open("statement", range="days").content.decode()

    assert 'name="first"' in body
    assert 'value="1 Jan 2026"' in body
    assert 'name="first"' not in noura.open("statement", range="year").content.decode()


def test_each_currency_has_its_own_statement(noura):
    posted_invoice(noura.customer)
    posted_invoice(noura.customer, lines=2, currency="USD")

    riyals, dollars = noura.read("statement"), noura.read("statement", currency="USD")

    assert "Closing balance ⃁ 230.00" in riyals
    assert "Closing balance $ 460.00" in dollars
    assert "currency=USD" in noura.open("statement", currency="USD", range="year").content.decode()
    assert "Closing balance ⃁ 230.00" in noura.read("statement", currency="EUR")


def test_nothing_happened(noura):
    page = noura.read("statement")

    assert "Nothing was posted in these days." in page
    assert "Closing balance ⃁ 0.00" in page


def test_a_long_statement_goes_on_with_the_balance_brought_forward(noura):
    for day in range(35):
        posted_invoice(noura.customer, date=TODAY - timedelta(days=day))

    first = noura.read("statement", range="quarter")
    rest = noura.read("statement", range="quarter", row="20")
    whole = noura.read("statement", range="quarter", all="1")

    assert (len(rows_of(first)), len(rows_of(rest)), len(rows_of(whole))) == (20, 15, 35)
    assert rows_of(first) + rows_of(rest) == rows_of(whole)
    assert "Brought forward ⃁ 4,600.00" in rest
    assert "Load 20 more" in first
    assert "Load" not in rest


def test_the_age_of_what_is_open(noura):
    posted_invoice(noura.customer, date=date(2026, 1, 1), due_date=TODAY - timedelta(days=40))
    posted_invoice(noura.customer, due_date=TODAY)

    page = noura.read("statement")

    assert "Not yet due ⃁ 230.00" in page
    assert "31–60 days ⃁ 230.00" in page
    assert "1–30 days ⃁ 0.00" in page


def test_the_same_as_a_file(noura):
    history(noura.customer)

    response = noura.open("statement-download", "csv", range="year")

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="statement-')
    text = response.content.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    assert table[0] == ["Date", "Document", "Number", "Due date", "Debit", "Credit", "Balance", "Currency"]
    assert [row[4:7] for row in table[1:]] == [
        ["", "", "230.00"], ["460.00", "", "690.00"], ["", "100.00", "590.00"], ["230.00", "", "820.00"],
        ["", "230.00", "590.00"], ["690.00", "330.00", "590.00"],
    ]  # fmt: skip
    assert noura.open("statement-download", "xlsx", range="year").content[:2] == b"PK"
    assert noura.open("statement-download", "exe").status_code == 404
