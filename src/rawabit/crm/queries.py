"""Customers and people, read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from rawabit.company.models import Company
from rawabit.crm.logic.changes import ASKED, NAMES, NUMBER, PLACE, REACHED
from rawabit.crm.logic.duplicates import Traits, likeness, name_key
from rawabit.crm.logic.terms import due_date
from rawabit.crm.models import (
    Address,
    Affiliation,
    ChangeRequest,
    Contact,
    Customer,
    Identifier,
    PortalAccess,
    Territory,
)
from rawabit.identity.models import User
from rawabit.kit.identifiers import compact
from rawabit.kit.records.actor import Actor
from rawabit.kit.text import search_terms


def find_customers(words: str, actor: Actor, *, limit: int = 20) -> QuerySet[Customer]:
    """Active customers by name, number, phone or official number, however they are typed."""
    rows = Customer.objects.visible_to(actor).filter(is_active=True)
    for word in search_terms(words):
        rows = rows.filter(search_text__contains=word)
    return rows.order_by("name", "pk")[:limit]


def due_date_for(customer: Customer, day: date, company: Company) -> date:
    """When an invoice of that day is due: by the customer's terms; without terms at once."""
    terms = customer.payment_terms
    return due_date(day, terms.days, terms.after, company.calendar) if terms else day


# Territories


def territories_of(user: User) -> list[int]:
    """The true keys of the territories a person looks after, with everything below them."""
    if not user.is_staff:
        return []
    own = Territory.objects.filter(Q(members=user) | Q(manager=user)).values_list("pk", flat=True)
    return sorted(with_descendants(own))


def with_descendants(territories: Iterable[int]) -> set[int]:
    """The territories and all that are part of them. The tree is small: one query."""
    children: dict[int | None, list[int]] = {}
    for key, parent in Territory.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(key)
    found: set[int] = set()
    waiting = list(territories)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += children.get(key, [])
    return found


def people_of_territories(territories: Iterable[int]) -> set[int]:
    """Whose view changes when these territories change: members and managers of them and of everything above."""
    parents = dict(Territory.objects.values_list("pk", "parent_id"))
    above: set[int] = set()
    for start in territories:
        key: int | None = start
        while key is not None and key not in above:
            above.add(key)
            key = parents.get(key)
    rows = Territory.objects.filter(pk__in=above)
    people = {*rows.values_list("members", flat=True), *rows.values_list("manager_id", flat=True)}
    return people - {None}


