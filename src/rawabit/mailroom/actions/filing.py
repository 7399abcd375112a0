"""Where a message belongs. Rules are tried in order; each leaves a line in the message's trace.

From is a claim: it decides where a message lies, and nothing else. What stands in another customer's record is never
added to by somebody who only knows its number or an old Message-ID: a token must have been made for this sender, a
reference counts for whom we wrote to, a number for the customer's own people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rawabit.crm.models import Contact, Customer
from rawabit.identity.models import User
from rawabit.kit.records.actions import emit, notify
from rawabit.kit.records.actor import rule_of, system
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.text import clean_user_text
from rawabit.leads.actions import create_lead
from rawabit.leads.models import Lead
from rawabit.leads.queries import known_contact, open_lead
from rawabit.mailroom.actions.bouncing import bounced
from rawabit.mailroom.actions.placing import Target, lay
from rawabit.mailroom.addresses import claims
from rawabit.mailroom.logic.automatic import BOUNCE, why_automatic
from rawabit.mailroom.models import SALES, Mailbox, ReceivedMail
from rawabit.mailroom.queries.knowing import (
    customer_by_address,
    customers_of,
    document_of,
    language_of,
    own_addresses,
    sent_to,
    thread_of,
)
from rawabit.talks.models import Activity

UNREADABLE, DOUBLE, UNKNOWN = "unreadable", "double", "unknown"


@dataclass
class Look:
    """What is known while the rules are tried."""

    mail: ReceivedMail
    facts: dict[str, Any]
    at: datetime
    contact: Contact | None = None
    customers: Sequence[int] = ()
    trace: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, rule: str, hit: bool, why: str, **facts: Any) -> None:
        self.trace.append({"rule": rule, "hit": hit, "why": why, "facts": facts})


Rule = Callable[[Look], Target | None]


def file_mail(mail: ReceivedMail, facts: dict[str, Any], *, readable: bool, at: datetime) -> None:
    """File a locked message that was just read, in the caller's transaction."""
    Mailbox.objects.select_for_update(of=("self",)).order_by("pk").first()  # two at once make no twins of a lead
    look = Look(mail, facts, at)
    mail.thread = thread_of(facts["references"], facts["message_id"])[:255]
    why = UNREADABLE if not readable else _set_aside(look)
    if why:
        look.tell("automatic", True, why)
        lay(mail, None, reason=why, trace=look.trace, handled=why != UNREADABLE, actor=system(), at=at)
        return
    look.contact = _contact_of(mail.sender)
    look.customers = customers_of(look.contact) if look.contact else ()
    for rule in RULES:
        target = rule(look)
        if target is not None:
            lay(mail, target, reason="", trace=look.trace, handled=False, actor=system(), at=at)
            _tell(mail, at)
            return
    lay(mail, None, reason=UNKNOWN, trace=look.trace, handled=False, actor=system(), at=at)


def _contact_of(sender: str) -> Contact | None:
    """The contact with this address; one that was merged is found as the one he is now."""
    found = known_contact(email=sender) if sender else None
    while found is not None and found.merged_into_id is not None:
        found = found.merged_into
    return found


def _set_aside(look: Look) -> str:
    """Why nobody needs to look at it; "" for what a person wrote."""
    facts, mail = look.facts, look.mail
    why = why_automatic(facts["headers"], mail.sender, mail.headline, own_addresses())
    if why == BOUNCE and facts["bounce"] is not None:
        bounced(mail, facts["bounce"], at=look.at)
    if not why and _is_double(mail):
        return DOUBLE
    return why


def _is_double(mail: ReceivedMail) -> bool:
    """The same words of the same sender under the same Message-ID: the same message by another way. The name alone
    would let a stranger keep another's message away."""
    if not mail.message_id:
        return False
    same = ReceivedMail.objects.filter(message_id=mail.message_id, sender=mail.sender, headline=mail.headline)
    return same.filter(text=mail.text).exclude(pk=mail.pk).exists()


# The rules, in order


def by_token(look: Look) -> Target | None:
    """The address it was sent to carries a token of ours."""
    headers = look.facts["headers"]
    reached = [*look.facts["to"]]
    for name in ("delivered-to", "envelope-to", "x-original-to"):
        reached += [value.strip("<> ") for value in headers.get(name, ())]
    found = claims(reached, look.mail.sender)
    for claim in found:
        target = target_of(claim.subject, look.contact) if claim.proved and claim.subject is not None else None
        if target is not None:
            look.tell("token", True, "proved")
            return target
    look.tell("token", False, "foreign" if found else "none")
    return None


