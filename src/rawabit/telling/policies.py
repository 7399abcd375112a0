"""Who reads what was sent, and who changes what is said. A message belongs to its customer."""

from __future__ import annotations

from django.db.models import Q

from rawabit.crm.models import Customer
from rawabit.crm.policies import rows_of_customer
from rawabit.kit.marking import _
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actor import EVERYTHING, NOTHING, Actor, by_scope, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on
from rawabit.telling.models import Preference, Reminder, Template

PERMISSIONS: list[Permission] = [
    *verbs_on(Message, "view", "change", "export"),
    ("kit_outbox.resend_message", _("Messages: send again")),
    ("kit_outbox.cancel_message", _("Messages: cancel")),
    ("telling.send_document", _("Messages: send a document by hand")),
    ("telling.change_template", _("Messages: change their words")),
]


@visible(Message)
def message_rows(actor: Actor) -> Q:
    """Staff, by the customer it belongs to; those who see all customers see also what belongs to none."""
    if actor.is_customer:
        return NOTHING
    rows = by_scope(actor, "kit_outbox.view_message", territory="territory")
    if rows in (EVERYTHING, NOTHING):
        return rows
    return Q(owner_key__in=Customer.objects.filter(rows).values("pk"))


@visible(Template)
def template_rows(actor: Actor) -> Q:
    return shared_rows(actor, "telling.change_template")


@visible(Preference)
def preference_rows(actor: Actor) -> Q:
    return Q(user=actor.user_id) if actor.user_id else NOTHING


@visible(Reminder)
def reminder_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "billing.view_invoice", roles=(), path="invoice__customer")
