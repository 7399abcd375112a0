"""From an event to messages: who, by which channel, when. Subscribers of the event spine; each is called once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from rawabit.company.models import Company
from rawabit.company.queries import company_now
from rawabit.crm.models import Customer
from rawabit.kit.links.models import Link
from rawabit.kit.outbox.actions import queue
from rawabit.kit.outbox.letters import Recipient
from rawabit.kit.records.actions import notify
from rawabit.kit.records.models import Event
from rawabit.kit.screens.addresses import url_of
from rawabit.telling.letters import PREFIX, SIGNED, portal_path
from rawabit.telling.logic.kinds import (
    ALSO_HEARD_BY,
    BELL,
    BELL_WORDS,
    COLLEAGUE_WORDS,
    EMAIL,
    KINDS,
    OF_EVENTS,
    PUSH,
    Kind,
)
from rawabit.telling.logic.quiet import wait_until
from rawabit.telling.queries import (
    Person,
    channels_of,
    colleagues_for,
    customer_of,
    devices_of,
    holder_of,
    people_for,
    person_of,
    reader_of,
)

# What happened longer ago is history: an import, a restored backup or a worker that was away must not flood people.
NEWS = timedelta(days=2)
CUSTOMER_DOORS = ("portal", "link", "public")


def tell_customers(event: Event, at: datetime) -> None:
    """Everybody at the customer whose part it is, in his language, by the channels he wants."""
    record = event.subject
    if not _is_news(event, at) or record is None or _not_told(event.name, record):
        return
    kind = KINDS[OF_EVENTS[event.name]]
    customer = customer_of(record)
    if event.name.startswith("registration.") or customer is None:
        people = _applicant(record)
    else:
        people = people_for(customer, kind.audience, record)
    tell(kind, record, people, customer, event=event, facts=event.facts, asked=event.door in CUSTOMER_DOORS, at=at)


def tell(
    kind: Kind, record: Any, people: list[Person], customer: Customer | None, *, event: Event | None, key: str = "",
    facts: Mapping[str, Any], asked: bool, at: datetime,
) -> None:  # fmt: skip
    """Queue mails and notices on devices, and write lines into bells. ``asked``: the person waits for it, so no quiet
    hour holds it up."""
    company = company_now()
    later = None if asked else quiet_until(company, at)
    owner_key = customer.pk if customer else None
    for person, channels in channels_of(people, kind.group).items():
        if EMAIL in channels and person.email:
            queue(PREFIX + kind.code, EMAIL, recipient_of(person), record, event=event, key=key, facts=facts,
                  owner_key=owner_key, not_before=later, at=at)  # fmt: skip
        if BELL in channels and kind.code in BELL_WORDS and person.user_id and event is not None:
            ring(person.user_id, kind.code, record, event, at)
        if PUSH in channels and person.user_id:
            for device in devices_of(person.user_id):
                queue(PREFIX + kind.code, PUSH, recipient_of(person, device.pk), record, event=event, key=key,
                      facts=facts, owner_key=owner_key, not_before=later, at=at)  # fmt: skip


def ring(user_id: int, kind: str, record: Any, event: Event, at: datetime) -> None:
    """A line in a customer's bell. Only names and numbers: amounts and days would be in one form for all readers."""
    order = getattr(record, "order", None)
    facts = {
        "number": getattr(record, "number", "") or event.facts.get("number") or event.facts.get("invoice") or "",
        "order": getattr(order, "number", ""), "what": event.facts.get("name", ""),
        "customer": str(customer_of(record)),
    }  # fmt: skip
    notify(user_id, kind=PREFIX + kind, facts=facts, url=portal_path(record), event=event, at=at)


def recipient_of(person: Person, device: int | None = None) -> Recipient:
    return Recipient(person.name, person.email, person.language, person.user_id, device, reader_of(person))


