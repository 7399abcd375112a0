"""Imported documents in the customers' accounts: entries and balances of a whole batch at once.

The same rows as ``ledger.actions.post_entry`` makes one by one; ``ledger.queries.verify_ledger`` must find nothing.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from rawabit.ledger.models import Balance, Entry

CREDIT_KINDS = ("credit_note", "payment")


@dataclass(frozen=True, slots=True)
class Posting:
    """One document to post; ``amount`` in minor units, never negative."""

    customer_id: int
    kind: str
    number: str
    uid: uuid.UUID
    day: date
    currency: str
    amount: int
    due_date: date | None = None


def post_all(postings: Iterable[Posting], at: datetime) -> None:
    """Entries for all documents that are worth anything, and the balances moved by them."""
    worth = [posting for posting in postings if posting.amount]
    entries = [_entry(posting, at) for posting in worth]
    Entry.objects.bulk_create(entries)
    moves: Counter[tuple[int, str]] = Counter()
    for entry in entries:
        moves[entry.customer_id, entry.currency] += entry.debit - entry.credit
    move_balances(moves)


def _entry(posting: Posting, at: datetime) -> Entry:
    amount, on_credit = posting.amount, posting.kind in CREDIT_KINDS
    return Entry(
        customer_id=posting.customer_id, currency=posting.currency, date=posting.day, due_date=posting.due_date,
        kind=posting.kind, number=posting.number, document_uid=posting.uid,
        debit=0 if on_credit else amount, credit=amount if on_credit else 0, open=amount, at=at,
    )  # fmt: skip


def move_balances(moves: Counter[tuple[int, str]]) -> None:
    """Add to each customer's balance; rows that are not there yet are made. Locked in one order: no deadlock."""
    wanted = sorted(key for key, amount in moves.items() if amount)
    Balance.objects.bulk_create(
        [Balance(customer_id=customer, currency=currency) for customer, currency in wanted], ignore_conflicts=True
    )
    for customer, currency in wanted:
        Balance.objects.filter(customer=customer, currency=currency).update(
            amount=F("amount") + moves[customer, currency]
        )


def take_back(uids: Iterable[uuid.UUID]) -> None:
    """Remove the entries of documents that an undo removes. Nothing else may do that."""
    entries = Entry.unsettled.filter(document_uid__in=list(uids))
    moves: Counter[tuple[int, str]] = Counter()
    for customer, currency, debit, credit in entries.values_list("customer", "currency", "debit", "credit"):
        moves[customer, currency] -= debit - credit
    entries.delete()
    move_balances(moves)
