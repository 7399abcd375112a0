"""A report says that a message of ours did not arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actions import emit, lock, notify, touch
from rawabit.kit.records.actor import system
from rawabit.kit.screens.addresses import url_of
from rawabit.mailroom.models import ReceivedMail, SentMail


def bounced(mail: ReceivedMail, report: dict[str, Any], *, at: datetime) -> Message | None:
    """Mark the message as failed with the report's words, and ring the bell of whoever wrote it. A report about a delay
    changes nothing; nor does one that names another recipient than the message had."""
    final = report["action"] == "failed" or (not report["action"] and report["status"].startswith("5"))
    if not final or not report.get("message_id"):
        return None
    found = Message.objects.filter(message_id=report["message_id"], channel="email").first()
    if found is None:
        return None
    message: Message = lock(found)
    other = report["address"] and report["address"] != message.address.lower()
    if message.state not in ("sent", "held") or other:
        return None
    words = " ".join(part for part in (report["status"], report["words"]) if part)[:500] or mail.headline
    touch(message, at)
    message.state, message.error = "failed", words
    message.save(update_fields=["state", "error", "version", "updated_at"])
    event = emit(
        "message.failed", message, actor=system(), at=at, address=message.address, kind=message.kind, error=words[:300]
    )
    letter = SentMail.objects.filter(message=message).first()
    who = letter.by_id if letter is not None else None
    if who:
        facts = {"who": message.address, "what": words[:200]}
        notify(who, kind="mail_bounced", facts=facts, url=url_of(message) or "", event=event, at=at)
    return message
