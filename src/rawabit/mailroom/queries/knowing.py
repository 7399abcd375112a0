"""Whom and what a message is about. The modules above (quotations, invoices) say how their numbers are found; mail
itself may not look upwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from rawabit.company.queries import company_now
from rawabit.crm.models import Affiliation, Contact, Customer
from rawabit.identity.models import STAFF, User
from rawabit.kit.outbox.models import Message
from rawabit.kit.text import latn
from rawabit.mailroom.models import Mailbox, ReceivedMail, SentMail

Finder = Callable[[Collection[str], Collection[int]], Any]
_FINDERS: dict[str, Finder] = {}
_NUMBERS = re.compile(r"[0-9A-Za-z\u0600-\u06ff][0-9A-Za-z\u0600-\u06ff/_.-]{1,38}[0-9]")


def find_documents_with(name: str, finder: Finder) -> None:
    """Register how a document of some kind is found by (numbers, keys of customers). The program says so when it
    starts."""
    _FINDERS[name] = finder


def document_of(subject: str, customers: Collection[int]) -> Any:
    """The document of one of these customers whose number stands in a subject; None for none."""
    words = list(dict.fromkeys(found.group().strip(".-/_") for found in _NUMBERS.finditer(latn(subject)[:300])))[:10]
    if not words or not customers:
        return None
    for finder in _FINDERS.values():
        found = finder(words, customers)
        if found is not None:
            return found
    return None


def own_addresses() -> set[str]:
    """Every address that is ours: what comes from them is not from outside."""
    from email.utils import parseaddr

    company = company_now()
    found = set(Mailbox.objects.values_list("address", flat=True))
    found |= {parseaddr(settings.DEFAULT_FROM_EMAIL)[1], company.mail_reply_to, company.email}
    found |= set(User.objects.filter(kind=STAFF, is_active=True).values_list("email", flat=True))
    return {address.lower() for address in found if address}


def customers_of(contact: Contact) -> list[int]:
    return list(Affiliation.objects.filter(contact=contact).values_list("customer_id", flat=True)[:50])


def customer_by_address(address: str) -> Customer | None:
    """The customer whose own address this is, when there is exactly one."""
    found = list(Customer.objects.filter(email__iexact=address, is_active=True, merged_into=None)[:2])
    return found[0] if len(found) == 1 else None


def sent_to(references: Sequence[str]) -> list[Message]:
    """Our messages that these Message-IDs name, the newest first."""
    return list(Message.objects.filter(message_id__in=list(references)[-40:], channel="email").order_by("-pk")[:10])


def thread_of(references: Sequence[str], message_id: str) -> str:
    """The name of the conversation: that of the first of its messages that we know, else its own."""
    known = ReceivedMail.objects.filter(message_id__in=references).exclude(thread="").order_by("pk")
    found = known.values_list("thread", flat=True).first()
    if found is None:
        sent = SentMail.objects.filter(message__message_id__in=references).exclude(thread="").order_by("pk")
        found = sent.values_list("thread", flat=True).first()
    return found or (references[0] if references else message_id)


def conversation(mail: ReceivedMail, actor: Any) -> list[tuple[str, Any]]:
    """("in", received) and ("out", sent) of the same conversation that the actor sees, in their order."""
    if not mail.thread:
        return [("in", mail)]
    same = Q(thread=mail.thread)
    if mail.customer_id is not None:
        same &= Q(customer=mail.customer_id) | Q(customer=None)
    heard = ReceivedMail.objects.visible_to(actor).filter(same).order_by("-pk")[:50]
    said = SentMail.objects.visible_to(actor).filter(thread=mail.thread).select_related("message", "activity", "by")
    rows: list[tuple[str, Any]] = [("in", one) for one in heard] + [("out", one) for one in said.order_by("-pk")[:50]]
    return sorted(rows, key=lambda row: row[1].created_at)


def mails_of(record: Any, actor: Any) -> Any:
    """The received mail about a record that the actor sees."""
    from django.contrib.contenttypes.models import ContentType

    rows = ReceivedMail.objects.visible_to(actor)
    if isinstance(record, Customer):
        return rows.filter(customer=record)
    if isinstance(record, Contact):
        return rows.filter(contact=record)
    return rows.filter(subject_type=ContentType.objects.get_for_model(record), subject_id=record.pk)


def waiting(actor: Any) -> int:
    """How many lie in the inbox for this person: his own and what is nobody's."""
    rows = ReceivedMail.objects.visible_to(actor).filter(handled_at=None)
    return int(rows.filter(Q(owner=actor.user_id) | Q(owner=None)).count())


def language_of(text: str, fallback: str = "") -> str:
    """In which of our languages a text is written, by its letters."""
    if re.search("[پچژگک\u06cc]", text):
        return "fa"
    if re.search("[\u0621-\u064a]", text):
        return "ar"
    return "en" if re.search("[A-Za-z]{3}", text) else fallback or get_language() or "ar"


__all__ = [
    "conversation", "customer_by_address", "customers_of", "document_of", "find_documents_with",
    "language_of", "mails_of", "own_addresses", "sent_to", "thread_of", "waiting",
]  # fmt: skip
