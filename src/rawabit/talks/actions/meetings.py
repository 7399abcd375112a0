"""Meetings: planned with those who come, invited by mail, moved, held, called off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction

from rawabit.crm.models import Contact
from rawabit.identity.models import STAFF, User
from rawabit.kit.marking import _
from rawabit.kit.outbox.actions import queue
from rawabit.kit.outbox.letters import Recipient
from rawabit.kit.records.actions import emit, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.talks.actions.keeping import (
    PLACE,
    Next,
    begin,
    change,
    checked_minutes,
    keep,
    key_of,
    one_line,
    plan_next,
    require_seen,
    touch_subject,
    words,
)
from rawabit.talks.models import MEETING, MEETING_OUTCOMES, Activity, Attendee

INVITE, CALLED_OFF = "talks.invitation", "talks.cancellation"
MOST_GUESTS = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """What is said of a meeting to come."""

    title: str
    starts: datetime
    minutes: int = 60
    place: str = ""
    body: str = ""
    colleagues: Sequence[User] = ()
    contacts: Sequence[Contact] = ()
    emails: Sequence[str] = ()


@transaction.atomic
def plan_meeting(
    subject: models.Model, plan: Plan, *, activity: Activity | None = None, invite: bool = True, actor: Actor,
    at: datetime,
) -> Activity:  # fmt: skip
    """Plan a meeting, or move one that was planned. With ``invite`` everybody with an address gets an invitation; those
    no longer asked get a cancellation."""
    meeting = change(activity, actor, at) if activity else begin(MEETING, subject, contact=None, actor=actor, at=at)
    if not meeting.is_open:
        raise Refused(_("This meeting is over or was called off."))
    if plan.starts <= at:
        raise Refused(_("Choose a moment that is still to come."))
    meeting.title, meeting.place, meeting.body = one_line(plan.title), one_line(plan.place, PLACE), words(plan.body)
    if not meeting.title:
        raise Refused(_("Say what the meeting is about."))
    meeting.at, meeting.minutes = plan.starts, checked_minutes(plan.minutes)
    meeting.assignee_id = meeting.owner_id
    if activity is None:
        meeting.contact = meeting.contact or next(iter(plan.contacts), None)
        keep(meeting, "planned", actor=actor, at=at, starts=plan.starts)
    else:
        meeting.sequence += 1
        meeting.search_text = key_of(meeting)
        touch(meeting, at)
        meeting.save()
        emit("activity.moved", meeting, actor=actor, at=at, starts=plan.starts)
    gone = _set_guests(meeting, plan, actor)
    told = emit("activity.invited", meeting, actor=actor, at=at, title=meeting.title, guests=_keys(meeting))
    if invite:
        _send(meeting, meeting.attendees.all(), INVITE, told, at)
        _send(meeting, gone, CALLED_OFF, told, at)
    return meeting


def _keys(meeting: Activity) -> list[int]:
    return [key for key in meeting.attendees.values_list("user_id", flat=True) if key]


def _set_guests(meeting: Activity, plan: Plan, actor: Actor) -> list[Attendee]:
    """Write who is asked; whoever was asked before keeps his answer. Answers those no longer asked."""
    wanted = _guests(plan, actor)
    if len(wanted) > MOST_GUESTS:
        raise Refused(_("At most %(most)s people can be asked at once.") % {"most": MOST_GUESTS})
    known = {_who(one): one for one in meeting.attendees.all()}
    gone = [one for key, one in known.items() if key not in {_who(guest) for guest in wanted}]
    meeting.attendees.filter(pk__in=[one.pk for one in gone]).delete()
    for guest in wanted:
        if _who(guest) not in known:
            guest.activity = meeting
            guest.save()
    return gone


def _who(guest: Attendee) -> tuple[int, int, str]:
    return (guest.user_id or 0, guest.contact_id or 0, "" if guest.user_id or guest.contact_id else guest.email)


def _guests(plan: Plan, actor: Actor) -> list[Attendee]:
    found: dict[str, Attendee] = {}
    for person in plan.colleagues:
        if person.kind != STAFF or not person.is_active:
            raise Refused(_("Choose a colleague."))
        found[f"u{person.pk}"] = Attendee(
            user=person, name=person.full_name, email=person.email, language=person.language or "ar"
        )
    for contact in plan.contacts:
        require_seen(contact, actor)
        found[f"c{contact.pk}"] = Attendee(
            contact=contact, name=contact.full_name, email=contact.email, language=contact.language
        )
    taken = {one.email.lower() for one in found.values() if one.email}
    for email in plan.emails:
        address = one_line(email, 254).lower()
        if address and address not in taken:
            taken.add(address)
            found[address] = Attendee(email=_checked(address))
    return list(found.values())


def _checked(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(_("This is not an e-mail address: %(address)s") % {"address": address})
    return address


def _send(meeting: Activity, guests: Iterable[Attendee], kind: str, event: Event, at: datetime) -> None:
    for guest in guests:
        if not guest.email or guest.user_id == meeting.owner_id:
            continue
        to = Recipient(guest.name, guest.email, guest.language, user_id=guest.user_id)
        queue(
            kind, "email", to, meeting, event=event, owner_key=meeting.customer_id, at=at,
            facts={"sequence": meeting.sequence, "name": guest.name, "email": guest.email},
        )  # fmt: skip


@transaction.atomic
def hold_meeting(
    meeting: Activity, *, outcome: str = "held", body: str = "", decisions: str = "", next_step: Next | None = None,
    actor: Actor, at: datetime,
) -> Activity:  # fmt: skip
    """The planned meeting is over: what came of it, what was decided, what is next."""
    meeting = change(meeting, actor, at)
    if meeting.kind != MEETING or meeting.cancelled_at is not None:
        raise Refused(_("This meeting is over or was called off."))
    if outcome not in dict(MEETING_OUTCOMES):
        raise Refused(_("Choose what came of the meeting."))
    meeting.outcome, meeting.decisions = outcome, words(decisions)
    meeting.body = "\n".join(filter(None, [meeting.body, words(body)]))
    meeting.at = min(meeting.at, at)
    meeting.done_at = meeting.done_at or at
    meeting.search_text = key_of(meeting)
    touch(meeting, at)
    meeting.save()
    emit("activity.done", meeting, actor=actor, at=at, title=meeting.title, outcome=outcome)
    touch_subject(meeting, at)
    plan_next(meeting.subject, next_step, meeting.contact, actor=actor, at=at)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Activity, *, actor: Actor, at: datetime) -> Activity:
    """Call a planned meeting off; everybody invited is told. Twice is once."""
    meeting = change(meeting, actor, at)
    if meeting.kind != MEETING or meeting.done_at is not None:
        raise Refused(_("Only a meeting that is still to come can be called off."))
    if meeting.cancelled_at is not None:
        return meeting
    meeting.cancelled_at = at
    meeting.sequence += 1
    touch(meeting, at)
    meeting.save(update_fields=["cancelled_at", "sequence", "version", "updated_at"])
    told = emit("activity.cancelled", meeting, actor=actor, at=at, title=meeting.title)
    _send(meeting, meeting.attendees.all(), CALLED_OFF, told, at)
    return meeting


@transaction.atomic
def answer_invitation(meeting: Activity, email: str, status: str, *, actor: Actor, at: datetime) -> bool:
    """Keep what somebody invited has answered; answers whether he was asked at all. For mail that comes in."""
    if status not in dict(Attendee.STATUS):
        return False
    found = meeting.attendees.filter(email__iexact=email).first()
    if found is None or found.status == status:
        return found is not None
    before, found.status = found.status, status
    found.save(update_fields=["status"])
    emit("activity.answered", meeting, actor=actor, at=at, name=found.name or found.email,
         changes={"status": [before, status]})  # fmt: skip
    return True
