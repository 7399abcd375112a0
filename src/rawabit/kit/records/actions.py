"""Verbs that any record knows: tell, number, save, comment, attach, assign."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.forms import ModelForm

from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import (
    Assignment,
    Attachment,
    Comment,
    Counter,
    Event,
    Notice,
    Record,
    Submission,
    facts_of,
)
from rawabit.kit.records.sniff import check_upload
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, latn, names_after_at

R = TypeVar("R", bound=Record)


class Conflict(Exception):
    """Somebody else saved the record since the form was opened."""

    def __init__(self, current: Record, event: Event | None) -> None:
        super().__init__("conflict")
        self.current, self.event = current, event


def emit(name: str, subject: models.Model, /, *, actor: Actor, at: datetime, **facts: Any) -> Event:
    """Write what happened, in the transaction of the change itself; subscribers hear of it after the commit."""
    return Event.objects.create(
        name=name,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        actor_id=actor.user_id,
        actor_name=actor.name,
        door=actor.door,
        at=at,
        facts={key: facts_of(value) if not isinstance(value, dict) else value for key, value in facts.items()},
    )


def next_number(series: str) -> int:
    """The next number of a series without gaps: the row lock is held until the surrounding commit."""
    Counter.objects.get_or_create(name=series)
    counter = Counter.objects.select_for_update().get(name=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def lock(record: R) -> R:
    """The record as it stands now, held until the commit; every action starts here."""
    rows: Any = type(record)._default_manager
    locked: R = rows.select_for_update(of=("self",)).get(pk=record.pk)
    return locked


def touch(record: Record, at: datetime) -> None:
    """Count one more version. Call before saving a changed record."""
    record.version += 1
    record.updated_at = at


@transaction.atomic
def save_form(form: ModelForm[R], *, actor: Actor, at: datetime, seen_version: int | None = None) -> R:
    """Create or change a record from a valid form; refuses to overwrite what somebody saved meanwhile."""
    record = form.instance
    fresh = record.pk is None
    if not fresh:
        _require_version(record, seen_version)
        if not form.has_changed():
            return record
        touch(record, at)
    record = form.save()
    require_still_visible(record, actor)
    kind = record._meta.model_name
    emit(f"{kind}.{'created' if fresh else 'changed'}", record, actor=actor, at=at, changes=changes_of(form))
    return record


def _require_version(record: Record, seen_version: int | None) -> None:
    current = lock(record)
    if seen_version is not None and current.version != seen_version:
        raise Conflict(current, Event.objects.about(record).select_related("actor").order_by("-id").first())
    record.version = current.version


def require_still_visible(record: Record, actor: Actor) -> None:
    """Nobody saves a record out of his own sight."""
    if not type(record).objects.visible_to(actor).filter(pk=record.pk).exists():
        raise PermissionDenied(_("This change would put the record out of your own sight."))


def changes_of(form: ModelForm[Any]) -> dict[str, list[Any]]:
    """``{field: [before, after]}`` of a bound form, as text."""
    changes = {}
    for name in form.changed_data:
        if name in form.cleaned_data and name in form.fields:
            changes[name] = [facts_of(form.initial.get(name)), facts_of(form.cleaned_data[name])]
    return changes


def set_fields(record: R, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> R:
    """Change some fields of a locked record and tell it. For actions that are one small change."""
    changes = {name: [facts_of(getattr(record, name)), facts_of(value)] for name, value in values.items()}
    for name, value in values.items():
        setattr(record, name, value)
    touch(record, at)
    record.save(update_fields=[*values, "version", "updated_at"])
    emit(f"{record._meta.model_name}.changed", record, actor=actor, at=at, changes=changes)
    return record


# Comments, files, assignments

MENTION = re.compile(r"@\[(\d+)\]")


@transaction.atomic
def comment(record: Record, body: str, *, mentions: Iterable[int], actor: Actor, at: datetime) -> Comment:
    """Say something to colleagues. Those mentioned, by key or as ``@Name`` in the text, are told in their bell by the
    event's subscriber."""
    text = clean_user_text(body).strip()
    if not latn(text).strip():
        raise Refused(_("Write something first."))
    said = Comment.objects.create(**_on(record), author_id=actor.user_id or 0, body=text[:10_000], at=at)
    colleagues = get_user_model().objects.filter(kind="staff", is_active=True)
    named = names_after_at(text, dict(colleagues.values_list("pk", "full_name"))) if "@" in text else set()
    people = colleagues.filter(pk__in={*mentions, *named})
    said.mentions.set(people)
    emit("comment.added", record, actor=actor, at=at, comment=said.pk, mentions=[p.pk for p in people])
    return said


