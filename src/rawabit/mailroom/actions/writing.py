"""A colleague writes a letter from a record, or answers one. It is said in the timeline, and goes out by the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction

from rawabit.crm.models import Contact, Customer
from rawabit.kit.marking import _
from rawabit.kit.outbox.actions import queue
from rawabit.kit.outbox.letters import Recipient
from rawabit.kit.records.actions import attach, emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.leads.models import Lead
from rawabit.mailroom.letters import LETTER
from rawabit.mailroom.models import ReceivedMail, SentMail
from rawabit.mailroom.policies import WRITE
from rawabit.mailroom.queries.knowing import language_of
from rawabit.talks.actions.keeping import begin, keep, one_line, words
from rawabit.talks.models import MAIL

MOST_FILES, MOST_BYTES = 10, 15 * 2**20


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be written. ``contact`` when the address is that of a contact."""

    address: str
    headline: str
    text: str
    name: str = ""
    contact: Contact | None = None
    files: Sequence[UploadedFile[Any]] = ()
    answers: ReceivedMail | None = None


@transaction.atomic
def write_to(record: Any, letter: Letter, *, actor: Actor, at: datetime) -> SentMail:
    """Write to somebody about a record that the actor sees. The caller keeps a sheet from being sent twice."""
    actor.require(WRITE)
    _check(letter)
    said = begin(MAIL, record, contact=letter.contact, actor=actor, at=at)
    said.title, said.body = one_line(letter.headline), words(letter.text)
    said.direction, said.done_at = "out", at
    keep(said, "logged", actor=actor, at=at)
    for file in letter.files:
        attach(said, file, for_customer=False, actor=actor, at=at)
    to = Recipient(
        letter.name or (str(letter.contact) if letter.contact else ""), letter.address, _language(record, letter)
    )
    message = queue(LETTER, "email", to, said, event=None, key=f"letter:{said.pk}", owner_key=said.customer_id, at=at)
    answered = letter.answers
    thread = answered.thread if answered is not None and answered.thread else message_id_of(message)
    return SentMail.objects.create(
        message=message, activity=said, answers=answered, thread=thread[:255], by_id=actor.user_id, created_at=at,
        updated_at=at,
    )  # fmt: skip


def message_id_of(message: Any) -> str:
    """Under which its answers will name it."""
    message.refresh_from_db(fields=["message_id"])
    return str(message.message_id)


@transaction.atomic
def answer(
    mail: ReceivedMail, *, headline: str, text: str, files: Sequence[UploadedFile[Any]] = (), actor: Actor, at: datetime
) -> SentMail:  # fmt: skip
    """Answer a received message: to whom it says it is from, about the record where it lies; then it is dealt with."""
    mail = lock(mail)
    if not mail.sender:
        raise Refused(_("This message does not say whom it is from."))
    record = mail.subject or mail.customer
    if record is None:
        raise Refused(_("File the message first: make a lead of it, or choose a contact."))
    contact = mail.contact if mail.contact and mail.contact.email.lower() == mail.sender else None
    letter = Letter(mail.sender, headline, text, mail.name, contact, files, mail)
    sent = write_to(record, letter, actor=actor, at=at)
    touch(mail, at)
    mail.handled_at, mail.owner_id = mail.handled_at or at, mail.owner_id or actor.user_id
    mail.save(update_fields=["handled_at", "owner", "version", "updated_at"])
    emit("mail.answered", mail, actor=actor, at=at, to=mail.sender)
    return sent


def _check(letter: Letter) -> None:
    try:
        validate_email(letter.address)
    except ValidationError:
        raise Refused(_("This is not an e-mail address."))
    if not letter.headline.strip() or not letter.text.strip():
        raise Refused(_("Write a subject and a text."))
    if len(letter.files) > MOST_FILES or sum(file.size or 0 for file in letter.files) > MOST_BYTES:
        raise Refused(_("At most ten files, fifteen megabytes together."))


def _language(record: Any, letter: Letter) -> str:
    """In which the frame of the letter speaks: the person's, else the record's, else that of the text."""
    if letter.contact is not None and letter.contact.language:
        return letter.contact.language
    customer = record if isinstance(record, Customer | Lead | Contact) else getattr(record, "customer", None)
    return getattr(customer, "language", "") or language_of(letter.text)
