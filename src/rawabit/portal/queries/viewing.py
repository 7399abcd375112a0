"""Whom a colleague may look at the portal as, and whether he still may."""

from __future__ import annotations

from collections.abc import Sequence

from rawabit.crm.models import Customer, PortalAccess
from rawabit.crm.policies import EVERY_ROLE, may_on
from rawabit.kit.records.actor import Actor
from rawabit.portal.logic.viewing import Viewing

PERMISSION = "portal.view_as"
DOOR = "viewing"


def viewable_customer(actor: Actor, pk: int) -> Customer | None:
    """The customer, if the colleague sees him and may look as him."""
    if actor.is_customer or not actor.may(PERMISSION):
        return None
    customer = Customer.objects.visible_to(actor).select_related("owner").filter(pk=pk).first()
    return customer if customer is not None and may_on(actor, PERMISSION, customer) else None


def people_to_view_as(customer: Customer) -> Sequence[PortalAccess]:
    """The customer's people who may sign in."""
    rows = PortalAccess.objects.filter(customer=customer, is_active=True, user__is_active=True)
    return list(rows.select_related("user").order_by("user__full_name", "pk")[:100])


def actor_viewing(staff: Actor, viewing: Viewing) -> Actor | None:
    """The customer's user as an actor, for looking only; None when the colleague may no longer, or the person's access
    has ended meanwhile. He stands for this one customer, even if he stands for others too."""
    if viewable_customer(staff, viewing.customer_id) is None:
        return None
    role = viewing.role
    if viewing.user_id:
        rows = PortalAccess.objects.filter(
            user=viewing.user_id, customer=viewing.customer_id, is_active=True, user__is_active=True
        )
        role = rows.values_list("role", flat=True).first() or ""
    if role not in EVERY_ROLE:
        return None
    return Actor(
        viewing.user_id, viewing.name, DOOR, customer_ids=frozenset({viewing.customer_id}),
        customer_roles={viewing.customer_id: role},
    )  # fmt: skip
