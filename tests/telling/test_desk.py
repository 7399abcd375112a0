"""The delivery log and the words of messages, on the desk; the choice of messages, in the portal."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from rawabit.kit.outbox.models import Message
from rawabit.kit.records.models import Notice
from rawabit.kit.states import Refused
from rawabit.kit.text import latn
from rawabit.telling.actions import reset_template, save_template
from rawabit.telling.logic.defaults import Words, default_words
from rawabit.telling.models import Preference, Template
from rawabit.telling.queries import words_of
from rawabit.telling.whatsapp import text_for, wa_url
from tests import makers
from tests.laws.world import client_of
from tests.makers import NOW
from tests.outbox.postoffice import html_of, text_of
from tests.outbox.working import work

pytestmark = pytest.mark.django_db
PAGE = "/desk/settings/messages/words/invoice_posted/en/"
HOSTILE = [
    "<script>alert(1)</script> {number}",
    "{number.__class__}",
    "{settings}",
    "%(secret)s {number}",
    "\u202e{number}",
]


@pytest.fixture
def desk(administrator):
    return client_of(administrator.user)


def test_the_log_shows_only_messages_of_ones_own_customers(office, seller, manager):
    mine = makers.make_message(makers.make_customer("CNRYMINE", owner=seller.user))
    theirs = makers.make_message(makers.make_customer("CNRYTHEIRS", owner=manager.user))
    work()
    client = client_of(seller.user)
    page = client.get("/desk/messages/").content.decode()

    assert "CNRYMINE" in page and "CNRYTHEIRS" not in page
    for tail in ("", "preview/", "do/cancel/", "do/resend/"):
        assert client.get(f"/desk/messages/{theirs.pk}/{tail}").status_code == 404
    assert client.get(f"/desk/messages/{mine.pk}/preview/").status_code == 200
    assert client_of(makers.make_customer_user(makers.make_customer()).user).get("/desk/messages/").status_code == 404


def test_the_preview_is_a_page_that_may_do_nothing(office, desk):
    message = makers.make_message()
    work()
    answer = desk.get(f"/desk/messages/{message.pk}/preview/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "/l/…/" in answer.content.decode()


def test_send_again_and_cancel_from_the_log(office, desk):
    office.answers = ["550 no"]
    message = makers.make_message()
    work()
    assert "550 no" in desk.get(f"/desk/messages/{message.pk}/").content.decode()
    assert desk.post(f"/desk/messages/{message.pk}/do/resend/").status_code == 302
    work(timezone.now())
    message.refresh_from_db()
    assert message.state == "sent" and len(office.mails) == 1
    assert desk.post(f"/desk/messages/{message.pk}/do/cancel/").status_code == 409


def test_own_words_are_sent_and_taken_back(office, desk, administrator):
    customer = makers.make_customer("Horizon", email="info@customer.example", language="en")
    form = {"headline": "Bill {number}", "body": "Please pay {total}.\n\n<b>Thanks</b>", "chat": "Bill {number}"}
    assert desk.post(PAGE, form).status_code == 302
    assert Template.objects.get().headline == "Bill {number}"
    invoice = makers.posted_invoice(customer)
    work()
    [mail] = office.mails
    assert latn(mail["Subject"]).strip() == f"Bill {invoice.number}"
    assert "&lt;b&gt;Thanks" in html_of(mail) and "<b>Thanks" in text_of(mail)
    assert desk.post(PAGE + "reset/").status_code == 302
    assert words_of("invoice_posted", "en") == default_words("invoice_posted", "en")


@pytest.mark.parametrize("text", ["{nubmer}", "{number.__class__}", "{due", "{0}", "{}", "{password}", "{secret!r}"])
def test_unknown_placeholders_are_refused_with_words(desk, text):
    answer = desk.post(PAGE, {"headline": "x", "body": text, "chat": ""})
    assert answer.status_code == 422 and not Template.objects.exists()
    assert text.replace("{", "{")[:3] in answer.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_do_nothing(office, desk, administrator, text):
    words = Words(f"S {text}"[:150], text, "")
    try:
        save_template("invoice_posted", "en", words, actor=administrator.actor, at=NOW)
    except Refused:
        assert "{number.__class__}" in text or "{settings}" in text
        return
    customer = makers.make_customer(email="info@customer.example", language="en")
    makers.posted_invoice(customer)
    work()
    assert "<script" not in html_of(office.mails[0]) and "\u202e" not in text_of(office.mails[0])
    assert "<script" not in desk.get(PAGE + "preview/").content.decode()


def test_the_usual_words_saved_are_no_own_words(administrator):
    save_template("invoice_posted", "fa", default_words("invoice_posted", "fa"), actor=administrator.actor, at=NOW)
    assert not Template.objects.exists()
    reset_template("invoice_posted", "fa", actor=administrator.actor, at=NOW)


def test_preview_and_sample_save_nothing(office, desk, administrator):
    form = {"headline": "Bill {number}", "body": "Total {total}", "chat": ""}
    shown = desk.post(PAGE + "preview/", form)
    assert "INV-2026-00123" in shown.content.decode() and shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert desk.post(PAGE + "try/", form).status_code == 200
    work(timezone.now())
    assert [mail["To"].addresses[0].addr_spec for mail in office.mails] == [administrator.user.email]
    assert "Bill" in office.mails[0]["Subject"] and not Template.objects.exists()


def test_words_are_for_those_who_may(manager, seller, clerk):
    assert client_of(manager.user).get(PAGE).status_code == 200
    for person in (seller, clerk):
        client = client_of(person.user)
        for tail, method in (("", "get"), ("", "post"), ("preview/", "get"), ("try/", "post"), ("reset/", "post")):
            answer = getattr(client, method)(PAGE + tail, {"headline": "x", "body": "y"})
            assert answer.status_code in (403, 409), (tail, method)
    assert not Message.objects.exists() and not Template.objects.exists()


def test_every_kind_opens_in_every_language(desk):
    page = desk.get("/desk/settings/messages/words/").content.decode()
    found = set(re.findall(r'href="(/desk/settings/messages/words/[a-z_]+/(?:ar|fa|en)/)"', page))
    assert len(found) >= 75
    for url in sorted(found)[::7]:
        assert desk.get(url).status_code == 200 and desk.get(url + "preview/").status_code == 200
    assert desk.get("/desk/settings/messages/words/nothing/en/").status_code == 404


def test_settings_of_messages(desk):
    form = {"version": "1", "mail_from_name": "Rawabit", "mail_reply_to": "a@b.example", "quiet_from": "٢٢:٠٠",
            "quiet_until": "7", "days": ["4", "5"], "reminders_on": "on", "reminders": "-۳، 1, ٧"}  # fmt: skip
    from rawabit.company.models import Company

    form["version"] = str(Company.objects.get().version)
    assert desk.post("/desk/settings/messages/", form).status_code == 302
    company = Company.objects.get()
    assert (company.quiet_days, company.reminder_days) == ([4, 5], [-3, 1, 7])
    assert (company.quiet_from.hour, company.quiet_until.hour) == (22, 7)
    for wrong in ({"reminders": "x"}, {"reminders": "9999"}, {"quiet_until": ""}, {"days": list("0123456")}):
        answer = desk.post("/desk/settings/messages/", {**form, "version": str(company.version), **wrong})
        assert answer.status_code == 422, wrong


def test_a_document_is_sent_from_its_page(office, clerk):
    customer = makers.make_customer()
    makers.make_contact(customer, "نورة", role="finance", email="money@customer.example")
    invoice = makers.posted_invoice(customer)
    work()
    client, url = client_of(clerk.user), f"/desk/invoices/{invoice.pk}/do/send_mail/"
    assert "money@customer.example" in client.get(url).content.decode()
    once = {"once": "sheet-1", "emails": ["money@customer.example"]}
    assert client.post(url, once).status_code == client.post(url, once).status_code == 302
    work(timezone.now())
    assert len(office.mails) == 2  # one when it was posted, one by hand: the sheet sent twice is one
    assert client.post(url, {"emails": ["stranger@customer.example"]}).status_code == 422


# The portal


def test_a_person_chooses_what_he_is_told(amina):
    client = client_of(amina.user)
    page = client.get("/portal/account/messages/").content.decode()
    assert 'value="invoice:email" checked' in page and 'value="statement:email">' in page
    told = re.findall(r'value="([a-z]+:[a-z]+)" checked', page)
    client.post("/portal/account/messages/", {"told": [*told[1:], "statement:email", "evil:email", "invoice"]})
    kept = set(Preference.objects.values_list("user", "group", "channel", "wanted"))
    group, channel = told[0].split(":")
    assert kept == {(amina.user.pk, group, channel, False), (amina.user.pk, "statement", "email", True)}


def test_a_buyer_is_not_offered_money(amina):
    buyer = makers.make_customer_user(amina.customer, "buyer")
    page = client_of(buyer.user).get("/portal/account/messages/").content.decode()
    assert "order:email" in page and "invoice:email" not in page and "statement:email" not in page


def test_the_bell_speaks_the_readers_language_and_is_read_by_sending(amina, babak):
    invoice = makers.posted_invoice(amina.customer)
    work()
    client = client_of(amina.user)
    page = client.get("/portal/notices/").content.decode()
    assert invoice.number in page and "told." not in page and "%(" not in page
    assert f"/portal/invoices/{invoice.uid}/" in page
    assert Notice.objects.filter(user=amina.user, read_at=None).exists()
    client.post("/portal/notices/")
    assert not Notice.objects.filter(user=amina.user, read_at=None).exists()
    assert invoice.number not in client_of(babak.user).get("/portal/notices/").content.decode()


# WhatsApp


@pytest.mark.parametrize(("language", "words"), [("ar", "الفاتورة"), ("fa", "فاکتور"), ("en", "Invoice")])
def test_whatsapp_text_and_link(language, words):
    invoice = makers.posted_invoice()
    text = text_for(invoice, language=language, link_url="https://x.example/l/t/", at=NOW)
    assert words in text and f"\u2068{invoice.number}\u2069" in text and text.endswith("\n\nhttps://x.example/l/t/")
    url = wa_url("+966501234567", text)
    assert url.startswith("https://wa.me/966501234567?text=") and unquote(url.partition("text=")[2]) == text
    assert "\n" not in url and "&" not in url.partition("text=")[2]


def test_the_addresses_have_names():
    assert reverse("portal-messages") == "/portal/account/messages/"