def quiet_until(company: Company, at: datetime) -> datetime | None:
    """When the company's quiet that ``at`` falls into is over; None when it is not quiet."""
    return wait_until(
        at, quiet_from=company.quiet_from, quiet_until=company.quiet_until, quiet_days=company.quiet_days,
        zone=company.timezone,
    )  # fmt: skip


def _is_news(event: Event, at: datetime) -> bool:
    return event.door != "import" and at - event.at <= NEWS


def _not_told(name: str, record: Any) -> bool:
    """Refunds are recorded as payments too, but are no receipt for the customer."""
    return name == "payment.recorded" and record.direction != "in"


def _applicant(record: Any) -> list[Person]:
    """Somebody who is no customer yet: the address that he gave himself."""
    email = getattr(record, "email", "")
    name = getattr(record, "full_name", "") or email
    return [Person(name, email, getattr(record, "language", "") or company_now().language)] if email else []


def tell_signed(event: Event, at: datetime) -> None:
    """The signed copy goes to whoever looks after an offer that its customer accepted."""
    record: Any = event.subject
    if record is None or not _is_news(event, at) or event.door not in CUSTOMER_DOORS:
        return
    owner = record.owner or record.customer.owner
    if owner is not None and owner.is_active and owner.email:
        person = person_of(owner, company_now().language)
        queue(f"{PREFIX}{SIGNED}", EMAIL, recipient_of(person), record, event=event, facts=event.facts,
              owner_key=record.customer_id, at=at)  # fmt: skip


def tell_access(event: Event, at: datetime) -> None:
    """Who was given access to a customer reads so in his bell; the invitation itself is sent by whoever invites."""
    if _is_news(event, at) and event.facts.get("user") and event.subject is not None:
        ring(event.facts["user"], "portal_granted", event.subject, event, at)


# Links


def tell_link_renewed(event: Event, at: datetime) -> None:
    """The new link goes to the address on file, and to no other. Without one a colleague hears of it."""
    link = Link.objects.filter(pk=event.facts.get("link") or 0).first()
    if link is None or link.subject is None or not _is_news(event, at):
        return
    person = holder_of(link)
    if not person.email:
        _ring_colleagues(event, at, {"who": str(link), "what": str(link.subject)})
        return
    customer = customer_of(link.subject)
    queue(f"{PREFIX}link_renewed", EMAIL, recipient_of(person), link.subject, event=event,
          owner_key=customer.pk if customer else None, at=at)  # fmt: skip


# Colleagues


def tell_colleagues(event: Event, at: datetime) -> None:
    """A line in the bell of who looks after it, when a customer did something or a message did not arrive."""
    if not _is_news(event, at) or (event.name.startswith("quotation.") and event.door not in CUSTOMER_DOORS):
        return
    record = event.subject
    facts = {
        "customer": str(customer_of(record) or event.facts.get("customer", "")),
        "number": event.facts.get("number") or event.facts.get("invoice") or getattr(record, "number", ""),
        "what": event.facts.get("name", ""), "who": event.facts.get("name") or event.actor_name,
        "address": event.facts.get("address", ""),
    }  # fmt: skip
    _ring_colleagues(event, at, facts)


def _ring_colleagues(event: Event, at: datetime, facts: dict[str, Any]) -> None:
    record: Any = event.subject
    customer = customer_of(record) or _owner_of(record)
    about = getattr(record, "invoice", None) or record
    reverse("desk")  # builds the addresses, which a worker has not done yet
    for user_id in colleagues_for(about, customer, ALSO_HEARD_BY.get(event.name, "")):
        if user_id != event.actor_id and event.name in COLLEAGUE_WORDS:
            notify(user_id, kind=PREFIX + event.name, facts=facts, url=url_of(record) if record else "", event=event,
                   at=at)  # fmt: skip


def _owner_of(record: Any) -> Customer | None:
    """The customer of a message."""
    key = getattr(record, "owner_key", None)
    return Customer.objects.filter(pk=key).first() if key else None
