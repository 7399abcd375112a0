"""The people of a customer, what they asked for, and what stands about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from rawabit.crm.models import Address, ChangeRequest, Contact, Customer, HeldInvitation, Identifier, PortalAccess
from rawabit.crm.policies import OWNING, customers_as
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event

Invited = PortalAccess | HeldInvitation
MOST = 200


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with access, as the account owner sees him. Until he has signed in for the first time after he was
    invited, nothing is shown that the inviter did not write himself."""

    uid: UUID
    name: str
    email: str
    role: str
    limit: Money | None
    customer: Customer
    state: str  # "active" | "invited" | "closed"
    seen: datetime | None
    invited_at: datetime | None
    me: bool


def colleagues_of(actor: Actor) -> Sequence[Colleague]:
    """Everybody with access to the customer or a branch of it, by name; those without access any more at the end."""
    rows = PortalAccess.objects.visible_to(actor).select_related("user", "customer")[:MOST]
    held = HeldInvitation.objects.visible_to(actor).select_related("customer")[:MOST]
    found = [colleague(row, actor) for row in (*rows, *held)]
    return sorted(found, key=lambda one: (one.state == "closed", one.name, one.email))


def colleague(row: Invited, actor: Actor) -> Colleague:
    limit = None if row.limit is None else Money(row.limit, row.customer.currency)
    name, email, seen, me = row.called, "", None, False
    if isinstance(row, HeldInvitation):
        email = row.email
    else:
        email, me, last = row.user.email, row.user_id == actor.user_id, row.user.last_login
        came = last is not None and (row.invited_at is None or last >= row.invited_at)
        seen = last if came else None
        name = row.user.full_name if came or me or not name else name
    state = "closed" if not row.is_active else "active" if seen or me else "invited"
    return Colleague(
        row.uid, name, email, row.role, limit, row.customer, state, seen, row.invited_at, me
    )  # fmt: skip


def invited_for(actor: Actor, uid: UUID) -> Invited | None:
    """The access or invitation with this address that the account owner may decide on."""
    if not customers_as(actor, OWNING):
        return None
    access = PortalAccess.objects.visible_to(actor).filter(uid=uid).select_related("user", "customer").first()
    if access is not None:
        return access
    return HeldInvitation.objects.visible_to(actor).filter(uid=uid).select_related("customer").first()


def places_of(actor: Actor) -> Sequence[Customer]:
    """The customers whose people the account owner decides on: his own first, then its branches by name."""
    owned = customers_as(actor, OWNING)
    rows = Customer.objects.filter(Q(pk__in=owned) | Q(parent__in=owned, is_active=True)).order_by("name", "pk")
    return sorted(rows[:MOST], key=lambda one: one.pk not in owned)


def contact_for(actor: Actor) -> Contact | None:
    """The person that colleagues know the reader as."""
    rows = PortalAccess.objects.filter(user=actor.user_id or 0, is_active=True, customer__in=actor.customer_ids or ())
    access = rows.exclude(contact=None).select_related("contact").order_by("pk").first()
    return access.contact if access else None


def changes_of(actor: Actor) -> Sequence[ChangeRequest]:
    """What was asked for, newest first."""
    return list(ChangeRequest.objects.visible_to(actor).select_related("asked_by").order_by("-pk")[:20])


def change_for(actor: Actor, uid: UUID) -> ChangeRequest | None:
    rows = ChangeRequest.objects.visible_to(actor).select_related("asked_by", "customer")
    return rows.filter(uid=uid).first()


def customer_for(actor: Actor) -> Customer:
    """The whole row of the one customer that a narrowed actor stands for."""
    return Customer.objects.visible_to(actor).select_related("owner", "payment_terms").get()


def numbers_of(actor: Actor) -> Sequence[Identifier]:
    return list(Identifier.objects.visible_to(actor).order_by("kind", "pk")[:40])


def addresses_of(actor: Actor) -> Sequence[Address]:
    """Those on invoices first, then where goods go."""
    return list(Address.objects.visible_to(actor).order_by("purpose", "-is_default", "pk")[:100])


def delivery_address_for(actor: Actor, uid: UUID) -> Address | None:
    rows = Address.objects.visible_to(actor).filter(purpose="delivery").select_related("customer")
    return rows.filter(uid=uid).first()


def sign_ins_of(actor: Actor) -> Sequence[Event]:
    """When and from where the person himself signed in last."""
    rows = Event.objects.filter(actor_id=actor.user_id or 0, name="user.signed_in")
    return list(rows.order_by("-id")[:10])
