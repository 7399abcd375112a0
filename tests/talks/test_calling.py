"""The call log: recent people first, one call per mark, answers that a telephone understands."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from rawabit.talks import actions
from rawabit.talks.models import Activity
from rawabit.talks.queries.people import find_people, recent_people
from tests import makers
from tests.makers import NOW, Person, make_call, make_contact, make_customer

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
KEEP = "/desk/call/keep/"


@pytest.fixture
def customer(seller):
    return make_customer(owner=seller.user)


@pytest.fixture
def desk(client, seller):
    client.force_login(seller.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_recent_people_come_first(customer, seller):
    old, fresh, never = (make_contact(customer, name, mobile="+966501234567") for name in ("Old", "Fresh", "Never"))
    foreign = make_contact(
        make_customer(owner=Person(makers.make_user("sales")).user), "Foreign", mobile="+966501234568"
    )
    lead = makers.make_lead("Lead", owner=seller.user, phone="0501234569")
    make_call(old, by=seller.actor, at=NOW)
    make_call(fresh, by=seller.actor, at=NOW + timedelta(hours=1))
    found = recent_people(seller.actor)
    assert [one.name for one in found[:2]] == ["Fresh", "Old"] and found[0].hint == str(customer)
    assert {one.about for one in found} == {f"contacts:{one.pk}" for one in (old, fresh, never)} | {f"leads:{lead.pk}"}
    assert foreign.full_name not in {one.name for one in found}
    assert [one.name for one in find_people("never", seller.actor)] == ["Never"]
    assert not find_people("foreign", seller.actor)


def test_the_page_and_what_stands_beside_it(desk, customer):
    contact = make_contact(customer, "<b>Noura</b>", mobile="+966501234567")
    page = desk.get(f"/desk/call/?about=contacts:{contact.pk}").content.decode()
    assert f'value="contacts:{contact.pk}" data-name="&lt;b&gt;Noura&lt;/b&gt;" checked' in page
    assert "tel:+966501234567" in page and "https://wa.me/966501234567" in page
    assert desk.get("/desk/call/?about=contacts:999999").status_code == 404
    for nonsense in ("x", "users:1", "contacts:x", "contacts:"):
        assert desk.get("/desk/call/", {"about": nonsense}).status_code == 404
    worker = desk.get("/desk/call/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    state = json.loads(desk.get("/desk/call/state/").content)
    assert set(state) == {"user", "csrf"}


def test_a_telephone_sends_twice_and_one_call_is_kept(desk, customer, seller):
    told = (timezone.now() - timedelta(hours=3)).isoformat()
    sheet = {"about": f"customers:{customer.pk}", "outcome": "answered", "key": "mark-1", "at": told, "body": "hi",
             "minutes": "۷", "next_step": "", "next_on": "", "direction": "out"}  # fmt: skip
    first, again = (json.loads(desk.post(KEEP, sheet, headers=JSON).content) for _time in range(2))
    assert first == again
    call = Activity.objects.get()
    assert (call.pk, call.minutes, call.owner, call.at) == (first["kept"], 7, seller.user, datetime.fromisoformat(told))


def test_clocks_that_are_wrong(desk, customer):
    sheet = {"about": f"customers:{customer.pk}", "outcome": "busy"}
    for number, told in enumerate(("2099-01-01T00:00:00Z", "nonsense", "2026-01-01T00:00:00", "0001-01-01T00:00:00Z")):
        answer = desk.post(KEEP, {**sheet, "key": str(number), "at": told}, headers=JSON)
        assert answer.status_code == 200, told
    for call in Activity.objects.all():
        assert timezone.now() - timedelta(days=91) < call.at <= timezone.now()


@pytest.mark.parametrize(
    "wrong", [{"outcome": ""}, {"outcome": "x"}, {"minutes": "9999"}, {"about": ""}, {"about": "users:1"},
              {"about": "customers:99999999999999999999"}, {"next_step": "Offer"}]
)  # fmt: skip
def test_what_cannot_be_kept_is_said_in_words(desk, customer, wrong):
    sheet = {"about": f"customers:{customer.pk}", "outcome": "busy", "key": "k", **wrong}
    answer = desk.post(KEEP, sheet, headers=JSON)
    assert answer.status_code == 422 and json.loads(answer.content)["problem"]
    assert not Activity.objects.exists()


def test_a_record_that_went_out_of_sight(desk):
    foreign = make_customer(owner=Person(makers.make_user("sales")).user)
    sheet = {"about": f"customers:{foreign.pk}", "outcome": "busy", "key": "k"}
    answer = desk.post(KEEP, sheet, headers=JSON)
    assert answer.status_code == 422 and not Activity.objects.exists()
    assert desk.post(KEEP, sheet).status_code == 404


def test_without_scripts_the_form_leads_back(desk, customer):
    answer = desk.post(KEEP, {"about": f"customers:{customer.pk}", "outcome": "busy", "key": "k"})
    assert answer.status_code == 302 and answer.url == f"/desk/customers/{customer.pk}/#timeline"


def test_visitors_and_customers_are_kept_out(client, amina):
    assert client.get("/desk/call/").status_code == 302
    client.force_login(amina.user, backend="django.contrib.auth.backends.ModelBackend")
    for page in ("/desk/call/", "/desk/tasks/", "/desk/week/", "/desk/team/", "/desk/call/state/"):
        assert client.get(page).status_code == 404
    assert client.post(KEEP, {}).status_code == 404


# My day, tasks, week


def test_my_day_on_today(desk, customer, seller):
    now = timezone.now()
    other = Person(makers.make_user("sales"))
    late = actions.plan_task(customer, "Late", due=now - timedelta(hours=30), actor=seller.actor, at=now)
    actions.plan_task(None, "Not mine", due=now, actor=other.actor, at=now)
    deal = makers.make_opportunity(customer, by=seller.actor)
    deal.next_on, deal.next_step = now.date() - timedelta(days=1), "Ring the plant"
    deal.save()
    page = desk.get("/desk/").content.decode()
    assert "Late" in page and "Ring the plant" in page and "Not mine" not in page
    tasks = desk.get("/desk/tasks/").content.decode()
    assert "Late" in tasks and "Not mine" not in tasks
    answer = desk.post(f"/desk/tasks/{late.pk}/", {"until": "tomorrow", "next": "//evil.example/"})
    assert answer.url == "/desk/tasks/"
    late.refresh_from_db()
    assert late.due > now
    assert desk.post(f"/desk/tasks/{late.pk}/", {"done": "1", "next": "/desk/"}).url == "/desk/"
    late.refresh_from_db()
    assert late.done_at


def test_nobody_ticks_off_for_another(desk, customer, seller):
    other = Person(makers.make_user("sales"))
    theirs = actions.plan_task(None, "Theirs", due=NOW, actor=other.actor, at=NOW)
    assert desk.post(f"/desk/tasks/{theirs.pk}/", {"done": "1"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_open


def test_the_week_begins_on_the_companys_day(desk, customer, seller):
    task = actions.plan_task(customer, "In the week", due=NOW, actor=seller.actor, at=NOW)
    answer = desk.get("/desk/week/?day=2026-03-05")
    grid = answer.context["grid"]
    assert (grid[0][0].isoformat(), grid[6][0].isoformat()) == ("2026-03-01", "2026-03-07")
    assert [[row.pk for row in rows] for _day, _name, _now, rows in grid] == [[], [], [], [], [task.pk], [], []]
    for nonsense in ("x", "0001-01-01", "9999-12-31"):
        assert desk.get(f"/desk/week/?day={nonsense}").status_code == 200


def test_the_team_is_seen_by_those_who_may(desk, customer, seller, manager, client):
    actions.plan_task(customer, "Seller's own", due=NOW, actor=seller.actor, at=NOW)
    client.force_login(manager.user, backend="django.contrib.auth.backends.ModelBackend")
    assert b"Seller" not in client.get("/desk/tasks/").content
    assert b"Seller&#x27;s own" in client.get("/desk/tasks/?whose=team").content
    assert b"Seller&#x27;s own" in client.get("/desk/week/?whose=team&day=2026-03-05").content
    assert b"Seller&#x27;s own" not in client.get("/desk/week/?day=2026-03-05").content


def test_lists_cost_the_same_however_long(desk, customer, seller, django_assert_max_num_queries):
    def cost(page):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            assert desk.get(page).status_code == 200
        return len(caught)

    def more():
        contact = make_contact(customer, mobile="+966501234567")
        actions.plan_task(customer, "t", due=timezone.now(), contact=contact, actor=seller.actor, at=timezone.now())
        make_call(contact, by=seller.actor)
        makers.make_lead(owner=seller.user, phone="0501234569")

    pages = ("/desk/", "/desk/tasks/", "/desk/week/", "/desk/call/", "/desk/team/", "/desk/activities/")
    more()
    [cost(page) for page in pages]
    before = [cost(page) for page in pages]
    for _again in range(4):
        more()
    assert [cost(page) for page in pages] == before
