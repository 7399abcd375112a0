"""What stands beside a link: the text for WhatsApp, subject and text of the e-mail, and the mail itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from rawabit.billing.models import Invoice
from rawabit.billing.papers import paper_of
from rawabit.company.queries import company_now
from rawabit.crm.models import Customer
from rawabit.identity.mailing import shown_to
from rawabit.kit.display import using
from rawabit.kit.links.actions import address_of
from rawabit.kit.links.logic import Holder
from rawabit.kit.links.models import Link
from rawabit.kit.outbox.letters import File, Written
from rawabit.kit.outbox.models import Message
from rawabit.kit.text import fsi
from rawabit.portal.link_guard import AMOUNTS
from rawabit.portal.links import WORDS
from rawabit.portal.queries.links import link_by_key
from rawabit.telling.letters import PDF, Way, written
from rawabit.telling.logic.defaults import Words
from rawabit.telling.logic.filling import fill
from rawabit.telling.logic.kinds import KINDS, Kind
from rawabit.telling.queries import facts_of, words_of

KIND_OF = {
    "quotation": "quotation_sent", "order": "order_confirmed", "delivery": "delivery_shipped",
    "invoice": "invoice_posted", "payment": "payment_receipt", "customer": "statement",
}  # fmt: skip
PAGE_OF = {
    "quotation": "portal-quotation", "order": "portal-order", "delivery": "portal-delivery",
    "invoice": "portal-invoice", "payment": "portal-payment", "customer": "portal-statement",
}  # fmt: skip
# Where the usual words of the kind are about something that has just happened, and the link is about the paper itself.
PLAIN_ONLY = frozenset({"customer", "delivery", "payment"})


def kind_for(record: Any) -> Kind:
    """The kind of message that brings such a document."""
    if isinstance(record, Invoice) and record.kind == Invoice.CREDIT_NOTE:
        return KINDS["credit_note_posted"]
    return KINDS[KIND_OF[record._meta.model_name]]


def words_for(record: Any, holder: Holder) -> Words:
    """Subject, text and WhatsApp text for this reader, with everything filled in but the address."""
    company, language = company_now(), holder.language or company_now().language
    kind = kind_for(record)
    with translation.override(language), using(shown_to(company, language)):
        own = company.name_in(language)
        what = _what(record)
        facts = {
            "name": holder.name or own, "customer": _customer_name(record, language),
            "company": company.trade_name or own,
        }  # fmt: skip
        if record._meta.model_name not in PLAIN_ONLY:
            usual = words_of(kind.code, language)
            facts |= facts_of(kind, record, {})
            # What the link shows only after a code does not stand beside it either.
            bare = AMOUNTS in company.link_code_for or not usual.chat
            chat = usual.body if bare else usual.chat
            return Words(fill(usual.subject, facts), fill(usual.body, facts), fill(chat, facts))
        subject = gettext("%(what)s from %(company)s") % {"what": what, "company": fsi(facts["company"])}
        hello = gettext("Dear %(name)s,") % {"name": fsi(facts["name"])}
        body = f"{hello}\n\n{subject}"
        return Words(subject, body, body)


def _what(record: Any) -> str:
    name = str(WORDS[PAGE_OF[record._meta.model_name]])
    return name if isinstance(record, Customer) else f"{name} {fsi(record.number)}"


def _customer_name(record: Any, language: str) -> str:
    customer = record if isinstance(record, Customer) else record.customer
    return str(customer.name_in(language))


def chat_text(words: Words, link: Link) -> str:
    """The text for WhatsApp, with the address on a line of its own, so that it becomes a link."""
    return f"{words.chat or words.body}\n\n{address_of(link)}"


def write(message: Message, at: datetime) -> Written | None:
    """A message of a link as it goes out; None when the link has been taken back since. For ``kit.outbox``."""
    link = link_by_key(message.facts.get("link", 0))
    record: Any = message.subject
    if link is None or record is None or not link.is_valid(at):
        return None
    url = address_of(link)
    way = Way(url, url.rstrip("/").rpartition("/")[2])
    kind = kind_for(record)
    words = Words(_literal(message.facts["subject"]), _literal(message.facts["body"]))
    files = _paper(record, at) if message.facts.get("paper") else []
    return written(kind, words, record, message, way, files=files, facts=_no_facts(kind, message))


def _literal(text: str) -> str:
    """Braces in what was typed are braces, not places to be filled."""
    return text.replace("{", "(").replace("}", ")")


def _no_facts(kind: Kind, message: Message) -> dict[str, str]:
    return {"name": message.name} | dict.fromkeys(kind.shows, "")


def _paper(record: Any, at: datetime) -> list[File]:
    if isinstance(record, Customer):
        return []
    paper = paper_of(record, at=at)
    return [File(paper.name, paper.content, PDF)]


__all__ = ["chat_text", "kind_for", "words_for", "write"]
