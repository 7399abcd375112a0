"""The customers a person stands for, and the people around them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from rawabit.crm.models import Address, Customer, Identifier, PortalAccess
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event
from rawabit.portal.queries.seeing import seen

NAMES = ("name", "name_ar", "name_fa", "name_en")
FRAME = (
    *NAMES,
    "uid",
    "code",
    "credit_limit",
    "currency",
    "on_hold",
    "group",
    "owner__full_name",
    "owner__phone",
    "owner__email",
)
# The same of a document's customer, so that a document's page need not ask for him again.
SEEN_WITH_RECORD = tuple(f"customer__{name}" for name in FRAME)


@seen
def customer_of(actor: Actor) -> QuerySet[Customer]:
    """The one customer of a narrowed actor, with the colleague who looks after him."""
    return Customer.objects.visible_to(actor).select_related("owner").only(*FRAME)[:1]


def groups_of(actor: Actor) -> dict[int, int | None]:
    """The customer group of each customer that the person stands for."""
    rows = Customer.objects.filter(pk__in=actor.customer_ids or ()).values_list("pk", "group_id")
    return dict(rows)


def customers_of(actor: Actor) -> Sequence[Customer]:
    """All customers a person stands for, by name."""
    return list(Customer.objects.visible_to(actor).only(*NAMES, "code").order_by("name", "pk"))


@seen
def profile_of(actor: Actor) -> QuerySet[Customer]:
    """The customer with what stands in his profile."""
    fields = (*NAMES, "code", "phone", "email", *(f"payment_terms__{name}" for name in NAMES))
    return Customer.objects.visible_to(actor).select_related("payment_terms").only(*fields)[:1]


@seen
def addresses_of(actor: Actor) -> QuerySet[Address]:
    return Address.objects.visible_to(actor).order_by("-is_default", "purpose", "pk")[:20]


@seen
def identifiers_of(actor: Actor) -> QuerySet[Identifier]:
    return Identifier.objects.visible_to(actor).order_by("kind", "pk")[:20]


def people_of(actor: Actor) -> Sequence[PortalAccess]:
    """Who may sign in for the customer: the account owner sees all, others themselves."""
    rows = PortalAccess.objects.visible_to(actor).filter(is_active=True, customer__in=actor.customer_ids or ())
    return list(rows.select_related("user").order_by("user__full_name", "pk")[:50])


def doings_of(actor: Actor) -> QuerySet[Event]:
    """What the person himself did, newest first."""
    return Event.objects.filter(actor_id=actor.user_id).order_by("-id")
