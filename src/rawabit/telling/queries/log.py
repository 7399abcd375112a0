"""The delivery log, read."""

from __future__ import annotations

from collections.abc import Iterable

from rawabit.crm.models import Customer
from rawabit.kit.outbox.models import Message


def with_customers(messages: Iterable[Message]) -> None:
    """Put each message's customer beside it (``customer``, None without one), in one query."""
    messages = list(messages)
    found = Customer.objects.in_bulk({message.owner_key for message in messages if message.owner_key})
    for message in messages:
        message.customer = found.get(message.owner_key or 0)  # type: ignore[attr-defined]
