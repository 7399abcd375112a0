"""Customers: making, changing, handing over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.forms import ModelForm

from rawabit.company.actions import next_document_number
from rawabit.company.queries import local_day
from rawabit.crm.actions.reach import refresh_reach
from rawabit.crm.actions.territories import place_customer, territory_for
from rawabit.crm.logic.addresses import NUMERIC, problems
from rawabit.crm.models import Address, Customer, CustomerRelation, Identifier
from rawabit.crm.policies import BUYING, require_on
from rawabit.identity.models import STAFF, User
from rawabit.kit.identifiers import IDENTIFIERS, PROBLEMS, WARN, check_identifier, compact
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.phones import national_digits
from rawabit.kit.records.actions import emit, lock, require_still_visible, save_form, set_fields, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import search_key

MOST_ADDRESSES = 50  # of one customer, by his own hand
ADDRESS_FIELDS = ("building", "street", "secondary", "district", "city", "province", "postal_code", "short_code")


class InvalidFields(Refused):
    """Some fields are wrong: ``problems`` holds ``{field: words}``, for a form to show beside each."""

    def __init__(self, wrong: Mapping[str, Any]) -> None:
        super().__init__("\n".join(str(words) for words in wrong.values()))
        self.problems = dict(wrong)


def customer_key(customer: Customer, numbers: Sequence[str]) -> str:
    """What a customer is found by: names, number, official numbers, phone as stored and as dialled, e-mail."""
    return search_key(
        customer.name, customer.name_ar, customer.name_fa, customer.name_en, customer.trade_name, customer.code,
        customer.email, customer.phone, national_digits(customer.phone) if customer.phone else "", *numbers,
    )  # fmt: skip


def refresh_key(customer: Customer) -> None:
    """Write the search text of a customer anew."""
    numbers = list(customer.identifiers.values_list("value", flat=True))
    merged = Customer.objects.filter(merged_into=customer).values_list("search_text", flat=True)
    key = customer_key(customer, [*numbers, *merged])
    Customer.objects.filter(pk=customer.pk).update(search_text=key)
    customer.search_text = key


@transaction.atomic
def save_customer(
    form: ModelForm[Customer], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Customer:
    """Make or change a customer from its form; a new one without a number gets the next of the series."""
    customer = form.instance
    _require_save(customer, actor)
    if customer.pk is None:
        _begin(customer, actor, at)
    require_no_circle(customer)
    saved = save_form(form, actor=actor, at=at, seen_version=seen_version)
    refresh_key(saved)
    _spread_activity(saved)
    return saved


@transaction.atomic
def put_customer(
    customer: Customer, *, actor: Actor, at: datetime, identifiers: Sequence[tuple[str, str]] = ()
) -> Customer:
    """Keep a customer made by a program (import, demo, API), with official numbers as (kind, text) pairs."""
    fresh = customer.pk is None
    _require_save(customer, actor)
    if fresh:
        _begin(customer, actor, at)
    else:
        touch(customer, at)
    require_no_circle(customer)
    customer.save()
    for kind, text in identifiers:
        _keep_identifier(customer, kind, text)
    refresh_key(customer)
    require_still_visible(customer, actor)
    _spread_activity(customer)
    emit(f"customer.{'created' if fresh else 'changed'}", customer, actor=actor, at=at, name=customer.name)
    return customer


def _require_save(customer: Customer, actor: Actor) -> None:
    """A new customer needs the right to add; an old one is judged as it stood, not as the form would have it."""
    if customer.pk is None:
        actor.require("crm.add_customer")
        return
    before = Customer.objects.get(pk=customer.pk)
    require_on(actor, "crm.change_customer", before)
    if customer.owner_id != before.owner_id:
        require_on(actor, "crm.set_owner", before)
    if (customer.credit_limit, customer.on_hold) != (before.credit_limit, before.on_hold):
        require_on(actor, "crm.set_credit", before)


def _begin(customer: Customer, actor: Actor, at: datetime) -> None:
    if (customer.credit_limit is not None or customer.on_hold) and not actor.may("crm.set_credit"):
        raise PermissionDenied("crm.set_credit")
    if customer.owner_id is None and actor.user_id and actor.grants.get("crm.view_customer") != "all":
        customer.owner_id = actor.user_id
    if customer.territory_id is None:
        customer.territory = territory_for(customer.country, "")
    customer.code = customer.code.strip() or next_document_number("customer", local_day(at))
    customer.created_at = customer.updated_at = at


def require_no_circle(customer: Customer) -> None:
    """Refuse a customer who would be, by steps, a branch of himself."""
    above, seen = customer.parent, {customer.pk}
    while above is not None:
        if above.pk in seen:
            raise InvalidFields({"parent": _("A branch cannot be the parent of its own head office.")})
        seen.add(above.pk)
        above = above.parent


def _spread_activity(customer: Customer) -> None:
    """Who stands for an inactive customer loses him from sight."""
    refresh_reach(list(customer.portal_access.values_list("user_id", flat=True)))


@transaction.atomic
def hand_over(customer: Customer, owner: User | None, *, actor: Actor, at: datetime) -> Customer:
    """Give a customer to another account manager."""
    customer = lock(customer)
    require_on(actor, "crm.set_owner", customer)
    if owner is not None and (owner.kind != STAFF or not owner.is_active):
        raise Refused(_("Choose a colleague."))
    before = customer.owner.full_name if customer.owner else ""
    customer = set_fields(customer, {"owner": owner}, actor=actor, at=at)
    name = owner.full_name if owner else ""
    emit("customer.handed_over", customer, actor=actor, at=at, before=before, owner=name, owner_id=customer.owner_id)
    return customer


@transaction.atomic
def set_credit(customer: Customer, limit: Money | None, on_hold: bool, *, actor: Actor, at: datetime) -> Customer:
    """Set the credit limit, in the customer's own currency, and whether orders are on hold."""
    customer = lock(customer)
    require_on(actor, "crm.set_credit", customer)
    if limit is not None and (limit.currency != customer.currency or limit.minor < 0):
        raise InvalidFields({"credit_limit": _("Give the limit in the customer's currency, not below zero.")})
    values = {"credit_limit": None if limit is None else limit.minor, "on_hold": on_hold}
    return set_fields(customer, values, actor=actor, at=at)


