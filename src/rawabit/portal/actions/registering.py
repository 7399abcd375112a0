"""Asking to come in, and being let in or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from rawabit.crm.actions import grant_portal_access, put_contact, put_customer
from rawabit.crm.models import Affiliation, Contact, Customer
from rawabit.crm.policies import require_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, search_key
from rawabit.portal.logic.registering import number_kind
from rawabit.portal.models import Registration


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wrote about himself."""

    full_name: str
    company_name: str
    country: str
    official_number: str
    email: str
    phone: str
    language: str
    message: str


@transaction.atomic
def request_registration(asked: Asked, *, actor: Actor, at: datetime) -> Registration:
    """Put somebody who proved his address before those who decide. Asking again while the first question waits is the
    same question with the newer words."""
    email = asked.email.strip().lower()
    values: dict[str, Any] = {
        "full_name": clean_user_text(asked.full_name).strip()[:200],
        "company_name": clean_user_text(asked.company_name).strip()[:200],
        "country": asked.country[:2], "official_number": asked.official_number[:40], "phone": asked.phone[:20],
        "language": asked.language[:2], "message": clean_user_text(asked.message).strip()[:2000], "asked_at": at,
    }  # fmt: skip
    words = " ".join((values["full_name"], values["company_name"], email, asked.official_number, asked.phone))
    kept: Registration
    kept, fresh = Registration.objects.select_for_update().get_or_create(
        email=email, state=Registration.WAITING, defaults={**values, "search_text": search_key(words)}
    )
    if not fresh:
        for name, value in values.items():
            setattr(kept, name, value)
        kept.search_text = search_key(words)
        touch(kept, at)
        kept.save()
        return kept
    emit("registration.requested", kept, actor=actor, at=at, name=kept.full_name, company=kept.company_name)
    return kept


@transaction.atomic
def approve_registration(
    registration: Registration, *, customer: Customer | None, role: str, actor: Actor, at: datetime
) -> Registration:
    """Let the person in, at a customer we know or (None) at a new one made of what he wrote."""
    found = _waiting(registration, actor)
    if customer is None:
        customer = _new_customer(found, actor, at)
    else:
        require_on(actor, "crm.add_portalaccess", customer)
    contact = _contact_of(found, customer, actor, at)
    grant_portal_access(customer, found.email, found.full_name, role, contact=contact, actor=actor, at=at)
    found.customer = customer
    _decide(found, Registration.APPROVED, "", actor, at)
    emit(
        "registration.approved", found, actor=actor, at=at, customer=customer.pk, role=role, email=found.email,
        name=found.full_name,
    )  # fmt: skip
    return found


@transaction.atomic
def refuse_registration(registration: Registration, *, reason: str, actor: Actor, at: datetime) -> Registration:
    """Say no, with words that the person is told."""
    found = _waiting(registration, actor)
    reason = clean_user_text(reason).strip()[:300]
    if not reason:
        raise Refused(_("Write a reason: the person is told."))
    _decide(found, Registration.REFUSED, reason, actor, at)
    emit(
        "registration.refused", found, actor=actor, at=at, reason=reason, email=found.email, name=found.full_name
    )  # fmt: skip
    return found


def _waiting(registration: Registration, actor: Actor) -> Registration:
    found = lock(registration)
    actor.require("portal.change_registration")
    if found.state != Registration.WAITING:
        raise Refused(_("This registration has been decided already."))
    return found


def _decide(found: Registration, state: str, reason: str, actor: Actor, at: datetime) -> None:
    found.state, found.reason, found.decided_by_id, found.decided_at = state, reason, actor.user_id, at
    touch(found, at)
    found.save(
        update_fields=[
            "state", "reason", "decided_by", "decided_at", "customer", "version", "updated_at",
        ]
    )  # fmt: skip


def _new_customer(found: Registration, actor: Actor, at: datetime) -> Customer:
    kind = number_kind(found.official_number, found.country) if found.official_number else ""
    fresh = Customer(
        name=found.company_name, country=found.country, language=found.language, email=found.email, phone=found.phone,
        owner_id=actor.user_id,
    )  # fmt: skip
    return put_customer(fresh, actor=actor, at=at, identifiers=[(kind, found.official_number)] if kind else [])


def _contact_of(found: Registration, customer: Customer, actor: Actor, at: datetime) -> Contact:
    """The person at the customer: known by his address, else made."""
    held = Affiliation.objects.filter(customer=customer, contact__email__iexact=found.email).select_related("contact")
    known = held.first()
    if known is not None:
        found_contact: Contact = known.contact
        return found_contact
    fresh = Contact(full_name=found.full_name, email=found.email, mobile=found.phone, language=found.language)
    return put_contact(fresh, customer=customer, role="purchasing", actor=actor, at=at)
