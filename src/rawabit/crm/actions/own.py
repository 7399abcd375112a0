"""What a customer's user says of himself: kept on his sign-in and on the person that colleagues know him as."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from rawabit.crm.actions.contacts import contact_key, refresh_contact_key
from rawabit.crm.models import CHANNELS, Affiliation, Contact, Customer, PortalAccess
from rawabit.identity.actions.own import change_own_email
from rawabit.identity.actions.people import person_key
from rawabit.identity.models import User
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, set_fields
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text

OWN = ("full_name", "phone", "language", "calendar", "digits", "theme")
AT_CUSTOMER = {"owner": "owner", "buyer": "purchasing", "finance": "finance", "support": "technical"}


@transaction.atomic
def save_own_details(
    user: User, customer: Customer, values: Mapping[str, str], *, channel: str, actor: Actor, at: datetime
) -> User:
    """Name, phone, ways of reading and the way he wants to be reached. ``values`` has the names of :data:`OWN`."""
    user = lock(user)
    if user.pk != actor.user_id or customer.pk not in (actor.customer_ids or ()):
        raise PermissionDenied("identity.change_user")
    if channel and channel not in dict(CHANNELS):
        raise Refused(_("Choose a way of contact."))
    wanted = {name: values[name] for name in OWN if name in values}
    wanted["full_name"] = clean_user_text(wanted.get("full_name", user.full_name)).strip()[:200] or user.full_name
    changed = {name: value for name, value in wanted.items() if value != getattr(user, name)}
    if changed:
        set_fields(user, changed, actor=actor, at=at)
        User.objects.filter(pk=user.pk).update(search_text=person_key(user))
    for contact in _contacts(user, customer, actor, at, needed=bool(channel)):
        _follow(contact, user, channel, changed, actor, at)
    return user


def _contacts(user: User, customer: Customer, actor: Actor, at: datetime, *, needed: bool) -> list[Contact]:
    """The people that colleagues know him as; one is made when there is none and something to keep on him."""
    rows = PortalAccess.objects.filter(user=user, is_active=True)
    known = list(Contact.objects.filter(pk__in=rows.values("contact_id")).order_by("pk"))
    if known or not needed:
        return known
    access = rows.filter(customer=customer).first()
    if access is None:
        return []
    contact = Contact(full_name=user.full_name, email=user.email, owner_id=customer.owner_id, created_at=at)
    contact.language = user.language or customer.language
    contact.mobile = user.phone
    contact.search_text = contact_key(contact)
    contact.save()
    Affiliation.objects.create(
        contact=contact, customer=customer, role=AT_CUSTOMER.get(access.role, "other"),
        is_primary=not customer.affiliations.exists(),
    )  # fmt: skip
    PortalAccess.objects.filter(pk=access.pk).update(contact=contact)
    refresh_contact_key(contact)
    emit("contact.created", contact, actor=actor, at=at, name=contact.full_name)
    return [contact]


def _follow(contact: Contact, user: User, channel: str, changed: Mapping[str, str], actor: Actor, at: datetime) -> None:
    """Write on the contact what the person changed of himself; what he did not touch stays as colleagues keep it."""
    wanted = {"preferred_channel": channel}
    if "full_name" in changed:
        wanted["full_name"] = user.full_name
    if "phone" in changed:
        wanted["mobile"] = user.phone
    if changed.get("language"):
        wanted["language"] = user.language
    different = {name: value for name, value in wanted.items() if value != getattr(contact, name)}
    if different:
        set_fields(lock(contact), different, actor=actor, at=at)
        refresh_contact_key(Contact.objects.get(pk=contact.pk))


@transaction.atomic
def change_email_everywhere(user: User, email: str, *, actor: Actor, at: datetime) -> tuple[str, str]:
    """The address a person signs in with, and the same address where colleagues keep it. Answers before and after."""
    before, after = change_own_email(user, email, actor=actor, at=at)
    for contact in Contact.objects.filter(portal_access__user=user, email__iexact=before).distinct():
        set_fields(lock(contact), {"email": after}, actor=actor, at=at)
        refresh_contact_key(Contact.objects.get(pk=contact.pk))
    return before, after
