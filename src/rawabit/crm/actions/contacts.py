"""People at customers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.forms import ModelForm

from rawabit.crm.models import ROLES, Affiliation, Contact, ContactRelation, Customer
from rawabit.crm.policies import may_on, require_on
from rawabit.kit.marking import _
from rawabit.kit.phones import national_digits
from rawabit.kit.records.actions import emit, lock, require_still_visible, save_form, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import search_key


def contact_key(contact: Contact) -> str:
    """What a person is found by: names, phones as stored and as dialled, e-mail, the companies he belongs to."""
    phones = [number for number in (contact.phone, contact.mobile) if number]
    companies = list(contact.affiliations.values_list("customer__name", flat=True)) if contact.pk else []
    merged = list(contact.merged.values_list("search_text", flat=True)) if contact.pk else []
    return search_key(
        contact.full_name, contact.name_en, contact.known_as, contact.email, *phones, *map(national_digits, phones),
        *companies, *merged,
    )  # fmt: skip


def refresh_contact_key(contact: Contact) -> None:
    """Write the search text of a person anew."""
    contact.search_text = contact_key(contact)
    Contact.objects.filter(pk=contact.pk).update(search_text=contact.search_text)


@transaction.atomic
def save_contact(form: ModelForm[Contact], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Contact:
    """Make or change a person from a form."""
    contact = form.instance
    _require_save(contact, actor)
    if contact.pk is None and contact.owner_id is None:
        contact.owner_id = actor.user_id
    contact.search_text = contact_key(contact)
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


@transaction.atomic
def put_contact(
    contact: Contact, *, customer: Customer | None = None, role: str = "other", actor: Actor, at: datetime
) -> Contact:
    """Keep a person made by a program, at a customer in a role."""
    fresh = contact.pk is None
    _require_save(contact, actor)
    if fresh and contact.owner_id is None:
        contact.owner_id = actor.user_id
    if not fresh:
        touch(contact, at)
    contact.save()
    if customer is not None:
        Affiliation.objects.get_or_create(
            contact=contact, customer=customer, role=role, defaults={"is_primary": not customer.affiliations.exists()}
        )
    refresh_contact_key(contact)
    require_still_visible(contact, actor)
    emit(f"contact.{'created' if fresh else 'changed'}", contact, actor=actor, at=at, name=contact.full_name)
    return contact


def _require_save(contact: Contact, actor: Actor) -> None:
    if contact.pk is None:
        actor.require("crm.add_contact")
    else:
        require_contact(Contact.objects.get(pk=contact.pk), actor)


def require_contact(contact: Contact, actor: Actor, permission: str = "crm.change_contact") -> None:
    """403 unless the contact is the actor's own or one at a customer within the scope of his permission."""
    if may_on(actor, permission, contact):
        return
    at_customers = Affiliation.objects.filter(contact=contact).select_related("customer")
    if not any(may_on(actor, permission, row.customer) for row in at_customers):
        require_on(actor, permission, contact)


@transaction.atomic
def affiliate(
    contact: Contact,
    customer: Customer,
    role: str,
    *,
    job_title: str = "",
    is_primary: bool = False,
    actor: Actor,
    at: datetime,
) -> Affiliation:
    """Say what a person does at a customer. Only one is the first to ask."""
    customer = lock(customer)
    require_on(actor, "crm.change_customer", customer)
    if role not in dict(ROLES):
        raise Refused(_("Choose a role."))
    first = is_primary or not customer.affiliations.exists()
    if first:
        customer.affiliations.update(is_primary=False)
    row, _fresh = Affiliation.objects.update_or_create(
        contact=contact, customer=customer, role=role, defaults={"job_title": job_title[:100], "is_primary": first}
    )
    refresh_contact_key(contact)
    emit("contact.affiliated", contact, actor=actor, at=at, customer=customer.name, customer_id=customer.pk, role=role)
    return row


@transaction.atomic
def end_affiliation(row: Affiliation, *, actor: Actor, at: datetime) -> None:
    """The person no longer does that at the customer."""
    customer = lock(row.customer)
    require_on(actor, "crm.change_customer", customer)
    contact = row.contact
    row.delete()
    refresh_contact_key(contact)
    emit("contact.left", contact, actor=actor, at=at, customer=customer.name, customer_id=customer.pk, role=row.role)


@transaction.atomic
def relate_contacts(
    contact: Contact, other: Contact, kind: str, *, note: str = "", actor: Actor, at: datetime
) -> ContactRelation:
    """Say how two people know each other."""
    contact = lock(contact)
    require_contact(contact, actor)
    if kind not in dict(ContactRelation.KINDS) or contact.pk == other.pk:
        raise Refused(_("Choose another person and a relation."))
    relation, fresh = ContactRelation.objects.get_or_create(
        from_contact=contact, to_contact=other, kind=kind, defaults={"note": note[:200]}
    )
    if fresh:
        emit("contact.related", contact, actor=actor, at=at, other=other.full_name, kind=kind)
    return relation


@transaction.atomic
def unrelate_contacts(relation: ContactRelation, *, actor: Actor, at: datetime) -> None:
    """Take such a relation back."""
    contact = lock(relation.from_contact)
    require_contact(contact, actor)
    emit("contact.unrelated", contact, actor=actor, at=at, other=relation.to_contact.full_name, kind=relation.kind)
    relation.delete()


@transaction.atomic
def delete_contact(contact: Contact, *, actor: Actor, at: datetime) -> None:
    """Remove a person whom no document and no portal access names."""
    contact = lock(contact)
    require_contact(contact, actor, "crm.delete_contact")
    emit("contact.deleted", contact, actor=actor, at=at, name=contact.full_name)
    try:
        with transaction.atomic():
            contact.delete()
    except ProtectedError:
        raise Refused(_("Documents name this person. Make the contact inactive instead of deleting it."))
