"""Messages and mailboxes for these tests."""

from __future__ import annotations

import itertools
from datetime import timedelta

from rawabit.mailroom.actions.fetching import fetch_mailbox, store
from rawabit.mailroom.actions.reading import read_mail
from rawabit.mailroom.models import Mailbox, ReceivedMail
from rawabit.mailroom.sealing import seal
from tests.mailroom.dovecot import PASSWORD, USER, Dovecot
from tests.makers import NOW, make_company

_count = itertools.count(1)


def make_box(server: Dovecot | None = None, **fields) -> Mailbox:
    make_company()
    number = next(_count)
    values = {
        "name": f"box {number}", "address": f"sales{number}@seller.example", "host": "127.0.0.1", "username": USER,
        "port": server.port if server else 993, "sealed": seal(PASSWORD), "plus": True, "from_beginning": True,
    }  # fmt: skip
    return Mailbox.objects.create(**values | fields)


def post(text: str = "السلام عليكم", *, sender: str = "Omar <omar@buyer.example>", subject: str = "طلب عرض سعر",
         to: str = "sales@seller.example", more: str = "", number: int | None = None) -> bytes:  # fmt: skip
    number = next(_count) if number is None else number
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <m{number}@buyer.example>\r\n"
        f"Date: Wed, 04 Mar 2026 10:00:00 +0300\r\n{more}MIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def receive(raw: bytes, box: Mailbox | None = None, at=NOW) -> ReceivedMail:
    """The message, stored, read and filed."""
    box = box or Mailbox.objects.first() or make_box()
    mail = store(box, 1, next(_count), raw, len(raw), at)
    read_mail({"mail": mail.pk}, at)
    mail.refresh_from_db()
    return mail


def look(box: Mailbox, minutes: int = 0) -> None:
    """Fetch, then read what came."""
    at = NOW + timedelta(minutes=minutes)
    fetch_mailbox({"mailbox": box.pk}, at)
    for key in ReceivedMail.objects.filter(place="waiting").values_list("pk", flat=True):
        read_mail({"mail": key}, at)
