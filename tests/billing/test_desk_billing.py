"""Invoices and payments on the desk."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from rawabit.billing.models import Invoice, Payment
from rawabit.company.models import Company
from tests.makers import (
    TODAY,
    confirmed_order,
    make_contact,
    make_credit_note,
    make_customer,
    make_invoice,
    make_item,
    make_payment,
    make_tax,
    posted_invoice,
    quantities,
    rows,
    sar,
    shipped_order,
)
from tests.trade.desk import words_of
from tests.trade.test_editor import form, item_line

pytestmark = pytest.mark.django_db


def test_an_order_is_invoiced_for_chosen_quantities(desk):
    order = shipped_order(rows=rows(2, "4"))
    first, second = quantities(order, "0", "0")

    page = desk.get(f"orders/{order.pk}/do/invoice/").content.decode()
    assert page.count('value="4"') == 2
    asked = {f"quantity-{first}": "٣", f"quantity-{second}": "", "day": "5/3/2026"}
    place = desk.do(f"orders/{order.pk}/do/invoice/", **asked)

    invoice = Invoice.objects.get()
    assert place == f"invoices/{invoice.pk}/"
    assert [(line.order_line_id, line.quantity) for line in invoice.lines.all()] == [(first, Decimal(3))]
    assert "Its lines come from the order." in desk.read(place)


def test_what_was_not_shipped_is_not_offered(desk):
    order = confirmed_order()

    assert "Nothing can be invoiced now." in desk.read(f"orders/{order.pk}/do/invoice/")
    Company.objects.update(invoice_from="ordered")
    assert "Nothing can be invoiced now." not in desk.read(f"orders/{order.pk}/do/invoice/")


def test_issuing_asks_once_and_cannot_be_taken_back(desk):
    draft = make_invoice()

    question = "Issue this document? It gets its number and can never be changed; a credit note corrects it."
    assert question in desk.read(f"invoices/{draft.pk}/do/post/")
    assert Invoice.objects.get().state == "draft"
    desk.do(f"invoices/{draft.pk}/do/post/")

    page = desk.read(f"invoices/{draft.pk}/")
    assert "Tax invoice INV-2026-00001" in page and "Amount due" in page
    assert desk.get(f"invoices/{draft.pk}/edit/").status_code == 409


def test_a_manual_invoice_is_written_in_the_editor(desk):
    customer, item = make_customer(), make_item(sku="XP-1")

    desk.do("invoices/new/", **form(customer, [item_line(item, "2")], supply_date="", due_date="4/4/2026"))

    assert (Invoice.objects.get().total, str(Invoice.objects.get().due_date)) == (23_000, "2026-04-04")


def test_of_an_invoice_from_an_order_only_the_head_is_edited(desk):
    order = shipped_order()
    (line,) = quantities(order, "0")
    desk.do(f"orders/{order.pk}/do/invoice/", **{f"quantity-{line}": "2", "day": "5/3/2026"})
    invoice = Invoice.objects.get()

    page = desk.get(f"invoices/{invoice.pk}/edit/").content.decode()
    assert "data-lines" not in page and 'name="customer"' not in page and 'name="due_date"' in page
    desk.do(
        f"invoices/{invoice.pk}/edit/", version=str(invoice.version), date="5/3/2026", due_date="1/5/2026",
        language="fa", note="Thanks",
    )  # fmt: skip
    invoice.refresh_from_db()
    assert (str(invoice.due_date), invoice.note, invoice.lines.count()) == ("2026-05-01", "Thanks", 1)


def test_the_situation_says_more_than_the_state(desk):
    def shown(invoice) -> str:
        return desk.read(f"invoices/{invoice.pk}/").replace("From customers", "").split("From")[0]

    late = posted_invoice(make_customer("Late"), due_date=TODAY - timedelta(days=3))
    soon = posted_invoice(make_customer("Soon"), due_date=TODAY + timedelta(days=3))
    open_ = posted_invoice(make_customer("Open"), due_date=TODAY + timedelta(days=60))
    paid = posted_invoice(make_customer("Paid one"), due_date=TODAY)
    make_payment(paid.customer, "230")
    half = posted_invoice(make_customer("Half"), due_date=TODAY + timedelta(days=60))
    make_payment(half.customer, "100")

    for invoice, words in ((late, "Overdue"), (soon, "Due soon"), (open_, "Open"), (paid, "Paid"),
                           (half, "Partially paid")):  # fmt: skip
        assert words in shown(invoice), words
    listed = desk.read("invoices/", **{"is": "overdue"})
    assert late.number in listed and soon.number not in listed
    assert paid.number in desk.read("invoices/", **{"is": "paid"})
    assert "This invoice is overdue." in desk.read(f"invoices/{late.pk}/")


def test_a_credit_note_takes_exact_lines_and_says_why(desk):
    invoice = posted_invoice(rows=rows(2, "4"))
    first, second = invoice.lines.order_by("position").values_list("pk", flat=True)
    address = f"invoices/{invoice.pk}/do/credit/"

    assert "It is numbered and issued at once" in desk.read(address)
    nothing = desk.send(address, {"reason": "Damaged"})
    both = desk.send(address, {"reason": "x", f"quantity-{first}": "1", f"amount-{first}": "5"})
    much = desk.send(address, {"reason": "x", f"quantity-{first}": "5"})
    silent = desk.send(address, {f"quantity-{first}": "1"})
    assert "Say for at least one line what is credited." in words_of(nothing)
    assert "Give a quantity or an amount, not both." in words_of(both)
    assert "At most 4." in words_of(much)
    assert {r.status_code for r in (nothing, both, much, silent)} == {422}
    assert Invoice.objects.count() == 1

    place = desk.do(address, **{"reason": "Damaged", f"quantity-{first}": "١", f"amount-{second}": "50"})

    note = Invoice.objects.get(kind="credit_note")
    assert place == f"invoices/{note.pk}/"
    assert [(line.corrects_id, line.net) for line in note.lines.order_by("position")] == [
        (first, 10_000), (second, 5_000),
    ]  # fmt: skip
    assert "Credit note CN-2026-00001" in desk.read(place) and "Damaged" in desk.read(place)


def test_paying_an_invoice_is_prefilled_and_more_stays_as_credit(desk):
    invoice = posted_invoice()
    address = f"invoices/{invoice.pk}/do/pay/"

    page = desk.get(address)
    assert 'value="230.00"' in page.content.decode()
    assert "SAR 230.00 is open. What is more stays as the customer's credit." in words_of(page)
    place = desk.do(address, amount="٣٠٠", day="5/3/2026", method="mada", reference="T-1")

    payment = Payment.objects.get()
    assert place == f"payments/{payment.pk}/"
    assert (payment.amount, payment.unallocated, payment.method) == (30_000, 7_000, "mada")
    text = desk.read(place)
    assert "Receipt voucher RC-2026-00001" in text and "Only three hundred Saudi riyals" in text
    assert "Partially allocated" in text


# Payments


def new_payment(customer, amount: str, **values) -> dict[str, str]:
    return {
        "customer": str(customer.pk), "amount": amount, "currency": "SAR", "date": "5/3/2026", "method": "transfer",
        "reference": "", "note": "", "key": "once", **values,
    }  # fmt: skip


@pytest.fixture
def debtor(company):
    """Two invoices of 230 riyals, the second due first."""
    customer = make_customer("شركة الدين")
    later = posted_invoice(customer, due_date=TODAY + timedelta(days=9))
    sooner = posted_invoice(customer, due_date=TODAY - timedelta(days=9))
    customer.sooner, customer.later = sooner, later
    return customer


def test_open_invoices_are_offered_oldest_due_first(desk, debtor):
    page = desk.send("payments/shares/", new_payment(debtor, "300")).content.decode()

    assert page.index(debtor.sooner.number) < page.index(debtor.later.number)
    assert 'value="230.00"' in page and 'value="70.00"' in page
    assert "SAR 160.00 stays open." in page.replace("\u2068", "").replace("\u2069", "")
    over = desk.send("payments/shares/", new_payment(debtor, "500"))
    assert "SAR 40.00 stays as the customer's credit." in words_of(over)
    assert "pays all open invoices" in words_of(desk.send("payments/shares/", new_payment(debtor, "460")))


def test_the_sum_follows_what_is_typed(desk, debtor):
    typed = new_payment(debtor, "300", **{f"share-{debtor.sooner.pk}": "100", f"share-{debtor.later.pk}": "50"})

    told = words_of(desk.send("payments/shares/?part=sum", typed))
    assert told == "SAR 150.00 of SAR 300.00 is set against invoices; SAR 150.00 stays as credit."
    typed[f"share-{debtor.sooner.pk}"] = "230"
    typed[f"share-{debtor.later.pk}"] = "230"
    assert "is more than the payment" in words_of(desk.send("payments/shares/?part=sum", typed))


def test_a_payment_is_set_against_what_was_chosen(desk, debtor):
    desk.do("payments/new/", **new_payment(debtor, "100", **{f"share-{debtor.later.pk}": "60"}))

    debtor.sooner.refresh_from_db(), debtor.later.refresh_from_db()
    assert (debtor.sooner.open_amount, debtor.later.open_amount) == (23_000, 17_000)
    assert Payment.objects.get().unallocated == 4_000


def test_without_shares_the_oldest_is_paid_first(desk, debtor):
    desk.do("payments/new/", **new_payment(debtor, "250"))

    debtor.sooner.refresh_from_db(), debtor.later.refresh_from_db()
    assert (debtor.sooner.open_amount, debtor.later.open_amount) == (0, 21_000)


def test_without_a_script_a_button_shows_the_invoices(desk, debtor):
    page = desk.send("payments/new/", new_payment(debtor, "300", op="shares"))

    assert page.status_code == 200
    assert f'name="share-{debtor.sooner.pk}"' in page.content.decode()
    assert not Payment.objects.exists()


def test_what_is_wrong_with_a_payment_is_said(desk, debtor):
    over = desk.send("payments/new/", new_payment(debtor, "100", **{f"share-{debtor.later.pk}": "200"}))
    beyond = desk.send("payments/new/", new_payment(debtor, "900", **{f"share-{debtor.later.pk}": "300"}))
    fine = desk.send("payments/new/", new_payment(debtor, "1.005"))
    nothing = desk.send("payments/new/", new_payment(debtor, "0"))

    assert "Only SAR 100.00 is left to allocate." in words_of(over)
    assert "At most 230." in words_of(beyond)
    assert "At most 2 decimals." in words_of(fine)
    assert "A payment is more than nothing." in words_of(nothing)
    assert not Payment.objects.exists()


def test_the_same_form_twice_is_one_payment(desk, debtor):
    first = desk.do("payments/new/", **new_payment(debtor, "100"))
    second = desk.do("payments/new/", **new_payment(debtor, "100"))

    assert (first, Payment.objects.count()) == (second, 1)


def test_what_is_left_is_allocated_taken_back_and_refunded(desk, debtor):
    payment = make_payment(debtor, "300", shares={})
    address = f"payments/{payment.pk}/do"

    page = desk.get(f"{address}/allocate/").content.decode()
    assert 'value="230.00"' in page and 'value="70.00"' in page
    desk.do(f"{address}/allocate/", **{f"share-{debtor.sooner.pk}": "120"})
    assert Payment.objects.get().unallocated == 18_000
    assert debtor.sooner.number in desk.read(f"payments/{payment.pk}/")

    assert debtor.later.number not in desk.read(f"{address}/unallocate/")
    desk.do(f"{address}/unallocate/", invoice=str(debtor.sooner.pk))
    assert Payment.objects.get().unallocated == 30_000

    assert 'value="300.00"' in desk.get(f"{address}/refund/").content.decode()
    desk.do(f"{address}/refund/", amount="50", method="transfer", reference="R-1")
    assert [(one.direction, one.amount) for one in Payment.objects.order_by("pk")] == [("in", 30_000), ("out", 5_000)]
    assert "Refund RF-2026-00001" in desk.read(f"payments/{Payment.objects.last().pk}/")


def test_a_returned_cheque_is_reversed_with_a_reason(desk, debtor):
    payment = make_payment(debtor, "230")
    address = f"payments/{payment.pk}/do/reverse/"

    assert "Reverse this payment? The invoices it settled will be open again." in desk.read(address)
    assert desk.send(address, {"reason": ""}).status_code == 422
    desk.do(address, reason="Returned cheque")

    debtor.sooner.refresh_from_db()
    assert (debtor.sooner.open_amount, Payment.objects.get().state) == (23_000, "reversed")


def test_what_is_left_of_a_credit_note_is_set_against_invoices_or_paid_out(desk, debtor):
    make_payment(debtor, "230", shares={debtor.later.pk: sar(230)})
    note = make_credit_note(debtor.later)
    address = f"invoices/{note.pk}/do"

    assert "Not yet used" in desk.read(f"invoices/{note.pk}/")
    desk.do(f"{address}/allocate/", **{f"share-{debtor.sooner.pk}": "200"})
    desk.do(f"{address}/refund/", amount="30", method="cash", reference="")

    assert "Used" in desk.read(f"invoices/{note.pk}/").replace("From customers", "").split("From")[0]
    debtor.sooner.refresh_from_db()
    assert debtor.sooner.open_amount == 3_000


def test_the_form_never_offers_strangers_invoices(desk, debtor):
    other = posted_invoice(make_customer("غريب"))
    make_contact(debtor)
    make_tax()

    response = desk.send("payments/new/", new_payment(debtor, "100", **{f"share-{other.pk}": "100"}))

    assert response.status_code == 302
    other.refresh_from_db()
    assert other.open_amount == 23_000
