"""What is to be done: planned, put off, done, taken up again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models, transaction

from rawabit.crm.models import Contact
from rawabit.identity.models import STAFF, User
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.talks.actions.keeping import (
    Next,
    begin,
    change,
    keep,
    morning_of,
    one_line,
    plan_next,
    touch_subject,
    words,
)
from rawabit.talks.models import PRIORITIES, TASK, Activity


@transaction.atomic
def plan_task(
    subject: models.Model | None, title: str, *, due: datetime | date, assignee: User | None = None, body: str = "",
    priority: str = "normal", remind_at: datetime | None = None, contact: Contact | None = None, actor: Actor,
    at: datetime,
) -> Activity:  # fmt: skip
    """Somebody shall do something by a day or an hour; without ``assignee`` the actor himself. He is reminded when it
    is due, or at ``remind_at``."""
    task = begin(TASK, subject, contact=contact, actor=actor, at=at)
    if assignee is not None and (assignee.kind != STAFF or not assignee.is_active):
        raise Refused(_("Choose a colleague."))
    task.assignee_id = assignee.pk if assignee else actor.user_id
    task.title, task.body = one_line(title), words(body)
    task.due = due if isinstance(due, datetime) else morning_of(due)
    task.at, task.remind_at = task.due, remind_at or task.due
    task.priority = priority if priority in dict(PRIORITIES) else "normal"
    if not task.title:
        raise Refused(_("Say what is to be done."))
    return keep(task, "planned", actor=actor, at=at, assignee=task.assignee_id, due=task.due)


@transaction.atomic
def finish_task(
    task: Activity, *, outcome: str = "", next_step: Next | None = None, actor: Actor, at: datetime
) -> Activity:
    """It is done: what came of it, and what is next. Done twice is done once."""
    task = change(task, actor, at)
    if task.kind != TASK:
        raise Refused(_("Only tasks can be ticked off."))
    if not task.is_open:
        return task
    said = words(outcome)
    task.done_at = task.at = at
    task.body = f"{task.body}\n{said}".strip() if said else task.body
    _save(task, at, "done_at", "at", "body")
    emit("activity.done", task, actor=actor, at=at, title=task.title, outcome=said[:500])
    touch_subject(task, at)
    subject = task.subject
    plan_next(subject, next_step, task.contact, actor=actor, at=at)
    return task


@transaction.atomic
def reopen_task(task: Activity, *, actor: Actor, at: datetime) -> Activity:
    """It is not done after all."""
    task = change(task, actor, at)
    if task.kind != TASK or task.done_at is None:
        raise Refused(_("Only what is done can be opened again."))
    task.done_at, task.at = None, task.due or at
    _save(task, at, "done_at", "at")
    emit("activity.reopened", task, actor=actor, at=at, title=task.title)
    return task


@transaction.atomic
def snooze(task: Activity, until: datetime, *, actor: Actor, at: datetime) -> Activity:
    """Put off to a later moment; the reminder comes then."""
    task = change(task, actor, at)
    if task.kind != TASK or not task.is_open:
        raise Refused(_("Only what is still to be done can be put off."))
    if until <= at:
        raise Refused(_("Choose a moment that is still to come."))
    before = task.due
    task.due = task.at = task.remind_at = until
    task.reminded_at = None
    _save(task, at, "due", "at", "remind_at", "reminded_at")
    emit("activity.snoozed", task, actor=actor, at=at, changes={"due": [str(before or ""), str(until)]})
    return task


def _save(task: Activity, at: datetime, *fields: str) -> None:
    touch(task, at)
    task.save(update_fields=[*fields, "version", "updated_at"])