def by_reference(look: Look) -> Target | None:
    """It answers a message of ours, and comes from whom we wrote to."""
    messages = sent_to(look.facts["references"])
    for message in messages:
        if message.address.lower() == look.mail.sender and message.subject is not None:
            target = target_of(message.subject, look.contact)
            if target is not None:
                look.tell("reference", True, "proved", what=message.headline)
                return target
    look.tell("reference", False, "foreign" if messages else "none")
    return None


def by_number(look: Look) -> Target | None:
    """Its subject names a document of the sender's own customer."""
    if look.contact is None:
        look.tell("number", False, "unknown_sender")
        return None
    found = document_of(look.mail.headline, look.customers)
    target = target_of(found, look.contact) if found is not None else None
    look.tell("number", target is not None, "found" if target else "none", what=str(found or ""))
    return target


def by_contact(look: Look) -> Target | None:
    """The sender is a contact."""
    if look.contact is not None:
        look.tell("contact", True, "found", what=look.contact.full_name)
        return Target(look.contact, look.contact)
    customer = customer_by_address(look.mail.sender) if look.mail.sender else None
    look.tell("contact", customer is not None, "customer" if customer else "none", what=str(customer or ""))
    return Target(customer, None) if customer is not None else None


def by_lead(look: Look) -> Target | None:
    """The sender is an open lead."""
    lead = open_lead(email=look.mail.sender) if look.mail.sender else None
    look.tell("lead", lead is not None, "found" if lead else "none", what=str(lead or ""))
    return Target(lead, None) if lead is not None else None


def by_purpose(look: Look) -> Target | None:
    """An unknown person writes to the sales mailbox."""
    mail = look.mail
    if mail.mailbox.purpose != SALES or not mail.sender:
        look.tell("new_lead", False, "support" if mail.sender else "no_sender")
        return None
    look.tell("new_lead", True, "made")
    return Target(lead_from(mail, look.at), None)


RULES: Sequence[Rule] = (by_token, by_reference, by_number, by_contact, by_lead, by_purpose)


def lead_from(mail: ReceivedMail, at: datetime, actor: Any = None) -> Lead:
    """A new lead, made of a message."""
    words = f"{mail.headline}\n\n{mail.text}".strip()
    lead = Lead(
        name=mail.name or mail.sender.partition("@")[0], email=mail.sender, interest=clean_user_text(words)[:4000],
        language=language_of(words), source_detail=mail.mailbox.name[:200],
    )  # fmt: skip
    return create_lead(lead, actor=actor or system(), at=at)


def target_of(subject: Any, contact: Contact | None) -> Target | None:
    """Where something about ``subject`` lies: there, or where the activity lies that it is. None for what has no row
    rule of its own, or is of nobody."""
    if isinstance(subject, Activity):
        subject = subject.subject or subject.contact or subject.customer
    if subject is None or rule_of(type(subject)) is None:
        return None
    known = isinstance(subject, Contact | Customer | Lead) or getattr(subject, "customer_id", None) is not None
    if not known or not type(subject).objects.visible_to(system()).filter(pk=subject.pk).exists():
        return None
    return Target(subject, contact if _belongs(subject, contact) else None)


def _belongs(subject: Any, contact: Contact | None) -> bool:
    if contact is None or isinstance(subject, Lead):
        return False
    if isinstance(subject, Contact):
        return subject.pk == contact.pk
    customer = subject.pk if isinstance(subject, Customer) else getattr(subject, "customer_id", None)
    return customer in customers_of(contact)


def _tell(mail: ReceivedMail, at: datetime) -> None:
    """A line in the bell of whoever looks after it."""
    if mail.owner_id and User.objects.filter(pk=mail.owner_id, is_active=True).exists():
        event = emit("mail.arrived", mail, actor=system(), at=at, sender=mail.sender, mailbox=mail.mailbox.name)
        facts = {"who": mail.name or mail.sender, "what": mail.headline}
        notify(mail.owner_id, kind="mail_in", facts=facts, url=url_of(mail) or "", event=event, at=at)
