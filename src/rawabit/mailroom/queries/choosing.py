"""What a person may choose from when he files or writes: of what he sees, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from rawabit.crm.models import Affiliation, Contact, Customer
from rawabit.kit.records.actor import Actor
from rawabit.leads.logic.states import OPEN as OPEN_LEADS
from rawabit.leads.models import Lead
from rawabit.mailroom.models import ReceivedMail
from rawabit.pipeline.models import Opportunity

MOST = 60
KINDS: dict[str, Any] = {"customer": Customer, "contact": Contact, "lead": Lead, "deal": Opportunity}


def places_for(mail: ReceivedMail, actor: Actor) -> list[tuple[str, Sequence[Any]]]:
    """(code of a kind, records) where a message may be filed: those like its sender first, then the newest."""
    words = f"{mail.name} {mail.sender.partition('@')[2]}"
    found: list[tuple[str, Sequence[Any]]] = []
    for code, model in KINDS.items():
        rows = model.objects.visible_to(actor)
        rows = rows.filter(state__in=OPEN_LEADS) if model is Lead else rows
        rows = rows.filter(state="open") if model is Opportunity else rows
        records = {row.pk: row for row in _likely(rows, words)} | {row.pk: row for row in rows.order_by("-pk")[:MOST]}
        found.append((code, list(records.values())[:MOST]))
    return found


def _likely(rows: QuerySet[Any], words: str) -> list[Any]:
    found: list[Any] = []
    for word in words.split()[:4]:
        if len(word) > 2:
            found += list(rows.matching(word)[:10])  # type: ignore[attr-defined]
    return found


def place_named(choice: str, actor: Actor) -> tuple[str, Any]:
    """(code, record) of a choice like ``contact:7`` among what the actor sees."""
    code, _colon, key = choice.partition(":")
    return code, KINDS[code].objects.visible_to(actor).get(pk=int(key))


def people_of(record: Any, actor: Actor) -> list[tuple[str, str, Contact | None]]:
    """(address, name, contact) of those who may be written to about a record."""
    if isinstance(record, Contact):
        return [(record.email, record.full_name, record)] if record.email else []
    found: list[tuple[str, str, Contact | None]] = []
    customer = record if isinstance(record, Customer) else getattr(record, "customer", None)
    if isinstance(record, Lead) and record.email:
        found.append((record.email, str(record), None))
    if customer is not None:
        at_customer = Affiliation.objects.filter(customer=customer).values("contact_id")
        seen = Contact.objects.visible_to(actor).filter(pk__in=at_customer, is_active=True).exclude(email="")
        found += [(one.email, one.full_name, one) for one in seen.order_by("full_name")[:100]]
        if customer.email:
            found.append((customer.email, customer.name, None))
    return list({address.lower(): (address, name, one) for address, name, one in reversed(found)}.values())[::-1]
