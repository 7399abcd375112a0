"""Posting to customers' accounts. Called by the modules above inside their own transactions."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from rawabit.crm.models import Customer
from rawabit.crm.policies import require_on
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.ledger.models import Balance, Entry

DEBIT_KINDS = ("opening", "invoice", "debit_note", "refund", "reversal")
CREDIT_KINDS = ("credit_note", "payment")


@dataclass(frozen=True, slots=True)
class Paper:
    """The document behind an entry. ``kind`` says on which side its amount goes."""

    kind: str
    number: str
    uid: uuid.UUID
    date: dt.date
    amount: Money
    due_date: dt.date | None = None


@transaction.atomic
def post_entry(customer: Customer, paper: Paper, *, at: datetime) -> Entry:
    """Add one entry and move the balance by it, in the caller's transaction.

    The balance row is locked first, so that postings of one customer stand in line. Posting a document twice raises
    IntegrityError: the caller's own state has let it through."""
    debit, credit = sides(paper)
    lock_balance(customer, paper.amount.currency)
    entry = Entry.objects.create(
        customer=customer, currency=paper.amount.currency, date=paper.date, due_date=paper.due_date, kind=paper.kind,
        number=paper.number, document_uid=paper.uid, debit=debit, credit=credit, open=debit + credit, at=at,
    )  # fmt: skip
    Balance.objects.filter(customer=customer, currency=paper.amount.currency).update(
        amount=F("amount") + debit - credit
    )
    return entry


def sides(paper: Paper) -> tuple[int, int]:
    """(debit, credit) in minor units. Only an opening balance may be negative: then we owe the customer."""
    if paper.kind == "opening" and paper.amount.minor < 0:
        return 0, -paper.amount.minor
    if paper.amount.minor < 0:
        raise ValueError(f"an entry is posted with a positive amount, not {paper.amount}")
    return (0, paper.amount.minor) if paper.kind in CREDIT_KINDS else (paper.amount.minor, 0)


def lock_balance(customer: Customer, currency: str) -> Balance:
    """The customer's balance row, made when missing and held until the commit."""
    Balance.objects.get_or_create(customer=customer, currency=currency)
    held: Balance = Balance.objects.select_for_update().get(customer=customer, currency=currency)
    return held


def settle(debit_uid: uuid.UUID, credit_uid: uuid.UUID, amount: Money) -> None:
    """Set a part of one posted document against a part of another: both are open by so much less."""
    if not (_open_less(debit_uid, amount.minor) and _open_less(credit_uid, amount.minor)):
        raise Refused(_("This amount is no longer open."))


def unsettle(debit_uid: uuid.UUID, credit_uid: uuid.UUID, amount: Money) -> None:
    """Take a settlement back."""
    if not (_open_less(debit_uid, -amount.minor) and _open_less(credit_uid, -amount.minor)):
        raise Refused(_("This amount was not allocated."))


def _open_less(uid: uuid.UUID, amount: int) -> bool:
    """By conditional update, so that no entry is ever settled beyond its amount or reopened beyond it."""
    rows = Entry.unsettled.filter(document_uid=uid).exclude(kind="reversal")
    within = rows.filter(open__gte=amount, open__lte=F("debit") + F("credit") + amount)
    return within.update(open=F("open") - amount) == 1


def cancel_out(uid: uuid.UUID, amount: Money) -> None:
    """Set a reversal against the posting that it reverses; both carry the key of the same document."""
    rows = Entry.unsettled.filter(document_uid=uid, open__gte=amount.minor)
    if rows.update(open=F("open") - amount.minor) != 2:
        raise Refused(_("Take back its allocations first."))


@transaction.atomic
def post_opening(customer: Customer, amount: Money, day: date, *, actor: Actor, at: datetime) -> Entry:
    """What the customer owed when the books were opened here."""
    require_on(actor, "ledger.post_opening", customer)
    entry = post_entry(customer, Paper("opening", "", uuid.uuid4(), day, amount, day), at=at)
    emit("opening.posted", customer, actor=actor, at=at, amount=amount.minor, currency=amount.currency, date=day)
    return entry
