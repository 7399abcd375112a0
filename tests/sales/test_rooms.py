"""The room of an offer below the pages: evidence, questions, several versions, the desk."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from rawabit.kit.states import Refused
from rawabit.sales.actions import (
    accept_quotation,
    ask,
    forget_pending,
    hold_acceptance,
    new_version,
    note_opening,
    say,
    send_quotation,
)
from rawabit.sales.logic.receiving import deliver_to, receiver_in
from rawabit.sales.logic.signing import HEIGHT, WIDTH, NotASignature, Signing, path_of, read_strokes
from rawabit.sales.models import Acceptance, PendingAcceptance, Question, Quotation, Reply
from rawabit.sales.queries import acceptance_of, content_digest, family_uids
from tests.makers import (
    NOW,
    SYSTEM,
    Person,
    confirmed_order,
    make_company,
    make_customer,
    make_customer_user,
    make_user,
    rows,
    sent_quotation,
)

pytestmark = pytest.mark.django_db

# Drawings


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT)), min_size=1, max_size=20),
        min_size=1, max_size=20,
    )
)  # fmt: skip
def test_a_drawing_is_read_as_it_was_drawn_or_refused(points):
    strokes = [[value for point in stroke for value in point] for stroke in points]
    try:
        found = read_strokes(json.dumps(strokes))
    except NotASignature:
        return
    assert found == strokes
    assert set(path_of(found)) <= set("ML 0123456789")


def test_a_drawing_kept_wrongly_still_draws_only_numbers():
    assert path_of([[1, 2]]) == "M1 2L1 2"
    with pytest.raises(ValueError, match="invalid literal"):
        path_of([['"/><script>', 2]])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("receiver", "phone"), [("Khaled", "+966501234567"), ("", "+966501234567"), ("Khaled", ""), ("", "")]
)
def test_receiver_and_phone_are_found_again(receiver, phone):
    text = deliver_to(receiver, "12 King Fahd Road", phone)
    assert receiver_in(text, "12 King Fahd Road") == (receiver, phone)


# Evidence


def accepted() -> Quotation:
    person = make_customer_user(make_customer())
    return accept_quotation(sent_quotation(person.customer), name="Noura", actor=person.actor, at=NOW)


@pytest.mark.parametrize("change", [{"name": "Somebody"}, {"total": 1}, {"digest": "0" * 64}, {"strokes": [[1, 2]]}])
def test_the_database_keeps_the_evidence(migrated, change):
    kept = Acceptance.objects.get(quotation=accepted())
    with pytest.raises(DatabaseError, match="sales_acceptance_is_kept"), transaction.atomic():
        Acceptance.objects.filter(pk=kept.pk).update(**change)


def test_the_database_keeps_what_was_asked_and_said(migrated):
    question = ask(sent_quotation(), "When?", actor=SYSTEM, at=NOW)
    reply = say(question, "Soon.", actor=SYSTEM, at=NOW)
    with pytest.raises(DatabaseError, match="sales_question_is_kept"), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(body="Never?")
    with pytest.raises(DatabaseError, match="sales_reply_is_kept"), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(body="Later.")


@pytest.fixture
def migrated(db):
    """Guards are there only in a database that was migrated."""
    from django.db import connection

    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(names)
        if not any(name == "sales_acceptance_is_kept" for (name,) in cursor.fetchall()):
            pytest.skip("made without migrations")


def test_the_fingerprint_covers_head_and_lines():
    quotation = sent_quotation()
    first = content_digest(quotation)
    assert content_digest(Quotation.objects.get(pk=quotation.pk)) == first

    for field, value in (("terms", "other"), ("total", 1), ("note", "x"), ("buyer", {"name": "x"})):
        changed = Quotation.objects.get(pk=quotation.pk)
        setattr(changed, field, value)
        assert content_digest(changed) != first, field
    line = quotation.lines.get()
    quotation.lines.update(quantity=line.quantity + 1)
    assert content_digest(quotation) != first


def test_what_staff_write_down_is_evidence_too():
    quotation = sent_quotation(signatures_needed=3)

    done = accept_quotation(quotation, name="Khaled", actor=Person(make_user("manager")).actor, at=NOW)

    assert done.state == "accepted"
    kept = acceptance_of(done)
    assert kept is not None
    assert (kept.name, kept.method, kept.signer, kept.verified_address) == ("Khaled", "recorded", "staff", "")


def test_a_customer_accepts_nothing_without_the_code_the_company_asks_for():
    make_company(accept_code_above=0)
    person = make_customer_user(make_customer())
    quotation = sent_quotation(person.customer)
    signing = Signing("user:1", "N", agreed=True)

    for wrong in (None, signing, Signing("user:1", "N", verified="a@example.com")):
        with pytest.raises(Refused):
            accept_quotation(quotation, name="N", signing=wrong, actor=person.actor, at=NOW)

    assert Quotation.objects.get(pk=quotation.pk).state == "sent"


def test_all_versions_are_one_document_to_the_customer():
    first = sent_quotation()
    second = send_quotation(new_version(first, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    Quotation.objects.filter(pk=second.pk).update(state="declined")
    draft = new_version(Quotation.objects.get(pk=second.pk), actor=SYSTEM, at=NOW)

    assert family_uids(first) == family_uids(second) == {first.uid, second.uid}
    assert draft.uid not in family_uids(draft)


def test_what_was_typed_and_left_is_forgotten():
    person = make_customer_user(make_customer())
    quotation = sent_quotation(person.customer)
    hold_acceptance(
        quotation, signing=Signing("user:1", "N"), chosen=None, stamp=None, address="", actor=person.actor, at=NOW
    )

    assert forget_pending(NOW) == 0
    assert forget_pending(NOW + timedelta(seconds=1)) == 1
    assert not PendingAcceptance.objects.exists()


def test_who_may_answer():
    quotation = sent_quotation()
    question = ask(quotation, "When?", actor=SYSTEM, at=NOW)

    with pytest.raises(PermissionDenied):
        say(question, "Soon.", actor=Person(make_user("accountant")).actor, at=NOW)
    with pytest.raises(PermissionDenied):
        say(question, "Soon.", actor=make_customer_user(make_customer()).actor, at=NOW)
    assert not Reply.objects.exists()


# The desk


def test_open_questions_come_first_and_are_answered(desk):
    quotation, quiet = sent_quotation(), sent_quotation()
    question = ask(quotation, "Does it <i>float</i>?", actor=SYSTEM, at=NOW)

    listed = desk.read("quotations/?is=asked")
    assert quotation.number in listed
    assert quiet.number not in listed
    page = desk.get(f"quotations/{quotation.pk}/").content.decode()
    assert "Does it &lt;i&gt;float&lt;/i&gt;?" in page
    assert page.index('id="questions"') < page.index("doc-head")
    assert desk.send(f"quotations/{quotation.pk}/questions/{question.pk}/", {"body": ""}).status_code == 409
    assert desk.send(f"quotations/{quiet.pk}/questions/{question.pk}/", {"body": "x"}).status_code == 404
    assert desk.send(f"quotations/{quotation.pk}/questions/{question.pk}/", {"body": "It does."}).status_code == 302

    assert Question.objects.get().answered_at is not None
    assert Reply.objects.get().by_customer is False
    assert quotation.number not in desk.read("quotations/?is=asked")


def test_a_wish_for_a_change_leads_to_the_new_version(desk):
    quotation = sent_quotation()
    ask(quotation, "Three, please", kind="change", actor=SYSTEM, at=NOW)
    page = desk.get(f"quotations/{quotation.pk}/").content.decode()
    assert page.count(f"quotations/{quotation.pk}/do/renew/") == 2  # among the verbs, and beside the wish

    desk.send(f"quotations/{quotation.pk}/do/renew/")

    assert Quotation.objects.filter(edition=2, state="draft").count() == 1


def test_the_room_shows_openings_and_evidence(desk):
    make_company(accept_code_above=0)
    person = make_customer_user(make_customer())
    quotation = sent_quotation(person.customer, rows=rows(1))
    note_opening(quotation, signer="user:1", actor=person.actor, at=NOW)
    signing = Signing(
        "user:1", "Noura <b>", "Buyer", "PO-7", "drawn", [[1, 2, 30, 40]], agreed=True, verified="noura@example.com",
        ip="203.0.113.9", user_agent="Browser <script>",
    )  # fmt: skip
    accept_quotation(quotation, name="Noura", signing=signing, actor=person.actor, at=NOW)

    page = desk.get(f"quotations/{quotation.pk}/").content.decode()

    for words in ("Noura &lt;b&gt;", "203.0.113.9", "Browser &lt;script&gt;", 'd="M1 2L30 40"', "PO-7"):
        assert words in page, words
    assert "noura@example.com" not in page[page.index("signed-title") :]
    assert acceptance_of(Quotation.objects.get(pk=quotation.pk)).digest in page


def test_an_order_has_a_thread_too(desk):
    order = confirmed_order()
    question = ask(order, "One is broken", kind="problem", actor=SYSTEM, at=NOW)
    assert order.number in desk.read("orders/?is=asked")

    assert desk.send(f"orders/{order.pk}/questions/{question.pk}/", {"body": "We send another."}).status_code == 302

    assert "We send another." in desk.read(f"orders/{order.pk}/")
