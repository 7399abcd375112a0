"""Putting messages aside in the caller's transaction, and what people do with them afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.marking import _
from rawabit.kit.outbox.letters import Recipient
from rawabit.kit.outbox.models import Message, PushSubscription
from rawabit.kit.outbox.states import MESSAGE
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused

SEND = "outbox.send"  # the name of the job in config/spine.py
MOST_DEVICES = 10


def queue(
    kind: str,
    channel: str,
    to: Recipient,
    subject: models.Model,
    *,
    event: Event | None,
    key: str = "",
    facts: Mapping[str, Any] | None = None,
    owner_key: int | None = None,
    not_before: datetime | None = None,
    at: datetime,
) -> Message:
    """Put a message aside, in the caller's transaction; it goes out after the commit. Of an event a person is told
    once per channel, however often this is called; ``key`` stands for the event where there is none."""
    where = f"{to.subscription_id}" if channel == "push" else to.address.strip().lower()
    whole_key = f"{key or (event.pk if event else '')}:{kind}:{channel}:{where}"[:250]
    message, fresh = Message.objects.get_or_create(
        key=whole_key,
        defaults={
            "channel": channel, "kind": kind, "owner_key": owner_key, "event": event, "name": to.name[:200],
            "address": to.address.strip()[:254], "language": to.language, "user_id": to.user_id,
            "subscription_id": to.subscription_id, "reader": dict(to.reader), "facts": dict(facts or {}),
            "subject_type": ContentType.objects.get_for_model(subject), "subject_id": subject.pk,
            "not_before": not_before, "created_at": at, "updated_at": at,
        },
    )  # fmt: skip
    if fresh:
        Message.objects.filter(pk=message.pk).update(message_id=id_of(message))
        put_aside(message, at)
    return message


def id_of(message: Message) -> str:
    """The same for every attempt, so that whoever receives a message twice can tell."""
    return f"<{message.uid.hex}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"


def put_aside(message: Message, at: datetime) -> None:
    """A job for the next attempt."""
    when = max(at, message.not_before) if message.not_before else at
    enqueue(
        SEND, key=f"{SEND}:{message.pk}:{message.version}:{message.attempts}", args={"message": message.pk}, at=when
    )


@transaction.atomic
def resend_message(message: Message, *, actor: Actor, at: datetime) -> Message:
    """Send again. What has arrived stays in the log as it is and a second message is made; anything else is tried
    anew under its old Message-ID, so that a mailbox that has it already shows it once."""
    message = lock(message)
    MESSAGE.require(message, "resend")
    if message.channel == "push" and message.subscription_id is None:
        raise Refused(_("This device wants no notices any more."))
    if message.state == "sent":
        return _once_more(message, actor, at)
    touch(message, at)
    message.state, message.not_before, message.handed_at, message.error, message.attempts = "waiting", None, None, "", 0
    message.save(
        update_fields=["state", "not_before", "handed_at", "error", "attempts", "version", "updated_at"]
    )  # fmt: skip
    emit("message.resent", message, actor=actor, at=at, address=message.address, kind=message.kind)
    put_aside(message, at)
    return message


def _once_more(message: Message, actor: Actor, at: datetime) -> Message:
    count = Message.objects.filter(key__startswith=f"{message.key}#").count() + 2
    again = Message(
        **{
            name: getattr(message, name)
            for name in (
                "channel", "kind", "owner_key", "event", "name", "address", "language", "user", "subscription",
                "reader", "facts", "subject_type", "subject_id",
            )
        },
        key=f"{message.key}#{count}", created_at=at, updated_at=at,
    )  # fmt: skip
    again.message_id = id_of(again)
    again.save()
    emit("message.resent", message, actor=actor, at=at, address=message.address, kind=message.kind)
    put_aside(again, at)
    return again


@transaction.atomic
def cancel_message(message: Message, *, actor: Actor, at: datetime) -> Message:
    """Do not send it."""
    message = lock(message)
    MESSAGE.require(message, "cancel")
    touch(message, at)
    message.state = "cancelled"
    message.save(update_fields=["state", "version", "updated_at"])
    emit("message.cancelled", message, actor=actor, at=at, address=message.address, kind=message.kind)
    return message


@transaction.atomic
def subscribe(user_id: int, endpoint: str, p256dh: str, auth: str, device: str, *, at: datetime) -> PushSubscription:
    """A person's browser wants notices. The same browser again is the same subscription, with whoever asks last."""
    parts = urlsplit(endpoint)
    if parts.scheme not in ("https", "http") or not parts.hostname or len(endpoint) > 1000 or not (p256dh and auth):
        raise Refused(_("This browser could not be registered for notices."))
    mine = PushSubscription.objects.filter(user_id=user_id).exclude(endpoint=endpoint).order_by("-pk")
    too_old = list(mine.values_list("pk", flat=True)[MOST_DEVICES - 1 :])
    PushSubscription.objects.filter(pk__in=too_old).delete()
    kept, _fresh = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"user_id": user_id, "p256dh": p256dh[:120], "auth": auth[:60], "device": device[:120], "at": at},
    )
    return kept


@transaction.atomic
def unsubscribe(user_id: int, key: int) -> int:
    """A device of the person is told no more; answers how many were removed."""
    return PushSubscription.objects.filter(user_id=user_id, pk=key).delete()[0]
