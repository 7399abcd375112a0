"""Saying that there is a new document, to the people of every customer that it is meant for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rawabit.kit.records.models import Event
from rawabit.portal.models import SharedDocument
from rawabit.portal.queries.documents import owners_meant
from rawabit.telling.actions.telling import NEWS, tell
from rawabit.telling.logic.kinds import KINDS
from rawabit.telling.queries import person_of


def announce_document(event: Event, at: datetime) -> None:
    """Tell the account owners of the groups, or of all customers, each once. What is for one customer is told by
    ``telling``, as everything that has a customer."""
    document: Any = event.subject
    if document is None or document.audience == SharedDocument.CUSTOMER or at - event.at > NEWS:
        return
    if document.state != SharedDocument.PUBLISHED:
        return
    told: set[int] = set()
    for access in owners_meant(document):
        if access.user_id not in told:
            told.add(access.user_id)
            people = [person_of(access.user, access.customer.language, access.contact_id)]
            tell(KINDS["document_shared"], document, people, access.customer, event=event, facts=event.facts,
                 asked=False, at=at)  # fmt: skip
