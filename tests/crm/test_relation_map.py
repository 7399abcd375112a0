"""The map of relations: no two names on one another, nothing that the viewer does not see, the same cost always."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from rawabit.crm.actions import affiliate, relate_contacts, relate_customers
from rawabit.crm.logic.circle import HEIGHT, Tie, narrow, rings, shortened, wide
from rawabit.crm.models import Customer
from rawabit.crm.relation_queries import circle_around
from rawabit.identity.actions import set_grants, set_roles
from rawabit.identity.models import Role
from tests import makers
from tests.laws.world import client_of
from tests.makers import NOW, SYSTEM, Person

# The drawing

NAMES = st.integers(0, 70).map(lambda number: f"p{number}")
TIES = st.lists(st.builds(Tie, NAMES, NAMES, st.integers(0, 5)), max_size=120)


def boxes_apart(drawing) -> bool:
    boxes = [(node.x, node.y) for node in drawing.nodes]
    return all(
        abs(x1 - x2) >= drawing.box or abs(y1 - y2) >= HEIGHT
        for i, (x1, y1) in enumerate(boxes)
        for x2, y2 in boxes[i + 1 :]
    )


@given(TIES)
def test_no_two_names_overlap_and_all_stand_inside(ties):
    placed, left_out = rings("p0", ties)
    for drawing in (wide(placed, ties, left_out), narrow(placed, left_out), narrow(placed, mirrored=True)):
        assert {node.key for node in drawing.nodes} == set(placed)
        assert boxes_apart(drawing)
        for node in drawing.nodes:
            assert node.x >= 0 and node.x + drawing.box <= drawing.width
            assert node.y >= 0 and node.y + HEIGHT <= drawing.height
    assert len(placed) <= 40
    assert wide(placed, ties) == wide(placed, ties)


@given(TIES)
def test_nothing_within_two_steps_is_lost_or_invented(ties):
    placed, left_out = rings("p0", ties)
    near = {}
    for tie in ties:
        near.setdefault(tie.one, set()).add(tie.other)
        near.setdefault(tie.other, set()).add(tie.one)
    first = near.get("p0", set()) - {"p0"}
    both = (first | {key for one in first for key in near[one]}) - {"p0"}
    assert set(placed) - {"p0"} <= both
    if len(both) < 40:
        assert (set(placed) - {"p0"}, left_out) == (both, 0)
        assert {key for key, (ring, _through) in placed.items() if ring == 1} == first
    else:
        assert left_out > 0 and len(placed) == 40


def test_the_important_come_first_when_there_is_no_room():
    ties = [Tie("p0", f"p{number}", 4) for number in range(1, 60)] + [Tie("p0", "boss", 1)]
    placed, left_out = rings("p0", ties, most=5)
    assert "boss" in placed and left_out == 56


def test_a_long_name_ends_at_a_word():
    assert shortened("مؤسسة النخيل") == "مؤسسة النخيل"
    assert shortened("شركة الواحة الخضراء للمقاولات العامة") == "شركة الواحة الخضراء…"
    assert len(shortened("x" * 300)) == 21


# What is found


@pytest.fixture
def net(db):
    head = makers.make_customer("Head office", owner=makers.make_user("manager", "Hind"))
    branch = makers.make_customer("Branch office", parent=head)
    partner = makers.make_customer("Partner firm")
    relate_customers(head, partner, "partner_of", note="since 2019", actor=SYSTEM, at=NOW)
    boss = makers.make_contact(head, "Noura Boss", role="decision_maker")
    friend = makers.make_contact(None, "Friend of Noura")
    relate_contacts(boss, friend, "knows", actor=SYSTEM, at=NOW)
    affiliate(friend, partner, "finance", actor=SYSTEM, at=NOW)
    far = makers.make_customer("Too far away")
    relate_customers(partner, far, "supplier_of", actor=SYSTEM, at=NOW)
    farther = makers.make_customer("Three steps away")
    relate_customers(far, farther, "supplier_of", actor=SYSTEM, at=NOW)
    return {"head": head, "branch": branch, "partner": partner, "boss": boss, "friend": friend, "far": far}


def names(record, actor, steps: int = 2) -> set[str]:
    return {str(row) for row in circle_around(record, actor, steps).records.values()}


def test_two_steps_around_a_customer_and_a_person(net, manager):
    one = {"Head office", "Branch office", "Partner firm", "Noura Boss", "Hind"}
    assert names(net["head"], manager.actor, 1) == one
    assert names(net["head"], manager.actor) == one | {"Friend of Noura", "Too far away"}
    assert names(net["friend"], manager.actor, 1) == {"Friend of Noura", "Noura Boss", "Partner firm"}
    facts = circle_around(net["head"], manager.actor).facts
    assert [(fact.one, fact.decides) for fact in facts if fact.decides] == [(f"p{net['boss'].pk}", True)]


def test_the_inactive_and_the_merged_are_not_drawn(net, manager):
    Customer.objects.filter(pk=net["partner"].pk).update(is_active=False)
    assert "Partner firm" not in names(net["head"], manager.actor)
    assert "Too far away" not in names(net["head"], manager.actor)


def own_only() -> Person:
    role = Role.objects.create(code="own", name="own")
    set_grants(role, dict.fromkeys(makers.every_permission(), "own"), actor=SYSTEM, at=NOW)
    user = makers.make_user("")
    set_roles(user, [role], actor=SYSTEM, at=NOW)
    return Person(user)


def test_nobody_sees_more_on_the_map_than_in_the_lists(net):
    me = own_only()
    Customer.objects.filter(pk=net["head"].pk).update(owner=me.user)
    client = client_of(me.user)
    page = client.get(f"/desk/customers/{net['head'].pk}/map/").content.decode()
    assert "Noura Boss" in page
    for hidden in ("Branch office", "Partner firm", "Friend of Noura", "Too far away", "since 2019"):
        assert hidden not in page, hidden
    assert client.get(f"/desk/customers/{net['partner'].pk}/map/").status_code == 404
    assert client.get(f"/desk/contacts/{net['friend'].pk}/map/").status_code == 404


def test_others_are_refused(net, amina):
    url = f"/desk/customers/{net['head'].pk}/map/"
    assert client_of(makers.make_user("")).get(url).status_code == 403
    assert client_of(amina.user).get(url).status_code in (302, 403, 404)


@pytest.mark.django_db
def test_a_bigger_net_costs_no_more_queries(net, manager):
    client, url = client_of(manager.user), f"/desk/customers/{net['head'].pk}/map/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(30):
        person = makers.make_contact(net["head"], f"person {number}")
        relate_contacts(net["friend"], person, "knows", actor=SYSTEM, at=NOW)
        makers.make_customer(f"branch {number}", parent=net["head"])
    with CaptureQueriesContext(connection) as many:
        page = client.get(url).content.decode()
    assert len(many) == len(few)
    assert page.count("<rect") == 80, "forty names, for wide and for narrow screens"
    assert "+ " in page


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_name_is_a_link_and_stands_in_words_too(net, manager, language):
    user = manager.user
    user.language = language
    user.save(update_fields=["language"])
    client = client_of(user)
    page = client.get(f"/desk/customers/{net['head'].pk}/map/").content.decode()
    links = set(re.findall(r'href="(/desk/(?:customers|contacts)/\d+/map/)"', page))
    assert f"/desk/contacts/{net['boss'].pk}/map/" in links and f"/desk/customers/{net['partner'].pk}/map/" in links
    for url in links:
        assert client.get(url).status_code == 200
    said = page.split('id="in-words"')[1]
    assert "Noura Boss" in said and "since 2019" in said and "style=" not in page.split("<main")[1]


def test_hostile_names_are_text(manager):
    wild = makers.make_customer('<script>alert(1)</script>"\u202e')
    makers.make_contact(wild, "<b onload=x>")
    page = client_of(manager.user).get(f"/desk/customers/{wild.pk}/map/").content.decode()
    assert "<script>alert" not in page and "<b onload" not in page
