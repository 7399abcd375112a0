"""What has happened is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, models, transaction

from rawabit.crm.models import Contact
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.talks.actions.keeping import (
    PLACE,
    Next,
    begin,
    checked_minutes,
    happened,
    keep,
    kept_once,
    one_line,
    plan_next,
    words,
)
from rawabit.talks.models import (
    CALL,
    CALL_OUTCOMES,
    DOCUMENT,
    MEETING,
    MEETING_OUTCOMES,
    NOTE,
    VISIT,
    WHATSAPP,
    Activity,
)


def log_call(
    subject: models.Model, *, outcome: str, body: str = "", minutes: int | None = None, direction: str = "out",
    contact: Contact | None = None, when: datetime | None = None, next_step: Next | None = None, key: str = "",
    actor: Actor, at: datetime,
) -> Activity:  # fmt: skip
    """A call was made or came in. The same ``key`` of the same person twice is one call, whatever the second says."""
    try:
        with transaction.atomic():
            return _call(subject, outcome, body, minutes, direction, contact, when, next_step, key, actor=actor, at=at)
    except IntegrityError:  # the same sheet at the same moment: the other was quicker
        _whole, known = kept_once(key, actor)
        if known is None:
            raise
        return known


def _call(
    subject: models.Model, outcome: str, body: str, minutes: int | None, direction: str, contact: Contact | None,
    when: datetime | None, next_step: Next | None, key: str, *, actor: Actor, at: datetime,
) -> Activity:  # fmt: skip
    whole, known = kept_once(key, actor)
    if known is not None:
        return known
    if outcome not in dict(CALL_OUTCOMES):
        raise Refused(_("Choose what came of the call."))
    call = begin(CALL, subject, contact=contact, actor=actor, at=at)
    call.key, call.outcome, call.body = whole, outcome, words(body)
    call.direction = direction if direction in ("in", "out") else "out"
    call.minutes, call.at = checked_minutes(minutes), happened(when, at)
    call.done_at = call.at
    keep(call, "logged", actor=actor, at=at)
    plan_next(subject, next_step, contact, actor=actor, at=at)
    return call


@transaction.atomic
def log_meeting(
    subject: models.Model, *, title: str = "", body: str = "", decisions: str = "", place: str = "",
    outcome: str = "held", minutes: int | None = None, contact: Contact | None = None, when: datetime | None = None,
    next_step: Next | None = None, actor: Actor, at: datetime,
) -> Activity:  # fmt: skip
    """A meeting has taken place: what was discussed, what was decided."""
    if outcome not in dict(MEETING_OUTCOMES):
        raise Refused(_("Choose what came of the meeting."))
    meeting = begin(MEETING, subject, contact=contact, actor=actor, at=at)
    meeting.title, meeting.place, meeting.outcome = one_line(title), one_line(place, PLACE), outcome
    meeting.body, meeting.decisions = words(body), words(decisions)
    meeting.minutes, meeting.at = checked_minutes(minutes), happened(when, at)
    meeting.done_at = meeting.at
    if outcome == "held" and not (meeting.body or meeting.decisions or meeting.title):
        raise Refused(_("Write something first."))
    keep(meeting, "logged", actor=actor, at=at)
    plan_next(subject, next_step, contact, actor=actor, at=at)
    return meeting


@transaction.atomic
def log_visit(
    subject: models.Model, *, body: str = "", place: str = "", position: str = "", minutes: int | None = None,
    contact: Contact | None = None, when: datetime | None = None, next_step: Next | None = None, actor: Actor,
    at: datetime,
) -> Activity:  # fmt: skip
    """Somebody was there. ``position`` ("24.71,46.67") only when he chose to tell it."""
    visit = begin(VISIT, subject, contact=contact, actor=actor, at=at)
    visit.body, visit.place, visit.position = words(body), one_line(place, PLACE), _position(position)
    visit.minutes, visit.at, visit.outcome = checked_minutes(minutes), happened(when, at), "held"
    visit.done_at = visit.at
    keep(visit, "logged", actor=actor, at=at)
    plan_next(subject, next_step, contact, actor=actor, at=at)
    return visit


def _position(text: str) -> str:
    """Latitude and longitude with five decimals, or "" for anything else."""
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return ""
    inside = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return f"{latitude:.5f},{longitude:.5f}" if inside else ""


@transaction.atomic
def write_note(
    subject: models.Model, body: str, *, contact: Contact | None = None, pinned: bool = False, actor: Actor,
    at: datetime,
) -> Activity:  # fmt: skip
    """Something worth knowing."""
    note = begin(NOTE, subject, contact=contact, actor=actor, at=at)
    note.body, note.done_at, note.pinned_at = words(body), at, at if pinned else None
    if not note.body:
        raise Refused(_("Write something first."))
    return keep(note, "logged", actor=actor, at=at)


@transaction.atomic
def record_whatsapp(
    subject: models.Model, body: str, *, direction: str = "out", contact: Contact | None = None,
    when: datetime | None = None, key: str = "", actor: Actor, at: datetime,
) -> Activity:  # fmt: skip
    """Something was written on WhatsApp."""
    whole, known = kept_once(key, actor)
    if known is not None:
        return known
    said = begin(WHATSAPP, subject, contact=contact, actor=actor, at=at)
    said.key, said.body, said.at = whole, words(body), happened(when, at)
    said.direction, said.done_at = direction if direction in ("in", "out") else "out", said.at
    if not said.body:
        raise Refused(_("Write something first."))
    return keep(said, "logged", actor=actor, at=at)


@transaction.atomic
def record_document(
    subject: models.Model, title: str, *, body: str = "", direction: str = "out", contact: Contact | None = None,
    actor: Actor, at: datetime,
) -> Activity:  # fmt: skip
    """A document was handed over outside the program."""
    shared = begin(DOCUMENT, subject, contact=contact, actor=actor, at=at)
    shared.title, shared.body, shared.done_at = one_line(title), words(body), at
    shared.direction = direction if direction in ("in", "out") else "out"
    if not shared.title:
        raise Refused(_("Say which document."))
    return keep(shared, "logged", actor=actor, at=at)
