"""A message goes out once: whatever the server answers, whoever dies, however often it is queued."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType

from rawabit.kit.jobs.queue import run_one
from rawabit.kit.outbox import posting, sending
from rawabit.kit.outbox.actions import cancel_message, queue, resend_message
from rawabit.kit.outbox.letters import Recipient
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.kit.text import latn
from tests import makers
from tests.makers import NOW, SYSTEM
from tests.outbox.postoffice import html_of, text_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def state_of(message) -> tuple[str, int]:
    return Message.objects.values_list("state", "attempts").get(pk=message.pk)


def put(message, at=NOW) -> None:
    """Run what is due, without telling events."""
    from rawabit.config.spine import WORKS

    while run_one(WORKS, at):
        pass


def test_the_same_event_recipient_and_channel_is_one_message(office):
    invoice = makers.posted_invoice()
    event = Event.objects.get(name="invoice.posted")
    to = Recipient("نورة", "Noura@customer.example", "ar")
    first = queue("told.invoice_posted", "email", to, invoice, event=event, at=NOW)
    again = queue("told.invoice_posted", "email", Recipient("N", "noura@CUSTOMER.example ", "ar"), invoice, event=event,
                  at=NOW)  # fmt: skip
    put(first)

    assert first.pk == again.pk and len(office.mails) == 1


def test_a_server_that_is_busy_is_asked_again_later_with_the_same_message_id(office):
    message = makers.make_message()
    office.answers = ["451 try later", "452 full"]
    put(message)
    assert state_of(message) == ("waiting", 1) and office.mails == []
    put(message, NOW + timedelta(seconds=59))
    assert state_of(message) == ("waiting", 1)
    put(message, NOW + MINUTE)
    assert state_of(message) == ("waiting", 2)
    put(message, NOW + 7 * MINUTE)

    assert state_of(message) == ("sent", 3) and len(office.mails) == 1
    assert len(office.offered) == 3 and len(set(office.offered)) == 1


def test_a_refusal_for_good_is_not_repeated_and_told(office):
    customer = makers.make_customer(owner=makers.make_user("manager"))
    message = makers.make_message(customer)
    office.answers = ["550 no such user"]
    put(message)
    put(message, NOW + timedelta(days=2))

    assert state_of(message) == ("failed", 1) and office.mails == [] and len(office.offered) == 1
    message.refresh_from_db()
    assert "550 no such user" in message.error
    assert Event.objects.get(name="message.failed").facts["address"] == message.address


def test_a_recipient_who_is_refused(office):
    message = makers.make_message()
    office.refuse_recipient = "550 unknown"
    put(message)
    assert state_of(message) == ("failed", 1)
    later = makers.make_message()
    office.refuse_recipient = "450 greylisted"
    put(later)
    assert state_of(later) == ("waiting", 1)
    office.refuse_recipient = ""
    put(later, NOW + MINUTE)
    assert state_of(later) == ("sent", 2) and len(office.mails) == 1


def test_a_server_that_is_away_is_waited_for(office, settings):
    message = makers.make_message()
    settings.EMAIL_PORT, there = 1, settings.EMAIL_PORT
    put(message)
    assert state_of(message) == ("waiting", 1)
    settings.EMAIL_PORT = there
    put(message, NOW + MINUTE)
    assert state_of(message) == ("sent", 2)


def test_after_the_last_attempt_it_has_failed(office):
    message = makers.make_message()
    office.answers = ["451 no"] * 20
    at = NOW
    for _ in range(12):
        put(message, at)
        at += timedelta(days=1)
    assert state_of(message) == ("failed", sending.MOST_ATTEMPTS)


def test_a_connection_that_breaks_after_the_text_is_held_and_never_sent_again_by_itself(office):
    message = makers.make_message()
    office.answers = ["die"]
    put(message)
    put(message, NOW + timedelta(days=1))

    assert state_of(message) == ("held", 1) and len(office.mails) == 1
    resend_message(Message.objects.get(pk=message.pk), actor=SYSTEM, at=NOW)
    put(message, NOW + timedelta(days=1))
    assert state_of(message) == ("sent", 1)
    assert office.mails[0]["Message-ID"] == office.mails[1]["Message-ID"]


class Killed(BaseException):
    """The process is gone: nothing catches it."""


def test_a_worker_that_dies_before_handing_over_loses_nothing(office, monkeypatch):
    message = makers.make_message()
    monkeypatch.setattr(posting, "mail_of", lambda *args: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        put(message)
    monkeypatch.undo()
    assert state_of(message) == ("sending", 1)
    put(message, NOW + MINUTE)
    assert state_of(message) == ("sending", 1) and office.mails == []  # its lease is still good
    put(message, NOW + timedelta(minutes=6))
    assert state_of(message) == ("sent", 2) and len(office.mails) == 1


def test_a_worker_that_dies_after_handing_over_sends_nothing_twice(office, monkeypatch):
    message = makers.make_message()
    monkeypatch.setattr(sending, "_done", lambda *args, **values: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        put(message)
    monkeypatch.undo()
    assert len(office.mails) == 1
    put(message, NOW + timedelta(minutes=6))
    put(message, NOW + timedelta(days=1))

    assert state_of(message) == ("held", 1) and len(office.mails) == 1


def test_cancelled_before_its_turn(office):
    message = makers.make_message()
    cancel_message(message, actor=SYSTEM, at=NOW)
    put(message)
    assert state_of(message) == ("cancelled", 0) and office.mails == []


def test_sent_again_is_a_second_message_and_the_first_stays(office):
    message = makers.make_message()
    put(message)
    again = resend_message(Message.objects.get(pk=message.pk), actor=SYSTEM, at=NOW)
    put(again)
    assert again.pk != message.pk and len(office.mails) == 2
    assert len({mail["Message-ID"] for mail in office.mails}) == 2
    with pytest.raises(Refused):
        cancel_message(Message.objects.get(pk=message.pk), actor=SYSTEM, at=NOW)


def test_a_document_that_is_gone_cancels_its_message(office):
    message = makers.make_message()
    Message.objects.filter(pk=message.pk).update(subject_id=10**9)
    put(message)
    assert state_of(message) == ("cancelled", 1)


@pytest.mark.parametrize("name", [
    "A\r\nBcc: evil@example.com", "A\nBcc: evil@example.com", "A%0d%0aBcc: evil@example.com",
    "A\u2028Bcc: evil@example.com",
    "A\u2029X: y", "\u202eevil", "a" * 5000, 'quote " and <angle> , comma', "😀 نورة",
])  # fmt: skip
def test_names_never_begin_a_header(office, name, settings):
    company = makers.make_company(mail_from_name=name[:100], mail_reply_to="answers@seller.example")
    customer = makers.make_customer("C")
    to = Recipient(name, "noura@customer.example", "en")
    message = queue("told.invoice_posted", "email", to, makers.posted_invoice(customer, customer_reference="x"),
                    event=None, key="n", at=NOW)  # fmt: skip
    put(message)

    [mail] = office.mails
    assert mail["Bcc"] is None and mail["X"] is None
    assert len(mail.get_all("To")) == len(mail.get_all("From")) == len(mail.get_all("Subject")) == 1
    assert mail["To"].addresses[0].addr_spec == "noura@customer.example" and len(mail["To"].addresses) == 1
    assert mail["From"].addresses[0].addr_spec == "no-reply@seller.example"
    assert mail["Reply-To"] == "answers@seller.example" and company.pk


@pytest.mark.parametrize("address", ["", "no address", "a@b\r\nBcc: c@d.example", "a@b.example, c@d.example"])
def test_what_is_no_address_fails_for_good(office, address):
    message = queue("told.invoice_posted", "email", Recipient("N", address, "en"), makers.posted_invoice(), event=None,
                    key="n", at=NOW)  # fmt: skip
    put(message)
    assert state_of(message)[0] == "failed" and office.mails == []


def test_the_log_keeps_what_was_sent_but_not_the_key_of_the_link(office):
    message = makers.make_message()
    put(message)
    [mail] = office.mails
    message.refresh_from_db()
    import re

    token = re.search(r"/l/([^/\s]+)/", text_of(mail))[1]
    assert token not in message.text + message.html and token in html_of(mail)
    assert message.headline == mail["Subject"].strip() and message.files == [
        next(mail.iter_attachments()).get_filename()
    ]
    assert latn(message.text).replace("…", token).split() == latn(text_of(mail)).split()


def test_a_kind_that_nobody_writes_is_tried_again_and_fails(office):
    invoice = makers.posted_invoice()
    message = queue("nobody.knows", "email", Recipient("N", "a@b.example", "en"), invoice, event=None, key="n", at=NOW)
    for day in range(12):
        put(message, NOW + timedelta(days=day))
    assert state_of(message) == ("failed", sending.MOST_ATTEMPTS)
    assert ContentType.objects.get_for_model(invoice) == message.subject_type
