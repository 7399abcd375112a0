"""A chat exported from a telephone becomes part of the timeline: one activity for each day."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from rawabit.company.queries import company_now
from rawabit.crm.models import Contact
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.talks.actions.keeping import begin, facts_of, key_of, require_seen, touch_subject
from rawabit.talks.logic.chats import MOST_BYTES, Chat, NotAChat, Said, begun, read_chat, text_of, transcript
from rawabit.talks.models import WHATSAPP, Activity, ChatFile

OMITTED = _("(picture, voice or file)")
MOST_DAY = 60_000
WHY = {
    "empty": _("This file is empty."),
    "too_big": _("This file is too big. Export the chat without media."),
    "no_text": _("There is no chat in this file. Export the chat from WhatsApp again."),
    "not_a_zip": _("This file cannot be opened."),
    "encoding": _("This file is not a text."),
    "no_messages": _("There is no chat in this file. Export the chat from WhatsApp again."),
}


@transaction.atomic
def keep_chat(contact: Contact, upload: UploadedFile[bytes], *, actor: Actor, at: datetime) -> ChatFile:
    """Read a file and put it aside until the person has seen what is in it. :class:`Refused` with the reason."""
    actor.require("talks.add_activity")
    require_seen(contact, actor)
    if (upload.size or 0) > 2 * MOST_BYTES:
        raise Refused(WHY["too_big"])
    name = clean_user_text(upload.name or "")[-200:]
    try:
        text = text_of(name, upload.read(2 * MOST_BYTES + 1))
        read_chat(text)
    except NotAChat as error:
        raise Refused(WHY[error.code])
    return ChatFile.objects.create(
        contact=contact,
        owner_id=actor.user_id or 0,
        name=name,
        text=clean_user_text(text),
        created_at=at,
        updated_at=at,
    )


@transaction.atomic
def import_chat(chat: ChatFile, them: str, *, actor: Actor, at: datetime) -> tuple[int, int]:
    """Keep the days of the chat on the contact; ``them`` is his name in it. A day known before grows when there is
    more of it, and is left alone otherwise. Answers (days that are new, days that grew)."""
    contact = chat.contact
    read = read_chat(chat.text)
    if them not in read.people:
        raise Refused(_("Choose who of them is your contact."))
    zone = ZoneInfo(company_now().timezone)
    fresh = grown = 0
    for day, messages in sorted(read.days().items()):
        key, body = f"wa:{contact.pk}:{day.isoformat()}", _body(messages)
        known = Activity.objects.select_for_update(of=("self",)).filter(key=key).first()
        if known is None:
            _keep_day(contact, key, body, messages, them, zone, actor, at)
            fresh += 1
        elif len(body) > len(known.body):
            _grow(known, body, actor, at)
            grown += 1
    emit("contact.chat_imported", contact, actor=actor, at=at, file=chat.name, days=fresh, grown=grown)
    chat.delete()
    return fresh, grown


def _body(messages: list[Said]) -> str:
    return clean_user_text(transcript(messages, str(OMITTED)))[:MOST_DAY]


def _keep_day(
    contact: Contact, key: str, body: str, messages: list[Said], them: str, zone: ZoneInfo, actor: Actor, at: datetime
) -> None:
    said = begin(WHATSAPP, contact, contact=None, actor=actor, at=at)
    said.key, said.body = key, body
    said.direction = "in" if messages[0].sender == them else "out"
    said.at = said.done_at = min(begun(messages, zone), at)
    said.search_text = key_of(said)
    said.save()
    emit("activity.imported", said, actor=actor, at=at, **facts_of(said), messages=len(messages))
    touch_subject(said, at)


def _grow(known: Activity, body: str, actor: Actor, at: datetime) -> None:
    before, known.body = known.body, body
    known.search_text = key_of(known)
    touch(known, at)
    known.save(update_fields=["body", "search_text", "version", "updated_at"])
    emit("activity.changed", known, actor=actor, at=at, changes={"body": [f"{len(before)}", f"{len(body)}"]})


def summary(chat: ChatFile) -> Chat:
    """What is in the file, for the preview."""
    return read_chat(chat.text)
