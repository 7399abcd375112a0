"""New customers find their territory by their place; the tree and who stands outside it."""

from __future__ import annotations

import pytest

from rawabit.crm.actions import save_rule
from rawabit.crm.actions.territories import territory_for
from rawabit.crm.models import Territory, TerritoryRule
from rawabit.crm.queries import owner_conflicts, tree_of_territories
from rawabit.kit.states import Refused
from tests import makers
from tests.laws.world import client_of
from tests.makers import NOW, SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(company):
    land = Territory.objects.create(name="Saudi Arabia")
    west = Territory.objects.create(name="West", parent=land)
    save_rule("SA", "", land, actor=SYSTEM, at=NOW)
    save_rule("SA", "جدّة", west, actor=SYSTEM, at=NOW)
    return land, west


def test_the_city_decides_before_the_country(places):
    land, west = places
    assert territory_for("SA", "جدة") == west, "however it is spelt"
    assert territory_for("SA", "الرياض") == land
    assert territory_for("IR", "تهران") is None


def test_a_new_customer_gets_the_territory_of_his_place(places):
    land, west = places
    customer = makers.make_customer("new", country="SA")
    assert customer.territory == land
    makers.make_address(customer, city="جدة")
    customer.refresh_from_db()
    assert customer.territory == west
    makers.make_address(customer, city="الرياض")
    customer.refresh_from_db()
    assert customer.territory == west, "a second address moves nobody"


def test_a_chosen_territory_stays(places):
    own = Territory.objects.create(name="own")
    customer = makers.make_customer("chosen", country="SA", territory=own)
    makers.make_address(customer, city="جدة")
    customer.refresh_from_db()
    assert customer.territory == own


def test_one_territory_for_a_place(places):
    with pytest.raises(Refused):
        save_rule("SA", "جدة", places[0], actor=SYSTEM, at=NOW)
    assert TerritoryRule.objects.count() == 2


def test_a_rule_is_kept_from_its_form(places, manager):
    land, _west = places
    client = client_of(manager.user)
    data = {"country": "AE", "city": "دُبي", "territory": str(land.pk)}
    assert client.post("/desk/territory-rules/new/", data).status_code == 302
    assert territory_for("AE", "دبي") == land
    assert client.post("/desk/territory-rules/new/", data).status_code in (200, 409, 422)
    assert client_of(makers.make_user("sales")).post("/desk/territory-rules/new/", data).status_code == 403


def test_the_tree_counts_what_one_sees(places, manager, seller):
    _land, west = places
    makers.make_customer("a", territory=west)
    makers.make_customer("b", territory=west, owner=seller.user)
    shown = [(str(row), depth, row.count) for row, depth in tree_of_territories(manager.actor)]
    assert shown == [("Saudi Arabia", 0, 0), ("West", 1, 2)]
    assert [row.count for row, _depth in tree_of_territories(seller.actor)] == [0, 1]
    assert client_of(manager.user).get("/desk/territories/tree/").status_code == 200
    assert client_of(makers.make_user("")).get("/desk/territories/tree/").status_code == 403


def test_account_managers_outside_the_territory(places, manager, seller):
    land, west = places
    inside, above = makers.make_user("sales", "inside"), makers.make_user("sales", "above")
    west.members.add(inside)
    land.manager = above
    land.save()
    for owner in (inside, above, seller.user):
        makers.make_customer(f"of {owner.full_name}", territory=west, owner=owner)
    makers.make_customer("nobody's", territory=west)
    assert [row.owner for row in owner_conflicts(manager.actor)] == [seller.user]
    page = client_of(manager.user).get("/desk/territories/tree/").content.decode()
    assert page.count('id="conflicts"') == 1
