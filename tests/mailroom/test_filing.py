"""Where messages are laid: each rule, what it is not fooled by, and what lies with the others."""

from __future__ import annotations

import pytest

from rawabit.identity.queries import actor_of
from rawabit.kit.records.models import Notice
from rawabit.kit.states import Refused
from rawabit.leads.models import Lead
from rawabit.mailroom import actions
from rawabit.mailroom.actions.writing import Letter, write_to
from rawabit.mailroom.addresses import reply_address
from rawabit.mailroom.models import ReceivedMail
from rawabit.talks.models import Activity
from tests.mailroom.posts import make_box, post, receive
from tests.makers import NOW, SYSTEM, make_contact, make_customer, make_user, sent_quotation
from tests.outbox.working import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(db):
    return make_box(address="sales@seller.example")


@pytest.fixture
def noura(box):
    seller = make_user("sales")
    customer = make_customer("شركة نورة", owner=seller)
    return make_contact(customer, "نورة", email="noura@buyer.example")


def customer_of(contact):
    return contact.affiliations.get().customer


def trace(mail: ReceivedMail) -> list[tuple[str, str]]:
    return [(step["rule"], step["why"]) for step in mail.trace]


def test_a_contact_is_known_by_his_address_whatever_its_case(noura):
    mail = receive(post(sender="Noura <NOURA@Buyer.Example>"))
    customer = customer_of(noura)
    assert (mail.subject, mail.contact, mail.customer, mail.owner) == (noura, noura, customer, customer.owner)
    assert mail.activity.customer == customer and mail.activity.title == "طلب عرض سعر"
    assert trace(mail) == [("token", "none"), ("reference", "none"), ("number", "none"), ("contact", "found")]
    assert Notice.objects.get(user=customer.owner, kind="mail_in").facts["what"] == "طلب عرض سعر"
    assert not Lead.objects.exists()


def test_two_mails_of_a_stranger_are_one_lead(box):
    first, second = receive(post("one")), receive(post("two"))
    assert Lead.objects.count() == 1 and first.subject == second.subject
    assert Lead.objects.get().interest.endswith("one") and trace(second)[-1] == ("lead", "found")


def test_a_support_mailbox_makes_no_leads(box):
    mail = receive(post(), make_box(purpose="support"))
    assert (mail.place, mail.reason, mail.handled_at) == ("other", "unknown", None) and not Lead.objects.exists()


def test_a_token_leads_to_the_record_it_was_made_for(noura):
    offer = sent_quotation(customer_of(noura))
    mail = receive(post(to=reply_address(offer, "noura@buyer.example"), sender="Noura <noura@buyer.example>"))
    assert mail.subject == offer and trace(mail)[0] == ("token", "proved") and mail.contact == noura


def test_a_token_in_the_hands_of_somebody_else_is_nothing(noura):
    offer = sent_quotation(customer_of(noura))
    address = reply_address(offer, "noura@buyer.example")
    mail = receive(post(to=address, sender="Eve <eve@evil.example>"))
    assert trace(mail)[0] == ("token", "foreign") and isinstance(mail.subject, Lead) and mail.customer is None


def test_a_token_of_another_record_and_a_forged_one_are_nothing(noura):
    customer = customer_of(noura)
    mine, other = sent_quotation(customer), sent_quotation(make_customer())
    good = reply_address(mine, "noura@buyer.example")
    local, domain = good.split("@")
    kind, key, proof = local.split("+")[1].split("-")
    moved = f"sales+{kind}-{other.pk}-{proof}@{domain}"
    for address in (moved, f"sales+{kind}-{key}-{'a' * 24}@{domain}", f"sales+{kind}-zzzzzzzzzzzzz-{proof}@{domain}"):
        mail = receive(post(to=address, sender="noura@buyer.example"))
        assert trace(mail)[0] == ("token", "foreign") and mail.subject == noura


def written(contact, seller):
    letter = Letter(contact.email, "عرضنا", "مرفق العرض", contact=contact)
    return write_to(customer_of(contact), letter, actor=actor_of(seller), at=NOW)


def test_an_answer_is_found_by_its_references(noura):
    sent = written(noura, make_user("manager"))
    reference = f"In-Reply-To: {sent.message.message_id}\r\n"
    mail = receive(post(sender="noura@buyer.example", subject="موافق", more=reference))
    assert trace(mail)[1] == ("reference", "proved") and mail.subject == customer_of(noura)
    assert mail.thread == sent.thread


def test_forged_references_of_a_stranger_change_nothing(noura):
    sent = written(noura, make_user("manager"))
    reference = f"References: {sent.message.message_id}\r\n"
    mail = receive(post(sender="eve@evil.example", more=reference))
    assert trace(mail)[1] == ("reference", "foreign") and mail.customer is None
    assert not Activity.objects.filter(customer=customer_of(noura), direction="in").exists()


def test_a_number_in_the_subject_counts_for_the_customers_own_people_alone(noura):
    offer = sent_quotation(customer_of(noura))
    subject = f"=?utf-8?B?{__import__('base64').b64encode(f'رد: عرض {offer.number}'.encode()).decode()}?="
    mine = receive(post("a", sender="noura@buyer.example", subject=subject))
    assert mine.subject == offer and trace(mine)[2] == ("number", "found")
    foreign = receive(post("b", sender="eve@evil.example", subject=subject))
    assert isinstance(foreign.subject, Lead)
    make_contact(make_customer("other"), email="rival@other.example")
    rival = receive(post("c", sender="rival@other.example", subject=subject))
    assert rival.subject != offer and trace(rival)[2] == ("number", "none")


