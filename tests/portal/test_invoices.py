"""Invoices, credit notes, payments."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from rawabit.billing.actions import refund_payment, unallocate
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    make_company,
    make_credit_note,
    make_customer,
    make_invoice,
    make_payment,
    posted_invoice,
    sar,
    shipped_order,
)
from tests.portal.conftest import Reader

NUMBERS = re.compile(r"(?:INV|CN)-2026-\d{5}")


def listed(who: Reader, **query: str) -> list[str]:
    return NUMBERS.findall(who.read("invoices", **query))


def test_each_tab_shows_its_own(noura):
    due, paid = posted_invoice(noura.customer), posted_invoice(noura.customer)
    make_payment(noura.customer, "230", shares={paid.pk: sar(230)})
    note = make_credit_note(posted_invoice(noura.customer))
    make_invoice(noura.customer)

    assert set(listed(noura)) == {due.number, paid.number, note.number, note.corrects.number}
    assert listed(noura, show="open") == [due.number]
    assert set(listed(noura, show="paid")) == {paid.number, note.corrects.number}
    assert listed(noura, show="credit") == [note.number]


def test_pages_go_on_within_one_day(noura):
    numbers = [posted_invoice(noura.customer).number for _ in range(43)]
    seen, query = [], {}
    for expected in (20, 20, 3):
        page = listed(noura, **query)
        assert len(page) == expected
        seen += page
        more = re.search(r'hx-get="\?[^"]*after=([0-9a-f-]+)"', noura.open("invoices", **query).content.decode())
        query = {"after": more[1]} if more else {}

    assert seen == sorted(numbers, reverse=True)
    assert query == {}


def test_the_later_date_comes_first_whenever_it_was_posted(noura):
    new, old = posted_invoice(noura.customer), posted_invoice(noura.customer, date=TODAY - timedelta(days=9))

    assert listed(noura) == [new.number, old.number]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "Overdue for 1 day"),
        (-12, "Overdue for 12 days"),
        (0, "Due today"),
        (1, "Due in 1 day"),
        (5, "Due in 5 days"),
    ],
)
def test_how_an_invoice_stands_to_its_due_date(noura, days, words):
    invoice = posted_invoice(noura.customer, due_date=TODAY + timedelta(days=days))

    assert words in noura.read("invoice", invoice.uid)


def test_the_paper(noura):
    make_company(
        vat_number="310122393500003",
        bank_name="Saudi National Bank",
        iban="SA0380000000608010167519",
        terms="No returns.",
    )
    invoice = posted_invoice(noura.customer, lines=2, note="Thank you.")

    page = noura.read("invoice", invoice.uid)

    assert f"Tax invoice {invoice.number}" in page
    assert "310122393500003" in page
    assert "SA03 8000 0000 6080 1016 7519" in page
    assert "VAT 15% on ⃁ 400.00" in page
    assert "Total including VAT ⃁ 460.00" in page
    assert "Amount in words : Only four hundred and sixty Saudi riyals" in page or "four hundred" in page.lower()
    assert "Thank you." in page
    assert "No returns." in page
    assert [line.title in page for line in invoice.lines.all()] == [True, True]


def test_a_seller_without_a_vat_number_writes_no_tax_invoice(noura):
    invoice = posted_invoice(noura.customer)

    page = noura.read("invoice", invoice.uid)

    assert "Tax invoice" not in page
    assert f"Invoice {invoice.number}" in page


def test_what_was_paid_and_what_was_taken_back(noura):
    invoice = posted_invoice(noura.customer, lines=2)
    kept = make_payment(noura.customer, "100", shares={invoice.pk: sar(100)})
    back = make_payment(noura.customer, "50", shares={invoice.pk: sar(50)})
    unallocate(back, invoice, actor=SYSTEM, at=NOW)

    page = noura.read("invoice", invoice.uid)

    assert "Paid and credited ⃁ 100.00" in page
    assert "Amount due ⃁ 360.00" in page
    assert kept.number in page
    assert back.number not in page


def test_a_credit_note_names_what_it_corrects_and_why(noura):
    note = make_credit_note(posted_invoice(noura.customer), reason="Broken pump")

    page = noura.read("invoice", note.uid)

    assert f"Corrects invoice {note.corrects.number} of 5 Mar 2026" in page
    assert "Reason: Broken pump" in page
    assert "Amount due" not in page
    assert f"Set against {note.corrects.number}" in page
    assert note.number in noura.read("invoice", note.corrects.uid)


def test_the_order_is_a_link_for_those_who_may_open_it(noura, as_role):
    order = shipped_order(noura.customer)
    invoice = posted_invoice(noura.customer, order=order)
    link = f'href="/portal/orders/{order.uid}/"'

    assert link in noura.open("invoice", invoice.uid).content.decode()
    assert link not in as_role("finance").open("invoice", invoice.uid).content.decode()


def test_payments_and_the_receipt(noura):
    invoice = posted_invoice(noura.customer)
    payment = make_payment(noura.customer, "300", reference="FT26001")

    assert f"{payment.number} Received" in noura.read("payments")
    page = noura.read("payment", payment.uid)
    assert f"Receipt voucher {payment.number}" in page
    assert "FT26001" in page
    assert "⃁ 300.00" in page
    assert f"{invoice.number} 5 Mar 2026 ⃁ 230.00" in page
    assert "⃁ 70.00 Saudi riyal is not yet set against an invoice and stays in your favour." in page


def test_a_refund(noura):
    payment = make_payment(noura.customer, "300")
    refund = refund_payment(payment, sar(120), actor=SYSTEM, at=NOW)

    page = noura.read("payment", refund.uid)

    assert f"Refund {refund.number}" in page
    assert "stays in your favour" not in page


@pytest.mark.parametrize("role", ["buyer", "support"])
def test_who_does_not_pay_sees_no_money(noura, as_role, role):
    invoice, payment = posted_invoice(noura.customer), make_payment(noura.customer, "10")
    who = as_role(role)

    answers = [who.open(name) for name in ("invoices", "payments", "statement")]
    answers += [
        who.open("invoice", invoice.uid),
        who.open("payment", payment.uid),
        who.open("statement-download", "csv"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 6


def test_strangers_papers_are_404(noura):
    stranger = make_customer()
    invoice, payment = posted_invoice(stranger), make_payment(stranger, "10")

    assert noura.open("invoice", invoice.uid).status_code == 404
    assert noura.open("payment", payment.uid).status_code == 404
    assert noura.open("invoice", make_invoice(noura.customer).uid).status_code == 404
