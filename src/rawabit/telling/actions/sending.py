"""Sending a document by hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from rawabit.billing.models import Invoice, Payment
from rawabit.crm.policies import require_on
from rawabit.kit.marking import _
from rawabit.kit.outbox.actions import queue
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.sales.models import Order, Quotation
from rawabit.shipping.models import Delivery
from rawabit.telling.actions.telling import recipient_of
from rawabit.telling.letters import PREFIX
from rawabit.telling.logic.kinds import EMAIL, KINDS
from rawabit.telling.queries import Person, people_for

MOST = 20


def kind_for(record: Any) -> str:
    """The kind of message that brings a document."""
    if isinstance(record, Invoice):
        return "credit_note_posted" if record.kind == Invoice.CREDIT_NOTE else "invoice_posted"
    return {
        Quotation: "quotation_sent", Order: "order_confirmed", Delivery: "delivery_shipped", Payment: "payment_receipt",
    }[type(record)]  # fmt: skip


@transaction.atomic
def send_document(record: Any, *, emails: Collection[str] = (), other: str = "", actor: Actor, at: datetime) -> None:
    """Send a document by e-mail now, whatever the hour: to people of the customer (``emails`` among those who may get
    it) and to one further address. Refused for drafts, and without anybody to send it to."""
    record = lock(record)
    require_on(actor, "telling.send_document", record)
    if record.state == "draft":
        raise Refused(_("A draft is not sent. Finish it first."))
    kind = KINDS[kind_for(record)]
    chosen = {email.lower() for email in emails}
    people = [one for one in people_for(record.customer, kind.audience, record) if one.email.lower() in chosen]
    people += _further(other, record)
    if not people:
        raise Refused(_("Choose whom to send it to."))
    told = emit("message.asked", record, actor=actor, at=at, to=[person.email for person in people])
    for person in people[:MOST]:
        queue(PREFIX + kind.code, EMAIL, recipient_of(person), record, event=told, owner_key=record.customer_id, at=at)


def _further(other: str, record: Any) -> list[Person]:
    other = other.strip()
    if not other:
        return []
    try:
        validate_email(other)
    except ValidationError:
        raise Refused(_("This is not an e-mail address."))
    return [Person(str(record.customer), other, record.customer.language)]