def tree_of_territories(actor: Actor) -> list[tuple[Territory, int]]:
    """Every territory with its depth, those below one behind it. ``people``, ``count`` (customers in sight) and
    ``places`` (its rules) are attached. Four queries."""
    rows = Territory.objects.visible_to(actor).select_related("manager").prefetch_related("members", "rules")
    seen = Customer.objects.visible_to(actor).filter(is_active=True).order_by()
    counts = dict(seen.values_list("territory_id").annotate(count=Count("pk")))
    below: dict[int | None, list[Any]] = {}
    known = {row.pk: row for row in rows.order_by("name", "pk")}
    for row in known.values():
        parent = row.parent_id if row.parent_id in known else None
        below.setdefault(parent, []).append(row)
    found: list[tuple[Any, int]] = []
    waiting = [(row, 0) for row in reversed(below.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        row.count, row.places = counts.get(row.pk, 0), [str(rule) for rule in row.rules.all()]
        row.people = [one for one in ([row.manager] if row.manager else []) + list(row.members.all()) if one.is_active]
        found.append((row, depth))
        waiting += [(one, depth + 1) for one in reversed(below.get(row.pk, []))]
    return found


def owner_conflicts(actor: Actor) -> QuerySet[Customer]:
    """Customers whose account manager does not belong to their territory, nor to one above it. Three queries."""
    parents = dict(Territory.objects.values_list("pk", "parent_id"))
    people: dict[int, set[int]] = {}
    for key, manager, member in Territory.objects.values_list("pk", "manager_id", "members"):
        people.setdefault(key, set()).update({manager, member} - {None})
    wrong = Q(pk__in=())
    for key in parents:
        above: int | None = key
        allowed: set[int] = set()
        seen: set[int] = set()
        while above is not None and above not in seen:
            seen.add(above)
            allowed |= people.get(above, set())
            above = parents.get(above)
        wrong |= Q(territory=key) & ~Q(owner__in=allowed)
    rows = Customer.objects.visible_to(actor).filter(wrong, is_active=True).exclude(owner=None)
    return rows.select_related("owner", "territory").order_by("territory__name", "name", "pk")


# The portal


def customer_roles_of(user: User) -> dict[str, str]:
    """The true ``{customer key as text: role}`` of a customer's user."""
    if user.is_staff:
        return {}
    rows = PortalAccess.objects.filter(user=user, is_active=True, customer__is_active=True)
    return {str(pk): role for pk, role in rows.order_by("customer_id").values_list("customer_id", "role")}


def accounts_of(actor: Actor) -> QuerySet[Customer]:
    """The customers a customer's user stands for, for the switch at the top of the portal."""
    return Customer.objects.visible_to(actor).order_by("name", "pk")


# Changes that customers ask for


def changes_waiting(actor: Actor) -> int:
    """How many requests wait for a word, of those the person sees."""
    return ChangeRequest.objects.visible_to(actor).filter(state=ASKED).count()


def legal_address(customer: Customer) -> Address | None:
    """The address on invoices: the billing address used first."""
    return Address.objects.filter(customer=customer, purpose="billing").order_by("-is_default", "pk").first()


def change_values(customer: Customer, kind: str) -> dict[str, str]:
    """What stands now in the fields that a request of this kind may speak of."""
    if kind == ChangeRequest.ADDRESS:
        address = legal_address(customer)
        return {name: getattr(address, name) for name in PLACE} if address else {}
    if kind == ChangeRequest.CONTACT:
        return {name: getattr(customer, name) for name in REACHED}
    numbers = {f"{NUMBER}{row.kind}": row.value for row in customer.identifiers.order_by("pk")}
    return {**{name: getattr(customer, name) for name in NAMES}, **numbers}


# People


def contacts_of(customer: Customer) -> QuerySet[Affiliation]:
    """The people at a customer with their roles, the first to ask first."""
    rows = Affiliation.objects.filter(customer=customer).select_related("contact")
    return rows.order_by("-is_primary", "contact__full_name", "pk")


def primary_contact(customer: Customer) -> Contact | None:
    first = contacts_of(customer).first()
    return first.contact if first else None


# Duplicates


def duplicates_of(
    name: str, *, phone: str = "", email: str = "", identifiers: Iterable[str] = (), besides: int | None = None
) -> list[tuple[Customer, int]]:
    """Customers who could be the same as one with these traits, with their likeness (50 … 100), likest first."""
    numbers = {compact(number) for number in identifiers if number}
    wanted = Traits([name], {phone} - {""}, {email} - {""}, numbers)
    query = _candidates(name, phone, email, numbers)
    rows = Customer.objects.filter(query, merged_into=None).exclude(pk=besides).prefetch_related("identifiers")[:50]
    people = _people_of([customer.pk for customer in rows])
    scored = [(customer, likeness(wanted, _traits(customer, people.get(customer.pk, [])))) for customer in rows]
    return sorted([pair for pair in scored if pair[1] >= 50], key=lambda pair: (-pair[1], pair[0].pk))


def _candidates(name: str, phone: str, email: str, numbers: set[str]) -> Q:
    parts: list[Q] = []
    if words := name_key(name).split():
        parts.append(Q(*[("search_text__contains", word) for word in words]))
    if phone:
        parts.append(Q(phone=phone))
        parts.append(Q(pk__in=_at(Contact.objects.filter(Q(phone=phone) | Q(mobile=phone)))))
    if email:
        parts.append(Q(email__iexact=email))
        parts.append(Q(pk__in=_at(Contact.objects.filter(email__iexact=email))))
    if numbers:
        parts.append(Q(pk__in=Identifier.objects.filter(value__in=numbers).values("customer_id")))
    return reduce(or_, parts, Q(pk__in=()))


def _at(contacts: QuerySet[Contact]) -> Any:
    return Affiliation.objects.filter(contact__in=contacts).values("customer_id")


def _people_of(customers: list[int]) -> dict[int, list[Contact]]:
    people: dict[int, list[Contact]] = {}
    for row in Affiliation.objects.filter(customer__in=customers).select_related("contact"):
        people.setdefault(row.customer_id, []).append(row.contact)
    return people


def _traits(customer: Customer, people: list[Contact]) -> Traits:
    names = [customer.name, customer.name_ar, customer.name_fa, customer.name_en, customer.trade_name]
    phones = {customer.phone, *(person.phone for person in people), *(person.mobile for person in people)}
    emails = {customer.email.lower(), *(person.email.lower() for person in people)}
    numbers = {row.value for row in customer.identifiers.all()}
    return Traits([name for name in names if name], phones - {""}, emails - {""}, numbers)