@transaction.atomic
def delete_customer(customer: Customer, *, actor: Actor, at: datetime) -> None:
    """Remove a customer without documents; others are set inactive instead."""
    customer = lock(customer)
    require_on(actor, "crm.delete_customer", customer)
    emit("customer.deleted", customer, actor=actor, at=at, name=customer.name, code=customer.code)
    users = list(customer.portal_access.values_list("user_id", flat=True))
    try:
        with transaction.atomic():
            customer.delete()
    except ProtectedError:
        raise Refused(_("This customer has documents. Make it inactive instead of deleting it."))
    refresh_reach(users)


# Official numbers, addresses, relations


@transaction.atomic
def set_identifier(customer: Customer, kind: str, text: str, *, actor: Actor, at: datetime) -> Identifier:
    """Keep an official number of a customer; its check digits are tested. One number per kind, a new one replaces."""
    customer = lock(customer)
    require_on(actor, "crm.change_customer", customer)
    customer.identifiers.filter(kind=kind).exclude(value=compact(text)).delete()
    kept = _keep_identifier(customer, kind, text)
    refresh_key(customer)
    emit("customer.identifier_set", customer, actor=actor, at=at, kind=kind)
    return kept


@transaction.atomic
def remove_identifier(customer: Customer, identifier_id: int, *, actor: Actor, at: datetime) -> None:
    """Forget an official number."""
    customer = lock(customer)
    require_on(actor, "crm.change_customer", customer)
    gone = customer.identifiers.filter(pk=identifier_id).first()
    if gone is not None:
        gone.delete()
        refresh_key(customer)
        emit("customer.identifier_removed", customer, actor=actor, at=at, kind=gone.kind)


