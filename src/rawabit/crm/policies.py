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
    ChangeRequest,
    Contact,
    ContactRelation,
    Customer,
    CustomerGroup,
    CustomerRelation,
    Handover,
    HeldInvitation,
    Identifier,
    Merge,
    PaymentTerms,
    PortalAccess,
    Territory,
    TerritoryRule,
)
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actor import NOTHING, Actor, by_scope, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on

# What a customer's user may look at, by his role at that customer.
EVERY_ROLE = ("owner", "buyer", "finance", "support")
BUYING = ("owner", "buyer")
PAYING = ("owner", "finance")
OWNING = ("owner",)
NOT_FOR_CUSTOMERS: tuple[str, ...] = ()

PERMISSIONS: list[Permission] = [
    *verbs_on(Customer, "view", "add", "change", "delete", "export", "import"),
    ("crm.set_credit", _("Customers: set the credit limit and put orders on hold")),
    ("crm.set_owner", _("Customers: hand over to another account manager")),
    ("crm.view_identifiers", _("Customers: see official numbers in full")),
    ("crm.merge_customer", _("Customers: merge duplicates")),
    *verbs_on(Contact, "view", "add", "change", "delete", "export", "import"),
    ("crm.merge_contact", _("Contacts: merge duplicates")),
    *verbs_on(Territory, "view", "add", "change", "delete"),
    *verbs_on(TerritoryRule, "view", "add", "change", "delete"),
    *verbs_on(CustomerGroup, "view", "add", "change", "delete"),
    *verbs_on(PaymentTerms, "view", "add", "change", "delete"),
    *verbs_on(PortalAccess, "view", "add", "delete"),
    *verbs_on(ChangeRequest, "view", "change", "export"),  # change: add files
    ("crm.decide_changerequest", _("Change requests: accept and refuse")),
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
    """A customer that was merged into another is found there."""
    if actor.is_customer:
        return Q(pk__in=customers_as(actor, EVERY_ROLE))
    return by_scope(actor, "crm.view_customer", territory="territory") & Q(merged_into=None)


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
    rows, single = by_scope(actor, "crm.view_contact"), Q(merged_into=None)
    if not actor.may("crm.view_contact") or rows == Q():
        return rows & single
    known = Affiliation.objects.filter(customer__in=Customer.objects.visible_to(actor).values("pk"))
    return (rows | Q(pk__in=known.values("contact_id"))) & single


@visible(ContactRelation)
def contact_relation_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return NOTHING
    seen = Contact.objects.visible_to(actor).values("pk")
    return Q(from_contact__in=seen) & Q(to_contact__in=seen)


@visible(PortalAccess)
def portal_access_rows(actor: Actor) -> Q:
    """A customer's user sees his own access, and as account owner that of his colleagues, branches included."""
    if actor.is_customer:
        own = Q(user=actor.user_id or 0, customer__in=actor.customer_ids)
        return own | _owned(actor)
    return rows_of_customer(actor, "crm.view_portalaccess", roles=NOT_FOR_CUSTOMERS)


@visible(HeldInvitation)
def held_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return _owned(actor)
    return rows_of_customer(actor, "crm.view_portalaccess", roles=NOT_FOR_CUSTOMERS)


def _owned(actor: Actor) -> Q:
    """What belongs to the customers of which the person is account owner, or to branches of them."""
    owned = customers_as(actor, OWNING)
    return Q(customer__in=owned) | Q(customer__parent__in=owned)


def may_manage_people(actor: Actor, customer: Customer) -> bool:
    """Whether a customer's user decides who stands for ``customer``: its account owner, or the head office's."""
    owned = customers_as(actor, OWNING)
    return customer.pk in owned or customer.parent_id in owned


def require_people(actor: Actor, permission: str, customer: Customer) -> None:
    """403 unless the actor may say who stands for the customer: staff by ``permission``, account owners their own."""
    if actor.is_customer:
        if not may_manage_people(actor, customer):
            raise PermissionDenied(permission)
    else:
        require_on(actor, permission, customer)


def buying_limit(actor: Actor, customer: Customer) -> Money | None:
    """The most that this person may order for the customer at once; None: as much as he likes. Asks the database for
    buyers alone, and only when somebody is about to buy."""
    if not actor.is_customer or actor.user_id is None or actor.customer_roles.get(customer.pk) != "buyer":
        return None
    rows = PortalAccess.objects.filter(user=actor.user_id, customer=customer, is_active=True)
    limit = rows.values_list("limit", flat=True).first()
    return None if limit is None else Money(limit, customer.currency)


@visible(ChangeRequest)
def change_request_rows(actor: Actor) -> Q:
    """Staff: those of their customers. A customer's user: his own, and as account owner all of the company."""
    if actor.is_customer:
        owned = Q(customer__in=customers_as(actor, OWNING)) & ~Q(kind=ChangeRequest.ERASURE)
        return owned | Q(asked_by=actor.user_id or 0, customer__in=actor.customer_ids)
    return rows_of_customer(actor, "crm.view_changerequest", roles=NOT_FOR_CUSTOMERS)


@visible(Territory)
def territory_rows(actor: Actor) -> Q:
    return shared_rows(actor, "crm.view_territory")


@visible(CustomerGroup)
def group_rows(actor: Actor) -> Q:
    return shared_rows(actor, "crm.view_customergroup")


@visible(PaymentTerms)
def terms_rows(actor: Actor) -> Q:
    return shared_rows(actor, "crm.view_paymentterms")


@visible(TerritoryRule)
def territory_rule_rows(actor: Actor) -> Q:
    return shared_rows(actor, "crm.view_territoryrule")


@visible(Merge)
def merge_rows(actor: Actor) -> Q:
    """The merges of records that the person sees and may merge."""
    if actor.is_customer:
        return NOTHING
    rows = NOTHING
    for kind, model in ((Merge.CUSTOMER, Customer), (Merge.CONTACT, Contact)):
        if actor.may(f"crm.merge_{kind}"):
            rows |= Q(kind=kind, winner_key__in=model.objects.visible_to(actor).values("pk"))
    return rows


@visible(Handover)
def handover_rows(actor: Actor) -> Q:
    return by_scope(actor, "identity.deactivate_user", owner="by")
