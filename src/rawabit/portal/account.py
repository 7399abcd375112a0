"""On whose behalf a customer's user looks: one customer at a time, chosen by him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from rawabit.crm.models import Customer
from rawabit.kit.records.actor import Actor
from rawabit.portal.queries.accounts import customer_of
from rawabit.portal.queries.seeing import alone

CHOSEN = "portal_customer"  # the key in the session


@dataclass(frozen=True, slots=True)
class Account:
    """A customer and the person's role there. ``actor`` is the person seeing this customer alone."""

    customer: Customer
    role: str
    actor: Actor


def account_of(record: Any, actor: Actor) -> Account:
    """The account that a record of one of the person's customers belongs to."""
    customer = record.customer
    return account_of_customer(customer, alone(actor, customer.pk, actor.customer_roles[customer.pk]))


def account_of_customer(customer: Customer, narrowed: Actor) -> Account:
    return Account(customer, narrowed.customer_roles[customer.pk], narrowed)


def chosen_account(request: HttpRequest) -> Account | None:
    """The account the person looks at now: the one he switched to, else his first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = actor.customer_ids or frozenset()
    if not mine:
        return None
    chosen = request.session.get(CHOSEN) if len(mine) > 1 else None
    key = chosen if chosen in mine else min(mine)
    narrowed = alone(actor, key, actor.customer_roles[key])
    customer = customer_of.first(narrowed)
    return account_of_customer(customer, narrowed) if customer else None
