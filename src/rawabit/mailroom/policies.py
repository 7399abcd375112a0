"""Who sees received mail and the mailboxes. Customers never do."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from rawabit.crm.models import Contact, Customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import EVERYTHING, NOTHING, Actor, by_scope, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on
from rawabit.leads.models import Lead
from rawabit.mailroom.models import OTHER, Mailbox, ReceivedMail, SentMail
from rawabit.pipeline.models import Opportunity
from rawabit.talks.models import Activity

SORT, WRITE = "mailroom.sort_receivedmail", "mailroom.write_mail"
PERMISSIONS: list[Permission] = [
    *verbs_on(ReceivedMail, "view", "change", "export"),
    (SORT, _("Inbox: see and file what belongs to nobody")),
    (WRITE, _("Inbox: write e-mails to customers")),
    *verbs_on(Mailbox, "view", "add", "change", "delete"),
]


@visible(ReceivedMail)
def mail_rows(actor: Actor) -> Q:
    """Staff: their own, what is about a customer, person, lead or deal they see, and, with the right to sort, what
    belongs to nobody."""
    if actor.is_customer or not actor.may("mailroom.view_receivedmail"):
        return NOTHING
    rows = by_scope(actor, "mailroom.view_receivedmail")
    if rows == EVERYTHING:
        return rows
    rows |= Q(customer__in=Customer.objects.visible_to(actor).values("pk"))
    rows |= Q(customer=None, contact__in=Contact.objects.visible_to(actor).values("pk"))
    for model in (Lead, Opportunity):
        kind = ContentType.objects.get_for_model(model)
        rows |= Q(subject_type=kind, subject_id__in=model.objects.visible_to(actor).values("pk"))
    if actor.may(SORT):
        rows |= Q(owner=None, customer=None, contact=None, subject_type=None) | Q(owner=None, place=OTHER)
    return rows


@visible(SentMail)
def sent_rows(actor: Actor) -> Q:
    if actor.is_customer:
        return NOTHING
    return Q(activity__in=Activity.objects.visible_to(actor).values("pk"))


@visible(Mailbox)
def mailbox_rows(actor: Actor) -> Q:
    return shared_rows(actor, "mailroom.view_mailbox")
