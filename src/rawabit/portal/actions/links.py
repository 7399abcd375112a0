"""Giving a document to somebody by a link, and sending the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from rawabit.company.queries import company_now
from rawabit.crm.policies import require_on
from rawabit.kit.links import actions as links
from rawabit.kit.links.logic import Holder, strip_links
from rawabit.kit.links.models import Link
from rawabit.kit.marking import _
from rawabit.kit.outbox.actions import queue
from rawabit.kit.outbox.letters import Recipient
from rawabit.kit.records.actions import lock
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.portal.link_guard import customer_of, kind_of
from rawabit.portal.links import actor_for
from rawabit.portal.queries.links import address_on_file, seen_subject
from rawabit.telling.letters import LINK_PURPOSE

SHARE = "links.share"
PREFIX = "shared."  # kinds of messages whose words a colleague has written himself


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes with the link by e-mail."""

    subject: str
    body: str
    paper: bool = False
    reader: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def share_document(record: Any, *, holder: Holder, days: int = 0, actor: Actor, at: datetime) -> Link:
    """A link to a document for somebody. Refused for what customers do not see, such as drafts."""
    record = lock(record)
    require_on(actor, SHARE, record)
    if kind_of(record) is None:
        raise Refused(_("This cannot be shown by a link."))
    link = links.share(
        record, purpose=LINK_PURPOSE, holder=holder, days=days or company_now().link_days, actor=actor, at=at
    )
    seen_by = actor_for(link)
    if seen_by is None or seen_subject(link, seen_by) is None:
        raise Refused(_("A draft is not sent. Finish it first."))
    return link


@transaction.atomic
def mail_link(link: Link, letter: Letter, *, kind: str, actor: Actor, at: datetime) -> None:
    """Send a link to its holder with the colleague's own words. Addresses of other links in them are taken out."""
    record: Any = link.subject
    require_on(actor, SHARE, record)
    if not link.is_valid(at):
        raise Refused(_("This link is no longer valid. Make a new one."))
    if not (address := address_on_file(link)):
        raise Refused(_("There is no e-mail address to send it to."))
    subject, body = (strip_links(clean_user_text(text)).strip() for text in (letter.subject, letter.body))
    if not subject or not body:
        raise Refused(_("Write something first."))
    facts = {"link": link.pk, "subject": subject[:200], "body": body[:5000], "paper": letter.paper}
    _queue(link, record, address, PREFIX + kind, key=f"share:{link.pk}:{at.isoformat()}", facts=facts, at=at)


@transaction.atomic
def renew_link(link: Link, *, days: int, at: datetime) -> Link | None:
    """The holder of an expired link asks for a new one. Who hears the event sends it to the address on file; without
    one a colleague hears of it. None when nothing is sent: too soon after the last one, withdrawn, gone."""
    seen_by = actor_for(link)
    if seen_by is None or seen_subject(link, seen_by) is None:
        return None
    return links.renew(link, days=days, actor=Actor(None, str(link), "link"), at=at)


def _queue(
    link: Link, record: Any, address: str, kind: str, *, key: str, facts: Mapping[str, Any], at: datetime
) -> None:
    language = link.holder_language or str(customer_of(record).language)
    to = Recipient(link.holder_name, address, language, reader={"contact": link.contact_id})
    queue(kind, "email", to, record, event=None, key=key, facts=facts, owner_key=customer_of(record).pk, at=at)


@transaction.atomic
def take_back(link: Link, *, actor: Actor, at: datetime) -> Link:
    """A link shows nothing any more."""
    require_on(actor, SHARE, link.subject)
    return links.revoke(link, actor=actor, at=at)
