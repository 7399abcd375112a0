"""What follows by itself: reminders, a lead that became a customer, marks of having looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.urls import reverse

from rawabit.kit.records.actions import emit, notify
from rawabit.kit.records.actor import Actor, system
from rawabit.leads.models import Lead
from rawabit.talks.models import Activity, ChatFile, LastLook

MOST_AT_ONCE = 200


def remind_due(at: datetime) -> int:
    """A line in the bell of everybody whose reminder has come; each reminder once. Answers how many."""
    waiting = Activity.objects.filter(remind_at__lte=at, reminded_at=None, done_at=None, cancelled_at=None)
    return sum(_remind(key, at) for key in waiting.order_by("remind_at").values_list("pk", flat=True)[:MOST_AT_ONCE])


@transaction.atomic
def _remind(key: int, at: datetime) -> bool:
    if not Activity.objects.filter(pk=key, reminded_at=None).update(reminded_at=at):
        return False
    task = Activity.objects.get(pk=key)
    who = task.assignee_id or task.owner_id
    event = emit("activity.reminded", task, actor=system(), at=at, user=who)
    if who:
        notify(
            who,
            kind="task_due",
            facts={"what": str(task)},
            url=reverse("activities-detail", args=[task.pk]),
            event=event,
            at=at,
        )
    return True


@transaction.atomic
def follow_lead(lead: Lead, *, at: datetime) -> int:
    """What was said with a lead belongs to the customer it became. Doing it again changes nothing."""
    if lead.customer_id is None:
        return 0
    rows = Activity.objects.filter(subject_type=ContentType.objects.get_for_model(Lead), subject_id=lead.pk)
    if lead.contact_id:
        rows.filter(contact=None).update(contact=lead.contact_id)
    return rows.filter(customer=None).update(customer=lead.customer_id)


@transaction.atomic
def looked(subject: models.Model, *, actor: Actor, at: datetime) -> None:
    """The person has seen the timeline of a record up to now."""
    LastLook.objects.update_or_create(
        user_id=actor.user_id or 0, subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk,
        defaults={"at": at},
    )  # fmt: skip


def forget_chats(at: datetime) -> int:
    """Drop chat files that were read and never imported."""
    return ChatFile.objects.filter(created_at__lt=at - timedelta(days=1)).delete()[0]
