"""People move mail to where it belongs, take it, and put it behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction

from rawabit.crm.models import Contact, Customer
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.leads.models import Lead
from rawabit.mailroom.actions.filing import lead_from
from rawabit.mailroom.actions.placing import Target, lay
from rawabit.mailroom.models import TOO_LARGE, WAITING, ReceivedMail
from rawabit.mailroom.queries.knowing import customers_of
from rawabit.pipeline.models import Opportunity
from rawabit.talks.actions.keeping import require_seen


def _held(mail: ReceivedMail, actor: Actor) -> ReceivedMail:
    """The message, locked, for somebody who may move it."""
    found = lock(mail)
    actor.require("mailroom.change_receivedmail")
    if not ReceivedMail.objects.visible_to(actor).filter(pk=found.pk).exists():
        raise PermissionDenied("mailroom.change_receivedmail")
    if found.place in (WAITING, TOO_LARGE):
        raise Refused(_("This message cannot be filed: it was not read."))
    return found


def _remember(mail: ReceivedMail) -> None:
    mail.before = {
        "type": mail.subject_type_id, "subject": mail.subject_id, "contact": mail.contact_id, "reason": mail.reason,
        "owner": mail.owner_id, "handled": mail.handled_at is not None,
    }  # fmt: skip


def _move(mail: ReceivedMail, target: Target | None, actor: Actor, at: datetime) -> ReceivedMail:
    mail = _held(mail, actor)
    if target is not None:
        require_seen(target.record, actor)
    _remember(mail)
    step = {"rule": "person", "hit": True, "why": "moved" if target else "aside",
            "facts": {"who": actor.name, "what": str(target.record) if target else ""}}  # fmt: skip
    return lay(
        mail, target, reason="" if target else "person", trace=[step], handled=target is None, actor=actor, at=at
    )


@transaction.atomic
def file_to_contact(mail: ReceivedMail, contact: Contact, *, actor: Actor, at: datetime) -> ReceivedMail:
    """It is from, or about, this person."""
    return _move(mail, Target(contact, contact), actor, at)


@transaction.atomic
def file_to_customer(mail: ReceivedMail, customer: Customer, *, actor: Actor, at: datetime) -> ReceivedMail:
    """It is about this customer."""
    contact = mail.contact if mail.contact and customer.pk in customers_of(mail.contact) else None
    return _move(mail, Target(customer, contact), actor, at)


@transaction.atomic
def file_to_lead(mail: ReceivedMail, lead: Lead, *, actor: Actor, at: datetime) -> ReceivedMail:
    """It is about this lead."""
    return _move(mail, Target(lead, None), actor, at)


@transaction.atomic
def file_to_deal(mail: ReceivedMail, deal: Opportunity, *, actor: Actor, at: datetime) -> ReceivedMail:
    """It is about this opportunity."""
    contact = mail.contact if mail.contact and deal.customer_id in customers_of(mail.contact) else None
    return _move(mail, Target(deal, contact), actor, at)


@transaction.atomic
def make_lead(mail: ReceivedMail, *, actor: Actor, at: datetime) -> ReceivedMail:
    """A new lead is made of it."""
    held = _held(mail, actor)
    if not held.sender:
        raise Refused(_("This message does not say whom it is from."))
    return _move(held, Target(lead_from(held, at, actor), None), actor, at)


@transaction.atomic
def set_aside(mail: ReceivedMail, *, actor: Actor, at: datetime) -> ReceivedMail:
    """It belongs to no record, and nobody needs to do anything."""
    return _move(mail, None, actor, at)


@transaction.atomic
def undo(mail: ReceivedMail, *, actor: Actor, at: datetime) -> ReceivedMail:
    """Back to where it lay before it was moved. A lead that was made of it stays; it is a record of its own."""
    mail = _held(mail, actor)
    before = mail.before
    if not before:
        raise Refused(_("There is nothing to undo."))
    target = _target_of(before, actor)
    mail.before, mail.owner_id = {}, before["owner"]
    step = {"rule": "person", "hit": True, "why": "undone", "facts": {"who": actor.name}}
    return lay(mail, target, reason=before["reason"], trace=[step], handled=before["handled"], actor=actor, at=at)


def _target_of(before: dict[str, Any], actor: Actor) -> Target | None:
    if before["subject"] is None:
        return None
    model: Any = ContentType.objects.get_for_id(before["type"]).model_class()
    record = model.objects.visible_to(actor).filter(pk=before["subject"]).first()
    if record is None:
        raise Refused(_("The record where it lay before is not there any more."))
    contact = Contact.objects.filter(pk=before["contact"]).first() if before["contact"] else None
    return Target(record, contact)


@transaction.atomic
def take(mail: ReceivedMail, *, actor: Actor, at: datetime) -> ReceivedMail:
    """I look after it."""
    mail = lock(mail)
    actor.require("mailroom.change_receivedmail")
    if mail.owner_id is not None and mail.owner_id != actor.user_id:
        raise Refused(_("A colleague looks after this message already."))
    emit("mail.taken", mail, actor=actor, at=at)
    return _set(mail, at, owner_id=actor.user_id)


@transaction.atomic
def mark_handled(mail: ReceivedMail, *, actor: Actor, at: datetime) -> ReceivedMail:
    """Nothing is left to do; doing it again does nothing."""
    mail = lock(mail)
    actor.require("mailroom.change_receivedmail")
    if mail.handled_at:
        return mail
    emit("mail.handled", mail, actor=actor, at=at)
    return _set(mail, at, handled_at=at)


@transaction.atomic
def reopen(mail: ReceivedMail, *, actor: Actor, at: datetime) -> ReceivedMail:
    """There is something to do after all."""
    mail = lock(mail)
    actor.require("mailroom.change_receivedmail")
    if mail.handled_at is None:
        return mail
    emit("mail.reopened", mail, actor=actor, at=at)
    return _set(mail, at, handled_at=None)


def _set(mail: ReceivedMail, at: datetime, **values: Any) -> ReceivedMail:
    for name, value in values.items():
        setattr(mail, name, value)
    touch(mail, at)
    mail.save(update_fields=[*values, "version", "updated_at"])
    return mail
