"""One timeline of every channel: exact order, pages, filters, the divider, sight, cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from rawabit.crm.actions import affiliate
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actions import attach, comment
from rawabit.sales import actions as sales
from rawabit.talks import actions
from rawabit.talks.models import LastLook
from rawabit.talks.queries import timeline
from rawabit.talks.queries.timeline import cursor_of
from tests import makers
from tests.makers import NOW, SYSTEM, Person, make_call, make_contact, make_customer, make_upload

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def customer(seller):
    return make_customer(owner=seller.user)


def told(page):
    return [(row.kind, str(row.title)) for row in page.rows]


def test_every_source_in_one_order(customer, manager):
    contact = make_contact(customer, email="noura@customer.example")
    offer = sales.send_quotation(makers.make_quotation(customer), actor=SYSTEM, at=NOW + HOUR)
    make_call(contact, at=NOW + 2 * HOUR)
    comment(customer, "careful", mentions=[], actor=manager.actor, at=NOW + 3 * HOUR)
    attach(offer, make_upload("drawing.pdf"), for_customer=False, actor=manager.actor, at=NOW + 4 * HOUR)
    sales.accept_quotation(offer, name="Noura", actor=SYSTEM, at=NOW + 5 * HOUR)
    mail = makers.make_message(customer)
    Message.objects.filter(pk=mail.pk).update(created_at=NOW + 6 * HOUR, headline="Your invoice")
    actions.write_note(makers.make_opportunity(customer), "about the deal", actor=manager.actor, at=NOW + 7 * HOUR)
    with translation.override("en"):
        page = timeline(customer, manager.actor)
    later = [row for row in page.rows if row.at > NOW]
    assert [(row.kind, str(row.title), (row.at - NOW) // HOUR) for row in later] == [
        ("note", "", 7), ("message", "Your invoice", 6), ("event", "Accepted by the customer", 5),
        ("file", "drawing.pdf", 4), ("comment", "", 3), ("call", "", 2), ("event", "Sent to the customer", 1),
    ]  # fmt: skip
    assert sorted(str(row.title) for row in page.rows if row.at == NOW) == [
        "Created", "Created", "Created", "Invoice issued",
    ]  # fmt: skip
    assert [row.kind for row in timeline(contact, manager.actor).rows if row.at > NOW] == ["call"]


def test_pages_hold_every_row_once_also_of_one_moment(customer, manager):
    for number in range(27):
        make_call(customer, at=NOW + (number // 3) * MINUTE)  # three at each moment
        comment(customer, f"c{number}", mentions=[], actor=manager.actor, at=NOW + (number // 3) * MINUTE)
    whole = timeline(customer, manager.actor, size=500)
    seen, after = [], ""
    for _page in range(20):
        page = timeline(customer, manager.actor, after=after, size=7)
        seen += [str(row.place) for row in page.rows]
        after = page.older
        if not after:
            break
    assert seen == [str(row.place) for row in whole.rows] and len(seen) == len(set(seen)) == 27 * 2 + 1
    assert whole.older == ""


def test_what_is_logged_while_somebody_reads_moves_nothing(customer, manager):
    for number in range(5):
        make_call(customer, at=NOW + number * MINUTE)
    first = timeline(customer, manager.actor, size=2)
    make_call(customer, at=NOW + HOUR)
    second = timeline(customer, manager.actor, after=first.older, size=2)
    assert [(row.at - NOW) // MINUTE for row in (*first.rows, *second.rows)] == [4, 3, 2, 1]


@pytest.mark.parametrize("text", ["", "x", "1-2", "1-2-3-4", "-1-2-3", "999999999999999999-1-1", "١-٢-٣", "1-2-<b>"])
def test_a_cursor_written_by_hand_is_none(text):
    assert cursor_of(text) is None


def test_chips_narrow(customer, manager):
    make_call(customer)
    actions.write_note(customer, "n", actor=manager.actor, at=NOW)
    comment(customer, "c", mentions=[], actor=manager.actor, at=NOW)
    kinds = lambda *chips: sorted(row.kind for row in timeline(customer, manager.actor, kinds=chips).rows)  # noqa: E731
    assert kinds("call") == ["call"] and kinds("note") == ["comment", "note"] and kinds("event") == ["event"]
    assert kinds("call", "note") == ["call", "comment", "note"] and kinds("nonsense") == kinds()


def test_pinned_stand_on_top_and_open_tasks_ahead(customer, manager):
    note = actions.write_note(customer, "no calls on Friday", pinned=True, actor=manager.actor, at=NOW)
    task = actions.plan_task(customer, "Offer", due=NOW + HOUR, actor=manager.actor, at=NOW)
    page = timeline(customer, manager.actor)
    assert list(page.pinned) == [note] and list(page.ahead) == [task]
    assert [row.kind for row in page.rows] == ["event"]
    actions.finish_task(task, actor=manager.actor, at=NOW + 2 * HOUR)
    actions.unpin(note, actor=manager.actor, at=NOW + 2 * HOUR)
    page = timeline(customer, manager.actor)
    assert [row.kind for row in page.rows] == ["task", "note", "event"] and not page.ahead and not page.pinned


def test_the_divider_stands_between_new_and_known(customer, manager, seller):
    make_call(customer, at=NOW + MINUTE)
    page = timeline(customer, manager.actor)
    assert page.looked_at is None and not any(row.since for row in page.rows)
    actions.looked(customer, actor=manager.actor, at=NOW + 2 * MINUTE)
    actions.looked(customer, actor=manager.actor, at=NOW + 3 * MINUTE)
    assert LastLook.objects.count() == 1
    make_call(customer, at=NOW + HOUR)
    make_call(customer, at=NOW + HOUR, when=NOW - HOUR)  # written down late: news although it happened before
    page = timeline(customer, manager.actor)
    assert [row.since for row in page.rows] == [False, True, False, False] and page.news == 1
    assert timeline(customer, seller.actor).looked_at is None  # each person has his own


def test_nobody_reads_what_he_may_not_see(customer, seller):
    other = Person(makers.make_user("sales"))
    foreign = make_customer(owner=other.user)
    shared = make_contact(customer)
    affiliate(shared, foreign, "other", actor=SYSTEM, at=NOW)
    make_call(foreign, contact=shared, body="secret", at=NOW + HOUR)
    comment(foreign, "secret comment", mentions=[], actor=other.actor, at=NOW)
    page = timeline(shared, seller.actor)
    assert [row.kind for row in page.rows if row.kind == "call"] == []
    assert all("secret" not in str(getattr(row.row, "body", "")) for row in timeline(customer, seller.actor).rows)
    no_invoices = Person(makers.make_user(""))
    assert timeline(customer, no_invoices.actor).rows == []


def test_the_cost_does_not_grow(customer, manager):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            timeline(customer, manager.actor)
        return len(caught)

    def one_of_each():
        contact = make_contact(customer)
        make_call(contact)
        comment(customer, "c", mentions=[], actor=manager.actor, at=NOW)
        attach(makers.posted_invoice(customer), make_upload(), for_customer=False, actor=manager.actor, at=NOW)
        actions.write_note(customer, "p", pinned=True, actor=manager.actor, at=NOW)
        actions.plan_task(customer, "t", due=NOW, actor=manager.actor, at=NOW)
        makers.make_message(customer)

    one_of_each()
    cost()
    before = cost()
    for _more in range(6):
        one_of_each()
    assert cost() == before <= 16


def test_the_pages(customer, seller, client):
    client.force_login(seller.user, backend="django.contrib.auth.backends.ModelBackend")
    for number in range(25):
        actions.write_note(customer, f"note <b>{number}</b> \u202e", actor=seller.actor, at=NOW + number * MINUTE)
    page = client.get(f"/desk/customers/{customer.pk}/").content.decode()
    assert 'id="timeline"' in page and "note &lt;b&gt;24&lt;/b&gt;" in page and "<b>24</b>" not in page
    base = f"/desk/talks/customers/{customer.pk}/"
    first = client.get(f"{base}?kind=note")
    older = first.context["older"]
    assert "older=" in older and "kind=note" in older
    assert b"note &lt;b&gt;3&lt;/b&gt;" in client.get(older).content
    part = client.get(older, headers={"HX-Request": "true"}).content
    assert b"<html" not in part and b"note &lt;b&gt;3&lt;/b&gt;" in part
    assert client.get(f"{base}seen/").status_code == 405 and not LastLook.objects.exists()
    assert client.post(f"{base}seen/").status_code == 204 and LastLook.objects.count() == 1
    other = Person(makers.make_user("sales"))
    client.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(base).status_code == 404 and client.post(f"{base}say/").status_code == 404
    assert client.post(f"{base}seen/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("note", {}), ("call", {"outcome": "busy", "minutes": "٥"}), ("visit", {"place": "Jeddah"}),
        ("meeting", {"title": "Plant", "decisions": "buy"}), ("whatsapp", {"direction": "in"}),
        ("task", {"title": "Offer", "day": "05/03/2027", "hour": "١٦:٣٠"}),
    ],
)  # fmt: skip
def test_the_composer_keeps_each_kind_without_scripts(customer, seller, client, kind, more):
    client.force_login(seller.user, backend="django.contrib.auth.backends.ModelBackend")
    url = f"/desk/talks/customers/{customer.pk}/say/"
    sheet = {"kind": kind, "body": "words", "once": "abc", **more}
    answer = client.post(url, sheet)
    assert answer.status_code == 302, answer.context["say"].errors
    assert client.post(url, sheet).status_code == 302  # the same sheet again
    kept = customer.activities.get()
    assert (kept.kind, kept.body, kept.owner) == (kind, "words", seller.user)
    if kind == "call":
        assert (kept.outcome, kept.minutes) == ("busy", 5)
    if kind == "task":
        assert kept.due.isoformat() == "2027-03-05T13:30:00+00:00"


def test_the_composer_says_what_is_missing(customer, seller, client):
    client.force_login(seller.user, backend="django.contrib.auth.backends.ModelBackend")
    url = f"/desk/talks/customers/{customer.pk}/say/"
    for sheet in ({"kind": "note"}, {"kind": "task"}, {"kind": "x"}, {"kind": "call", "next_step": "Offer"},
                  {"kind": "call", "minutes": "9999"}, {"kind": "note", "body": "x" * 20_001}):  # fmt: skip
        assert client.post(url, sheet).status_code == 422, sheet
    assert not customer.activities.exists()
