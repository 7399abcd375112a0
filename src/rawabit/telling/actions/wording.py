"""The company's own words."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rawabit.identity.models import User
from rawabit.kit.marking import _
from rawabit.kit.outbox.actions import queue
from rawabit.kit.outbox.letters import Recipient, one_line
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.telling.letters import SAMPLE
from rawabit.telling.logic.defaults import LANGUAGES, Words, default_words
from rawabit.telling.logic.filling import unknown_in
from rawabit.telling.logic.kinds import KINDS
from rawabit.telling.models import Template


@transaction.atomic
def save_template(kind: str, language: str, words: Words, *, actor: Actor, at: datetime) -> Template | None:
    """Say a kind of message in own words. The usual words are no words of one's own: saving them resets."""
    actor.require("telling.change_template")
    words = checked(kind, language, words)
    if words == default_words(kind, language):
        reset_template(kind, language, actor=actor, at=at)
        return None
    kept: Template
    kept, fresh = Template.objects.select_for_update(of=("self",)).get_or_create(
        kind=kind, language=language, defaults={"headline": words.subject, "body": words.body, "chat": words.chat}
    )
    if not fresh:
        kept = lock(kept)
        touch(kept, at)
        kept.headline, kept.body, kept.chat = words
        kept.save()
    emit("template.saved", kept, actor=actor, at=at, kind=kind, language=language)
    return kept


def checked(kind: str, language: str, words: Words) -> Words:
    """The words, cleaned. Refused when empty, too long, or with a placeholder that this kind does not know."""
    if kind not in KINDS or language not in LANGUAGES:
        raise Refused(_("There is no such message."))
    subject, body, chat = (clean_user_text(part).replace("\r\n", "\n").strip() for part in words)
    subject = one_line(subject)
    if not subject or not body:
        raise Refused(_("Write a subject and a text."))
    if len(body) > 4000 or len(chat) > 1000:
        raise Refused(_("The text is too long."))
    known = KINDS[kind].placeholders
    if wrong := unknown_in("\n".join((subject, body, chat)), known):
        shown = ", ".join(dict.fromkeys(wrong))[:200]
        raise Refused(_("This message knows no %(shown)s. Use the placeholders listed beside.") % {"shown": shown})
    return Words(subject, body, chat)


@transaction.atomic
def reset_template(kind: str, language: str, *, actor: Actor, at: datetime) -> None:
    """Back to the usual words."""
    actor.require("telling.change_template")
    for kept in Template.objects.select_for_update(of=("self",)).filter(kind=kind, language=language):
        emit("template.reset", kept, actor=actor, at=at, kind=kind, language=language)
        kept.delete()


@transaction.atomic
def send_sample(kind: str, language: str, words: Words, *, actor: Actor, at: datetime) -> Message:
    """Send the words, filled with sample facts, to oneself."""
    actor.require("telling.change_template")
    words = checked(kind, language, words)
    person = User.objects.get(pk=actor.user_id)
    to = Recipient(person.full_name, person.email, language, person.pk)
    facts = {"words": list(words), "kind": kind}
    key = f"sample:{actor.user_id}:{at.isoformat(timespec='seconds')}"
    return queue(SAMPLE + kind, "email", to, person, event=None, key=key, facts=facts, at=at)
