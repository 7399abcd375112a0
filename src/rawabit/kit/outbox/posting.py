"""One mail to one mail server: built, handed over, and the server's answer told as one of three troubles."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email

from rawabit.kit.marking import _
from rawabit.kit.outbox.letters import Written, one_line
from rawabit.kit.outbox.models import Message

# Refusals that are about us and the server, not about this mail: wrong password, no encryption, no licence to relay.
OURS = {421, 454, 530, 534, 535, 538}


class Trouble(Exception):
    """Did not go out. The text says why."""


class Permanent(Trouble):
    """It never will."""


class Temporary(Trouble):
    """It may later."""


class Uncertain(Trouble):
    """It may have."""


def mail_of(message: Message, written: Written) -> EmailMultiAlternatives:
    """The mail. No value of a person's reaches a header with a line break in it."""
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)
    sender = formataddr((one_line(written.from_name or own[0], 100), own[1]))
    headers = {"Message-ID": message.message_id}
    if not written.personal:
        headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
    if written.answers:
        answered = one_line(written.answers, 250)
        headers |= {"In-Reply-To": answered, "References": answered}
    if written.unsubscribe:
        headers["List-Unsubscribe"] = f"<{one_line(written.unsubscribe, 500)}>"
    to = formataddr((one_line(message.name, 100), message.address))
    answers = [one_line(written.reply_to)] if written.reply_to else []
    headline = one_line(written.headline, 300)
    mail = EmailMultiAlternatives(headline, written.text, sender, [to], headers=headers, reply_to=answers)
    if written.html:
        mail.attach_alternative(written.html, "text/html")
    for file in written.files:
        mail.attach(one_line(file.name, 100), file.content, file.mime)
    return mail


def post_mail(message: Message, written: Written, handing_over: Callable[[], None]) -> None:
    """Send the mail. ``handing_over`` is called, once, when it can no longer be said that nothing has left."""
    try:
        validate_email(message.address)
    except ValidationError:
        raise Permanent(_("This is not an e-mail address."))
    mail = mail_of(message, written)
    connection: Any = get_connection()
    state = {"handed": False}

    def left() -> None:
        handing_over()
        state["handed"] = True

    try:
        connection.open()
        if not _watch(connection, left):
            left()
        connection.send_messages([mail])
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(*next(iter(error.recipients.values())))
    except smtplib.SMTPNotSupportedError as error:
        raise Permanent(str(error))
    except (smtplib.SMTPException, OSError) as error:
        if state["handed"]:
            raise Uncertain(str(error))
        raise Temporary(f"{type(error).__name__}: {error}")
    finally:
        _close(connection)


def _watch(connection: Any, left: Callable[[], None]) -> bool:
    """Call ``left`` just before the text goes over SMTP: until then a connection that is lost has sent nothing."""
    smtp = getattr(connection, "connection", None)
    if not isinstance(smtp, smtplib.SMTP):
        return False
    real = smtp.data

    def data(text: Any) -> Any:
        left()
        return real(text)

    smtp.data = data  # type: ignore[method-assign,assignment]
    return True


def _refusal(code: int, words: bytes | str) -> Trouble:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    told = f"{code} {one_line(text, 500)}"
    return Permanent(told) if code >= 500 and code not in OURS else Temporary(told)


def _close(connection: Any) -> None:
    """The mail is out: a server that does not say goodbye changes nothing."""
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        pass