@transaction.atomic
def attach(record: Record, upload: UploadedFile[Any], *, for_customer: bool, actor: Actor, at: datetime) -> Attachment:
    """Keep a file with a record. Its kind is read from its bytes, its size is limited, its place is generated."""
    mime = check_upload(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    kept = Attachment(
        **_on(record), name=clean_user_text(upload.name or "file")[-200:], mime=mime, size=upload.size or 0,
        sha256=digest.hexdigest(), for_customer=for_customer, by_id=actor.user_id, at=at,
    )  # fmt: skip
    kept.file.save(kept.name, upload, save=False)
    kept.save()
    emit("file.attached", record, actor=actor, at=at, file=kept.name, attachment=kept.pk)
    return kept


@transaction.atomic
def assign(record: Record, user_id: int, note: str, *, actor: Actor, at: datetime) -> Assignment:
    """Ask a colleague to look after the record; asking twice is asking once."""
    person = get_user_model().objects.filter(pk=user_id, kind="staff", is_active=True).first()
    if person is None:
        raise Refused(_("Choose a colleague."))
    note = clean_user_text(note).strip()
    given, fresh = Assignment.objects.get_or_create(
        **_on(record), user=person, done_at=None, defaults={"by_id": actor.user_id, "note": note[:300], "at": at}
    )
    if fresh:
        emit("record.assigned", record, actor=actor, at=at, user=person.pk, name=person.full_name, note=note[:300])
    return given


@transaction.atomic
def finish_assignment(record: Record, assignment_id: int, *, actor: Actor, at: datetime) -> None:
    """The colleague has done what he was asked."""
    done = Assignment.objects.filter(**_on(record), pk=assignment_id, done_at=None).update(done_at=at)
    if done:
        emit("assignment.done", record, actor=actor, at=at, assignment=assignment_id)


def notify(user_id: int, *, kind: str, facts: Mapping[str, Any], url: str, event: Event | None, at: datetime) -> None:
    """One line in a person's bell, once per event."""
    Notice.objects.get_or_create(
        user_id=user_id, event=event, defaults={"kind": kind, "facts": dict(facts), "url": url, "at": at}
    )


def _on(record: models.Model) -> dict[str, Any]:
    return {"subject_type": ContentType.objects.get_for_model(record), "subject_id": record.pk}


def read_notices(*, actor: Actor, at: datetime) -> int:
    """Everything in the person's bell counts as read; answers how many were new."""
    return Notice.objects.filter(user=actor.user_id, read_at=None).update(read_at=at)


# Sheets that are sent twice


def claim_submission(once: str, *, actor: Actor, at: datetime) -> Submission | None:
    """The mark of a sheet, held until the commit; with a ``url`` when the sheet has taken effect before. None for a
    sheet without a mark. Call inside the transaction of the effect."""
    if not once or actor.user_id is None:
        return None
    sheet, _fresh = Submission.objects.get_or_create(key=f"{actor.user_id}:{once[:40]}", defaults={"at": at})
    return sheet


def forget_submissions(before: datetime) -> int:
    """Drop the marks of sheets sent before a moment; answers how many."""
    return Submission.objects.filter(at__lt=before).delete()[0]
