"""The job that sends one message, exactly once.

Claim (a committed row says "being sent" and holds a lease) → write → **hand over** (committed just before the text
leaves) → send → mark as sent. A worker that dies before handing over has sent nothing: the lease runs out and another
tries again. One that dies after it may have sent: the message is ``held`` for a person to decide, never sent twice by
itself. Between the last byte and the mark there is no way to know; that window is what ``held`` is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q

from rawabit.kit.marking import _
from rawabit.kit.outbox.actions import put_aside
from rawabit.kit.outbox.letters import Written, one_line, write
from rawabit.kit.outbox.models import Message
from rawabit.kit.outbox.posting import Permanent, Temporary, Uncertain, post_mail
from rawabit.kit.outbox.push import post_push
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import system

LEASE = timedelta(minutes=4)  # less than the lease of the job, which brings a lost message back
MOST_ATTEMPTS = 8
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
INTERRUPTED = _("The connection broke while the message was handed over. It may have arrived.")
log = structlog.get_logger()


def send_message(args: Mapping[str, Any], at: datetime) -> None:
    """Send the message if it is due and nobody else does."""
    message = claim(int(args["message"]), at)
    if message is None:
        return
    try:
        written = write(message, at)
    except Exception as error:
        log.exception("a message could not be written", message=message.pk)
        _later(message, f"{type(error).__name__}: {error}", at)
        return
    if written is None:
        _done(message, state="cancelled", error=str(_("Nobody needed it any more.")))
        return
    _post(message, written, at)


send_message.own_transactions = True  # type: ignore[attr-defined]  # what is committed step by step survives a kill


def _post(message: Message, written: Written, at: datetime) -> None:
    def handing_over() -> None:
        Message.objects.filter(pk=message.pk).update(handed_at=at)

    _keep(message, written)
    post = post_push if message.channel == "push" else post_mail
    try:
        post(message, written, handing_over)
    except Permanent as error:
        _failed(message, str(error), at)
    except Temporary as error:
        _later(message, str(error), at)
    except Uncertain:
        _hold(Q(pk=message.pk), at)
    else:
        _done(message, state="sent", sent_at=at, error="")


def claim(key: int, at: datetime) -> Message | None:
    """Lease the message; of two workers exactly one gets it. One that was lost after handing over is held instead."""
    lost = Q(pk=key, state="sending", lease_until__lt=at)
    if _hold(lost & Q(handed_at__isnull=False), at):
        return None
    due = Q(pk=key, state="waiting") & (Q(not_before=None) | Q(not_before__lte=at))
    mine = Message.objects.filter(due | lost).update(
        state="sending", lease_until=at + LEASE, handed_at=None, attempts=F("attempts") + 1
    )
    return Message.objects.get(pk=key) if mine else None


def _keep(message: Message, written: Written) -> None:
    """What is about to be sent, for the log."""
    Message.objects.filter(pk=message.pk).update(
        headline=one_line(written.headline, 300), text=written.kept(written.text), html=written.kept(written.html),
        files=[file.name for file in written.files],
    )  # fmt: skip


def _done(message: Message, **values: Any) -> None:
    Message.objects.filter(pk=message.pk, state="sending").update(lease_until=None, **values)


def _later(message: Message, error: str, at: datetime) -> None:
    """Try again after a pause that grows; give up after the last attempt."""
    if message.attempts >= MOST_ATTEMPTS:
        _failed(message, error, at)
        return
    with transaction.atomic():
        message.not_before = at + PAUSES[min(message.attempts, len(PAUSES)) - 1]
        _done(message, state="waiting", not_before=message.not_before, handed_at=None, error=error[:2000])
        put_aside(message, at)


@transaction.atomic
def _failed(message: Message, error: str, at: datetime) -> None:
    _done(message, state="failed", error=error[:2000])
    _tell_failure(message, error, at)


@transaction.atomic
def _hold(rows: Q, at: datetime) -> bool:
    found = list(Message.objects.filter(rows, state="sending").select_for_update(of=("self",)))
    for message in found:
        _done(message, state="held", error=str(INTERRUPTED))
        _tell_failure(message, str(INTERRUPTED), at)
    return bool(found)


def _tell_failure(message: Message, error: str, at: datetime) -> None:
    """Colleagues hear of mail that did not arrive; a device that is gone is nobody's worry."""
    if message.channel == "email":
        facts = {"address": message.address, "kind": message.kind, "error": error[:300]}
        emit("message.failed", message, actor=system(), at=at, **facts)
