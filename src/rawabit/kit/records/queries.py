"""What hangs on a record, newest first. The caller has already proved that the actor sees the record."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Assignment, Attachment, Comment, Event, Notice, SavedView


def _about(record: Model) -> dict[str, object]:
    return {"subject_type": ContentType.objects.get_for_model(record), "subject_id": record.pk}


def history_of(record: Model) -> QuerySet[Event]:
    return Event.objects.filter(**_about(record)).select_related("actor").order_by("-id")


def comments_on(record: Model) -> QuerySet[Comment]:
    return Comment.objects.filter(**_about(record)).select_related("author").order_by("-id")


def files_on(record: Model, actor: Actor) -> QuerySet[Attachment]:
    """A customer's user gets only the files meant for customers."""
    files = Attachment.objects.filter(**_about(record)).select_related("by").order_by("-id")
    return files.filter(for_customer=True) if actor.is_customer else files


def assignments_on(record: Model) -> QuerySet[Assignment]:
    return Assignment.objects.filter(**_about(record), done_at=None).select_related("user")


def notices_of(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(user=actor.user_id).order_by("-id")


def views_of(screen: str, actor: Actor) -> QuerySet[SavedView]:
    return SavedView.objects.filter(Q(owner_id=actor.user_id) | Q(shared=True), screen=screen).order_by("name")
