"""A colleague begins and ends looking at the portal as a customer; both are written down about the customer."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from rawabit.crm.models import Customer, PortalAccess
from rawabit.crm.policies import EVERY_ROLE
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.portal.logic.viewing import Viewing
from rawabit.portal.queries.viewing import PERMISSION, viewable_customer


@transaction.atomic
def begin_viewing(customer: Customer, *, access: PortalAccess | None, role: str, actor: Actor, at: datetime) -> Viewing:
    """Look as one of the customer's people (``access``), or as a role. 403 unless the customer is in the colleague's
    own scope."""
    if actor.user_id is None or viewable_customer(actor, customer.pk) is None:
        raise PermissionDenied(PERMISSION)
    if access is not None and (access.customer_id != customer.pk or not access.is_active):
        raise Refused(_("This person has no access any more."))
    role = access.role if access else role
    if role not in EVERY_ROLE:
        raise Refused(_("Choose whom you want to look as."))
    name = access.user.full_name if access else str(dict(PortalAccess.ROLES)[role])
    emit("portal.viewed_as", customer, actor=actor, at=at, step="start", role=role, name=name)
    return Viewing(actor.user_id, customer.pk, role, access.user_id if access else 0, name, at)


@transaction.atomic
def end_viewing(viewing: Viewing, *, actor: Actor, at: datetime) -> None:
    """The colleague has seen enough."""
    customer = Customer.objects.filter(pk=viewing.customer_id).first()
    if customer is not None:
        emit("portal.viewed_as", customer, actor=actor, at=at, step="end", role=viewing.role, name=viewing.name)
