"""A message is laid somewhere: as an activity of a record, or with the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType

from rawabit.crm.models import Contact, Customer
from rawabit.kit.records.actions import emit, touch
from rawabit.kit.records.actor import Actor
from rawabit.mailroom.models import FILED, OTHER, ReceivedMail
from rawabit.talks.actions.keeping import begin, customer_of, happened, keep, one_line, words
from rawabit.talks.models import MAIL, Activity

LAID = (
    "place", "reason", "trace", "before", "subject_type", "subject_id", "customer", "contact", "activity", "owner",
    "handled_at", "thread", "version", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """The record a message is about, and the person at the customer who wrote it, when he is known."""

    record: Any
    contact: Contact | None


def lay(
    mail: ReceivedMail, target: Target | None, *, reason: str, trace: Sequence[dict[str, Any]], handled: bool,
    actor: Actor, at: datetime,
) -> ReceivedMail:  # fmt: skip
    """Lay a locked message at its place; what it was before is remembered. The caller has decided and may."""
    mail.trace = [*mail.trace, *trace]
    mail.reason, mail.place = reason, FILED if target is not None else OTHER
    _forget_activity(mail)
    mail.subject_type = mail.subject_id = None
    mail.customer_id = mail.contact_id = None
    if target is not None:
        _lay_on(mail, target, actor, at)
    mail.handled_at = at if handled else None
    touch(mail, at)
    mail.save(update_fields=LAID)
    emit("mail.filed", mail, actor=actor, at=at, place=mail.place, reason=reason, about=_name(target),
         customer=mail.customer_id)  # fmt: skip
    return mail


def _name(target: Target | None) -> str:
    return str(target.record) if target is not None else ""


def _lay_on(mail: ReceivedMail, target: Target, actor: Actor, at: datetime) -> None:
    record = target.record
    mail.subject_type, mail.subject_id = ContentType.objects.get_for_model(record), record.pk
    mail.contact = record if isinstance(record, Contact) else target.contact
    mail.customer_id = customer_of(record) or (customer_of(mail.contact) if mail.contact else None)
    mail.owner_id = _owner(mail, record) or mail.owner_id
    said = begin(MAIL, record, contact=target.contact, actor=actor, at=at)
    said.owner_id, said.direction = mail.owner_id, "in"
    said.title, said.body = one_line(mail.headline), words(mail.text)
    said.at = said.done_at = happened(mail.sent_at, at) if mail.sent_at else mail.fetched_at
    mail.activity = keep(said, "logged", actor=actor, at=at)


def _owner(mail: ReceivedMail, record: Any) -> int | None:
    """Who looks after it: the record's owner, else the customer's."""
    own = getattr(record, "owner_id", None)
    if own is None and mail.customer_id is not None:
        own = Customer.objects.values_list("owner_id", flat=True).get(pk=mail.customer_id)
    return own


def _forget_activity(mail: ReceivedMail) -> None:
    """What was said is no longer said there."""
    if mail.activity_id is not None:
        key, mail.activity = mail.activity_id, None
        ReceivedMail.objects.filter(pk=mail.pk).update(activity=None)
        Activity.objects.filter(pk=key).delete()
