"""Who of a customer's people may use the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rawabit.crm.actions.customers import InvalidFields
from rawabit.crm.actions.reach import refresh_reach
from rawabit.crm.models import Contact, Customer, PortalAccess
from rawabit.crm.policies import require_people
from rawabit.identity.actions import create_customer_user, end_sessions
from rawabit.identity.models import CUSTOMER, User
from rawabit.identity.queries import user_by_email
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused

MOST = 10**15  # minor units: more is a slip of the hand


@dataclass(frozen=True, slots=True)
class Given:
    """What a person may do for a customer: a role and, for a buyer, the most that he may order at once."""

    role: str
    limit: Money | None = None


@transaction.atomic
def grant_portal_access(
    customer: Customer,
    email: str,
    full_name: str,
    role: str,
    *,
    contact: Contact | None = None,
    limit: Money | None = None,
    actor: Actor,
    at: datetime,
) -> PortalAccess:
    """Let a person see this customer's papers in the portal, in a role. Makes his sign-in when he has none; granting
    again changes the role. The account owner of the customer may do it too."""
    customer = lock(customer)
    require_people(actor, "crm.add_portalaccess", customer)
    given = Given(role, limit)
    kept_limit = judged(given, customer)
    user = _customer_user(email, full_name, customer, contact, actor, at)
    access = _put_access(customer, user, contact, given, kept_limit, actor, at)
    access.called = full_name.strip()[:200]
    access.invited_at = at
    access.save(update_fields=["called", "invited_at"])
    refresh_reach([user.pk])
    emit("portal.granted", customer, actor=actor, at=at, user=user.pk, email=user.email, role=role)
    return access


def _put_access(
    customer: Customer, user: User, contact: Contact | None, given: Given, limit: int | None, actor: Actor, at: datetime
) -> PortalAccess:
    access, fresh = PortalAccess.objects.get_or_create(
        user=user, customer=customer, defaults={"role": given.role, "limit": limit, "contact": contact}
    )
    if not fresh:
        if given.role != "owner":
            require_other_owner(access, actor)
        access.role, access.limit, access.is_active = given.role, limit, True
        access.contact = contact or access.contact
        touch(access, at)
        access.save()
    return access


def judged(given: Given, customer: Customer) -> int | None:
    """The limit as it is kept, in minor units; InvalidFields for an unknown role or a limit that makes no sense."""
    if given.role not in dict(PortalAccess.ROLES):
        raise InvalidFields({"role": _("Choose a role.")})
    if given.limit is None or given.role != "buyer":
        return None
    if given.limit.currency != customer.currency:
        raise InvalidFields({"limit": _("Give the limit in the customer's currency.")})
    if not 0 <= given.limit.minor <= MOST:
        raise InvalidFields({"limit": _("This limit is not possible.")})
    return given.limit.minor


def require_other_owner(access: PortalAccess, actor: Actor) -> None:
    """The last account owner stays: nobody of the customer could invite anybody any more. Colleagues on the desk may
    take him away all the same. The customer's row must be locked, so that two owners cannot demote each other."""
    if access.role != "owner" or not access.is_active or not actor.is_customer:
        return
    others = PortalAccess.objects.filter(
        customer_id=access.customer_id, role="owner", is_active=True, user__is_active=True
    ).exclude(pk=access.pk)
    if not others.exists():
        raise Refused(_("This is the last account owner. Make somebody else account owner first."))


def _customer_user(
    email: str, full_name: str, customer: Customer, contact: Contact | None, actor: Actor, at: datetime
) -> User:
    user = user_by_email(email)
    if user is None:
        language = contact.language if contact else customer.language
        phone = (contact.mobile or contact.phone) if contact else ""
        return create_customer_user(email, full_name, actor=actor, at=at, phone=phone, language=language)
    if user.kind != CUSTOMER:
        raise Refused(_("A colleague signs in with this e-mail. Use the person's own address."))
    if not user.is_active:
        raise Refused(_("This person’s sign-in has been deactivated. Reactivate it first."))
    return user


def lock_access(access: PortalAccess) -> PortalAccess:
    """The row as it stands, with its customer, both held until the commit: the customer first, as everywhere."""
    customer = lock(access.customer)
    access = lock(access)
    access.customer = customer
    return access


@transaction.atomic
def change_portal_role(
    access: PortalAccess, role: str, *, limit: Money | None = None, actor: Actor, at: datetime
) -> PortalAccess:
    """Give a customer's user another role or limit; what he sees changes at once."""
    access = lock_access(access)
    require_people(actor, "crm.add_portalaccess", access.customer)
    kept = judged(Given(role, limit), access.customer)
    if role != "owner":
        require_other_owner(access, actor)
    before, access.role, access.limit = access.role, role, kept
    touch(access, at)
    access.save(update_fields=["role", "limit", "version", "updated_at"])
    refresh_reach([access.user_id])
    emit("portal.role_changed", access.customer, actor=actor, at=at, user=access.user_id, before=before, role=role)
    return access


@transaction.atomic
def revoke_portal_access(access: PortalAccess, *, actor: Actor, at: datetime) -> PortalAccess:
    """The person no longer stands for this customer, and is signed out everywhere now."""
    access = lock_access(access)
    require_people(actor, "crm.delete_portalaccess", access.customer)
    require_other_owner(access, actor)
    access.is_active = False
    touch(access, at)
    access.save(update_fields=["is_active", "version", "updated_at"])
    refresh_reach([access.user_id])
    end_sessions([access.user_id])
    emit("portal.revoked", access.customer, actor=actor, at=at, user=access.user_id, email=access.user.email)
    return access


@transaction.atomic
def restore_portal_access(access: PortalAccess, *, actor: Actor, at: datetime) -> PortalAccess:
    """The person stands for the customer again, in the role he had."""
    access = lock_access(access)
    require_people(actor, "crm.add_portalaccess", access.customer)
    if access.is_active:
        return access
    access.is_active = True
    touch(access, at)
    access.save(update_fields=["is_active", "version", "updated_at"])
    refresh_reach([access.user_id])
    emit(
        "portal.granted", access.customer, actor=actor, at=at,
        user=access.user_id, email=access.user.email, role=access.role,
    )  # fmt: skip
    return access
