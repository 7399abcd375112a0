"""Letters of colleagues as mail. For ``kit.outbox``."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from rawabit.company.models import Company
from rawabit.company.queries import company_now
from rawabit.identity.mailing import letterhead, shown_to
from rawabit.kit.display import using
from rawabit.kit.outbox.letters import File, Written, mail_context, one_line, plain
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actor import system
from rawabit.kit.records.models import Attachment
from rawabit.kit.records.queries import files_on
from rawabit.mailroom.addresses import reply_address
from rawabit.mailroom.models import Mailbox, SentMail
from rawabit.talks.models import Activity

PREFIX = "mailroom."
LETTER = "mailroom.letter"


def write(message: Message, at: datetime) -> Written | None:
    """The letter as it was written; None when it was taken back meanwhile."""
    del at
    said = message.subject
    letter = SentMail.objects.select_related("answers", "by").filter(message=message).first()
    if not isinstance(said, Activity) or letter is None:
        return None
    company, language, answered = company_now(), message.language, letter.answers
    with translation.override(language), using(shown_to(company, language)):
        head, quoted = letterhead(company, language), {}
        name = str(letter.by or head.name)
        if answered is not None:
            moment = shown_to(company, language).datetime_zoned(answered.sent_at or answered.fetched_at)
            quoted = {"quoted": answered.text[:5000], "from": answered.name or answered.sender, "moment": moment}
        context = mail_context(
            language, head, subject=said.title, words=said.body, name=name, company=company, company_name=head.name,
            answered=quoted,
        )  # fmt: skip
        text, html = plain("mailroom/mail/letter.txt", context), render_to_string("mailroom/mail/letter.html", context)
    files = [_file(one) for one in files_on(said, system())]
    about = said.subject or said.contact or said.customer
    reply = reply_address(about, message.address) if about is not None else ""
    return Written(
        one_line(said.title, 300), text, html, files=files, from_name=f"{one_line(name, 60)} · {head.name}",
        reply_to=reply or _usual(company), answers=answered.message_id if answered else "", personal=True,
    )  # fmt: skip


def _usual(company: Company) -> str:
    """Where answers go without a token: into a mailbox of ours, else to the company."""
    box = Mailbox.objects.filter(is_active=True).order_by("pk").values_list("address", flat=True).first()
    return box or company.mail_reply_to or company.email


def _file(one: Attachment) -> File:
    with one.file.open("rb") as content:
        return File(one.name, content.read(), one.mime)
