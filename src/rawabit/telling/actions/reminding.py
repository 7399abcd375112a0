"""What the clock tells: invoices that are still open, and statements of the month before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from rawabit.billing.models import Invoice
from rawabit.billing.queries import reminders_paused
from rawabit.company.queries import company_now, local_day
from rawabit.crm.models import Customer
from rawabit.identity.models import User
from rawabit.kit.calendar_math import month_of
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor, system
from rawabit.ledger.queries import statement
from rawabit.telling.actions.telling import tell
from rawabit.telling.logic.kinds import KINDS
from rawabit.telling.models import Reminder
from rawabit.telling.queries import person_of, wanting_statements

ONE_DAY = timedelta(days=1)
LATE = 2  # days: a worker that was away so long still sends; what is older is left out


def remind_of_invoices(*, actor: Actor, at: datetime) -> int:
    """Call open invoices to mind on the days that the company has set; answers how many. Each invoice once per step,
    and of several steps that fall together the last alone."""
    company = company_now()
    if not company.reminders_on:
        return 0
    today, count = local_day(at, company), 0
    for step in sorted({int(day) for day in company.reminder_days}, reverse=True):
        due = today - timedelta(days=step)
        rows = Invoice.objects.filter(
            kind=Invoice.INVOICE, state="posted", open_amount__gt=0, due_date__range=(due - timedelta(days=LATE), due)
        ).exclude(reminders__step__gte=step)
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        waiting = reminders_paused(keys)
        count += sum(_remind(key, step, actor, at) for key in keys if key not in waiting)
    return count


@transaction.atomic
def _remind(key: int, step: int, actor: Actor, at: datetime) -> bool:
    invoice = lock(Invoice(pk=key))
    if invoice.state != "posted" or invoice.open_amount <= 0:
        return False
    _row, fresh = Reminder.objects.get_or_create(invoice=invoice, step=step, defaults={"at": at})
    if fresh:
        emit("invoice.reminded", invoice, actor=actor, at=at, number=invoice.number, step=step,
             open=invoice.open_amount, currency=invoice.currency)  # fmt: skip
    return fresh


# Statements


def send_statements(*, actor: Actor, at: datetime) -> int:
    """In the first days of a month, the statement of the month before to everybody who asked for it; once each."""
    del actor
    company = company_now()
    today = local_day(at, company)
    begun = month_of(today, company.calendar)[0]
    if (today - begun).days > LATE:
        return 0
    last = begun - ONE_DAY
    first = month_of(last, company.calendar)[0]
    wanted = wanting_statements()
    for user, customer in wanted:
        _send_statement(user, customer, first, last, at)
    return len(wanted)


@transaction.atomic
def _send_statement(user: User, customer: Customer, first: date, last: date, at: datetime) -> None:
    facts = _span(customer, first, last)
    key = f"statement:{customer.pk}:{first.isoformat()}"
    person = person_of(user, customer.language)
    tell(KINDS["statement"], customer, [person], customer, event=None, key=key, facts=facts, asked=False, at=at)


def _span(customer: Customer, first: date, last: date) -> dict[str, Any]:
    balance = statement(customer, customer.currency, first, last).closing
    return {
        "first": first.isoformat(), "last": last.isoformat(), "balance": balance.minor, "currency": balance.currency,
    }  # fmt: skip


def tick(at: datetime) -> None:
    """For the schedule."""
    remind_of_invoices(actor=system(), at=at)
    send_statements(actor=system(), at=at)
