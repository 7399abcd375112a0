"""The statement by e-mail, to the person who looks at it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rawabit.crm.models import Customer
from rawabit.crm.policies import PAYING, require_on
from rawabit.identity.models import User
from rawabit.kit.outbox.actions import queue
from rawabit.kit.records.actor import Actor
from rawabit.ledger.logic.statement import Statement
from rawabit.telling.actions import set_preferences
from rawabit.telling.actions.telling import recipient_of
from rawabit.telling.letters import PREFIX
from rawabit.telling.logic.kinds import EMAIL
from rawabit.telling.queries import matrix_of, person_of

MONTHLY = "statement"


@transaction.atomic
def mail_statement(customer: Customer, found: Statement, user: User, *, sheet: str, actor: Actor, at: datetime) -> None:
    """Send this statement to the person's own address, as a PDF. The same button pressed twice sends one."""
    require_on(actor, "ledger.view_entry", customer, roles=PAYING)
    facts = {"first": found.start.isoformat(), "last": found.end.isoformat(), "balance": found.closing.minor,
             "currency": found.closing.currency}  # fmt: skip
    recipient = recipient_of(person_of(user, customer.language))
    key = f"statement-asked:{customer.pk}:{user.pk}:{found.start}:{found.end}:{sheet[:40]}"
    queue(PREFIX + MONTHLY, EMAIL, recipient, customer, event=None, key=key, facts=facts, owner_key=customer.pk, at=at)


def wants_monthly(user: User) -> bool:
    """Does the person get the statement every month?"""
    return matrix_of(user).get(MONTHLY, {}).get(EMAIL, False)


@transaction.atomic
def want_monthly(user: User, wanted: bool, *, actor: Actor, at: datetime) -> None:
    """From now on, or no more; the person's other choices stay as they are."""
    kept = {(group, channel) for group, row in matrix_of(user).items() for channel, on in row.items() if on}
    changed = kept | {(MONTHLY, EMAIL)} if wanted else kept - {(MONTHLY, EMAIL)}
    set_preferences(changed, actor=actor, at=at)
