"""Who sees whom: row rules by scope, portal access by role, snapshots."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client

from rawabit.crm.actions import (
    change_portal_role,
    grant_portal_access,
    put_customer,
    put_territory,
    revoke_portal_access,
    set_territory_members,
)
from rawabit.crm.models import Contact, Customer, PortalAccess, Territory
from rawabit.crm.policies import BUYING, may_on
from rawabit.crm.queries import customer_roles_of, territories_of
from rawabit.identity.actions import set_grants, set_team_members
from rawabit.identity.models import Role, Team, User
from rawabit.kit.records.actor import Actor, rule_of
from rawabit.kit.states import Refused
from tests.makers import (
    NOW,
    SYSTEM,
    actor,
    make_contact,
    make_customer,
    make_customer_user,
    make_user,
)

MODULES = (
    "company", "identity", "catalog", "crm", "ledger", "pipeline", "leads", "talks", "mailroom", "sales", "shipping",
    "billing", "telling", "portal",
)  # fmt: skip


def models():
    """Models whose manager answers ``visible_to``; others are reached through these alone."""
    every = [model for name in MODULES for model in apps.get_app_config(name).get_models()]
    return [model for model in every if hasattr(model._default_manager, "visible_to")]


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_every_model_has_a_rule_that_hides_it_from_strangers(db, model):
    assert rule_of(model) is not None
    for stranger in (Actor(None), Actor(1), Actor(1, customer_ids=frozenset())):
        assert not model.objects.visible_to(stranger).exists()


@pytest.mark.parametrize("scope", ["own", "team", "territory", "all"])
def test_scopes(company, scope):
    me, mate, stranger = make_user("sales"), make_user("sales"), make_user("sales")
    set_team_members(Team.objects.create(name="T"), [me, mate], actor=SYSTEM, at=NOW)
    region = put_territory(Territory(name="R"), members=[me], actor=SYSTEM, at=NOW)
    mine, ours = make_customer("m", owner=me), make_customer("o", owner=mate)
    regional = make_customer("r", owner=stranger, territory=region)
    foreign = make_customer("f", owner=stranger)
    role = Role.objects.get(code="sales")
    set_grants(role, {"crm.view_customer": scope, "crm.change_customer": scope}, actor=SYSTEM, at=NOW)
    expected = {"own": {mine}, "team": {mine, ours}, "territory": {mine, ours, regional}}
    expected["all"] = {mine, ours, regional, foreign}

    assert set(Customer.objects.visible_to(actor(me))) == expected[scope]
    judged = {one for one in Customer.objects.all() if may_on(actor(me), "crm.change_customer", one)}
    assert judged == expected[scope], "the verdict on one row must agree with the rows of the list"


def test_contacts_follow_their_customers(seller):
    customer = put_customer(Customer(name="س"), actor=seller.actor, at=NOW)
    theirs, foreign = make_contact(customer), make_contact(make_customer())
    mine = make_contact(owner=seller.user)

    assert set(Contact.objects.visible_to(seller.actor)) == {theirs, mine}
    assert foreign not in Contact.objects.visible_to(seller.actor)


def test_a_customer_s_user_sees_his_own_customers_only(amina, babak):
    assert Customer.objects.visible_to(amina.actor).get() == amina.customer
    assert Customer.objects.visible_to(babak.actor).get() == babak.customer


def test_account_owners_see_their_colleagues_access(amina, babak):
    buyer = make_customer_user(amina.customer, "buyer")
    assert PortalAccess.objects.visible_to(amina.actor).count() == 2
    assert PortalAccess.objects.visible_to(buyer.actor).get().user == buyer.user
    assert PortalAccess.objects.visible_to(babak.actor).get().user == babak.user


def test_one_person_for_several_customers(amina, company):
    other = make_customer()
    grant_portal_access(other, amina.user.email, "", "buyer", actor=SYSTEM, at=NOW)
    assert amina.actor.customer_roles == {amina.customer.pk: "owner", other.pk: "buyer"}


def test_granting_again_changes_the_role(amina):
    grant_portal_access(amina.customer, amina.user.email, "", "finance", actor=SYSTEM, at=NOW)
    assert amina.actor.customer_roles == {amina.customer.pk: "finance"}
    assert PortalAccess.objects.count() == 1


def test_the_account_owner_invites_and_others_do_not(amina, babak):
    grant_portal_access(amina.customer, "new@customer.example", "جديد", "buyer", actor=amina.actor, at=NOW)
    buyer = User.objects.get(email="new@customer.example")
    for who, customer in ((actor(buyer, "portal"), amina.customer), (babak.actor, amina.customer)):
        with pytest.raises(PermissionDenied):
            grant_portal_access(customer, "x@customer.example", "x", "buyer", actor=who, at=NOW)


def test_colleagues_are_no_customers(amina, agent):
    with pytest.raises(Refused):
        grant_portal_access(amina.customer, agent.user.email, "", "buyer", actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        grant_portal_access(amina.customer, "x@customer.example", "", "king", actor=SYSTEM, at=NOW)


def test_revoking_signs_out_at_once(amina):
    client = Client()
    client.force_login(amina.user)

    revoke_portal_access(PortalAccess.objects.get(user=amina.user), actor=SYSTEM, at=NOW)

    request = HttpRequest()
    request.session = client.session
    assert get_user(request).is_anonymous
    assert amina.actor.customer_ids == frozenset()
    assert not Customer.objects.visible_to(amina.actor).exists()


def test_an_inactive_customer_is_out_of_sight(amina):
    customer = Customer.objects.get(pk=amina.customer.pk)
    customer.is_active = False
    put_customer(customer, actor=SYSTEM, at=NOW)
    assert amina.actor.customer_ids == frozenset()


def test_roles_decide_what_may_be_done(amina):
    finance = make_customer_user(amina.customer, "finance")
    assert may_on(amina.actor, "sales.accept_quotation", amina.customer, roles=BUYING)
    assert not may_on(finance.actor, "sales.accept_quotation", amina.customer, roles=BUYING)
    assert not may_on(amina.actor, "sales.accept_quotation", amina.customer)


def test_snapshots_always_equal_the_truth(company):
    """After every action that changes territories or portal access, each row says what would be worked out anew."""
    one, two = make_user("sales"), make_user("sales")
    customers = [make_customer(), make_customer()]
    person = make_customer_user(customers[0], "owner")
    top = put_territory(Territory(name="T"), members=[one], actor=SYSTEM, at=NOW)
    child = put_territory(Territory(name="C", parent=top), members=[two], actor=SYSTEM, at=NOW)

    def access() -> PortalAccess:
        return PortalAccess.objects.get(user=person.user, customer=customers[0])

    steps = [
        lambda: set_territory_members(child, [], actor=SYSTEM, at=NOW),
        lambda: put_territory(Territory(name="G", parent=child, manager=two), actor=SYSTEM, at=NOW),
        lambda: set_territory_members(top, [two], actor=SYSTEM, at=NOW),
        lambda: grant_portal_access(customers[1], person.user.email, "", "buyer", actor=SYSTEM, at=NOW),
        lambda: change_portal_role(access(), "support", actor=SYSTEM, at=NOW),
        lambda: revoke_portal_access(access(), actor=SYSTEM, at=NOW),
    ]
    for step in steps:
        step()
        for user in User.objects.all():
            assert user.territory_ids == territories_of(user), user
            assert user.customer_roles == customer_roles_of(user), user
