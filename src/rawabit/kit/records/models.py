"""What every business record shares: identity, version, history, numbers, comments, files, assignments, notices."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from rawabit.kit.records.actor import NOTHING, Actor, rule_of
from rawabit.kit.text import search_terms

USER = settings.AUTH_USER_MODEL


class RecordQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that know who may see them."""

    def visible_to(self, actor: Actor) -> Self:
        rule = rule_of(self.model)
        return self.filter(rule(actor) if rule else NOTHING)

    def matching(self, words: str) -> Self:
        """Rows whose folded search text holds every word of ``words``, in any order."""
        rows = self
        for word in search_terms(words):
            rows = rows.filter(search_text__contains=word)
        return rows


class Record(models.Model):
    """Base of business records. ``version`` counts saves, so that two tabs never overwrite each other."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True


class SearchableRecord(Record):
    """A record found by its folded names, numbers, phones and addresses."""

    search_text = models.TextField(default="", blank=True, editable=False)

    class Meta:
        abstract = True


class Subject(models.Model):
    """Something that hangs on any record."""

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")

    class Meta:
        abstract = True


class EventQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def about(self, record: models.Model) -> Self:
        kind = ContentType.objects.get_for_model(record)
        return self.filter(subject_type=kind, subject_id=record.pk)


class Event(Subject):
    """One thing that happened. Written with the change, told to others after the commit."""

    name = models.CharField(max_length=80)
    actor = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=200, default="")
    door = models.CharField(max_length=12, default="desk")
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    told_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_of_subject"),
            models.Index(fields=["id"], name="event_untold", condition=models.Q(told_at=None)),
        ]


class Heard(models.Model):
    """A subscriber has dealt with an event; written in the same transaction as what it did."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="heard")
    subscriber = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="heard_once")]


class Counter(models.Model):
    """The last number given in one series; the row lock is held until the commit, so there are no gaps."""

    name = models.CharField(max_length=80, primary_key=True)
    last = models.BigIntegerField(default=0)


class Comment(Subject):
    """A word between colleagues about a record. Customers never see it."""

    author = models.ForeignKey(USER, models.PROTECT, related_name="+")
    body = models.TextField()
    mentions: models.ManyToManyField[Any, Any] = models.ManyToManyField(USER, related_name="+", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "-id"], name="comment_of_subject")]


def attachment_path(attachment: Attachment, name: str) -> str:
    """A generated place: nothing of the user's file name reaches the disk."""
    return f"files/{attachment.uid.hex[:2]}/{attachment.uid.hex}"


class Attachment(Subject):
    """A file on a record, reached only through the row rule of that record."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=attachment_path, max_length=120)
    for_customer = models.BooleanField(default=False)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "-id"], name="attachment_of_subject")]


class Assignment(Subject):
    """A colleague is asked to look after a record."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="assignments")
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="assignment_of_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "user"],
                condition=models.Q(done_at=None),
                name="assigned_once_at_a_time",
            )
        ]


class Submission(models.Model):
    """A form that was sent and has taken effect: the same sheet sent again leads to ``url`` and does nothing."""

    key = models.CharField(max_length=80, primary_key=True)
    url = models.CharField(max_length=300, default="")
    at = models.DateTimeField()


class Notice(models.Model):
    """One line in a person's bell. ``kind`` names its words, ``facts`` fill them."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=300, default="")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at=None)),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notice_once_per_event")]


class SavedView(models.Model):
    """Filters, columns and order of a list, kept under a name."""

    screen = models.CharField(max_length=60)
    owner = models.ForeignKey(USER, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000, default="")
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screen", "owner", "name"], name="view_name_once")]


def facts_of(value: Any) -> Any:
    """A value as JSON keeps it: text for dates, decimals and other records' names."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [facts_of(part) for part in value]
    return str(value)
