"""What comes in from outside: a web form, another program. Each message is kept once; nobody is doubled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rawabit.company.queries import company_now
from rawabit.crm.models import LANGUAGES
from rawabit.identity.models import User
from rawabit.kit.countries import country_name
from rawabit.kit.marking import _
from rawabit.kit.phones import NotAPhone, parse_phone
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, latn
from rawabit.leads.actions.creating import create_lead
from rawabit.leads.actions.moving import sign_of_life
from rawabit.leads.logic.forms import KNOWN, WHO
from rawabit.leads.models import Arrival, Lead, LeadKey, WebForm
from rawabit.leads.queries import known_contact, open_lead

MOST_GIVEN = 40


class SentOtherwise(Refused):
    """Under the same mark other words have come in before."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message. ``values`` by fields of the lead; ``given``: all that was written, as (label, words)."""

    channel: WebForm | LeadKey
    once: str
    values: Mapping[str, str]
    given: Sequence[tuple[str, str]] = ()
    language: str = ""

    @property
    def mark(self) -> str:
        return f"{self.channel._meta.model_name}:{self.channel.pk}:{self.once}"[:120]

    @property
    def digest(self) -> str:
        words = json.dumps([sorted(self.values.items()), list(self.given)], ensure_ascii=False)
        return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def arrive(message: Inbound, *, at: datetime) -> Arrival:
    """Keep a message once: it makes a lead, or is added to an open lead or a known contact with the same address or
    phone. The channel's row is held until the commit, so that two at once do not make twins."""
    lock(message.channel)
    before: Arrival | None = Arrival.objects.filter(once=message.mark).first()
    if before is not None:
        if before.digest != message.digest:
            raise SentOtherwise(_("This was sent before with other words."))
        return before
    fresh = lead_of(message)
    kept = Arrival(
        once=message.mark, digest=message.digest, given=given_of(message), at=at, created_at=at, updated_at=at,
        form=message.channel if isinstance(message.channel, WebForm) else None,
        lead_key=message.channel if isinstance(message.channel, LeadKey) else None,
    )  # fmt: skip
    if not any(getattr(fresh, name) for name in WHO):
        raise Refused(_("Give at least a name, a company, an e-mail address or a phone number."))
    actor = actor_for(message, fresh)
    kept.lead = open_lead(fresh.email, fresh.phone)
    kept.contact = None if kept.lead else known_contact(fresh.email, fresh.phone)
    kept.is_first = kept.lead is None and kept.contact is None
    if kept.is_first:
        kept.lead = create_lead(fresh, actor=actor, at=at)
    kept.save()
    if not kept.is_first:
        _tell_again(kept, str(message.channel), actor, at)
    return kept


def actor_for(message: Inbound, lead: Lead) -> Actor:
    """Whoever writes, as far as he says so; he may hand in a lead and nothing else."""
    door = "form" if isinstance(message.channel, WebForm) else "api"
    return Actor(None, name=str(lead)[:200], door=door, grants={"leads.add_lead": "all"})


def _tell_again(kept: Arrival, channel: str, actor: Actor, at: datetime) -> None:
    if kept.lead is not None:
        sign_of_life(kept.lead.pk, at)
        emit("lead.wrote_again", kept.lead, actor=actor, at=at, arrival=kept.pk, form=channel)
    elif kept.contact is not None:
        emit("contact.wrote", kept.contact, actor=actor, at=at, arrival=kept.pk, form=channel)


def lead_of(message: Inbound) -> Lead:
    """An unsaved lead of what was written; nothing else of it can be said from outside."""
    channel, language = message.channel, message.language
    texts = {
        key: " ".join(clean_user_text(message.values.get(key, "")).split())[:most]
        for key, (_label, _kind, most) in KNOWN.items() if key != "interest"
    }  # fmt: skip
    country = texts.pop("country").upper()
    detail = " ".join(clean_user_text(message.values.get("source_detail", "")).split())[:200]
    lead = Lead(
        **texts, country=country if country_name(country) != country else "",
        interest=clean_user_text(message.values.get("interest", "")).strip()[:5_000],
        language=language if language in dict(LANGUAGES) else company_now().language,
        source=channel.source, source_detail=detail or channel.source_detail, owner=_owner(channel),
        form=channel if isinstance(channel, WebForm) else None, given=dict(given_of(message)),
    )  # fmt: skip
    lead.email, lead.phone = lead.email.lower(), _phone(lead)
    lead.website = lead.website if lead.website.lower().startswith(("http://", "https://")) else ""
    return lead


def _phone(lead: Lead) -> str:
    """As it is kept, so that who is known is recognised; as written where it is none."""
    try:
        return parse_phone(latn(lead.phone), lead.country or company_now().country)
    except NotAPhone:
        return lead.phone


def _owner(channel: WebForm | LeadKey) -> User | None:
    owner = channel.owner
    return owner if owner is not None and owner.is_active and owner.is_staff else None


def given_of(message: Inbound) -> list[list[str]]:
    """All that was written, in words and cleaned; nothing where nothing was written."""
    cleaned = (
        (clean_user_text(name).strip()[:200], clean_user_text(text).strip()[:5_000]) for name, text in message.given
    )
    return [[name, text] for name, text in cleaned if name and text][:MOST_GIVEN]
