"""Invoices and credit notes: issued in one transaction, never edited, corrected exactly."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from rawabit.billing.actions import (
    credit_in_full,
    credit_invoice,
    delete_draft,
    invoice_order,
    post_invoice,
    save_invoice_lines,
)
from rawabit.billing.logic.states import InvoiceFacts, invoice_situation
from rawabit.billing.models import Invoice, InvoiceLine
from rawabit.billing.queries import creditable, draft_invoice_of, invoiceable_lines, situation_of, verify_books
from rawabit.catalog.models import Tax
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.ledger.models import Entry
from rawabit.ledger.queries import balance_of
from rawabit.sales.models import Order
from rawabit.shipping.actions import deliver_order, ship_delivery
from rawabit.trade.actions import save_header
from rawabit.trade.logic.lines import LineInput
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    confirmed_order,
    make_company,
    make_customer,
    make_customer_user,
    make_invoice,
    make_item,
    make_order,
    make_payment,
    make_terms,
    posted_invoice,
    quantities,
    rows,
    sar,
    shipped_order,
)


def line_keys(invoice: Invoice) -> list[int]:
    return list(invoice.lines.order_by("position").values_list("pk", flat=True))


def test_issuing_is_one_step_of_everything(company):
    customer = make_customer(payment_terms=make_terms(30))
    invoice = posted_invoice(customer, lines=2)

    assert (invoice.number, invoice.state, invoice.open_amount) == ("INV-2026-00001", "posted", 46000)
    assert (invoice.due_date, invoice.supply_date) == (date(2026, 4, 4), TODAY)
    entry = Entry.objects.get()
    assert (entry.debit, entry.number, entry.due_date, entry.document_uid) == (
        46000, "INV-2026-00001", date(2026, 4, 4), invoice.uid,
    )  # fmt: skip
    assert balance_of(customer) == sar(460)
    assert invoice.buyer["name"] == customer.name
    assert verify_books() == []


def test_issuing_twice_is_refused(company):
    invoice = posted_invoice()
    with pytest.raises(Refused):
        post_invoice(invoice, actor=SYSTEM, at=NOW)
    assert Entry.objects.count() == 1


def test_a_failure_in_the_middle_leaves_nothing(company, monkeypatch):
    invoice = make_invoice()

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("rawabit.billing.actions.invoices.post_entry", broken)
    with pytest.raises(RuntimeError):
        post_invoice(invoice, actor=SYSTEM, at=NOW)
    monkeypatch.undo()
    assert (Invoice.objects.get().state, Entry.objects.count()) == ("draft", 0)
    assert posted_invoice().number == "INV-2026-00001"


def test_posted_is_never_edited(company):
    invoice = posted_invoice()
    with pytest.raises(Refused):
        save_invoice_lines(invoice, rows(1), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        delete_draft(invoice, actor=SYSTEM, at=NOW)
    from django.forms import modelform_factory

    form = modelform_factory(Invoice, fields=["note"])({"note": "x"}, instance=Invoice.objects.get())
    assert form.is_valid()
    with pytest.raises(Refused):
        save_header(form, actor=SYSTEM, at=NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("total", 1), ("net", 1), ("tax", 1), ("number", "X-1"), ("date", date(2020, 1, 1)), ("state", "draft"),
        ("buyer", {"name": "other"}), ("currency", "USD"), ("reason", "x"), ("due_date", date(2030, 1, 1)),
    ],
)  # fmt: skip
def test_the_database_itself_keeps_posted_papers(company, field, value):
    invoice = posted_invoice()
    with pytest.raises(DatabaseError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(**{field: value})
    setattr(invoice, field, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        invoice.save()
    assert verify_books() == []


@pytest.mark.parametrize(("field", "value"), [("net", 1), ("quantity", Decimal(9)), ("title", "x"), ("tax", 0)])
def test_the_database_itself_keeps_posted_lines(company, field, value):
    invoice = posted_invoice()
    with pytest.raises(DatabaseError), transaction.atomic():
        InvoiceLine.objects.filter(document=invoice).update(**{field: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        InvoiceLine.objects.create(document=invoice, position=9, title="x", quantity=1, unit_price=1)


@pytest.mark.parametrize("field", ["debit", "credit", "number", "date", "kind"])
def test_the_database_itself_keeps_entries(company, field):
    posted_invoice()
    values = {"debit": 1, "credit": 1, "number": "x", "date": date(2020, 1, 1), "kind": "payment"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.unsettled.update(**{field: values[field]})


# From orders


def test_invoices_follow_what_was_shipped(company):
    order = confirmed_order(lines=2)
    with pytest.raises(Refused):
        invoice_order(order, actor=SYSTEM, at=NOW)
    note = deliver_order(order, quantities(order, "1"), actor=SYSTEM, at=NOW)
    ship_delivery(note, actor=SYSTEM, at=NOW)

    first = invoice_order(order, actor=SYSTEM, at=NOW)
    assert [line.quantity for line in first.lines.all()] == [1]
    assert draft_invoice_of(order) == first
    with pytest.raises(Refused):
        invoice_order(order, actor=SYSTEM, at=NOW)
    post_invoice(first, actor=SYSTEM, at=NOW)

    assert Order.objects.get().invoice_state == "partly"
    with pytest.raises(Refused):
        invoice_order(order, actor=SYSTEM, at=NOW)
    assert verify_books() == []


def test_invoices_follow_what_was_ordered(company):
    make_company(invoice_from="ordered")
    order = confirmed_order(lines=2)
    invoice = post_invoice(invoice_order(order, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    assert (invoice.total, Order.objects.get().invoice_state) == (order.total, "fully")


def test_too_much_is_refused_for_all_lines_at_once(company):
    order = shipped_order(lines=3)
    titles = [line.title for line in order.lines.all()]
    with pytest.raises(Refused) as wrong:
        invoice_order(order, quantities(order, "3", "1", "4"), actor=SYSTEM, at=NOW)
    assert titles[0] in str(wrong.value) and titles[2] in str(wrong.value) and titles[1] not in str(wrong.value)


def test_two_drafts_cannot_both_be_issued(company):
    """A draft made before the other was issued must not invoice the same goods again."""
    order = shipped_order()
    first = invoice_order(order, actor=SYSTEM, at=NOW)
    Invoice.objects.filter(pk=first.pk).update(state="draft")
    line = first.lines.get()
    second = make_invoice(order.customer)
    InvoiceLine.objects.filter(document=second).update(order_line=line.order_line)
    Invoice.objects.filter(pk=second.pk).update(order=order)
    post_invoice(first, actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        post_invoice(Invoice.objects.get(pk=second.pk), actor=SYSTEM, at=NOW)
    assert Invoice.objects.get(pk=second.pk).state == "draft"


def test_services_are_invoiced_at_once(company):
    order = confirmed_order(rows=[LineInput(item_id=make_item(kind="service").pk)])
    assert [row.left for row in invoiceable_lines(order, "delivered")] == [1]


def test_drafts_and_cancelled_orders_are_not_invoiced(company):
    with pytest.raises(Refused):
        invoice_order(make_order(), actor=SYSTEM, at=NOW)


# Credit notes


def test_a_full_credit_undoes_the_invoice_exactly(company):
    odd = [LineInput("x", Decimal(3), unit_price=Decimal("33.333333")), LineInput("y", unit_price=Decimal("0.07"))]
    invoice = posted_invoice(rows=odd)

    note = credit_in_full(invoice, reason="Damaged", actor=SYSTEM, at=NOW)

    assert (note.number, note.kind, note.total) == ("CN-2026-00001", "credit_note", invoice.total)
    assert (note.open_amount, Invoice.objects.get(pk=invoice.pk).open_amount) == (0, 0)
    assert balance_of(invoice.customer) == sar(0)
    assert note.tax_summary == [{**invoice.tax_summary[0]}]
    assert situation_of(Invoice.objects.get(pk=invoice.pk), TODAY).code == "credited"
    with pytest.raises(Refused):
        credit_in_full(invoice, reason="again", actor=SYSTEM, at=NOW)
    assert verify_books() == []


def test_credits_by_quantity_and_by_amount(company):
    invoice = posted_invoice(lines=2)  # two lines of 2 × 100
    first, second = line_keys(invoice)

    note = credit_invoice(invoice, {first: Decimal(1), second: sar(50)}, reason="تالف", actor=SYSTEM, at=NOW)

    assert [(line.quantity, line.net, line.tax, line.taken_back) for line in note.lines.all()] == [
        (1, 10000, 1500, 1), (1, 5000, 750, 0),
    ]  # fmt: skip
    assert (note.total, Invoice.objects.get(pk=invoice.pk).open_amount) == (17250, 28750)
    left = creditable(invoice)
    assert (left[first].quantity_left, left[first].net_left) == (1, sar(100))
    assert (left[second].quantity_left, left[second].net_left) == (2, sar(150))
    assert verify_books() == []


def test_never_more_than_remains_and_all_lines_are_named(company):
    invoice = posted_invoice(lines=3)
    keys = line_keys(invoice)
    titles = [line.title for line in invoice.lines.all()]
    with pytest.raises(Refused) as wrong:
        credit_invoice(
            invoice, {keys[0]: Decimal(3), keys[1]: Decimal(1), keys[2]: sar("200.01")}, reason="x", actor=SYSTEM,
            at=NOW,
        )  # fmt: skip
    assert titles[0] in str(wrong.value) and titles[2] in str(wrong.value) and titles[1] not in str(wrong.value)
    assert Invoice.objects.count() == 1


def test_a_credit_of_a_paid_invoice_stays_as_credit(company):
    invoice = posted_invoice()
    make_payment(invoice.customer, "230")
    note = credit_in_full(invoice, reason="x", actor=SYSTEM, at=NOW)
    assert (note.open_amount, balance_of(invoice.customer)) == (23000, sar(-230))
    assert situation_of(note, TODAY).code == "open"
    assert verify_books() == []


def test_a_credit_opens_the_order_for_invoicing_again(company):
    order = shipped_order()
    invoice = post_invoice(invoice_order(order, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    credit_in_full(invoice, reason="wrong address", actor=SYSTEM, at=NOW)
    assert Order.objects.get().invoice_state == "none"
    again = post_invoice(invoice_order(order, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    assert again.number == "INV-2026-00002"
    assert verify_books() == []


@pytest.mark.parametrize("case", ["draft", "credit note", "no reason", "foreign line", "nothing"])
def test_what_cannot_be_credited(company, case):
    invoice = make_invoice() if case == "draft" else posted_invoice()
    if case == "credit note":
        invoice = credit_in_full(invoice, reason="x", actor=SYSTEM, at=NOW)
    keys = line_keys(posted_invoice() if case == "foreign line" else invoice)
    taken = {} if case == "nothing" else {keys[0]: Decimal(1)}
    with pytest.raises(Refused):
        credit_invoice(invoice, taken, reason="" if case == "no reason" else "x", actor=SYSTEM, at=NOW)


def test_exempt_lines_keep_their_reason(company):
    export = Tax.objects.get(code="zero-export")
    invoice = posted_invoice(rows=rows(1, tax_id=export.pk))
    note = credit_in_full(invoice, reason="x", actor=SYSTEM, at=NOW)
    for paper in (invoice, note):
        assert paper.tax_summary[0]["reason_code"] == "VATEX-SA-32"


# What people read


def facts(**changes) -> InvoiceFacts:
    usual = {"kind": "invoice", "state": "posted", "total": 100, "open_amount": 100, "credited": 0,
             "due_date": TODAY + timedelta(days=30)}  # fmt: skip
    return InvoiceFacts(**{**usual, **changes})


@pytest.mark.parametrize(
    ("invoice", "code"),
    [
        (facts(), "open"), (facts(state="draft"), "draft"), (facts(due_date=TODAY + timedelta(days=7)), "due_soon"),
        (facts(due_date=TODAY), "due_soon"), (facts(due_date=TODAY - timedelta(days=1)), "overdue"),
        (facts(open_amount=40), "partly_paid"), (facts(open_amount=0), "paid"),
        (facts(open_amount=40, due_date=TODAY - timedelta(days=1)), "overdue"),
        (facts(open_amount=0, credited=100), "credited"), (facts(open_amount=0, credited=60), "paid"),
        (facts(total=0, open_amount=0), "paid"), (facts(due_date=None), "open"),
        (facts(kind="credit_note"), "open"), (facts(kind="credit_note", open_amount=0), "used"),
        (facts(kind="credit_note", open_amount=1), "partly_used"),
    ],
)  # fmt: skip
def test_the_situation_of_an_invoice(invoice, code):
    assert invoice_situation(invoice, TODAY).code == code


@given(st.integers(0, 100), st.integers(0, 100), st.dates(date(2026, 1, 1), date(2026, 6, 1)))
def test_something_owed_is_never_called_paid(left, credited, due):
    code = invoice_situation(facts(open_amount=left, credited=min(credited, 100 - left), due_date=due), TODAY).code
    assert (code in ("paid", "credited")) == (left == 0)


# Rights


def test_who_sees_invoices(amina, babak, agent, clerk):
    posted = posted_invoice(amina.customer)
    make_invoice(amina.customer)
    buyer, finance = (make_customer_user(amina.customer, role) for role in ("buyer", "finance"))

    for person in (amina, finance):
        assert list(Invoice.objects.visible_to(person.actor)) == [posted]
        assert InvoiceLine.objects.visible_to(person.actor).count() == 1
    for person in (babak, buyer):
        assert not Invoice.objects.visible_to(person.actor).exists()
        assert not InvoiceLine.objects.visible_to(person.actor).exists()
        assert not Entry.objects.visible_to(person.actor).exists()
    for person in (agent, clerk):
        assert Invoice.objects.visible_to(person.actor).count() == 2


def test_issuing_and_crediting_need_their_rights(company, seller, agent, amina):
    draft, posted = make_invoice(), posted_invoice()
    for person in (seller, agent, amina):
        with pytest.raises(PermissionDenied):
            post_invoice(draft, actor=person.actor, at=NOW)
        with pytest.raises(PermissionDenied):
            credit_in_full(posted, reason="x", actor=person.actor, at=NOW)
    assert Entry.objects.count() == 1
    assert not Event.objects.filter(name="credit_note.posted").exists()


def test_the_same_number_is_never_given_twice(company):
    first = posted_invoice()
    draft = make_invoice()
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=draft.pk).update(number=first.number)
