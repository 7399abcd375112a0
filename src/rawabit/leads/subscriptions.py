"""Who hears of what happens to leads. Put together with the others' in ``config/spine.py``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from rawabit.kit.jobs.telling import Subscriptions
from rawabit.kit.records.actions import notify
from rawabit.kit.records.models import Event
from rawabit.leads.models import Lead


def tell_owner(event: Event, at: datetime) -> None:
    """A line in the bell of whoever looks after the lead or the contact, unless he did it himself."""
    record: Any = event.subject
    owner = record.owner if record is not None else None
    if owner is None or not owner.is_active or owner.pk == event.actor_id:
        return
    kind = {"lead.assigned": "lead_assigned", "lead.quiet": "lead_quiet"}.get(event.name, "lead_wrote")
    facts = {"what": str(record), "days": event.facts.get("days", "")}
    page = "leads-detail" if isinstance(record, Lead) else "contacts-detail"
    notify(owner.pk, kind=kind, facts=facts, url=reverse(page, args=[record.pk]), event=event, at=at)


SUBSCRIPTIONS: Subscriptions = {
    "lead.assigned": (tell_owner,),
    "lead.wrote_again": (tell_owner,),
    "lead.quiet": (tell_owner,),
    "contact.wrote": (tell_owner,),
}
