"""Text for WhatsApp: written here, sent by the person who taps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation

from rawabit.company.queries import company_now
from rawabit.identity.mailing import shown_to
from rawabit.kit.display import using
from rawabit.kit.phones import whatsapp_link
from rawabit.telling.actions.sending import kind_for
from rawabit.telling.logic.filling import fill
from rawabit.telling.logic.kinds import KINDS
from rawabit.telling.queries import customer_of, facts_of, words_of


def text_for(record: Any, *, language: str, link_url: str, at: datetime) -> str:
    """What brings a document by WhatsApp: the company's words in the reader's language, and the link below."""
    del at
    company, customer = company_now(), customer_of(record)
    kind = KINDS[kind_for(record)]
    with translation.override(language), using(shown_to(company, language)):
        facts = facts_of(kind, record, {})
        name = customer.name_in(language) if customer else ""
        names = {"name": name, "customer": name, "company": company.trade_name or company.name_in(language)}
        said = fill(words_of(kind.code, language).chat, {**facts, **names})
    return "\n\n".join(part for part in (said, link_url) if part)


def wa_url(phone: str, text: str) -> str:
    """``https://wa.me/<digits>?text=…`` for an E.164 number; without a number the person chooses the chat."""
    return whatsapp_link(phone, text)
