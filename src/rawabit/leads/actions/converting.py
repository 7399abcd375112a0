"""A lead becomes a customer, a contact and, where something may be sold, an opportunity. Nothing of it is lost: the
lead stays, with what was said and written about it, and names what it became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from rawabit.company.queries import company_now
from rawabit.crm.actions import affiliate, put_contact, put_customer
from rawabit.crm.models import Affiliation, Contact, Customer
from rawabit.crm.policies import may_on
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.leads.logic.numbers import kind_of_number
from rawabit.leads.logic.states import LEAD
from rawabit.leads.models import Lead
from rawabit.leads.policies import require_lead
from rawabit.pipeline.actions import open_opportunity
from rawabit.pipeline.models import Opportunity


@dataclass(frozen=True, slots=True)
class Become:
    """What a lead is to become. None: make a new one; ``nobody``: no contact at all. ``deal`` is the title of the
    opportunity; "" for none."""

    customer: Customer | None = None
    contact: Contact | None = None
    deal: str = ""
    value: int = 0
    nobody: bool = False


@transaction.atomic
def convert_lead(lead: Lead, become: Become, *, actor: Actor, at: datetime) -> Lead:
    """Make a customer, or join an existing one. Two at once make one: the second is refused by the state."""
    lead = lock(lead)
    require_lead(actor, "leads.convert_lead", lead)
    move, before = LEAD.require(lead, "convert"), lead.state
    lead.customer = _customer(lead, become, actor, at)
    lead.contact = _contact(lead, become, lead.customer, actor, at)
    if become.deal:
        lead.opportunity = _deal(lead, become, actor, at)
    lead.state, lead.converted_at, lead.next_step, lead.next_on = move.target, at, "", None
    touch(lead, at)
    lead.touched_at = at
    lead.save()
    emit(
        "lead.converted", lead, actor=actor, at=at, before=before, customer_id=lead.customer.pk,
        customer=lead.customer.name, contact_id=lead.contact.pk if lead.contact else None,
        opportunity_id=lead.opportunity.pk if lead.opportunity else None,
    )  # fmt: skip
    return lead


def _customer(lead: Lead, become: Become, actor: Actor, at: datetime) -> Customer:
    if become.customer is not None:
        if not may_on(actor, "crm.view_customer", become.customer):
            raise PermissionDenied("crm.view_customer")
        return become.customer
    company = company_now()
    fresh = Customer(
        name=lead.company_name or str(lead),
        kind=Customer.COMPANY if lead.company_name else Customer.INDIVIDUAL,
        country=lead.country or company.country, language=lead.language, email=lead.email, phone=lead.phone,
        website=lead.website, territory=lead.territory, owner=lead.owner, currency=company.currency,
    )  # fmt: skip
    kind = kind_of_number(fresh.country, lead.official_number)
    return put_customer(fresh, identifiers=[(kind, lead.official_number)] if kind else (), actor=actor, at=at)


def _contact(lead: Lead, become: Become, customer: Customer, actor: Actor, at: datetime) -> Contact | None:
    """The person behind the lead, known at the customer from now on; none when no name was ever given."""
    if become.nobody:
        return None
    if become.contact is not None:
        if not Contact.objects.visible_to(actor).filter(pk=become.contact.pk).exists():
            raise PermissionDenied("crm.view_contact")
        if not Affiliation.objects.filter(contact=become.contact, customer=customer).exists():
            affiliate(become.contact, customer, "other", actor=actor, at=at)
        return become.contact
    if not lead.name:
        return None
    person = Contact(full_name=lead.name, email=lead.email, mobile=lead.phone, language=lead.language, owner=lead.owner)
    put_contact(person, customer=customer, role="decision_maker", actor=actor, at=at)
    if lead.job_title:
        affiliate(person, customer, "decision_maker", job_title=lead.job_title, actor=actor, at=at)
    return person


def _deal(lead: Lead, become: Become, actor: Actor, at: datetime) -> Opportunity:
    deal = Opportunity(
        title=become.deal[:200], customer=lead.customer, contact=lead.contact, owner=lead.owner, source=lead.source,
        value=become.value, description=lead.interest, next_step=lead.next_step, next_on=lead.next_on,
        currency=lead.customer.currency if lead.customer else "",
    )  # fmt: skip
    return open_opportunity(deal, actor=actor, at=at)
