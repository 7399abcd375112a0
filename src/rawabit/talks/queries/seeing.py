"""Rows for the doors, as far as the actor sees them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from rawabit.crm.models import Contact, Customer
from rawabit.kit.records.actor import Actor
from rawabit.talks.models import Activity, ChatFile


def activities_seen(actor: Actor) -> QuerySet[Activity]:
    return Activity.objects.visible_to(actor)


def chats_seen(actor: Actor) -> QuerySet[ChatFile]:
    return ChatFile.objects.visible_to(actor)


def people_at(record: Any, actor: Actor) -> QuerySet[Contact]:
    """Who may have been spoken with: the person himself, or the people of the customer."""
    rows = Contact.objects.visible_to(actor)
    if isinstance(record, Contact):
        return rows.filter(pk=record.pk)
    customer = record.pk if isinstance(record, Customer) else getattr(record, "customer_id", None)
    if customer is None:
        return rows.none()
    return rows.filter(affiliations__customer=customer, is_active=True).distinct().order_by("full_name")
