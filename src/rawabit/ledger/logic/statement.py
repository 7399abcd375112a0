"""Statements and ageing: arithmetic over entries. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rawabit.kit.marking import _
from rawabit.kit.money import Money

BUCKETS = ("current", "d30", "d60", "d90", "older")
BUCKET_LABELS = {
    "current": _("Not yet due"),
    "d30": _("1–30 days"),
    "d60": _("31–60 days"),
    "d90": _("61–90 days"),
    "older": _("More than 90 days"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One entry with the balance after it. ``number`` and ``document_uid`` lead to the document."""

    date: dt.date
    kind: str
    number: str
    document_uid: object
    debit: Money
    credit: Money
    balance: Money
    due_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A customer's account in [start, end]: opening + debit − credit = closing."""

    start: date
    end: date
    opening: Money
    rows: Sequence[Row]

    @property
    def debit(self) -> Money:
        return Money(sum(row.debit.minor for row in self.rows), self.opening.currency)

    @property
    def credit(self) -> Money:
        return Money(sum(row.credit.minor for row in self.rows), self.opening.currency)

    @property
    def closing(self) -> Money:
        return self.rows[-1].balance if self.rows else self.opening


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry as the ledger keeps it, in minor units."""

    date: dt.date
    kind: str
    number: str
    document_uid: object
    debit: int
    credit: int
    due_date: dt.date | None = None


def run(opening: Money, postings: Iterable[Posting], start: date, end: date) -> Statement:
    """The statement of postings that are in order already."""
    balance, currency, rows = opening.minor, opening.currency, []
    for one in postings:
        balance += one.debit - one.credit
        rows.append(
            Row(
                one.date, one.kind, one.number, one.document_uid, Money(one.debit, currency),
                Money(one.credit, currency), Money(balance, currency), one.due_date,
            )
        )  # fmt: skip
    return Statement(start, end, opening, rows)


@dataclass(frozen=True, slots=True)
class Ageing:
    """What is owed by age. ``unallocated``: money and credit notes of the customer not yet set against an invoice."""

    current: Money
    d30: Money
    d60: Money
    d90: Money
    older: Money
    unallocated: Money
    oldest_days: int

    @property
    def overdue(self) -> Money:
        return self.d30 + self.d60 + self.d90 + self.older

    @property
    def owed(self) -> Money:
        """All open debts; minus ``unallocated`` it is the balance."""
        return self.current + self.overdue

    def bars(self) -> list[tuple[str, object, Money]]:
        """(code, label, amount) of each bucket, youngest first."""
        return [(code, BUCKET_LABELS[code], getattr(self, code)) for code in BUCKETS]


def bucket_of(due: date | None, today: date) -> str:
    """Which bucket a debt is in: one that is due today is not overdue; a debt without a date is current."""
    days = (today - due).days if due else 0
    if days <= 0:
        return "current"
    return "d30" if days <= 30 else "d60" if days <= 60 else "d90" if days <= 90 else "older"


def age(debts: Iterable[tuple[date | None, int]], unallocated: int, currency: str, today: date) -> Ageing:
    """Debts (due date, minor units) by age on a day."""
    sums, oldest = dict.fromkeys(BUCKETS, 0), 0
    for due, amount in debts:
        sums[bucket_of(due, today)] += amount
        oldest = max(oldest, (today - due).days if due else 0)
    amounts = {code: Money(amount, currency) for code, amount in sums.items()}
    return Ageing(**amounts, unallocated=Money(unallocated, currency), oldest_days=oldest)
