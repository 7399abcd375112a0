"""The event spine: what happened is told after the commit, at least once; each effect exactly once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from rawabit.kit.records.models import Event, Heard

Subscriber = Callable[[Event, datetime], None]
Subscriptions = Mapping[str, Sequence[Subscriber]]
PAUSE = timedelta(seconds=30)
MOST_ATTEMPTS = 8
log = structlog.get_logger()


def name_of(subscriber: Subscriber) -> str:
    return f"{subscriber.__module__}.{subscriber.__qualname__}"


def untold(at: datetime, limit: int) -> list[Event]:
    due = Q(try_after=None) | Q(try_after__lte=at)
    return list(Event.objects.filter(due, told_at=None).order_by("id")[:limit])


def tell_pending(subscriptions: Subscriptions, at: datetime, limit: int = 200) -> int:
    """Tell what nobody has told yet; answers how many events were looked at."""
    events = untold(at, limit)
    for event in events:
        tell(event, subscriptions, at)
    return len(events)


def tell(event: Event, subscriptions: Subscriptions, at: datetime) -> None:
    """Call each subscriber of the event once. What a subscriber writes and "heard" are one transaction."""
    complete = True
    for subscriber in [*subscriptions.get(event.name, ()), *subscriptions.get("*", ())]:
        complete &= _call(subscriber, event, at)
    if complete:
        Event.objects.filter(pk=event.pk, told_at=None).update(told_at=at)


def _call(subscriber: Subscriber, event: Event, at: datetime) -> bool:
    try:
        with transaction.atomic():
            _heard, first = Heard.objects.get_or_create(event=event, subscriber=name_of(subscriber))
            if first:
                subscriber(event, at)
    except Exception:
        log.exception("subscriber failed", subscriber=name_of(subscriber), happened=event.name, id=event.pk)
        return _postpone(event, at)
    return True


def _postpone(event: Event, at: datetime) -> bool:
    """False: try again later. True after the last attempt, so that one poison event never holds up the rest."""
    attempts = event.attempts + 1
    Event.objects.filter(pk=event.pk).update(attempts=attempts, try_after=at + PAUSE * attempts)
    event.attempts = attempts
    return attempts >= MOST_ATTEMPTS
