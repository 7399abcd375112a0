"""Inviting many people at once: who would be, who cannot be and why, and doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from rawabit.company.queries import company_now
from rawabit.crm.actions import grant_portal_access
from rawabit.crm.models import Affiliation, Contact, Customer, PortalAccess
from rawabit.identity.mailing import invite
from rawabit.identity.models import User
from rawabit.identity.queries import actor_of
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, notify
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused

NO_ADDRESS, HAS_ACCESS, NO_CUSTOMER, CLOSED = "no_address", "has_access", "no_customer", "closed"
WHY_NOT: Mapping[str, Any] = {
    NO_ADDRESS: _("No e-mail address"), HAS_ACCESS: _("Has access already"),
    NO_CUSTOMER: _("At no customer yet"), CLOSED: _("Inactive"),
}  # fmt: skip
AT_ONCE = 50  # more than that is work for the background


@dataclass(frozen=True, slots=True)
class Guest:
    """One line of the preview: a record of the list, whom it would invite where, and why not."""

    record: Any
    customer: Customer | None
    contact: Contact | None
    name: str
    email: str
    why_not: str = ""

    @property
    def reason(self) -> Any:
        return WHY_NOT.get(self.why_not, "")


def guests_at(customers: Sequence[Customer]) -> list[Guest]:
    """Of each customer the first to ask who has an address, else the customer's own address."""
    rows = Affiliation.objects.filter(customer__in=customers, contact__is_active=True).exclude(contact__email="")
    people: dict[int, Contact] = {}
    for row in rows.select_related("contact").order_by("-is_primary", "pk"):
        people.setdefault(row.customer_id, row.contact)
    held = _holders([customer.pk for customer in customers])
    return [_guest(one, one, people.get(one.pk), held) for one in customers]


def guests_of(contacts: Sequence[Contact], actor: Actor) -> list[Guest]:
    """Each contact at the customer where he is the first to ask, else where he has been longest."""
    seen = Customer.objects.visible_to(actor).values("pk")
    rows = Affiliation.objects.filter(contact__in=contacts, customer__in=seen).select_related("customer")
    at: dict[int, Customer] = {}
    for row in rows.order_by("-is_primary", "pk"):
        at.setdefault(row.contact_id, row.customer)
    held = _holders([customer.pk for customer in at.values()])
    return [_guest(one, at.get(one.pk), one, held) for one in contacts]


def _holders(customers: Sequence[int]) -> set[tuple[int, str]]:
    rows = PortalAccess.objects.filter(customer__in=customers, is_active=True)
    return {(pk, email.lower()) for pk, email in rows.values_list("customer_id", "user__email")}


def _guest(record: Any, customer: Customer | None, contact: Contact | None, held: set[tuple[int, str]]) -> Guest:
    email = ((contact.email if contact else "") or (customer.email if customer and record is customer else "")).lower()
    name = contact.full_name if contact else str(customer or record)
    why = ""
    if customer is None:
        why = NO_CUSTOMER
    elif not record.is_active or not customer.is_active:
        why = CLOSED
    elif not email:
        why = NO_ADDRESS
    elif (customer.pk, email) in held:
        why = HAS_ACCESS
    return Guest(record, customer, contact, name, email, why)


@transaction.atomic
def invite_guest(guest: Guest, role: str, *, actor: Actor, at: datetime) -> User:
    """Give one person access and tell him. Refused with the reason of the preview."""
    if guest.why_not or guest.customer is None:
        raise Refused(str(guest.reason))
    access = grant_portal_access(
        guest.customer, guest.email, guest.name, role, contact=guest.contact, actor=actor, at=at
    )
    return access.user


def invite_all(guests: Sequence[Guest], role: str, *, actor: Actor, at: datetime) -> list[tuple[Guest, str]]:
    """Each for himself: ``(guest, "")`` or the reason why not. A message that cannot be sent takes nothing back."""
    return [(guest, _try(guest, role, actor, at)) for guest in guests]


def _try(guest: Guest, role: str, actor: Actor, at: datetime) -> str:
    try:
        user = invite_guest(guest, role, actor=actor, at=at)
    except Refused as reason:
        return str(reason)
    except PermissionDenied:
        return str(_("You may not give access to this customer."))
    try:
        invite(user, inviter=actor.name)
    except OSError:
        return str(_("Access is given, but the invitation could not be sent. Save again later."))
    return ""


def invite_later(args: Mapping[str, Any], at: datetime) -> None:
    """The work of a background job: ``kind`` (customers | contacts), ``rows``, ``role``, ``by``. The colleague who
    began it is told how it went, and does no more than he may at that moment."""
    person = User.objects.get(pk=args["by"])
    actor = actor_of(person)
    if args["kind"] == "customers":
        guests = guests_at(list(Customer.objects.visible_to(actor).filter(pk__in=args["rows"]).order_by("pk")))
    else:
        guests = guests_of(list(Contact.objects.visible_to(actor).filter(pk__in=args["rows"]).order_by("pk")), actor)
    results = invite_all([guest for guest in guests if not guest.why_not], args["role"], actor=actor, at=at)
    done = sum(not reason for _guest_, reason in results)
    told = emit("portal.invited", company_now(), actor=actor, at=at, done=done, total=len(results))
    notify(person.pk, kind="invited", facts=told.facts, url=args["url"], event=told, at=at)
