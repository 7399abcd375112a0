"""Letters from a record: sent once, said in the timeline, answered into the same place; and the pages for all that."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rawabit.identity.queries import actor_of
from rawabit.kit.records.queries import files_on
from rawabit.kit.states import Refused
from rawabit.mailroom import actions
from rawabit.mailroom.actions.writing import Letter, write_to
from rawabit.mailroom.models import Mailbox, SentMail
from rawabit.talks.models import Activity
from tests.laws.world import client_of
from tests.mailroom.posts import make_box, post, receive
from tests.makers import NOW, SYSTEM, make_contact, make_customer, make_user
from tests.outbox.conftest import office  # noqa: F401 -- a fixture
from tests.outbox.postoffice import html_of, text_of
from tests.outbox.working import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    box = make_box(address="sales@seller.example")
    seller = make_user("sales", "فهد")
    customer = make_customer("شركة نورة", owner=seller)
    return box, seller, customer, make_contact(customer, "نورة", email="noura@buyer.example")


def test_the_whole_way_there_and_back(scene, office):  # noqa: F811
    _box, seller, customer, contact = scene
    letter = Letter(contact.email, "عرض المضخات", "مرفق عرضنا", contact=contact,
                    files=[SimpleUploadedFile("offer.pdf", b"%PDF-1.7 x")])  # fmt: skip
    write_to(customer, letter, actor=actor_of(seller), at=NOW)
    said = Activity.objects.get()
    assert (said.kind, said.direction, said.customer, said.owner) == ("mail", "out", customer, seller)
    work()
    (mail,) = office.mails
    assert mail["Subject"] == "عرض المضخات" and "مرفق عرضنا" in text_of(mail) and "Auto-Submitted" not in mail
    assert [part.get_filename() for part in mail.iter_attachments()] == ["offer.pdf"]
    assert mail["Reply-To"].startswith("sales+") and "فهد" in mail["From"]

    answer = receive(post("موافق", sender="noura@buyer.example", to=mail["Reply-To"], subject="Re: x",
                          more=f"In-Reply-To: {mail['Message-ID']}\r\n"))  # fmt: skip
    assert answer.subject == customer and answer.trace[0]["why"] == "proved" and answer.owner == seller
    actions.answer(answer, headline="Re: x", text="شكراً <script>alert(1)</script>", actor=actor_of(seller), at=NOW)
    answer.refresh_from_db()
    assert answer.handled_at == NOW
    work()
    back = office.mails[-1]
    assert back["In-Reply-To"] == answer.message_id and "> موافق" in text_of(back)
    assert "<script>" not in html_of(back)
    assert len(set(SentMail.objects.values_list("thread", flat=True))) == 1


def test_headers_cannot_be_injected(scene, office):  # noqa: F811
    _box, seller, customer, contact = scene
    for subject in ("x\r\nBcc: eve@evil.example", "x\u2028Bcc: eve@evil.example", "x%0d%0aBcc: y", "y" * 5000):
        letter = Letter(contact.email, subject, "text", name="a\r\nBcc: eve@evil.example", contact=contact)
        write_to(customer, letter, actor=actor_of(seller), at=NOW)
    work()
    assert len(office.mails) == 4
    for mail in office.mails:
        assert mail["Bcc"] is None and "\n" not in mail["Subject"] and len(mail["Subject"]) <= 300
    with pytest.raises(Refused):
        write_to(customer, Letter("x@y.example\nBcc: e@e.example", "a", "b"), actor=actor_of(seller), at=NOW)


def test_only_people_of_the_record_are_written_to(scene):
    _box, seller, customer, _contact = scene
    client = client_of(seller)
    address = reverse("mail-write", args=["customers", customer.pk])
    assert "noura@buyer.example" in client.get(address).content.decode()
    sheet = {
        "address": "eve@evil.example",
        "headline": "a",
        "text": "b",
        "once": "x1",
    }
    assert client.post(address, sheet).status_code == 422 and not SentMail.objects.exists()
    for _twice in range(2):
        answer = client.post(address, sheet | {"address": "noura@buyer.example"})
        assert answer.status_code == 302, answer.context["form"].errors
    assert SentMail.objects.count() == 1
    files = [SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.7 x") for name in "ab"]
    more = sheet | {"address": "noura@buyer.example", "once": "x2", "attachments": files}
    assert client.post(address, more).status_code == 302
    assert files_on(SentMail.objects.latest("pk").activity, SYSTEM).count() == 2
    other = make_customer("x", owner=make_user("sales"))
    assert client.get(reverse("mail-write", args=["customers", other.pk])).status_code == 404
    assert client_of(make_user("accountant")).get(address).status_code == 403


def test_the_inbox_shows_what_nobody_has_first_and_the_trace_in_words(scene):
    _box, seller, _customer, contact = scene
    known = receive(post("of a contact", sender=contact.email, subject="known"))
    stranger = receive(post("of a stranger", subject="strange"))
    client = client_of(make_user("manager", language="en"))
    page = client.get(reverse("inbox-list")).content.decode()
    assert page.index("strange") < page.index("known")
    detail = client.get(reverse("inbox-detail", args=[known.pk])).content.decode()
    assert "The address is that of" in detail and "No contact has this address" not in detail
    assert client_of(seller).get(reverse("inbox-detail", args=[stranger.pk])).status_code in (200, 404)


def test_moving_by_the_pages(scene):
    _box, _seller, _customer, contact = scene
    mail = receive(post())
    client = client_of(make_user("manager"))
    do = reverse("inbox-do", args=[mail.pk, "file"])
    assert contact.full_name in client.get(do).content.decode()
    assert client.post(do, {"record": f"contact:{contact.pk}"}).status_code == 302
    mail.refresh_from_db()
    assert mail.subject == contact
    assert client.post(do, {"record": "contact:999999"}).status_code == 422
    assert client.post(reverse("inbox-do", args=[mail.pk, "undo"])).status_code == 302
    mail.refresh_from_db()
    assert mail.subject != contact


def test_the_frame_and_the_raw_message_are_harmless(scene):
    raw = b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<p>hi<script>alert(1)</script><img src=http://evil.example></p>"
    mail = receive(raw)
    client = client_of(make_user("manager"))
    frame = client.get(reverse("inbox-page", args=[mail.pk]))
    assert b"<script" not in frame.content and b"evil" not in frame.content
    assert "sandbox" in frame["Content-Security-Policy"] and "default-src 'none'" in frame["Content-Security-Policy"]
    file = client.get(reverse("inbox-raw", args=[mail.pk]))
    assert b"".join(file.streaming_content) == raw
    assert file["Content-Disposition"].startswith("attachment") and file["Content-Type"] == "application/octet-stream"
    for name in ("inbox-detail", "inbox-page", "inbox-raw"):
        assert client_of(make_user("accountant")).get(reverse(name, args=[mail.pk])).status_code == 403


def test_a_mailbox_is_set_up_by_its_page_and_its_password_never_shown(scene, settings):
    settings.OUTBOUND_PRIVATE_ALLOWED = True
    client = client_of(make_user("administrator"))
    sheet = {"name": "new", "address": "new@seller.example", "host": "127.0.0.1", "port": "993", "security": "tls",
             "username": "new", "password": "geheim-1", "folder": "INBOX", "purpose": "sales", "is_active": "on"}  # fmt: skip  # noqa: E501
    answer = client.post(reverse("mailboxes-create"), sheet)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    box = Mailbox.objects.get(name="new")
    for page in ("mailboxes-detail", "mailboxes-update"):
        assert "geheim-1" not in client.get(reverse(page, args=[box.pk])).content.decode()
    edit = reverse("mailboxes-update", args=[box.pk])
    kept = sheet | {"password": "", "name": "newer", "version": str(box.version)}
    assert client.post(edit, kept).status_code == 302
    box.refresh_from_db()
    assert box.name == "newer" and box.sealed
    stolen = kept | {"host": "127.0.0.2", "version": str(box.version)}
    answer = client.post(edit, stolen)  # the password would go to another server
    assert answer.status_code != 302
    box.refresh_from_db()
    assert box.host == "127.0.0.1"


def test_letters_are_counted_once(scene, office):  # noqa: F811
    from rawabit.talks.queries.counting import mails_sent

    _box, seller, customer, contact = scene
    write_to(customer, Letter(contact.email, "a", "b", contact=contact), actor=actor_of(seller), at=NOW)
    work()
    assert mails_sent(actor_of(make_user("manager")), NOW.date(), NOW.date()) == 1
    assert mails_sent(actor_of(seller), NOW.date(), NOW.date(), user=seller.pk) == 1
