"""Putting customers and people where they belong: a territory, a group, a role; and saving both parts of a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.crm.actions.contacts import affiliate, save_contact
from rawabit.crm.actions.customers import remove_identifier, save_customer, set_identifier
from rawabit.crm.models import Contact, Customer, CustomerGroup, Territory
from rawabit.crm.policies import require_on
from rawabit.kit.records.actions import lock, require_still_visible, set_fields
from rawabit.kit.records.actor import Actor


@transaction.atomic
def set_territory(customer: Customer, territory: Territory | None, *, actor: Actor, at: datetime) -> Customer:
    """Move a customer to a territory, or out of all."""
    customer = lock(customer)
    require_on(actor, "crm.change_customer", customer)
    customer = set_fields(customer, {"territory": territory}, actor=actor, at=at)
    require_still_visible(customer, actor)
    return customer


@transaction.atomic
def set_group(customer: Customer, group: CustomerGroup | None, *, actor: Actor, at: datetime) -> Customer:
    """Put a customer into a group, or out of all."""
    customer = lock(customer)
    require_on(actor, "crm.change_customer", customer)
    return set_fields(customer, {"group": group}, actor=actor, at=at)


@transaction.atomic
def save_customer_with_numbers(
    form: ModelForm[Customer],
    numbers: Mapping[str, str],
    *,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Customer:
    """Save a customer and his official numbers as one: ``{kind: number}``, an empty number takes that kind away.
    Kinds that are not named stay as they are."""
    customer = save_customer(form, actor=actor, at=at, seen_version=seen_version)
    held = {row.kind: row for row in customer.identifiers.all()}
    for kind, number in numbers.items():
        if number and (kind not in held or held[kind].value != number):
            set_identifier(customer, kind, number, actor=actor, at=at)
        elif not number and kind in held:
            remove_identifier(customer, held[kind].pk, actor=actor, at=at)
    return customer


@transaction.atomic
def save_contact_at(
    form: ModelForm[Contact],
    customer: Customer | None,
    role: str,
    *,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Contact:
    """Save a person and, when a customer is named, his role there: both or neither."""
    contact = save_contact(form, actor=actor, at=at, seen_version=seen_version)
    if customer is not None:
        affiliate(contact, customer, role, actor=actor, at=at)
    return contact
