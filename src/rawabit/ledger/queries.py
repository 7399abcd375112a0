"""What customers owe, read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from rawabit.company.queries import company_now
from rawabit.crm.models import Customer
from rawabit.kit.money import Money
from rawabit.kit.records.prepared import prepared
from rawabit.ledger.logic.credit import Account, CreditStatus, judge
from rawabit.ledger.logic.statement import Ageing, Posting, Statement, age, run
from rawabit.ledger.models import Balance, Entry


def balance_of(customer: Customer, currency: str | None = None) -> Money:
    """What the customer owes in a currency (his own when none is named); negative: we owe him."""
    code = currency or customer.currency
    return Money(dict(_balances(customer=customer.pk)).get(code, 0), code)


def balances_of(customer: Customer) -> list[Money]:
    """His balances in all currencies in which he ever had one; his own currency first."""
    rows = dict(_balances(customer=customer.pk))
    codes = sorted({*rows, customer.currency}, key=lambda code: (code != customer.currency, code))
    return [Money(rows.get(code, 0), code) for code in codes]


@prepared
def _balances(*, customer: int) -> QuerySet[Balance, tuple[str, int]]:
    return Balance.objects.filter(customer_id=customer).values_list("currency", "amount")


def currencies_of(customer: Customer) -> list[str]:
    """The currencies of his statements; his own first."""
    return [money.currency for money in balances_of(customer)]


def statement(customer: Customer, currency: str, start: date, end: date) -> Statement:
    """His account from ``start`` to ``end``, both included: two queries, whatever the history."""
    known = _opening.first(customer=customer.pk, currency=currency, start=start)
    opening = Money(known[0] - (known[1] or 0) if known else 0, currency)
    rows = _movements(customer=customer.pk, currency=currency, start=start, end=end)
    return run(opening, (Posting(*row) for row in rows), start, end)


@prepared
def _opening(*, customer: int, currency: str, start: date) -> QuerySet[Balance, tuple[int, int | None]]:
    """(Balance now, what moved it since): a long history before ``start`` is not read. One statement, so that nothing
    can be posted between the two."""
    own = Entry.objects.filter(customer_id=OuterRef("customer_id"), currency=OuterRef("currency"), date__gte=start)
    moved = own.order_by().values("customer_id").annotate(moved=Sum(F("debit") - F("credit"))).values("moved")
    rows = Balance.objects.filter(customer_id=customer, currency=currency)
    return rows.annotate(moved=Subquery(moved)).values_list("amount", "moved")


@prepared
def _movements(*, customer: int, currency: str, start: date, end: date) -> QuerySet[Entry, tuple[Any, ...]]:
    rows = Entry.objects.filter(customer_id=customer, currency=currency, date__gte=start, date__lte=end)
    fields = ("date", "kind", "number", "document_uid", "debit", "credit", "due_date")
    return rows.order_by("date", "id").values_list(*fields)


def ageing(customer: Customer, today: date, currency: str | None = None) -> Ageing:
    """His open debts by age on a day. Only what is open is read, so an old customer costs no more than a new one."""
    code = currency or customer.currency
    debts, unallocated = [], 0
    for due, debit, amount in _unsettled(customer=customer.pk, currency=code):
        if debit:
            debts.append((due, amount))
        else:
            unallocated += amount
    return age(debts, unallocated, code, today)


@prepared
def _unsettled(*, customer: int, currency: str) -> QuerySet[Entry, tuple[date | None, int, int]]:
    rows = Entry.objects.filter(customer_id=customer, currency=currency, open__gt=0)
    return rows.values_list("due_date", "debit", "open")


def credit_status(customer: Customer, extra: Money, today: date) -> CreditStatus:
    """May he order for ``extra`` more? ``extra`` is what is ordered and not yet invoiced, with the order in question.

    In the customer's own currency; a document in another currency is judged by what he owes alone."""
    aged = ageing(customer, today)
    code = customer.currency
    limit = None if customer.credit_limit is None else Money(customer.credit_limit, code)
    counted = extra if extra.currency == code else Money(0, code)
    account = Account(limit, balance_of(customer), aged.overdue, aged.oldest_days, customer.on_hold)
    return judge(account, counted, company_now().credit_policy)


def verify_ledger() -> list[str]:
    """Where the sums of the ledger do not agree; empty when the books are right. For doctor and the harnesses."""
    wrong = []
    rows = Entry.objects.values_list("customer_id", "currency").annotate(owed=Sum(F("debit") - F("credit")))
    truth = {(customer, currency): owed for customer, currency, owed in rows}
    kept = {(row.customer_id, row.currency): row.amount for row in Balance.objects.all()}
    for key in sorted({*truth, *kept}):
        if truth.get(key, 0) != kept.get(key, 0):
            sums = f"{kept.get(key, 0)}, entries say {truth.get(key, 0)}"
            wrong.append(f"balance of customer {key[0]} in {key[1]}: {sums}")
    return wrong + _unsettled_differs(kept)


def _unsettled_differs(kept: dict[tuple[int, str], int]) -> list[str]:
    rows = Entry.objects.filter(open__gt=0).values_list("customer_id", "currency", "debit", "open")
    unsettled: dict[tuple[int, str], int] = {}
    for customer, currency, debit, amount in rows.iterator():
        unsettled[customer, currency] = unsettled.get((customer, currency), 0) + (amount if debit else -amount)
    return [
        f"open entries of customer {key[0]} in {key[1]}: {unsettled.get(key, 0)}, balance {kept.get(key, 0)}"
        for key in sorted({*unsettled, *kept})
        if unsettled.get(key, 0) != kept.get(key, 0)
    ]
