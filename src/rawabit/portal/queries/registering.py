"""Which customers a registration could mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from rawabit.crm.models import Customer, Identifier
from rawabit.crm.queries import duplicates_of
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.portal.logic.registering import company_domain, plain_number
from rawabit.portal.models import Registration

MOST = 5


@dataclass(frozen=True, slots=True)
class Alike:
    """A customer that may be meant, with what speaks for it, the strongest first."""

    customer: Customer
    why: Any


def alike(registration: Registration, actor: Actor) -> list[Alike]:
    """Customers in the colleague's sight with the same official number, the same address or domain, or a like name."""
    found: dict[int, Alike] = {}
    for customer, why in (*_same_number(registration, actor), *_same_domain(registration, actor)):
        found.setdefault(customer.pk, Alike(customer, why))
    named = duplicates_of(registration.company_name, phone=registration.phone, email=registration.email)
    seen = set(
        Customer.objects.visible_to(actor)
        .filter(pk__in=[customer.pk for customer, _likeness in named])
        .values_list("pk", flat=True)
    )
    for customer, _likeness in named:
        if customer.pk in seen:
            found.setdefault(customer.pk, Alike(customer, _("Name, phone or address are alike")))
    return list(found.values())[:MOST]


def _same_number(registration: Registration, actor: Actor) -> list[tuple[Customer, Any]]:
    if not registration.official_number:
        return []
    held = Identifier.objects.filter(value=plain_number(registration.official_number)).values("customer")
    rows = Customer.objects.visible_to(actor).filter(pk__in=held)[:MOST]
    return [(customer, _("The same official number")) for customer in rows]


def _same_domain(registration: Registration, actor: Actor) -> list[tuple[Customer, Any]]:
    """By the domain of the company's own addresses; private addresses tell nothing but themselves."""
    domain = company_domain(registration.email)
    ending = f"@{domain}" if domain else registration.email
    mine = Q(email__iendswith=ending) | Q(affiliations__contact__email__iendswith=ending)
    rows = Customer.objects.visible_to(actor).filter(mine).distinct().order_by("pk")[:MOST]
    words = _("E-mail addresses of the same domain") if domain else _("The same e-mail address")
    return [(customer, words) for customer in rows]
