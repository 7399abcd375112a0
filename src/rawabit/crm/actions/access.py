"""Who of a customer's people may use the portal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rawabit.crm.actions.reach import refresh_reach
from rawabit.crm.models import Contact, Customer, PortalAccess
from rawabit.crm.policies import require_on
from rawabit.identity.actions import create_customer_user, end_sessions
from rawabit.identity.models import CUSTOMER, User
from rawabit.identity.queries import user_by_email
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused

ACCOUNT_OWNER = ("owner",)


@transaction.atomic
def grant_portal_access(
    customer: Customer,
    email: str,
    full_name: str,
    role: str,
    *,
    contact: Contact | None = None,
    actor: Actor,
    at: datetime,
) -> PortalAccess:
    """Let a person see this customer's papers in the portal, in a role. Makes his sign-in when he has none; granting
    again changes the role. The account owner of the customer may do it too."""
    customer = lock(customer)
    require_on(actor, "crm.add_portalaccess", customer, roles=ACCOUNT_OWNER)
    _require_role(role)
    user = _customer_user(email, full_name, customer, contact, actor, at)
    access, fresh = PortalAccess.objects.get_or_create(
        user=user, customer=customer, defaults={"role": role, "contact": contact}
    )
    if not fresh:
        access.role, access.is_active = role, True
        access.contact = contact or access.contact
        touch(access, at)
        access.save()
    refresh_reach([user.pk])
    emit("portal.granted", customer, actor=actor, at=at, user=user.pk, email=user.email, role=role)
    return access


def _require_role(role: str) -> None:
    if role not in dict(PortalAccess.ROLES):
        raise Refused(_("Choose a role."))


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


@transaction.atomic
def change_portal_role(access: PortalAccess, role: str, *, actor: Actor, at: datetime) -> PortalAccess:
    """Give a customer's user another role; what he sees changes at once."""
    access = lock(access)
    require_on(actor, "crm.add_portalaccess", access.customer, roles=ACCOUNT_OWNER)
    _require_role(role)
    before, access.role = access.role, role
    touch(access, at)
    access.save(update_fields=["role", "version", "updated_at"])
    refresh_reach([access.user_id])
    emit("portal.role_changed", access.customer, actor=actor, at=at, user=access.user_id, before=before, role=role)
    return access


@transaction.atomic
def revoke_portal_access(access: PortalAccess, *, actor: Actor, at: datetime) -> PortalAccess:
    """The person no longer stands for this customer, and is signed out everywhere now."""
    access = lock(access)
    require_on(actor, "crm.delete_portalaccess", access.customer, roles=ACCOUNT_OWNER)
    access.is_active = False
    touch(access, at)
    access.save(update_fields=["is_active", "version", "updated_at"])
    refresh_reach([access.user_id])
    end_sessions([access.user_id])
    emit("portal.revoked", access.customer, actor=actor, at=at, user=access.user_id, email=access.user.email)
    return access
