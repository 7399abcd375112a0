"""Who can see a record and why agrees with the rules; and the guard finds a leak when there is one."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command  # noqa: F401 -- Django's own commands are set up by it
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from rawabit.crm.actions import hand_over, put_territory
from rawabit.crm.models import PortalAccess, Territory
from rawabit.identity.actions import set_team_members
from rawabit.identity.models import STAFF, Team, User
from rawabit.identity.queries import actor_of
from rawabit.kit.links.actions import Holder, share
from rawabit.kit.records import actor as rules
from rawabit.kit.records import prepared
from rawabit.kit.records.models import Event, Notice
from rawabit.portal.actions.guarding import guard
from rawabit.portal.models import GuardRun
from rawabit.portal.queries.sight import customers_people, links_to, may_see, seers_of
from tests.laws.world import MAKERS, client_of, make_side
from tests.makers import (
    NOW,
    ONE_DAY,
    SYSTEM,
    confirmed_order,
    make_customer,
    make_customer_user,
    make_user,
    posted_invoice,
)

pytestmark = pytest.mark.django_db


# Who can see this


def staff() -> list[User]:
    people = [make_user(role) for role in ("manager", "sales", "sales", "support", "accountant", "administrator", "")]
    set_team_members(Team.objects.create(name="North"), people[1:3], actor=SYSTEM, at=NOW)
    return list(User.objects.filter(pk__in=[person.pk for person in people]))


def test_it_agrees_with_the_row_rule_for_everybody_and_every_kind():
    people = staff()
    customer = make_customer(owner=people[1])
    records = (
        [make() for make in MAKERS.values()] + make_side("CNRYONE").records + [customer, confirmed_order(customer)]
    )
    portal = [make_customer_user(make_customer(), role).actor for role in ("owner", "buyer", "finance", "support")]
    portal += [make_customer_user(customer, role).actor for role in ("owner", "buyer", "finance", "support")]
    actors = [*(actor_of(person) for person in User.objects.filter(kind=STAFF)), *portal]
    asked = 0
    for record in records:
        rows = getattr(type(record), "objects", None)
        if rows is None or not hasattr(rows.all(), "visible_to"):
            continue
        asked += 1
        truth = [rows.visible_to(actor).filter(pk=record.pk).exists() for actor in actors]
        assert may_see(record, actors) == truth, record
    assert asked > 25


def test_each_reason():
    owner, mate, local, everybody = make_user("sales"), make_user("sales"), make_user("sales"), make_user("manager")
    stranger = make_user("sales")
    set_team_members(Team.objects.create(name="North"), [owner, mate], actor=SYSTEM, at=NOW)
    territory = Territory(name="Riyadh")
    put_territory(territory, members=[local], actor=SYSTEM, at=NOW)
    customer = make_customer(territory=territory)
    hand_over(customer, owner, actor=SYSTEM, at=NOW)
    customer.refresh_from_db()

    found = {seer.user: seer.why for seer in seers_of(customer)}

    assert [found.get(one) for one in (owner, mate, local, everybody, stranger)] == [
        "own", "team", "territory", "all", None,
    ]  # fmt: skip


def test_the_customers_people_by_what_their_role_opens():
    customer = make_customer()
    people = {role: make_customer_user(customer, role).user for role in ("owner", "buyer", "finance", "support")}
    make_customer_user(make_customer(), "owner")

    by = {kind: {row.role for row in customers_people(record)} for kind, record in (
        ("order", confirmed_order(customer)), ("invoice", posted_invoice(customer)), ("customer", customer),
    )}  # fmt: skip

    assert by == {"order": {"owner", "buyer"}, "invoice": {"owner", "finance"}, "customer": set(people)}
    PortalAccess.objects.filter(user=people["owner"]).update(is_active=False)
    assert {row.role for row in customers_people(customer)} == {"buyer", "finance", "support"}


def test_links_that_are_good_for_something():
    order = confirmed_order()
    made = share(order, purpose="view", holder=Holder("Sami", "s@x.example"), days=3, actor=SYSTEM, at=NOW)

    assert links_to(order, NOW) == [made]
    assert links_to(order, NOW + 4 * ONE_DAY) == []


def test_two_hundred_colleagues_are_few_questions():
    order = confirmed_order(make_customer(owner=make_user("sales")))
    template = make_user("sales")
    users = [User(email=f"u{n}@example.com", full_name=f"u{n}", rights=template.rights, team_user_ids=[n])
             for n in range(200)]  # fmt: skip
    User.objects.bulk_create(users)

    with CaptureQueriesContext(connection) as asked:
        seers_of(order)

    assert len(asked) <= 12


def test_the_page_and_who_may_open_it(manager, seller):
    order = confirmed_order()
    noura = make_customer_user(order.customer, "owner", "Noura").user

    page = client_of(manager.user).get(f"/desk/who/orders/{order.pk}/").content.decode()

    assert noura.email in page
    assert manager.user.email in page
    assert f"/desk/who/orders/{order.pk}/" in client_of(manager.user).get(f"/desk/orders/{order.pk}/").content.decode()
    assert client_of(seller.user).get(f"/desk/who/orders/{order.pk}/").status_code == 404
    assert client_of(manager.user).get(f"/desk/who/nothing/{order.pk}/").status_code == 404
    assert client_of(noura).get(f"/desk/who/orders/{order.pk}/").status_code == 404


# The guard


@pytest.fixture
def two_sides(db):
    from rawabit.config.commands.createadmin import declared_permissions  # noqa: F401

    ours, theirs = make_side("CNRYOURS"), make_side("CNRYTHEIRS")
    return ours, theirs


def rights_and_sessions():
    from django.contrib.sessions.models import Session

    return Session.objects.count(), Event.objects.filter(name="user.signed_in").count()


def test_nothing_leaks(two_sides, manager):
    before = rights_and_sessions()

    run = guard(NOW)

    assert run.leaks == []
    assert (run.state, run.customers) == ("ok", 2)
    assert run.tried > 200
    assert rights_and_sessions() == before, "nobody signed in, and no session is left"
    assert not Notice.objects.filter(kind="guard").exists()


def test_a_leak_is_found_and_told(two_sides, administrator, monkeypatch):
    monkeypatch.setitem(rules._RULES, apps.get_model("sales.Order"), lambda actor: ~Q(state="draft"))
    for query in prepared.ALL:
        monkeypatch.setattr(query, "_plans", {})

    run = guard(NOW)

    assert run.state == "leak"
    assert {leak["kind"] for leak in run.leaks} >= {"sales.Order"}
    assert Notice.objects.get(user=administrator.user).kind == "guard"
    assert Event.objects.get(name="guard.leaked").facts["leaks"] == len(run.leaks)


def test_with_nobody_to_be_it_says_that_it_is_blind(db):
    confirmed_order()

    assert guard(NOW).state == "blind"


def test_old_runs_are_forgotten(db, monkeypatch):
    monkeypatch.setattr("rawabit.portal.actions.guarding.KEPT", 2)
    for day in range(4):
        guard(NOW + day * ONE_DAY)

    assert GuardRun.objects.count() == 2


def test_the_doctor_repeats_what_was_found(db):
    from rawabit.config.commands.checks import leaks

    assert leaks()[0]
    GuardRun.objects.create(at=NOW, tried=5, opened=2, leaks=[{"url": "/x"}])
    good, said = leaks()
    assert not good
    assert "1 LEAKS" in said
