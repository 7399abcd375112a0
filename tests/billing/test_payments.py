"""Payments: set against one or many invoices, over and under, given back, reversed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from rawabit.billing.actions import (
    HistoricPaper,
    allocate_credit_note,
    allocate_payment,
    credit_in_full,
    post_history,
    record_payment,
    refund_credit_note,
    refund_payment,
    reverse_payment,
    unallocate,
)
from rawabit.billing.logic.sharing import Open, oldest_first
from rawabit.billing.models import Allocation, Invoice, Payment
from rawabit.billing.queries import open_invoices, reliability, situation_of, usable_credit, verify_books
from rawabit.kit.money import Money
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.ledger.models import Balance, Entry
from rawabit.ledger.queries import ageing, balance_of
from rawabit.trade.logic.lines import PricedLine
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    make_credit_note,
    make_customer,
    make_customer_user,
    make_invoice,
    make_payment,
    posted_invoice,
    sar,
)


def opens(*invoices: Invoice) -> list[int]:
    return [Invoice.objects.get(pk=one.pk).open_amount for one in invoices]


def test_the_oldest_due_invoice_is_paid_first(company):
    customer = make_customer()
    later = posted_invoice(customer, due_date=date(2026, 5, 1))
    sooner = posted_invoice(customer, due_date=date(2026, 4, 1))

    payment = make_payment(customer, "300")

    assert opens(sooner, later) == [0, 16000]
    assert (payment.unallocated, balance_of(customer)) == (0, sar(160))
    assert situation_of(Invoice.objects.get(pk=later.pk), TODAY).code == "partly_paid"
    assert verify_books() == []


def test_chosen_shares(company):
    customer = make_customer()
    one, two = posted_invoice(customer), posted_invoice(customer)
    make_payment(customer, "100", shares={two.pk: sar(60), one.pk: sar(40)})
    assert opens(one, two) == [19000, 17000]


def test_over_payment_stays_as_credit_and_is_used_later(company):
    customer = make_customer()
    posted_invoice(customer)
    payment = make_payment(customer, "300")
    assert (payment.unallocated, balance_of(customer)) == (7000, sar(-70))
    assert ageing(customer, TODAY).unallocated == sar(70)
    assert usable_credit(customer, "SAR") == ([payment], [])

    new = posted_invoice(customer)
    assert allocate_payment(payment, actor=SYSTEM, at=NOW).unallocated == 0
    assert opens(new) == [16000]
    assert verify_books() == []


def test_a_payment_can_be_left_unallocated(company):
    customer = make_customer()
    posted_invoice(customer)
    payment = make_payment(customer, "100", shares={})
    assert payment.unallocated == 10000
    assert situation_of(payment, TODAY).code == "unallocated"


@pytest.mark.parametrize("case", ["too much of one", "more than paid", "foreign", "draft", "currency", "credit note"])
def test_impossible_shares_are_refused_and_nothing_is_kept(company, case):
    customer = make_customer()
    invoice = posted_invoice(customer)
    shares = {
        "too much of one": {invoice.pk: sar("230.01")},
        "more than paid": {invoice.pk: sar(200), posted_invoice(customer).pk: sar(200)},
        "foreign": {posted_invoice().pk: sar(1)},
        "draft": {make_invoice(customer).pk: sar(1)},
        "currency": {invoice.pk: Money(100, "USD")},
        "credit note": {make_credit_note(posted_invoice(customer)).pk: sar(1)},
    }[case]
    with pytest.raises(Refused):
        make_payment(customer, "300", shares=shares)
    assert not Payment.objects.exists()
    assert not Allocation.objects.filter(payment__isnull=False).exists()
    assert verify_books() == []


def test_all_that_is_wrong_is_said_at_once(company):
    customer = make_customer()
    one, two = posted_invoice(customer), posted_invoice(customer)
    with pytest.raises(Refused) as wrong:
        make_payment(customer, "999", shares={one.pk: sar(300), two.pk: sar(300)})
    assert one.number in str(wrong.value) and two.number in str(wrong.value)


def test_the_same_key_is_one_payment(company):
    customer = make_customer()
    posted_invoice(customer)
    first = make_payment(customer, "100", idempotency_key="bank-1")
    again = make_payment(customer, "100", idempotency_key="bank-1")
    assert (again, Payment.objects.count(), Entry.objects.filter(kind="payment").count()) == (first, 1, 1)


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_a_payment_is_more_than_nothing(company, amount):
    with pytest.raises(Refused):
        make_payment(make_customer(), amount)


def test_taking_an_allocation_back(company):
    customer = make_customer()
    invoice = posted_invoice(customer)
    payment = make_payment(customer, "100")

    assert unallocate(payment, invoice, actor=SYSTEM, at=NOW) == sar(100)

    assert (opens(invoice), Payment.objects.get().unallocated) == ([23000], 10000)
    assert [row.amount for row in Allocation.objects.order_by("pk")] == [10000, -10000]
    with pytest.raises(Refused):
        unallocate(payment, invoice, actor=SYSTEM, at=NOW)
    assert verify_books() == []


def test_credit_notes_are_set_against_other_invoices(company):
    customer = make_customer()
    paid = posted_invoice(customer)
    make_payment(customer, "230")
    note = credit_in_full(paid, reason="x", actor=SYSTEM, at=NOW)
    other = posted_invoice(customer)

    allocate_credit_note(note, {other.pk: sar(100)}, actor=SYSTEM, at=NOW)
    assert (opens(other), opens(note)) == ([13000], [13000])
    allocate_credit_note(note, actor=SYSTEM, at=NOW)
    assert (opens(other), opens(note)) == ([0], [0])
    unallocate(Invoice.objects.get(pk=note.pk), other, actor=SYSTEM, at=NOW)
    assert (opens(other), opens(note)) == ([23000], [23000])
    assert verify_books() == []


def test_money_is_given_back(company):
    customer = make_customer()
    payment = make_payment(customer, "100")
    with pytest.raises(Refused):
        refund_payment(payment, sar("100.01"), actor=SYSTEM, at=NOW)

    refund = refund_payment(payment, sar(60), actor=SYSTEM, at=NOW)

    assert (refund.number, refund.direction, Payment.objects.get(pk=payment.pk).unallocated) == (
        "RF-2026-00001", "out", 4000,
    )  # fmt: skip
    assert balance_of(customer) == sar(-40)
    note = credit_in_full(_paid(customer), reason="x", actor=SYSTEM, at=NOW)
    refund_credit_note(note, Money(note.open_amount, "SAR"), actor=SYSTEM, at=NOW)
    assert opens(note) == [0]
    assert verify_books() == []


def _paid(customer):
    invoice = posted_invoice(customer)
    make_payment(customer, "230", shares={invoice.pk: sar(230)})
    return invoice


def test_a_returned_cheque_opens_its_invoices_again(company):
    customer = make_customer()
    one, two = posted_invoice(customer), posted_invoice(customer)
    payment = make_payment(customer, "400")

    reversed_one = reverse_payment(payment, reason="شيك مرتجع", actor=SYSTEM, at=NOW)

    assert (reversed_one.state, reversed_one.unallocated) == ("reversed", 0)
    assert (opens(one, two), balance_of(customer)) == ([23000, 23000], sar(460))
    assert verify_books() == []
    with pytest.raises(Refused):
        reverse_payment(payment, reason="x", actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        allocate_payment(payment, actor=SYSTEM, at=NOW)


def test_a_refunded_payment_is_not_reversed(company):
    payment = make_payment(make_customer(), "100")
    refund = refund_payment(payment, sar(1), actor=SYSTEM, at=NOW)
    for one in (payment, refund):
        with pytest.raises(Refused):
            reverse_payment(one, reason="x", actor=SYSTEM, at=NOW)


@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(1, 10**5), st.one_of(st.none(), st.dates())), max_size=8),
)
def test_money_is_given_out_completely_and_never_too_much(amount, debts):
    invoices = [Open(key, owed, due) for key, (owed, due) in enumerate(debts)]
    shares = oldest_first(amount, invoices)
    assert sum(shares.values()) == min(amount, sum(one.amount for one in invoices))
    assert all(0 < shares[one.key] <= one.amount for one in invoices if one.key in shares)
    untouched = [one for one in invoices if one.key not in shares]
    for later in (one for one in invoices if one.key in shares):
        assert all((one.due or date.max, one.key) > (later.due or date.max, later.key) for one in untouched)


def test_payment_behaviour(company):
    customer = make_customer()
    for day in (date(2026, 3, 5), date(2026, 3, 25)):
        invoice = posted_invoice(customer, due_date=date(2026, 3, 15))
        make_payment(customer, "230", day=day, shares={invoice.pk: sar(230)})
    found = reliability(customer, date(2026, 4, 1))
    assert (found.paid, found.on_time, found.average_days, found.average_days_late) == (2, 1, 10, 5)
    assert reliability(make_customer(), TODAY).average_days is None


# Old papers


def historic(customer, number: str, kind: str = "invoice", price: str = "10") -> HistoricPaper:
    line = PricedLine(
        None, "A", "Old goods", "", "goods", "", Decimal(3), Decimal(price), None, Decimal(0), None, "O", Decimal(0)
    )
    return HistoricPaper(kind, number, customer, date(2010, 12, 1), "GBP", [line], reason="Returned")


def test_history_is_posted_with_its_own_numbers_and_once(company, django_assert_max_num_queries):
    customer = make_customer(currency="GBP")
    papers = [historic(customer, "536365"), historic(customer, "C536379", "credit_note", "1.33")]

    with django_assert_max_num_queries(20):
        posted = post_history(papers, source="retail", actor=SYSTEM, at=NOW)

    assert [(one.number, one.total, one.origin) for one in posted] == [
        ("536365", 3000, "imported"), ("C536379", 399, "imported"),
    ]  # fmt: skip
    assert balance_of(customer, "GBP") == Money(2601, "GBP")
    assert post_history(papers, source="retail", actor=SYSTEM, at=NOW) == []
    assert len(post_history(papers[:1], source="another", actor=SYSTEM, at=NOW)) == 1
    assert Balance.objects.get(currency="GBP").amount == 5601
    assert posted_invoice().number == "INV-2026-00001"
    assert verify_books() == []


# Rights


def test_who_sees_payments(amina, babak, agent):
    payment = make_payment(amina.customer)
    assert list(Payment.objects.visible_to(amina.actor)) == [payment]
    for person in (babak, make_customer_user(amina.customer, "buyer"), agent):
        assert not Payment.objects.visible_to(person.actor).exists()


def test_allocations_follow_their_invoice(amina, babak):
    posted_invoice(amina.customer)
    make_payment(amina.customer)
    assert Allocation.objects.visible_to(amina.actor).count() == 1
    assert not Allocation.objects.visible_to(babak.actor).exists()


def test_money_moves_only_by_those_who_may(company, amina, agent, seller):
    payment = make_payment(amina.customer, "10")
    for person in (amina, agent, seller):
        for attempt in (
            lambda by=person.actor: record_payment(amina.customer, sar(1), actor=by, at=NOW),
            lambda by=person.actor: allocate_payment(payment, actor=by, at=NOW),
            lambda by=person.actor: refund_payment(payment, sar(1), actor=by, at=NOW),
            lambda by=person.actor: reverse_payment(payment, reason="x", actor=by, at=NOW),
        ):
            with pytest.raises(PermissionDenied):
                attempt()
    assert (Payment.objects.count(), Event.objects.filter(name="payment.recorded").count()) == (1, 1)
    assert not open_invoices(amina.customer).exists()
