"""What the account owner does with the people of his company. He is never told who else signs in here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from rawabit.crm.actions.access import Given, grant_portal_access, judged, lock_access
from rawabit.crm.models import Customer, HeldInvitation, PortalAccess
from rawabit.crm.policies import may_manage_people, require_people
from rawabit.identity.models import CUSTOMER, User
from rawabit.identity.queries import user_by_email
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text

Invited = PortalAccess | HeldInvitation
A_DAY = timedelta(days=1)
AGAIN = timedelta(minutes=10)
MOST_A_DAY = 30


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom an account owner invites, and to what."""

    email: str
    name: str
    given: Given


@transaction.atomic
def invite_colleague(
    customers: Sequence[Customer], invitation: Invitation, *, actor: Actor, at: datetime
) -> User | None:
    """Let a person stand for some of the owner's customers. Answers whom to write to; None when the address cannot take
    it, which the inviter must not learn. Refused only for what the inviter can see himself."""
    if not customers:
        raise Refused(_("Choose at least one company."))
    email, name = invitation.email.strip().lower(), clean_user_text(invitation.name).strip()[:200]
    found: User | None = None
    for customer in map(lock, sorted(customers, key=lambda one: one.pk)):
        if not may_manage_people(actor, customer):
            raise PermissionDenied("crm.add_portalaccess")
        _require_room(customer, email, at)
        limit = judged(invitation.given, customer)
        known = user_by_email(email)
        if known is not None and (known.kind != CUSTOMER or not known.is_active):
            _hold(customer, email, name, invitation.given.role, limit, actor, at)
            continue
        access = grant_portal_access(
            customer, email, name, invitation.given.role, limit=invitation.given.limit, actor=actor, at=at
        )
        found = access.user
    return found


def _require_room(customer: Customer, email: str, at: datetime) -> None:
    """Nobody is invited twice, and no owner floods strangers with invitations."""
    people = PortalAccess.objects.filter(customer=customer)
    held = HeldInvitation.objects.filter(customer=customer)
    if people.filter(user__email=email).exists() or held.filter(email=email).exists():
        raise Refused(_("This person is in the list already. Change or reactivate the access there."))
    since = at - A_DAY
    if people.filter(invited_at__gt=since).count() + held.filter(invited_at__gt=since).count() >= MOST_A_DAY:
        raise Refused(_("Too many invitations today. Try again tomorrow."))


def _hold(customer: Customer, email: str, name: str, role: str, limit: int | None, actor: Actor, at: datetime) -> None:
    HeldInvitation.objects.create(
        customer=customer, email=email, called=name, role=role, limit=limit, invited_at=at, created_at=at
    )
    emit("portal.held", customer, actor=actor, at=at, email=email, role=role)


@transaction.atomic
def invite_again(invited: Invited, *, actor: Actor, at: datetime) -> User | None:
    """Note that the invitation is sent once more. Answers whom to write to; None when it goes nowhere."""
    invited = _locked(invited, actor)
    if not invited.is_active:
        raise Refused(_("Reactivate the access first."))
    if invited.invited_at is not None and at - invited.invited_at < AGAIN:
        raise Refused(_("The invitation was sent a moment ago. Wait a few minutes."))
    invited.invited_at = at
    invited.save(update_fields=["invited_at"])
    return invited.user if isinstance(invited, PortalAccess) else None


def _locked(invited: Invited, actor: Actor) -> Invited:
    if isinstance(invited, PortalAccess):
        invited = lock_access(invited)
    else:
        customer = lock(invited.customer)
        invited = lock(invited)
        invited.customer = customer
    require_people(actor, "crm.add_portalaccess", invited.customer)
    return invited


@transaction.atomic
def change_held(held: HeldInvitation, given: Given, *, actor: Actor, at: datetime) -> None:
    """Another role or limit of an invitation that goes nowhere: to the inviter like any other."""
    _locked(held, actor)
    limit = judged(given, held.customer)
    held = lock(held)
    before, held.role, held.limit = held.role, given.role, limit
    touch(held, at)
    held.save(update_fields=["role", "limit", "version", "updated_at"])
    emit("portal.role_changed", held.customer, actor=actor, at=at, user=None, before=before, role=given.role)


@transaction.atomic
def switch_held(held: HeldInvitation, active: bool, *, actor: Actor, at: datetime) -> None:
    """Deactivate or reactivate it, likewise."""
    _locked(held, actor)
    held = lock(held)
    held.is_active = active
    touch(held, at)
    held.save(update_fields=["is_active", "version", "updated_at"])
    if active:
        emit("portal.held", held.customer, actor=actor, at=at, email=held.email, role=held.role)
    else:
        emit("portal.revoked", held.customer, actor=actor, at=at, user=None, email=held.email)
