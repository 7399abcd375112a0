"""Who among a customer's people is told of something, and by which channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from rawabit.crm.models import Affiliation, Contact, Customer, PortalAccess
from rawabit.crm.policies import may_on
from rawabit.identity.models import STAFF, User
from rawabit.identity.queries import actor_of
from rawabit.kit.links.models import Link
from rawabit.kit.outbox.models import PushSubscription
from rawabit.telling.logic.kinds import AUDIENCES, BELL, EMAIL, FOR_BUYING, FOR_PAYING, GROUPS, OFF_AT_FIRST
from rawabit.telling.models import Preference


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be told. ``user_id`` for one who signs in, ``contact_id`` for one we know as a contact."""

    name: str
    email: str
    language: str
    phone: str = ""
    calendar: str = ""
    digits: str = ""
    user_id: int | None = None
    contact_id: int | None = None


def people_for(customer: Customer, audience: str, record: Any = None) -> list[Person]:
    """The customer's portal users and contacts whose part it is, and the contact named on the document. When that is
    nobody, the first to ask; failing that, the customer's own address. Each address once."""
    user_roles, contact_roles = AUDIENCES[audience]
    people = [*_users(customer, user_roles), *_contacts(customer, contact_roles, record)]
    if not any(person.email for person in people):
        people += _fallback(customer)
    return _each_once(people)


def _users(customer: Customer, roles: Iterable[str]) -> list[Person]:
    rows = PortalAccess.objects.filter(customer=customer, is_active=True, role__in=roles, user__is_active=True)
    return [
        person_of(row.user, row.contact.language if row.contact else customer.language, row.contact_id)
        for row in rows.select_related("user", "contact").order_by("pk")
    ]


def person_of(user: User, language: str = "ar", contact_id: int | None = None) -> Person:
    """A person who signs in, as he reads."""
    return Person(
        user.full_name, user.email, user.language or language, user.phone, user.calendar, user.digits, user.pk,
        contact_id,
    )  # fmt: skip


def holder_of(link: Link) -> Person:
    """Whoever a link was made for, with his present address: of the person, of the contact, else what was typed."""
    language = link.holder_language or "ar"
    if link.user_id:
        user = User.objects.filter(pk=link.user_id, is_active=True).first()
        return person_of(user, language, link.contact_id) if user else Person(link.holder_name, "", language)
    email = link.holder_email
    if link.contact_id:
        email = Contact.objects.filter(pk=link.contact_id).values_list("email", flat=True).first() or ""
    return Person(link.holder_name, email, language, link.holder_phone, contact_id=link.contact_id)


def _contacts(customer: Customer, roles: Iterable[str], record: Any) -> list[Person]:
    at_customer = Affiliation.objects.filter(customer=customer)
    named = getattr(record, "contact_id", None)
    wanted = Q(pk__in=at_customer.filter(role__in=roles).values("contact_id"))
    if named:
        wanted |= Q(pk=named, pk__in=at_customer.values("contact_id"))
    return [_of_contact(contact) for contact in Contact.objects.filter(wanted, is_active=True).order_by("pk")]


def _of_contact(contact: Contact) -> Person:
    phone = contact.mobile or contact.phone
    return Person(contact.full_name, contact.email, contact.language, phone, contact_id=contact.pk)


def _fallback(customer: Customer) -> list[Person]:
    first = Affiliation.objects.filter(customer=customer, is_primary=True, contact__is_active=True)
    primary = first.exclude(contact__email="").select_related("contact").order_by("pk").first()
    if primary is not None:
        return [_of_contact(primary.contact)]
    return [Person(str(customer), customer.email, customer.language, customer.phone)] if customer.email else []


def _each_once(people: Iterable[Person]) -> list[Person]:
    """Users come first, so a contact who is also a user is told as the user he is."""
    found: dict[Any, Person] = {}
    contacts: set[int] = set()
    for person in people:
        key = person.email.strip().lower() or (person.user_id, person.contact_id)
        if key in found or (person.contact_id and person.contact_id in contacts):
            continue
        found[key] = person
        if person.contact_id:
            contacts.add(person.contact_id)
    return list(found.values())


# What they want


def channels_of(people: Iterable[Person], group: str) -> dict[Person, set[str]]:
    """For each person the channels by which he wants to be told of a group, in one query."""
    people = list(people)
    users = [person.user_id for person in people if person.user_id]
    rows = Preference.objects.filter(user__in=users, group=group).values_list("user_id", "channel", "wanted")
    chosen = {(user, channel): wanted for user, channel, wanted in rows}
    return {
        person: {
            channel
            for channel in ((EMAIL, BELL, "push") if person.user_id else (EMAIL,))
            if chosen.get((person.user_id, channel), (group, channel) not in OFF_AT_FIRST)
        }
        for person in people
    }


def matrix_of(user: User) -> dict[str, dict[str, bool]]:
    """``{group: {channel: wanted}}`` of what a customer's user is ever told of, by his roles."""
    roles = set(user.customer_roles.values())
    rows = Preference.objects.filter(user=user).values_list("group", "channel", "wanted")
    chosen = {(group, channel): wanted for group, channel, wanted in rows}
    return {
        group: {
            channel: chosen.get((group, channel), (group, channel) not in OFF_AT_FIRST)
            for channel in (EMAIL, BELL, "push")
        }
        for group in GROUPS
        if not (group in FOR_PAYING and not roles & {"owner", "finance"})
        and not (group in FOR_BUYING and not roles & {"owner", "buyer"})
    }


def wanting_statements() -> list[tuple[User, Customer]]:
    """Everybody who asked for a statement every month, with each customer for whom he may see one."""
    users = Preference.objects.filter(group="statement", channel=EMAIL, wanted=True).values("user_id")
    rows = PortalAccess.objects.filter(
        user__in=users, user__is_active=True, is_active=True, role__in=AUDIENCES["money"][0], customer__is_active=True
    )
    return [(row.user, row.customer) for row in rows.select_related("user", "customer").order_by("pk")]


def devices_of(user_id: int) -> list[PushSubscription]:
    return list(PushSubscription.objects.filter(user_id=user_id).order_by("-pk"))


# Colleagues


def colleagues_for(record: Any, customer: Customer | None, permission: str) -> list[int]:
    """Keys of the colleagues who hear of it: who looks after the document and the customer, and those who may do what
    is asked (``permission``) for this customer; when that is nobody, everybody who may set roles."""
    owners = {getattr(record, "owner_id", None), customer.owner_id if customer else None} - {None}
    staff = list(User.objects.filter(kind=STAFF, is_active=True).order_by("pk"))
    found = {user.pk for user in staff if user.pk in owners}
    if permission:
        found |= {user.pk for user in staff if _may(user, permission, customer)}
    if not found:
        found = {user.pk for user in staff if "identity.set_roles" in user.rights}
    return sorted(found)


def _may(user: User, permission: str, customer: Customer | None) -> bool:
    if customer is None:
        return user.rights.get(permission) == "all"
    return may_on(actor_of(user), permission, customer)


def reader_of(person: Person) -> Mapping[str, Any]:
    """What the message keeps of how a person reads."""
    return {
        "calendar": person.calendar, "digits": person.digits, "contact": person.contact_id, "phone": person.phone,
    }  # fmt: skip
