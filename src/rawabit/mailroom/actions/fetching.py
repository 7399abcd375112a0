"""Taking mail over from a server, without loss and without doubles.

Of each message the raw text is stored first: file, row, and the mailbox's mark "taken up to here" in one transaction,
with the job that will read it. The server is told last. A process that dies in between has either not taken the message
(it is taken next time) or has it (it is marked on the server next time)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from rawabit.kit.jobs.models import Job
from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.records.actions import lock
from rawabit.kit.states import Refused
from rawabit.mailroom.actions.boxes import fails, works
from rawabit.mailroom.actions.reading import READ
from rawabit.mailroom.models import TOO_LARGE, Mailbox, ReceivedMail
from rawabit.mailroom.server import LARGEST, Away, Server, connected

FETCH = "mailroom.fetch"
LEASE = timedelta(minutes=10)
BATCH = 100  # messages per job: a mailbox with thousands does not keep others waiting


def fetch_due(at: datetime) -> int:
    """Put a look into each active mailbox aside; answers how many. Looks that are over are forgotten after an hour."""
    Job.objects.filter(name=FETCH, state="done", done_at__lt=at - timedelta(hours=1)).delete()
    boxes = Mailbox.objects.filter(is_active=True).values_list("pk", flat=True)
    for key in boxes:
        enqueue(FETCH, key=f"{FETCH}:{key}:{at:%Y%m%d%H%M}", args={"mailbox": key}, at=at)
    return len(boxes)


def fetch_mailbox(args: Mapping[str, Any], at: datetime) -> None:
    """Take over what is new in one mailbox. Of two workers one does it; a dead worker's lease runs out."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    if not Mailbox.objects.filter(free, pk=args["mailbox"], is_active=True).update(lease_until=at + LEASE):
        return
    box = Mailbox.objects.get(pk=args["mailbox"])
    try:
        with connected(box) as server:
            more = _take_over(box, server, at)
    except (Away, Refused) as away:
        fails(box, str(away), at)
        return
    works(box, at)
    if more:
        enqueue(FETCH, key=f"{FETCH}:{box.pk}:after:{more}", args={"mailbox": box.pk}, at=at)


fetch_mailbox.own_transactions = True  # type: ignore[attr-defined]  # it waits for a stranger's server


def _take_over(box: Mailbox, server: Server, at: datetime) -> int:
    """Everything new up to a batch; answers the last number taken when there is more, else 0."""
    box = _begin(box, server)
    waiting = server.after(box.last_uid)
    for uid in waiting[:BATCH]:
        _take(box, server, uid, at)
    _mark(box, server, at)
    return waiting[BATCH - 1] if len(waiting) > BATCH else 0


@transaction.atomic
def _begin(box: Mailbox, server: Server) -> Mailbox:
    """The mailbox as it stands. Under another validity its numbers mean other messages: all are looked at again, and
    those that are here already are known by their content."""
    box = lock(box)
    if box.uidvalidity != server.uidvalidity:
        fresh = box.uidvalidity is None and not box.from_beginning
        box.uidvalidity, box.last_uid = server.uidvalidity, max(server.next_uid - 1, 0) if fresh else 0
        Mailbox.objects.filter(pk=box.pk).update(uidvalidity=box.uidvalidity, last_uid=box.last_uid)
    return box


def _take(box: Mailbox, server: Server, uid: int, at: datetime) -> None:
    size = server.size(uid)
    if size is None:
        return
    if size > LARGEST:
        store(box, server.uidvalidity, uid, None, size, at)
        return
    raw = server.raw(uid)
    if raw is not None:
        store(box, server.uidvalidity, uid, raw, len(raw), at)


@transaction.atomic
def store(box: Mailbox, uidvalidity: int, uid: int, raw: bytes | None, size: int, at: datetime) -> ReceivedMail:
    """Keep a raw message once, and remember that the mailbox is read up to here. ``raw`` is None for what is too
    large."""
    box = lock(box)
    Mailbox.objects.filter(pk=box.pk, last_uid__lt=uid).update(last_uid=uid)
    digest = hashlib.sha256(raw).hexdigest() if raw is not None else ""
    same = Q(uidvalidity=uidvalidity, server_uid=uid)
    same |= Q(sha256=digest) if digest else Q(pk__in=())
    known: ReceivedMail | None = ReceivedMail.objects.filter(same, mailbox=box).first()
    if known is not None:
        return known
    mail = ReceivedMail(
        mailbox=box, uidvalidity=uidvalidity, server_uid=uid, sha256=digest, size=size, fetched_at=at, created_at=at,
        updated_at=at,
    )  # fmt: skip
    if raw is None:
        mail.place = TOO_LARGE
        mail.trace = [{"rule": "size", "hit": True, "why": "too_large", "facts": {"size": size}}]
        mail.save()
        return mail
    mail.raw.save("raw", ContentFile(raw), save=False)
    mail.save()
    enqueue(READ, key=f"{READ}:{mail.pk}", args={"mail": mail.pk}, at=at)
    return mail


def _mark(box: Mailbox, server: Server, at: datetime) -> None:
    """Tell the server what is safe here. What is too large stays as it is there."""
    rows = ReceivedMail.objects.filter(mailbox=box, uidvalidity=server.uidvalidity, marked_at=None)
    rows = rows.exclude(place=TOO_LARGE)
    uids = list(rows.order_by("pk").values_list("server_uid", flat=True)[:1000])
    if uids:
        server.mark(uids)
        rows.filter(server_uid__in=uids).update(marked_at=at)
