"""Invitations to meetings as mail with a calendar file. For ``kit.outbox``."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from rawabit.company.queries import company_now
from rawabit.identity.mailing import letterhead, shown_to
from rawabit.kit.display import using
from rawabit.kit.marking import _
from rawabit.kit.outbox.letters import File, Written, mail_context, one_line, plain
from rawabit.kit.outbox.models import Message
from rawabit.kit.text import fsi
from rawabit.talks.logic.invitations import CANCEL, PUBLISH, REQUEST, Guest, Meeting, calendar_file
from rawabit.talks.models import Activity

PREFIX = "talks."
METHODS = {"talks.invitation": REQUEST, "talks.cancellation": CANCEL}
HEADLINES: dict[str, Any] = {REQUEST: _("Invitation: %(what)s"), CANCEL: _("Called off: %(what)s")}


def uid_of(meeting: Activity) -> str:
    """The same for every version of the invitation; an answer carries it back."""
    return f"{meeting.uid.hex}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}"


def meeting_of(meeting: Activity, only: Guest | None = None) -> Meeting:
    owner = meeting.owner
    guests = (
        [only] if only else [Guest(one.name, one.email, one.status) for one in meeting.attendees.all() if one.email]
    )
    organizer = Guest(owner.full_name, owner.email) if owner else Guest(company_now().name, "")
    return Meeting(
        uid_of(meeting), meeting.sequence, meeting.title, meeting.at, meeting.minutes or 60, organizer, guests,
        meeting.place, meeting.body,
    )  # fmt: skip


def file_of(meeting: Activity, method: str, at: datetime) -> bytes:
    return calendar_file(meeting_of(meeting), method, at)


def write(message: Message, at: datetime) -> Written | None:
    """The invitation as the meeting stands now; None when there is a newer one, or it was called off meanwhile."""
    meeting, method = message.subject, METHODS[message.kind]
    if not isinstance(meeting, Activity):
        return None
    if method == REQUEST and (meeting.cancelled_at or message.facts["sequence"] != meeting.sequence):
        return None
    company, language = company_now(), message.language
    guest = Guest(message.facts["name"], message.facts["email"])
    shown = shown_to(company, language)
    with translation.override(language), using(shown):
        head = letterhead(company, language)
        subject = one_line(str(HEADLINES[method]) % {"what": fsi(meeting.title)})
        context = mail_context(
            language, head, meeting=meeting, called_off=method == CANCEL, subject=subject, name=guest.name,
            when=shown.datetime_zoned(meeting.at), day=shown.date_long(meeting.at),
            other=shown.date_title(meeting.at), organizer=str(meeting.owner or head.name), company=company,
            company_name=head.name,
        )  # fmt: skip
        text = plain("talks/mail/invitation.txt", context)
        html = render_to_string("talks/mail/invitation.html", context)
    content = calendar_file(meeting_of(meeting, guest if method == CANCEL else None), method, at)
    file = File("invite.ics", content, f"text/calendar; method={method}")
    reply = meeting.owner.email if meeting.owner else ""
    return Written(subject, text, html, files=[file], from_name=head.name, reply_to=reply)


__all__ = ["PREFIX", "PUBLISH", "file_of", "meeting_of", "uid_of", "write"]