def _keep_identifier(customer: Customer, kind: str, text: str) -> Identifier:
    if kind not in IDENTIFIERS:
        raise InvalidFields({"kind": _("Unknown kind of number.")})
    checked = check_identifier(kind, text)
    if not checked.ok and (checked.problem_code == "empty" or IDENTIFIERS[kind].strictness != WARN):
        raise InvalidFields({"value": _(PROBLEMS[checked.problem_code])})
    kept, _fresh = Identifier.objects.get_or_create(customer=customer, kind=kind, value=checked.value)
    return kept


@transaction.atomic
def put_address(address: Address, *, actor: Actor, at: datetime) -> Address:
    """Keep an address of a customer, in the form of its country. The first of a purpose is the one used first."""
    customer = lock(address.customer)
    _require_address(address, customer, actor)
    for name in NUMERIC:
        setattr(address, name, compact(getattr(address, name)))
    wrong = problems(address.country, {name: getattr(address, name) for name in ADDRESS_FIELDS})
    if wrong:
        raise InvalidFields(wrong)
    fresh = address.pk is None
    siblings = Address.objects.filter(customer=customer, purpose=address.purpose).exclude(pk=address.pk)
    if address.is_default:
        siblings.update(is_default=False)
    elif not siblings.filter(is_default=True).exists():
        address.is_default = True
    if not fresh:
        touch(address, at)
    address.save()
    if address.city and fresh and not actor.is_customer:
        place_customer(customer, address.city, actor=actor, at=at)
    emit("customer.address_set", customer, actor=actor, at=at, address=address.pk, purpose=address.purpose)
    return address


def _require_address(address: Address, customer: Customer, actor: Actor) -> None:
    """A customer's owner and buyers look after their delivery addresses; the address on invoices is asked for. An
    address is judged as it stood too, so that none is turned into another kind to get hold of it."""
    if not actor.is_customer:
        require_on(actor, "crm.change_customer", customer)
        return
    require_on(actor, "crm.change_customer", customer, roles=BUYING)
    stood = Address.objects.filter(pk=address.pk).values_list("purpose", "customer_id").first()
    if address.purpose != "delivery" or (stood is not None and stood != ("delivery", customer.pk)):
        raise PermissionDenied("crm.change_customer")
    others = Address.objects.filter(customer=customer, purpose="delivery").exclude(pk=address.pk)
    if address.pk is None and others.count() >= MOST_ADDRESSES:
        raise Refused(_("There are too many addresses. Remove one that is not used any more."))


@transaction.atomic
def remove_address(address: Address, *, actor: Actor, at: datetime) -> None:
    """Forget an address. Documents keep the words they were written with."""
    customer = lock(address.customer)
    _require_address(address, customer, actor)
    emit("customer.address_removed", customer, actor=actor, at=at, address=address.pk, purpose=address.purpose)
    address.delete()


@transaction.atomic
def relate_customers(
    customer: Customer, other: Customer, kind: str, *, note: str = "", actor: Actor, at: datetime
) -> CustomerRelation:
    """Say how two companies hang together."""
    customer = lock(customer)
    require_on(actor, "crm.change_customer", customer)
    if kind not in dict(CustomerRelation.KINDS) or customer.pk == other.pk:
        raise Refused(_("Choose another customer and a relation."))
    relation, fresh = CustomerRelation.objects.get_or_create(
        from_customer=customer, to_customer=other, kind=kind, defaults={"note": note[:200]}
    )
    if fresh:
        emit("customer.related", customer, actor=actor, at=at, other=other.name, kind=kind)
    return relation


@transaction.atomic
def unrelate_customers(relation: CustomerRelation, *, actor: Actor, at: datetime) -> None:
    """Take such a relation back."""
    customer = lock(relation.from_customer)
    require_on(actor, "crm.change_customer", customer)
    emit("customer.unrelated", customer, actor=actor, at=at, other=relation.to_customer.name, kind=relation.kind)
    relation.delete()
