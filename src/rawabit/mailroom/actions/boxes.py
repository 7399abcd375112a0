"""Mailboxes: set up, tried out, and how they fare."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.identity.queries import actor_of, colleagues
from rawabit.kit.marking import _
from rawabit.kit.outbox.client import Unreachable, public_address
from rawabit.kit.records.actions import emit, lock, notify, save_form
from rawabit.kit.records.actor import Actor, system
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.states import Refused
from rawabit.mailroom.models import Mailbox
from rawabit.mailroom.sealing import seal
from rawabit.mailroom.server import REASONS, Away, connected

ELSEWHERE = ("host", "port", "username", "folder")  # another place: what was remembered of it counts no more
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@transaction.atomic
def save_mailbox(
    form: ModelForm[Mailbox], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Mailbox:  # fmt: skip
    """Keep a mailbox. The password is sealed; it is sent to another server than before only when typed anew."""
    box, fresh = form.instance, form.instance.pk is None
    actor.require("mailroom.add_mailbox" if fresh else "mailroom.change_mailbox")
    for field in ("host", "username", "folder", "name"):
        if _CONTROL.search(getattr(box, field)):
            raise Refused(_("A name here holds characters that cannot be written."))
    box.host = box.host.strip().lower()
    typed = form.cleaned_data.get("password") or ""
    moved = not fresh and bool({"host", "port", "username", "security"} & set(form.changed_data))
    if not typed and (fresh or not box.sealed or moved):
        raise Refused(_("Type the password: it is never sent to a server for which it was not typed."))
    try:
        public_address(box.host, box.port)
    except Unreachable as error:
        if str(error).split(":")[0] in ("address", "forbidden"):
            raise Refused(REASONS[str(error).split(":")[0]])
    if typed:
        box.sealed = seal(typed)
    if not fresh and set(ELSEWHERE) & set(form.changed_data):
        box.uidvalidity, box.last_uid = None, 0
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


def test_mailbox(box: Mailbox, *, actor: Actor, at: datetime) -> None:
    """Sign in and open the folder, and say in words when that does not work."""
    actor.require("mailroom.change_mailbox")
    try:
        with connected(box):
            pass
    except Away as away:
        raise Refused(str(away))
    emit("mailbox.tested", box, actor=actor, at=at)


@transaction.atomic
def works(box: Mailbox, at: datetime) -> None:
    """It could be looked into."""
    box = lock(box)
    if box.failing_since:
        emit("mailbox.works", box, actor=system(), at=at)
    Mailbox.objects.filter(pk=box.pk).update(fetched_at=at, failing_since=None, error="", lease_until=None)


@transaction.atomic
def fails(box: Mailbox, why: str, at: datetime) -> None:
    """It could not; those who look after mailboxes hear of it, once until it works again."""
    box = lock(box)
    first = box.failing_since is None
    Mailbox.objects.filter(pk=box.pk).update(failing_since=box.failing_since or at, error=why[:500], lease_until=None)
    if not first:
        return
    event = emit("mailbox.failed", box, actor=system(), at=at, why=why[:300])
    for person in colleagues():
        if actor_of(person).may("mailroom.change_mailbox"):
            facts = {"what": box.name, "why": why[:200]}
            notify(person.pk, kind="mailbox_failing", facts=facts, url=url_of(box) or "", event=event, at=at)
