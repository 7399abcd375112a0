"""A stored message is read, at arm's length, and filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from rawabit.kit.records.actions import attach, lock
from rawabit.kit.records.actor import system
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, search_key
from rawabit.mailroom.actions.filing import file_mail
from rawabit.mailroom.actions.placing import lay
from rawabit.mailroom.models import WAITING, ReceivedMail
from rawabit.mailroom.parsing import Parsed, parsed

READ = "mailroom.read"
MOST_BYTES = 40 * 2**20
log = structlog.get_logger()


def read_mail(args: Mapping[str, Any], at: datetime) -> None:
    """Read and file one message; doing it again does nothing."""
    mail = ReceivedMail.objects.filter(pk=args["mail"], place=WAITING).first()
    if mail is None:
        return
    with mail.raw.open("rb") as raw, parsed(raw) as message:
        try:
            _keep(mail, message, at)
        except DatabaseError:
            raise  # the database is away: the job comes back
        except Exception:
            log.exception("a message could not be filed", mail=mail.pk)
            _aside(mail, at)


read_mail.own_transactions = True  # type: ignore[attr-defined]  # a child process is waited for


@transaction.atomic
def _keep(mail: ReceivedMail, message: Parsed, at: datetime) -> None:
    mail = lock(mail)
    if mail.place != WAITING:
        return
    facts = message.facts
    mail.name, mail.sender = clean_user_text(facts["name"])[:200], facts["sender"]
    mail.headline = " ".join(clean_user_text(facts["subject"]).split())[:300]
    mail.text, mail.quoted = clean_user_text(facts["fresh"]), clean_user_text(facts["quoted"])
    mail.html, mail.head, mail.to = facts["html"], facts["head"], facts["to"]
    mail.message_id, mail.sent_at = facts["message_id"][:255], _moment(facts["sent_at"], at)
    mail.left_out = [[name[:150], "many"] for name in facts["left_out"][:20]]
    mail.search_text = search_key(mail.headline, mail.name, mail.sender, mail.text[:2000])
    mail.save()
    _keep_files(mail, message, at)
    file_mail(mail, facts, readable=message.readable, at=at)


@transaction.atomic
def _aside(mail: ReceivedMail, at: datetime) -> None:
    """What our own rules stumble over is not lost: it lies with the others, with its raw text."""
    mail = lock(mail)
    if mail.place == WAITING:
        lay(mail, None, reason="trouble", trace=[], handled=False, actor=system(), at=at)


def _moment(text: str, at: datetime) -> datetime | None:
    """When it says it was sent; a moment in the future is now."""
    return min(datetime.fromisoformat(text), at) if text else None


def _keep_files(mail: ReceivedMail, message: Parsed, at: datetime) -> None:
    """Its files, as far as their kind is accepted; the others are named, and stand in the raw message."""
    total = 0
    for name, kind, path in message.files:
        total += path.stat().st_size
        if total > MOST_BYTES:
            mail.left_out.append([name, "many"])
            continue
        try:
            with transaction.atomic():
                attach(mail, _upload(name, kind, path), for_customer=False, actor=system(), at=at)
        except Refused as reason:
            mail.left_out.append([name[:150], str(reason)[:200]])
    mail.save(update_fields=["left_out"])


def _upload(name: str, kind: str, path: Path) -> SimpleUploadedFile:
    """What it is is found out from its bytes; the name loses what could deceive."""
    del kind
    return SimpleUploadedFile(clean_user_text(name)[:150] or "file", path.read_bytes())
