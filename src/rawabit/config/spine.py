"""Who hears of what, which work can be put aside, and what the clock does. Read from here by the worker alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rawabit.kit.jobs.queue import Work
from rawabit.kit.jobs.schedule import Task
from rawabit.kit.jobs.telling import Subscriptions
from rawabit.kit.jobs.upkeep import keep_statistics
from rawabit.kit.records.actions import forget_submissions, notify
from rawabit.kit.records.actor import system
from rawabit.kit.records.models import Event
from rawabit.kit.screens.addresses import url_of
from rawabit.sales.actions import expire_quotations
from rawabit.shipping.actions import cancel_open_deliveries


def tell_mentioned(event: Event, at: datetime) -> None:
    """A line in the bell of each colleague mentioned in a comment."""
    facts = {"who": event.actor_name, "what": str(event.subject)}
    for user_id in event.facts.get("mentions", []):
        if user_id != event.actor_id:
            notify(user_id, kind="mention", facts=facts, url=f"{_url(event)}#comments", event=event, at=at)


def tell_assigned(event: Event, at: datetime) -> None:
    """A line in the bell of the colleague who is asked to look after a record."""
    if event.facts["user"] != event.actor_id:
        facts = {"who": event.actor_name, "what": str(event.subject)}
        notify(event.facts["user"], kind="assigned", facts=facts, url=_url(event), event=event, at=at)


def _url(event: Event) -> str:
    import rawabit.config.urls  # noqa: F401 -- a worker has not built the addresses yet

    return url_of(event.subject) if event.subject else ""


def withdraw_notes(event: Event, at: datetime) -> None:
    """Open delivery notes of a cancelled order are cancelled with it."""
    if event.subject is not None:
        cancel_open_deliveries(event.subject, actor=system(), at=at)


def expire(at: datetime) -> None:
    expire_quotations(actor=system(), at=at)


def forget_sheets(at: datetime) -> None:
    forget_submissions(at - timedelta(days=2))


SUBSCRIPTIONS: Subscriptions = {
    "comment.added": (tell_mentioned,),
    "record.assigned": (tell_assigned,),
    "order.cancelled": (withdraw_notes,),
}
WORKS: Mapping[str, Work] = {}
SCHEDULE: Sequence[Task] = (
    Task("sales.expire_quotations", timedelta(minutes=10), expire),
    Task("kit.keep_statistics", timedelta(days=1), keep_statistics),
    Task("kit.forget_submissions", timedelta(days=1), forget_sheets),
)
