"""Whom a person is likely to have spoken with, for the call log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from rawabit.crm.models import Affiliation, Contact, Customer
from rawabit.kit.records.actor import Actor
from rawabit.leads.logic.states import OPEN
from rawabit.leads.models import Lead
from rawabit.talks.models import Activity

SHOWN = 30
LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class Callee:
    """A line of the call log: ``about`` is "contacts:12"."""

    about: str
    name: str
    hint: str
    phone: str
    whatsapp_ok: bool


def recent_people(actor: Actor) -> list[Callee]:
    """Whom the actor spoke with lately, the last first, then his own people and leads with a number. Seven queries."""
    found: dict[str, Callee] = {}
    rows = Activity.objects.visible_to(actor).filter(Q(owner=actor.user_id) | Q(assignee=actor.user_id))
    pairs = list(rows.order_by("-at", "-pk").values_list("contact_id", "customer_id")[:LOOKED_THROUGH])
    contacts = Contact.objects.visible_to(actor).filter(is_active=True)
    lately = _contacts(contacts.filter(pk__in={one for one, _customer in pairs if one}))
    known = Customer.objects.visible_to(actor).filter(
        pk__in={two for one, two in pairs if two and not one}, phone__gt=""
    )
    customers = {one.pk: _customer(one) for one in known}
    for contact, customer in pairs:
        callee = lately.get(contact) if contact else customers.get(customer)
        if callee is not None:
            found.setdefault(callee.about, callee)
    mine = (
        contacts.filter(Q(mobile__gt="") | Q(phone__gt="")).filter(owner=actor.user_id).order_by("-updated_at", "-pk")
    )
    for callee in _contacts(mine[:SHOWN]).values():
        found.setdefault(callee.about, callee)
    leads = Lead.objects.visible_to(actor).filter(owner=actor.user_id, state__in=OPEN, phone__gt="")
    for lead in leads.order_by("-touched_at")[:SHOWN]:
        found.setdefault(f"leads:{lead.pk}", _lead(lead))
    if len(found) < SHOWN:
        for callee in _contacts(
            contacts.filter(Q(mobile__gt="") | Q(phone__gt="")).order_by("-updated_at")[:SHOWN]
        ).values():
            found.setdefault(callee.about, callee)
    return list(found.values())[:SHOWN]


def find_people(words: str, actor: Actor) -> list[Callee]:
    """People, customers and leads by name or number."""
    contacts = Contact.objects.visible_to(actor).filter(is_active=True).matching(words).order_by("full_name")[:15]
    customers = Customer.objects.visible_to(actor).filter(is_active=True).matching(words).order_by("name")[:10]
    leads = Lead.objects.visible_to(actor).filter(state__in=OPEN).matching(words).order_by("-pk")[:10]
    return [*_contacts(contacts).values(), *map(_customer, customers), *map(_lead, leads)]


def callee_of(record: Any) -> Callee | None:
    """A record as a line of the call log; None for what cannot be called."""
    if isinstance(record, Contact):
        return _contacts([record])[record.pk]
    if isinstance(record, Customer):
        return _customer(record)
    return _lead(record) if isinstance(record, Lead) else None


def _contacts(rows: Any) -> dict[int, Callee]:
    people = list(rows)
    held = Affiliation.objects.filter(contact__in=[one.pk for one in people]).select_related("customer").order_by("-pk")
    at = {row.contact_id: str(row.customer) for row in held}
    return {
        one.pk: Callee(
            f"contacts:{one.pk}", one.full_name, at.get(one.pk, ""), one.mobile or one.phone, one.whatsapp_ok
        )
        for one in people
    }


def _customer(row: Customer) -> Callee:
    return Callee(f"customers:{row.pk}", str(row), row.code, row.phone, row.whatsapp_ok)


def _lead(row: Lead) -> Callee:
    return Callee(f"leads:{row.pk}", str(row), row.company_name if row.name else row.number, row.phone, True)
