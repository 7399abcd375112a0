"""What customers owe, read."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Sum

from rawabit.company.queries import company_now
from rawabit.crm.models import Customer
from rawabit.kit.money import Money
from rawabit.ledger.logic.credit import Account, CreditStatus, judge
from rawabit.ledger.logic.statement import Ageing, Posting, Statement, age, run
from rawabit.ledger.models import Balance, Entry


def balance_of(customer: Customer, currency: str | None = None) -> Money:
    """What the customer owes in a currency (his own when none is named); negative: we owe him."""
    code = currency or customer.currency
    row = Balance.objects.filter(customer=customer, currency=code).values_list("amount", flat=True).first()
    return Money(row or 0, code)


def balances_of(customer: Customer) -> list[Money]:
    """His balances in all currencies in which he ever had one; his own currency first."""
    rows = dict(Balance.objects.filter(customer=customer).values_list("currency", "amount"))
    codes = sorted({*rows, customer.currency}, key=lambda code: (code != customer.currency, code))
    return [Money(rows.get(code, 0), code) for code in codes]


def currencies_of(customer: Customer) -> list[str]:
    """The currencies of his statements; his own first."""
    return [money.currency for money in balances_of(customer)]


def statement(customer: Customer, currency: str, start: date, end: date) -> Statement:
    """His account from ``start`` to ``end``, both included: two queries, whatever the history."""
    entries = Entry.objects.filter(customer=customer, currency=currency)
    sums = entries.filter(date__lt=start).aggregate(debit=Sum("debit"), credit=Sum("credit"))
    opening = Money((sums["debit"] or 0) - (sums["credit"] or 0), currency)
    rows = entries.filter(date__range=(start, end)).order_by("date", "id")
    fields = ("date", "kind", "number", "document_uid", "debit", "credit", "due_date")
    return run(opening, (Posting(*row) for row in rows.values_list(*fields)), start, end)


def ageing(customer: Customer, today: date, currency: str | None = None) -> Ageing:
    """His open debts by age on a day. Only what is open is read, so an old customer costs no more than a new one."""
    code = currency or customer.currency
    rows = Entry.objects.filter(customer=customer, currency=code, open__gt=0)
    debts, unallocated = [], 0
    for due, debit, amount in rows.values_list("due_date", "debit", "open"):
        if debit:
            debts.append((due, amount))
        else:
            unallocated += amount
    return age(debts, unallocated, code, today)


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