AUTOMATIC = [
    ("automatic", {"more": "Auto-Submitted: auto-replied\r\n"}), ("automatic", {"more": "X-Autoreply: yes\r\n"}),
    ("automatic", {"more": "Precedence: auto_reply\r\n"}), ("automatic", {"subject": "Out of office: Omar"}),
    ("automatic", {"subject": "رد تلقائي: أنا في إجازة"}), ("automatic", {"subject": "پاسخ خودکار"}),
    ("list", {"more": "List-Id: <news.example>\r\n"}), ("list", {"more": "Precedence: bulk\r\n"}),
    ("list", {"more": "List-Unsubscribe: <https://x.example>\r\n"}),
    ("no_reply", {"sender": "no-reply@shop.example"}), ("no_reply", {"sender": "noreply@shop.example"}),
    ("no_reply", {"sender": "Do-Not-Reply@shop.example"}), ("own", {"sender": "sales@seller.example"}),
    ("loop", {"more": "".join(f"Received: from a{n}\r\n" for n in range(30))}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "given"), AUTOMATIC)
def test_what_programs_send_is_set_aside_with_its_reason(box, reason, given):
    mail = receive(post(**given))
    assert (mail.place, mail.reason, mail.handled_at) == ("other", reason, NOW) and not Lead.objects.exists()


def test_auto_submitted_no_is_a_person(box):
    assert receive(post(more="Auto-Submitted: no\r\n")).place == "filed"


def test_the_same_message_by_two_ways_is_told_and_another_under_its_name_is_not_lost(box):
    receive(post("same", number=900, more="X-Way: one\r\n"))
    again = receive(post("same", number=900, more="X-Way: two\r\n"))
    assert again.reason == "double"
    other = receive(post("other words", number=900))
    assert other.place == "filed"


def report(message_id: str, address: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: sales@seller.example\r\nSubject: Undelivered\r\nReturn-Path: <>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
        "--b\r\n\r\nsorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {message_id}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def test_a_bounce_marks_the_message_and_rings_the_writers_bell(noura):
    seller = make_user("manager")
    sent = written(noura, seller)
    work()
    sent.message.refresh_from_db()
    assert sent.message.state == "sent"
    for raw in (report(sent.message.message_id, "other@buyer.example"),
                report(sent.message.message_id, noura.email, "delayed", "4.2.1")):  # fmt: skip
        receive(raw)
        sent.message.refresh_from_db()
        assert sent.message.state == "sent"
    mail = receive(report(sent.message.message_id, noura.email))
    sent.message.refresh_from_db()
    assert (mail.reason, sent.message.state) == ("bounce", "failed") and "no such user" in sent.message.error
    assert Notice.objects.filter(user=seller, kind="mail_bounced").count() == 1


def test_what_goes_wrong_in_filing_is_kept_for_people(box, monkeypatch):
    monkeypatch.setattr("rawabit.mailroom.actions.filing.create_lead", lambda *a, **k: 1 / 0)
    mail = receive(post("words"))
    assert (mail.place, mail.reason) == ("other", "trouble") and mail.raw and mail.handled_at is None


# People move it


def test_moving_undoing_and_the_trace_of_both(noura):
    manager = actor_of(make_user("manager"))
    mail = receive(post())
    lead = mail.subject
    mail = actions.file_to_contact(mail, noura, actor=manager, at=NOW)
    assert mail.subject == noura and mail.customer == customer_of(noura) and mail.activity.contact == noura
    assert Activity.objects.filter(kind="mail").count() == 1
    mail = actions.undo(mail, actor=manager, at=NOW)
    assert mail.subject == lead and mail.customer is None and trace(mail)[-1] == ("person", "undone")
    with pytest.raises(Refused):
        actions.undo(mail, actor=manager, at=NOW)


def test_a_lead_is_made_of_what_lies_with_the_others(box):
    mail = receive(post(), make_box(purpose="support"))
    mail = actions.make_lead(mail, actor=actor_of(make_user("manager")), at=NOW)
    assert mail.subject == Lead.objects.get() and mail.place == "filed"


def test_nobody_files_under_a_record_that_he_does_not_see(noura):
    from django.core.exceptions import PermissionDenied

    stranger = make_user("sales")
    mail = actions.set_aside(receive(post()), actor=SYSTEM, at=NOW)
    ReceivedMail.objects.filter(pk=mail.pk).update(owner=stranger)
    with pytest.raises(PermissionDenied):
        actions.file_to_contact(mail, noura, actor=actor_of(stranger), at=NOW)


def test_a_seller_sees_his_customers_mail_and_not_that_of_others(noura):
    mine = receive(post(sender="noura@buyer.example"))
    other = make_contact(make_customer("x", owner=make_user("sales")), email="x@x.example")
    theirs = receive(post("b", sender=other.email))
    seen = ReceivedMail.objects.visible_to(actor_of(customer_of(noura).owner))
    assert mine in seen and theirs not in seen


def test_no_customer_sees_mail(noura, amina):
    receive(post(sender="noura@buyer.example"))
    assert not ReceivedMail.objects.visible_to(amina.actor).exists()
