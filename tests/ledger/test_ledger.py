"""Accounts: entries are only added, sums are the balances, ageing and credit have one definition."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from rawabit.crm.actions import set_credit
from rawabit.kit.display import PRESETS, using
from rawabit.kit.money import Money
from rawabit.kit.states import Refused
from rawabit.ledger.actions import Paper, cancel_out, post_entry, post_opening, settle, unsettle
from rawabit.ledger.logic.credit import Account, CreditStatus, judge
from rawabit.ledger.logic.statement import Posting, age, bucket_of, run
from rawabit.ledger.models import Balance, Entry
from rawabit.ledger.queries import ageing, balance_of, balances_of, credit_status, statement, verify_ledger
from tests.makers import NOW, SYSTEM, TODAY, make_customer, sar


def paper(kind: str, amount: Money, day: date = TODAY, due: date | None = None) -> Paper:
    return Paper(kind, f"N-{uuid.uuid4().hex[:6]}", uuid.uuid4(), day, amount, due or day)


def post(customer, kind: str, amount: str, day: date = TODAY, due: date | None = None) -> Paper:
    one = paper(kind, sar(amount), day, due)
    post_entry(customer, one, at=NOW)
    return one


def test_balances_are_the_sums_of_entries(company):
    customer = make_customer()
    post(customer, "invoice", "100")
    post(customer, "payment", "30")
    post_entry(customer, paper("invoice", Money(5000, "KWD")), at=NOW)

    assert balance_of(customer) == sar(70)
    assert balances_of(customer) == [sar(70), Money(5000, "KWD")]
    assert verify_ledger() == []


def test_entries_are_never_changed_or_removed(company):
    post(make_customer(), "invoice", "100")
    with pytest.raises(TypeError):
        Entry.objects.all().update(debit=1)
    with pytest.raises(TypeError):
        Entry.objects.all().delete()


def test_a_document_is_posted_once(company):
    customer = make_customer()
    one = post(customer, "invoice", "100")
    with pytest.raises(IntegrityError), transaction.atomic():
        post_entry(customer, one, at=NOW)
    assert balance_of(customer) == sar(100)


def test_entries_are_positive(company):
    with pytest.raises(ValueError, match="positive"):
        post(make_customer(), "invoice", "-1")


def test_opening_balances_may_be_in_the_customer_s_favour(company):
    customer = make_customer()
    post_opening(customer, sar("-50"), date(2025, 12, 31), actor=SYSTEM, at=NOW)
    assert balance_of(customer) == sar("-50")
    assert verify_ledger() == []


def test_settling_moves_the_open_parts_and_nothing_else(company):
    customer = make_customer()
    invoice, payment = post(customer, "invoice", "100"), post(customer, "payment", "60")

    settle(invoice.uid, payment.uid, sar(60))

    assert [entry.open for entry in Entry.objects.order_by("id")] == [4000, 0]
    assert balance_of(customer) == sar(40)
    with pytest.raises(Refused):
        settle(invoice.uid, payment.uid, sar(1))
    unsettle(invoice.uid, payment.uid, sar(60))
    with pytest.raises(Refused):
        unsettle(invoice.uid, payment.uid, sar(1))
    assert verify_ledger() == []


def test_a_reversal_cancels_what_it_reverses(company):
    customer = make_customer()
    payment = post(customer, "payment", "60")
    post_entry(customer, Paper("reversal", payment.number, payment.uid, TODAY, sar(60)), at=NOW)
    cancel_out(payment.uid, sar(60))
    assert [entry.open for entry in Entry.objects.all()] == [0, 0]
    assert balance_of(customer) == sar(0)
    with pytest.raises(Refused):
        cancel_out(payment.uid, sar(1))


def test_a_drifted_balance_is_found(company):
    customer = make_customer()
    post(customer, "invoice", "100")
    Balance.objects.update(amount=1)
    Entry.unsettled.update(open=3)
    assert len(verify_ledger()) == 2


# Statements


def test_a_statement_has_opening_running_and_closing_balance(company, django_assert_num_queries):
    customer = make_customer()
    post(customer, "invoice", "100", date(2026, 1, 10))
    post(customer, "payment", "40", date(2026, 2, 1))
    post(customer, "invoice", "10", date(2026, 2, 28))
    post(customer, "invoice", "7", date(2026, 3, 1))

    with django_assert_num_queries(2):
        account = statement(customer, "SAR", date(2026, 2, 1), date(2026, 2, 28))

    assert (account.opening, account.debit, account.credit, account.closing) == (sar(100), sar(10), sar(40), sar(70))
    assert [row.balance for row in account.rows] == [sar(60), sar(70)]


def test_an_empty_statement_closes_as_it_opened(company):
    account = statement(make_customer(), "SAR", TODAY, TODAY)
    assert (account.opening, account.closing, list(account.rows)) == (sar(0), sar(0), [])


postings = st.lists(st.tuples(st.booleans(), st.integers(0, 10**9)), max_size=30)


@given(st.integers(-(10**9), 10**9), postings)
def test_opening_plus_movements_is_closing(opening, moves):
    rows = [Posting(TODAY, "x", "n", None, amount if debit else 0, 0 if debit else amount) for debit, amount in moves]
    account = run(Money(opening, "SAR"), rows, TODAY, TODAY)
    assert account.closing == account.opening + account.debit - account.credit
    assert len(account.rows) == len(moves)


@given(postings, st.integers(0, 30))
def test_the_running_balance_goes_on_over_a_cut(moves, cut):
    rows = [Posting(TODAY, "x", "n", None, amount if debit else 0, 0 if debit else amount) for debit, amount in moves]
    whole = run(Money(0, "SAR"), rows, TODAY, TODAY)
    first = run(Money(0, "SAR"), rows[:cut], TODAY, TODAY)
    second = run(first.closing, rows[cut:], TODAY, TODAY)
    assert [*first.rows, *second.rows] == list(whole.rows)


# Ageing


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-5, "current"), (0, "current"), (1, "d30"), (30, "d30"), (31, "d60"), (60, "d60"), (61, "d90"), (90, "d90"),
     (91, "older")],
)  # fmt: skip
def test_buckets(days, bucket):
    assert bucket_of(TODAY - timedelta(days=days), TODAY) == bucket


@given(st.lists(st.tuples(st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2027, 1, 1))), st.integers(1, 10**9))))
def test_buckets_hold_all_debts(debts):
    aged = age(debts, 0, "SAR", TODAY)
    assert aged.owed.minor == sum(amount for _due, amount in debts)
    assert sum(amount.minor for _code, _label, amount in aged.bars()) == aged.owed.minor


def test_ageing_reads_what_is_open(company, django_assert_num_queries):
    customer = make_customer()
    old = post(customer, "invoice", "100", date(2025, 10, 1))
    post(customer, "invoice", "50", TODAY, TODAY + timedelta(days=10))
    payment = post(customer, "payment", "120")
    settle(old.uid, payment.uid, sar(70))

    with django_assert_num_queries(1):
        aged = ageing(customer, TODAY)

    assert (aged.older, aged.current, aged.overdue, aged.unallocated) == (sar(30), sar(50), sar(30), sar(50))
    assert aged.oldest_days == (TODAY - date(2025, 10, 1)).days
    assert aged.owed - aged.unallocated == balance_of(customer)


# Credit


def status(limit, used, extra, overdue=0, policy="block", on_hold=False) -> CreditStatus:
    known = None if limit is None else sar(limit)
    return judge(Account(known, sar(used), sar(overdue), 3 if overdue else 0, on_hold), sar(extra), policy)


@pytest.mark.parametrize(
    ("status", "level", "reason"),
    [
        (status(None, 10**6, 10**6), "ok", ""), (status(100, 60, 40), "ok", ""),
        (status(100, 60, "40.01"), "block", "over_limit"), (status(100, 60, 41, policy="warn"), "warn", "over_limit"),
        (status(0, 0, 1), "block", "over_limit"), (status(None, 10, 0, overdue=10), "warn", "overdue"),
        (status(100, 60, 41, overdue=5, policy="warn"), "warn", "over_limit"),
        (status(None, 0, 0, on_hold=True, policy="warn"), "block", "on_hold"),
    ],
)  # fmt: skip
def test_verdicts(status, level, reason):
    assert (status.level, status.reason) == (level, reason)
    assert CreditStatus.from_facts(status.facts()) == status


def test_the_words_hold_the_figures():
    with using(PRESETS["GB"]):
        words = status(50_000, 14_772, 38_400).words
    for figure in ("50,000.00", "14,772.00", "38,400.00", "3,172.00"):
        assert figure in words


def test_credit_of_a_customer(company, clerk):
    customer = set_credit(make_customer(), sar(100), False, actor=clerk.actor, at=NOW)
    post(customer, "invoice", "80", TODAY, TODAY)
    found = credit_status(customer, sar(30), TODAY)
    assert (found.level, found.available, found.overdue) == ("warn", sar(-10), sar(0))
    assert credit_status(customer, sar(20), TODAY + timedelta(days=1)).reason == "overdue"
