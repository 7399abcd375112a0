"""The room of an offer: questions, changes between versions, signatures with and without a code."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rawabit.crm import policies as crm_policies
from rawabit.kit.records.models import Attachment, Event
from rawabit.portal import room
from rawabit.sales.actions import ask, new_version, save_lines, say, send_quotation
from rawabit.sales.logic.signing import digest_of
from rawabit.sales.models import Acceptance, Order, PendingAcceptance, Question, Quotation, QuotationOpening, Reply
from tests.makers import (
    NOW,
    ONE_DAY,
    SYSTEM,
    TODAY,
    Person,
    confirmed_order,
    make_address,
    make_company,
    make_customer,
    make_delivery,
    make_user,
    rows,
    sar,
    sent_quotation,
)
from tests.portal.conftest import words_of

YES = {"name": "Noura Al-Subaie", "title": "Buyer", "customer_reference": "PO-9", "agreed": "on"}
DRAWN = json.dumps([[10, 20, 30, 40, 60, 80, 200, 90], [300, 30, 310, 60]])
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


@pytest.fixture
def coded(noura):
    """The company asks for a code before anything is accepted."""
    make_company(accept_code_above=0)
    return noura


def code_in(message) -> str:
    return re.search(r"\b(\d{6})\b", message.subject + "\n" + message.body)[1]


# Signing


def test_the_evidence_of_a_signature(noura):
    quotation = sent_quotation(noura.customer, terms="Pay in 30 days.")

    noura.send("quotation-accept", quotation.uid, **YES, strokes=DRAWN)

    kept = Acceptance.objects.get(quotation=quotation)
    assert (kept.name, kept.title, kept.customer_reference, kept.method) == (
        "Noura Al-Subaie", "Buyer", "PO-9", "drawn",
    )  # fmt: skip
    assert (kept.total, kept.currency, kept.edition, kept.number) == (23000, "SAR", 1, quotation.number)
    assert (kept.user_id, kept.signer, kept.ip) == (noura.person.user.pk, f"user:{noura.person.user.pk}", "127.0.0.1")
    assert kept.terms_digest == digest_of("Pay in 30 days.")
    assert re.fullmatch(r"[0-9a-f]{64}", kept.digest)
    page = noura.open("quotation", quotation.uid).content.decode()
    assert 'd="M10 20L30 40L60 80L200 90M300 30L310 60"' in page
    assert kept.digest[:16] in page


def test_a_code_is_asked_for_and_what_was_typed_is_kept(coded):
    quotation = sent_quotation(coded.customer)
    stamp = SimpleUploadedFile("stamp.png", PNG, "image/png")

    first = coded.send("quotation-accept", quotation.uid, **YES, strokes=DRAWN, stamp=stamp)

    assert first.headers["Location"] == f"/portal/quotations/{quotation.uid}/accept/code/"
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"
    assert [message.to for message in mail.outbox] == [[coded.person.user.email]]
    wrong = coded.send("quotation-code", quotation.uid, code="000000")
    assert wrong.status_code == 422
    assert not Acceptance.objects.exists()

    done = coded.send("quotation-code", quotation.uid, code=code_in(mail.outbox[-1]))

    assert done.status_code == 302
    kept = Acceptance.objects.get()
    assert (kept.name, kept.method, kept.verified_address) == (
        "Noura Al-Subaie", "drawn", coded.person.user.email,
    )  # fmt: skip
    assert (kept.stamp.name, kept.stamp.mime, kept.stamp.for_customer) == ("stamp.png", "image/png", True)
    assert Quotation.objects.get(pk=quotation.pk).state == "accepted"
    assert not PendingAcceptance.objects.exists()


def test_a_code_is_good_for_one_offer_and_one_time(coded):
    one, other = sent_quotation(coded.customer), sent_quotation(coded.customer)
    coded.send("quotation-accept", one.uid, **YES)
    code = code_in(mail.outbox[-1])
    coded.send("quotation-accept", other.uid, **YES)

    assert coded.send("quotation-code", other.uid, code=code).status_code == 422
    assert coded.send("quotation-code", one.uid, code=code).status_code == 302
    assert coded.send("quotation-code", one.uid, code=code).status_code == 302  # nothing left to confirm
    assert Quotation.objects.get(pk=other.pk).state == "sent"
    assert Order.objects.count() == 1


def test_five_wrong_codes_end_the_code(coded):
    quotation = sent_quotation(coded.customer)
    coded.send("quotation-accept", quotation.uid, **YES)
    code = code_in(mail.outbox[-1])
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        coded.send("quotation-code", quotation.uid, code=wrong)

    assert coded.send("quotation-code", quotation.uid, code=code).status_code == 422
    coded.send("quotation-code", quotation.uid, again="1")
    arabic = code_in(mail.outbox[-1]).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert coded.send("quotation-code", quotation.uid, code=arabic).status_code == 302
    assert Quotation.objects.get(pk=quotation.pk).state == "accepted"


def test_the_code_page_without_a_sheet_leads_back(coded):
    quotation = sent_quotation(coded.customer)

    assert coded.open("quotation-code", quotation.uid).headers["Location"] == f"/portal/quotations/{quotation.uid}/"
    assert coded.send("quotation-code", quotation.uid, code="123456").status_code == 302
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"


@pytest.mark.parametrize(("above", "asked"), [(22999, True), (23000, False), (0, True)])
def test_from_which_amount_a_code_is_asked_for(noura, above, asked):
    make_company(accept_code_above=above)
    quotation = sent_quotation(noura.customer)

    noura.send("quotation-accept", quotation.uid, **YES)

    assert (Quotation.objects.get(pk=quotation.pk).state == "sent") is asked


def test_a_fresh_code_of_this_session_is_enough(coded, monkeypatch):
    monkeypatch.setattr("rawabit.portal.views.signing.is_fresh", lambda request: True)
    quotation = sent_quotation(coded.customer)

    coded.send("quotation-accept", quotation.uid, **YES)

    assert Acceptance.objects.get().verified_address == coded.person.user.email


BAD_STROKES = [
    "[[1,2]]", "<svg onload=alert(1)>", "[[0,0,9999,9999,1,1]]", '[["1","2"]]', "[[1.5,2]]", "[[true,false]]",
    "[" * 9000, json.dumps([[1, 2] * 3000]), json.dumps([[5, 5] * 20]), '{"a":1}', "[[NaN,1]]",
]  # fmt: skip


@pytest.mark.parametrize("strokes", BAD_STROKES)
def test_what_is_no_drawing_is_refused(noura, strokes):
    quotation = sent_quotation(noura.customer)

    answer = noura.send("quotation-accept", quotation.uid, **YES, strokes=strokes)

    assert answer.status_code == 422
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", b"<svg/>"), ("a.pdf.exe", b"MZ" + b"\0" * 9), ("a.txt", b"hello"), ("a.png", PNG + b"\0" * 5 * 2**20)],
)
def test_a_stamp_is_what_it_says(noura, name, content):
    quotation = sent_quotation(noura.customer)

    answer = noura.send("quotation-accept", quotation.uid, **YES, stamp=SimpleUploadedFile(name, content, "image/png"))

    assert answer.status_code == 422
    assert not Attachment.objects.exists()
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"


def test_a_stamp_survives_a_missing_tick(noura):
    quotation = sent_quotation(noura.customer)
    again = {**YES, "agreed": ""}

    answer = noura.send("quotation-accept", quotation.uid, **again, stamp=SimpleUploadedFile("s.png", PNG))
    assert answer.status_code == 422
    assert "s.png" in answer.content.decode()
    noura.send("quotation-accept", quotation.uid, **YES)

    assert Acceptance.objects.get().stamp.name == "s.png"


def test_the_tick_stands_inside_the_terms(noura):
    with_terms = sent_quotation(noura.customer, terms="Pay in 30 days.")
    page = noura.open("quotation-accept", with_terms.uid).content.decode()
    terms = re.search(r"<details[^>]*><summary>Read the terms.*?</details>", page, re.DOTALL)[0]
    assert 'name="agreed"' in terms
    assert "Pay in 30 days." in terms


def test_hostile_words_are_only_words(noura):
    quotation = sent_quotation(noura.customer)
    evil = "<script>alert(1)</script>\u202eevil 😀"

    noura.send("quotation-accept", quotation.uid, **{**YES, "name": evil, "title": evil})

    page = noura.open("quotation", quotation.uid).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "😀" in page


# Several signatures


def test_the_order_is_made_by_the_last_signature(noura, as_role):
    quotation = sent_quotation(noura.customer, signatures_needed=2)
    buyer = as_role("buyer")

    noura.send("quotation-accept", quotation.uid, **YES)
    assert "1 of 2 signatures" in noura.read("quotation", quotation.uid)
    noura.send("quotation-accept", quotation.uid, **YES)
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"
    assert Acceptance.objects.count() == 1
    assert not Order.objects.exists()
    buyer.send("quotation-accept", quotation.uid, **{**YES, "name": "The buyer"})

    assert Quotation.objects.get(pk=quotation.pk).state == "accepted"
    assert Order.objects.filter(quotation=quotation).count() == 1
    assert list(Acceptance.objects.order_by("pk").values_list("name", flat=True)) == ["Noura Al-Subaie", "The buyer"]
    assert Event.objects.filter(name="quotation.accepted").count() == 1


def test_the_second_signs_what_the_first_chose(noura, as_role):
    quotation = sent_quotation(noura.customer, rows=[*rows(1), *rows(1, optional=True)], signatures_needed=2)
    option = quotation.lines.get(position=2)
    noura.send("quotation-accept", quotation.uid, chosen="1", line=option.pk, **YES)

    other = as_role("buyer").send("quotation-accept", quotation.uid, chosen="1", **YES)

    assert other.status_code == 409
    assert "A colleague has signed with other optional items." in words_of(other)
    assert Acceptance.objects.get().total == 46000
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"


# A buyer's limit


@pytest.fixture
def limited(monkeypatch):
    def limit(actor, customer):
        return sar("100") if actor.customer_roles.get(customer.pk) == "buyer" else None

    monkeypatch.setattr(crm_policies, "buying_limit", limit, raising=False)


def test_above_his_limit_a_buyer_asks_his_colleagues(noura, as_role, limited):
    quotation, buyer = sent_quotation(noura.customer), as_role("buyer")

    page = buyer.read("quotation", quotation.uid)
    assert "This is above the limit of your orders. It can be accepted by: Noura" in page
    assert "Accept and sign" not in page
    assert buyer.send("quotation-accept", quotation.uid, **YES).status_code == 409
    for _ in range(2):
        assert buyer.send("quotation-approval", quotation.uid).status_code == 302

    assert Quotation.objects.get(pk=quotation.pk).state == "sent"
    assert Event.objects.filter(name="quotation.approval_asked").count() == 1
    assert "Your colleagues have been asked" in buyer.read("quotation", quotation.uid)
    assert noura.send("quotation-approval", quotation.uid).status_code == 409
    noura.send("quotation-accept", quotation.uid, **YES)
    assert Quotation.objects.get(pk=quotation.pk).state == "accepted"


# Questions


def test_a_question_about_a_line_and_its_answer(noura):
    quotation = sent_quotation(noura.customer)
    line = quotation.lines.get()

    noura.send("quotation-ask", quotation.uid, body="Does it <b>float</b>?", line=line.pk)
    asked = Question.objects.get()
    say(asked, "It does.", actor=Person(make_user("manager", "Salman")).actor, at=NOW)

    assert (asked.about, asked.asked_by, asked.customer_id) == (line.title, "Noura", noura.customer.pk)
    page = noura.open("quotation", quotation.uid)
    assert "Does it &lt;b&gt;float&lt;/b&gt;?" in page.content.decode()
    assert f"About: {line.title}" in words_of(page)
    assert "Salman" in words_of(page)
    names = list(Event.objects.filter(name__startswith="quotation.question").values_list("name", "facts"))
    assert [name for name, _facts in names] == ["quotation.question_asked", "quotation.question_answered"]
    assert "float" not in str(names)


def test_a_reply_opens_the_question_again(noura):
    quotation = sent_quotation(noura.customer)
    question = ask(quotation, "When?", actor=noura.person.actor, at=NOW)
    say(question, "Soon.", actor=SYSTEM, at=NOW)
    assert Question.objects.get().answered_at == NOW

    for _ in range(2):
        noura.send("quotation-ask", quotation.uid, body="How soon?", re=question.uid)

    assert Question.objects.get().answered_at is None
    assert list(Reply.objects.values_list("by_customer", "body")) == [(False, "Soon."), (True, "How soon?")]


def test_the_same_question_twice_is_one(noura):
    quotation = sent_quotation(noura.customer)
    for _ in range(2):
        assert noura.send("quotation-ask", quotation.uid, body="When?").status_code == 302

    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"body": ""}, 422), ({"body": " \u200f "}, 422), ({"body": "x" * 2001}, 422), ({"body": "x" * 2000}, 302),
        ({"body": "x", "kind": "problem"}, 409), ({"body": "x", "kind": "renewal"}, 409),
        ({"body": "x", "line": "9"}, 409),
        ({"body": "x", "line": "abc"}, 422), ({"body": "x", "re": "00000000-0000-0000-0000-000000000000"}, 404),
    ],
)  # fmt: skip
def test_what_may_be_asked(noura, data, status):
    quotation = sent_quotation(noura.customer)

    assert noura.send("quotation-ask", quotation.uid, **data).status_code == status
    assert Question.objects.count() == (status == 302)


def test_nobody_else_asks_or_reads(noura, as_role):
    mine, theirs = sent_quotation(noura.customer), sent_quotation(make_customer())
    secret = ask(theirs, "Secret?", actor=SYSTEM, at=NOW)

    assert noura.send("quotation-ask", theirs.uid, body="x").status_code == 404
    assert noura.send("quotation-ask", mine.uid, body="x", re=secret.uid).status_code == 404
    line = theirs.lines.get().pk
    assert noura.send("quotation-ask", mine.uid, body="x", line=line).status_code == 409
    assert as_role("finance").send("quotation-ask", mine.uid, body="x").status_code == 403
    assert "Secret?" not in noura.read("quotation", mine.uid)
    assert Question.objects.count() == 1


def test_internal_comments_stay_internal(noura):
    from rawabit.kit.records.actions import comment

    quotation = sent_quotation(noura.customer)
    comment(quotation, "Give him ten percent", mentions=[], actor=Person(make_user()).actor, at=NOW)

    assert "ten percent" not in noura.read("quotation", quotation.uid)


def test_a_wish_for_a_change_is_settled_by_the_new_version(noura):
    quotation = sent_quotation(noura.customer)
    noura.send("quotation-ask", quotation.uid, body="Three, please", kind="change")
    assert Question.objects.get().answered_at is None

    newer = send_quotation(new_version(quotation, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)

    assert Question.objects.get().answered_at == NOW
    assert "Three, please" in noura.read("quotation", newer.uid)


# Versions


def second_version(quotation: Quotation, lines) -> Quotation:
    draft = new_version(quotation, actor=SYSTEM, at=NOW)
    save_lines(draft, lines, actor=SYSTEM, at=NOW)
    return send_quotation(Quotation.objects.get(pk=draft.pk), actor=SYSTEM, at=NOW)


def test_what_changed_since_the_version_before(noura):
    old = sent_quotation(noura.customer, rows=[*rows(1, title="Pump"), *rows(1, title="Hose")])
    newer = second_version(old, [*rows(1, quantity="5", title="Pump"), *rows(1, title="Valve")])

    page = noura.read("quotation", newer.uid)

    part = page[page.index("What changed since version 1") : page.index("Open version 1")]
    assert "Valve" in part
    assert "Added" in part
    assert "Hose" in part
    assert "Dropped" in part
    assert "Total including VAT ⃁ 460.00" in part
    assert "What changed" not in noura.read("quotation", old.uid)


def test_the_old_version_leads_to_the_new_one(noura):
    old = sent_quotation(noura.customer)
    newer = second_version(old, rows(2))

    page = noura.open("quotation", old.uid)

    assert "A newer version exists" in words_of(page)
    assert f'href="/portal/quotations/{newer.uid}/">Open version' in page.content.decode()
    assert "Accept and sign" not in words_of(page)
    answer = noura.send("quotation-accept", old.uid, **YES)
    assert answer.status_code == 409
    assert "A newer version has taken the place of this quotation." in words_of(answer)


def test_a_draft_of_a_newer_version_is_no_secret_told(noura):
    old = sent_quotation(noura.customer)
    draft = new_version(old, actor=SYSTEM, at=NOW)

    assert str(draft.uid) not in noura.open("quotation", old.uid).content.decode()
    assert noura.open("quotation", draft.uid).status_code == 404


# After the term


def test_renewal_is_asked_for_once(noura):
    quotation = sent_quotation(noura.customer)
    assert noura.send("quotation-renewal", quotation.uid).status_code == 409
    Quotation.objects.filter(pk=quotation.pk).update(valid_until=TODAY - ONE_DAY)
    assert "Request renewal" in noura.read("quotation", quotation.uid)

    for _ in range(2):
        assert noura.send("quotation-renewal", quotation.uid).status_code == 302

    assert Question.objects.get().kind == "renewal"
    assert Event.objects.filter(name="quotation.renewal_requested").count() == 1


def test_declining_keeps_the_code_for_the_figures(noura):
    quotation = sent_quotation(noura.customer)

    noura.send("quotation-decline", quotation.uid, reason="timing", note="Too late")

    quotation.refresh_from_db()
    assert (quotation.decline_code, quotation.decline_reason) == ("timing", "The delivery is too late · Too late")
    late = noura.send("quotation-accept", quotation.uid, **YES)
    assert late.status_code == 409
    assert "This quotation has been declined already." in words_of(late)


# Opening


def test_looking_changes_nothing_but_the_page_tells(noura):
    quotation = sent_quotation(noura.customer)
    noura.open("quotation", quotation.uid)
    assert not QuotationOpening.objects.exists()

    for _ in range(2):
        assert noura.send("quotation-opened", quotation.uid).status_code == 204

    opening = QuotationOpening.objects.get()
    assert (opening.name, opening.times) == ("Noura", 2)
    assert Event.objects.filter(name="quotation.opened").count() == 1
    assert noura.send("quotation-opened", sent_quotation(make_customer()).uid).status_code == 404


def test_a_link_signs_with_the_holders_name(noura):
    """The key of a signer by link is the person it was given to, as far as he is known."""
    from types import SimpleNamespace

    link = SimpleNamespace(uid="u1", user_id=None, contact_id=None, holder_email="x@example.com")
    request = SimpleNamespace(link=link, actor=noura.person.actor, user=None)
    assert (room.signer_of(request), room.address_for(request)) == ("link:u1", "x@example.com")
    link.contact_id = 5
    assert room.signer_of(request) == "contact:5"
    link.user_id = 7
    assert room.signer_of(request) == "user:7"


# Orders


def test_a_problem_with_an_order_reaches_its_thread(noura):
    order = confirmed_order(noura.customer)

    noura.send("order-ask", order.uid, body="One is broken", kind="problem")

    asked = Question.objects.get(order=order)
    assert asked.kind == "problem"
    assert "One is broken" in noura.read("order", order.uid)
    assert Event.objects.filter(name="order.question_asked").count() == 1
    assert noura.send("order-ask", confirmed_order(make_customer()).uid, body="x").status_code == 404


def test_the_receiver_changes_until_the_goods_are_packed(noura):
    from rawabit.shipping.actions import pack_delivery

    order = confirmed_order(noura.customer)
    place = make_address(noura.customer, street="King Fahd Road", label="Branch")
    note = make_delivery(order)
    new = {"address": str(place.uid), "receiver": "Khaled", "phone": "+966501234567"}

    assert noura.send("order-delivery", order.uid, **new).status_code == 302
    order.refresh_from_db()
    note.refresh_from_db()
    assert order.delivery_address_id == place.pk
    assert order.deliver_to == note.deliver_to == f"Khaled\n{place}\n+966501234567"
    form = noura.open("order-delivery", order.uid).content.decode()
    assert 'value="Khaled"' in form
    assert 'value="+966501234567"' in form
    assert Event.objects.filter(name="order.delivery_changed").count() == 1

    pack_delivery(note, actor=SYSTEM, at=NOW)
    late = noura.send("order-delivery", order.uid, **{**new, "receiver": "Ali"})
    assert late.status_code == 409
    assert "Ali" not in Order.objects.get(pk=order.pk).deliver_to


def test_no_address_of_another_customer(noura):
    order, foreign = confirmed_order(noura.customer), make_address(make_customer())
    make_address(noura.customer)

    assert noura.send("order-delivery", order.uid, address=str(foreign.uid), receiver="x").status_code == 422
    assert noura.open("order-delivery", confirmed_order(make_customer()).uid).status_code == 404


def test_orders_by_day_and_place_and_as_csv(noura):
    from rawabit.sales.models import Order as Orders

    here, there = make_address(noura.customer, purpose="delivery"), make_address(noura.customer, purpose="branch")
    early, late = confirmed_order(noura.customer), confirmed_order(noura.customer, customer_reference="=cmd()")
    Orders.objects.filter(pk=early.pk).update(delivery_address=here)
    Orders.objects.filter(pk=late.pk).update(delivery_address=there)
    other = confirmed_order(make_customer())

    by_place = noura.read("orders", place=str(there.uid))
    assert late.number in by_place
    assert early.number not in by_place
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert early.number not in noura.read("orders", first=tomorrow)
    assert early.number in noura.read("orders", last=TODAY.isoformat(), first="nonsense")

    answer = noura.client.get(reverse("portal-orders-export"), {"place": str(there.uid)})
    text = answer.content.decode("utf-8-sig")
    assert late.number in text
    assert early.number not in text
    assert other.number not in text
    assert ",=cmd()" not in text


ON_OFFERS = ["accept", "code", "approval", "opened", "ask", "renewal", "decline"]
ON_ORDERS = ["ask", "delivery"]


def test_every_door_of_the_room_is_shut_to_strangers(noura, as_role):
    offer, order = sent_quotation(make_customer()), confirmed_order(make_customer())
    mine, own = sent_quotation(noura.customer), confirmed_order(noura.customer)
    finance = as_role("finance")

    for kind, names, theirs, ours in (("quotation", ON_OFFERS, offer, mine), ("order", ON_ORDERS, order, own)):
        for name in names:
            address = f"{kind}-{name}"
            assert noura.open(address, theirs.uid).status_code in (404, 405), address
            assert noura.send(address, theirs.uid, **YES, body="x", reason="price").status_code == 404, address
            assert finance.send(address, ours.uid, **YES, body="x", reason="price").status_code == 403, address
    assert Quotation.objects.filter(state="sent").count() == 2
    assert not Question.objects.exists()
