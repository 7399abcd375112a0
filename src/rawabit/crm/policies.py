"""Who sees which customer, and everything that belongs to a customer.

Modules above (ledger, sales, shipping, billing) take their row rules from :func:`rows_of_customer`, so that the
question "is this one of my customers?" has one answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from rawabit.crm.models import (
    Address,
    Affiliation,
    Contact,
    ContactRelation,
    Customer,
    CustomerGroup,
    CustomerRelation,
    Identifier,
    PaymentTerms,
    PortalAccess,
    Territory,
)
from rawabit.kit.marking import _
from rawabit.kit.records.actor import NOTHING, Actor, by_scope, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on

# What a customer's user may look at, by his role at that customer.
EVERY_ROLE = ("owner", "buyer", "finance", "support")
BUYING = ("owner", "buyer")
PAYING = ("owner", "finance")
NOT_FOR_CUSTOMERS: tuple[str, ...] = ()

PERMISSIONS: list[Permission] = [
    *verbs_on(Customer, "view", "add", "change", "delete", "export", "import"),
    ("crm.set_credit", _("Customers: set the credit limit and put orders on hold")),
    ("crm.set_owner", _("Customers: hand over to another account manager")),
    ("crm.view_identifiers", _("Customers: see official numbers in full")),
    *verbs_on(Contact, "view", "add", "change", "delete", "export", "import"),
    *verbs_on(Territory, "view", "add", "change", "delete"),
    *verbs_on(CustomerGroup, "view", "add", "change", "delete"),
    *verbs_on(PaymentTerms, "view", "add", "change", "delete"),
    *verbs_on(PortalAccess, "view", "add", "delete"),
]


def customers_as(actor: Actor, roles: Iterable[str]) -> frozenset[int]:
    """The customers for which a customer's user stands in one of the roles. Empty for staff."""
    wanted = set(roles)
    return frozenset(pk for pk in actor.customer_ids or () if actor.customer_roles.get(pk) in wanted)


def rows_of_customer(
    actor: Actor, permission: str, *, roles: Iterable[str], path: str = "customer", owner: str | None = None
) -> Q:
    """Rows that belong to a customer (``path`` leads to him): a customer's user sees those of his own customers where
    his role is among ``roles``; staff see their scope, by the row's own ``owner`` or the customer's."""
    if actor.is_customer:
        return Q(**{f"{path}__in": customers_as(actor, roles)})
    rows = by_scope(actor, permission, owner=f"{path}__owner", territory=f"{path}__territory")
    if owner and actor.may(permission) and rows != Q():
        rows |= by_scope(actor, permission, owner=owner)
    return rows


def require_on(actor: Actor, permission: str, record: Any, *, roles: Iterable[str] = NOT_FOR_CUSTOMERS) -> None:
    """403 unless the actor may do this to this very record: staff by the scope of the permission, a customer's user
    by his role at the record's customer."""
    if not may_on(actor, permission, record, roles=roles):
        raise PermissionDenied(permission)


def may_on(actor: Actor, permission: str, record: Any, *, roles: Iterable[str] = NOT_FOR_CUSTOMERS) -> bool:
    """The answer of :func:`require_on` without raising. Decided from the row at hand, with no query of its own
    beyond the customer."""
    customer = record if isinstance(record, Customer) else getattr(record, "customer", None)
    if actor.is_customer:
        return customer is not None and actor.customer_roles.get(customer.pk) in set(roles)
    if not actor.may(permission):
        return False
    return _in_scope(actor, actor.grants[permission], record, customer)


def _in_scope(actor: Actor, scope: str, record: Any, customer: Customer | None) -> bool:
    if scope == "all":
        return True
    owners = {getattr(record, "owner_id", None), customer.owner_id if customer else None} - {None}
    if actor.user_id in owners:
        return True
    if scope in ("team", "territory") and owners & actor.team_user_ids:
        return True
    return scope == "territory" and customer is not None and customer.territory_id in actor.territory_ids


@visible(Customer)
def customer_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return Q(pk__in=customers_as(actor, EVERY_ROLE))
    return by_scope(actor, "crm.view_customer", territory="territory")


@visible(Identifier, Address)
def customer_part_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "crm.view_customer", roles=EVERY_ROLE)


@visible(Affiliation)
def affiliation_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "crm.view_customer", roles=NOT_FOR_CUSTOMERS)


@visible(CustomerRelation)
def customer_relation_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return NOTHING
    seen = Customer.objects.visible_to(actor).values("pk")
    return Q(from_customer__in=seen) & Q(to_customer__in=seen)


@visible(Contact)
def contact_rows(actor: Actor) -> Q:
    """Staff: their own contacts and the people of the customers they see. A customer's user: himself."""
    if actor.is_customer:
        return Q(pk__in=PortalAccess.objects.filter(user=actor.user_id or 0, is_active=True).values("contact_id"))
    rows = by_scope(actor, "crm.view_contact")
    if not actor.may("crm.view_contact") or rows == Q():
        return rows
    known = Affiliation.objects.filter(customer__in=Customer.objects.visible_to(actor).values("pk"))
    return rows | Q(pk__in=known.values("contact_id"))


@visible(ContactRelation)
def contact_relation_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return NOTHING
    seen = Contact.objects.visible_to(actor).values("pk")
    return Q(from_contact__in=seen) & Q(to_contact__in=seen)


@visible(PortalAccess)
def portal_access_rows(actor: Actor) -> Q:
    """A customer's user sees his own access, and as account owner that of his colleagues."""
    if actor.is_customer:
        return Q(user=actor.user_id, customer__in=actor.customer_ids) | Q(customer__in=customers_as(actor, ("owner",)))
    return rows_of_customer(actor, "crm.view_portalaccess", roles=NOT_FOR_CUSTOMERS)


@visible(Territory)
def territory_rows(actor: Actor) -> Q:
    return shared_rows(actor, "crm.view_territory")


@visible(CustomerGroup)
def group_rows(actor: Actor) -> Q:
    return shared_rows(actor, "crm.view_customergroup")


@visible(PaymentTerms)
def terms_rows(actor: Actor) -> Q:
    return shared_rows(actor, "crm.view_paymentterms")
