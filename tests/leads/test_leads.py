"""Leads: cleaned, scored with reasons, given out by rules, moved, and made customers without losing anything."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from rawabit.crm.models import Affiliation, Contact, Customer, Territory
from rawabit.identity.models import Team
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.leads import actions
from rawabit.leads.actions import Become
from rawabit.leads.logic.assigning import Conditions, Facts, fits, least_loaded, next_in_turn
from rawabit.leads.logic.scoring import Rule, holds, score
from rawabit.leads.models import AssignmentRule, Choice, Criterion, Lead, Question
from rawabit.leads.queries import known_contact, twins_of
from rawabit.pipeline.models import Opportunity, Source
from tests import makers
from tests.makers import NOW, SYSTEM, TODAY, make_lead

pytestmark = pytest.mark.django_db


def test_what_comes_in_is_cleaned_and_nothing_is_lost():
    lead = make_lead("  سعد\u202e  العتيبي ", phone="٠٥٠ ١٢٣ ٤٥٦٧", email=" Saad@Lead.Example ", company_name="")
    assert (lead.name, lead.phone, lead.email) == ("سعد العتيبي", "+966501234567", "saad@lead.example")
    odd = make_lead(phone="call me after six")
    assert (odd.phone, odd.interest) == ("", "call me after six")
    assert lead.number == "L-2026-00001" and lead.state == "new"


@pytest.mark.parametrize("nobody", [{}, {"name": " ", "email": "", "phone": ""}, {"name": "\u200f"}])
def test_a_lead_is_somebody(company, nobody):
    with pytest.raises(Refused):
        actions.create_lead(Lead(**nobody), actor=SYSTEM, at=NOW)
    assert Lead.objects.count() == 0


def test_the_score_says_what_it_is_made_of(company):
    Criterion.objects.create(name="Has a company", field="company_name", test="filled", points=30)
    Criterion.objects.create(name="In Riyadh", field="city", test="is", value="الرياض", points=25)
    Criterion.objects.create(name="Free mail", field="email", test="contains", value="@gmail.", points=-10)
    Criterion.objects.create(name="Off", field="email", test="filled", points=500, is_active=False)
    lead = make_lead(company_name="شركة", city="الرّياض", email="a@gmail.com")
    assert (lead.score, lead.priority) == (45, "normal")
    assert lead.score_facts == [
        {"label": "Has a company", "points": 30}, {"label": "In Riyadh", "points": 25},
        {"label": "Free mail", "points": -10},
    ]  # fmt: skip
    question = Question.objects.create(name="Budget?")
    small, large = (
        Choice.objects.create(question=question, name=name, points=p) for name, p in (("no", -5), ("yes", 40))
    )
    actions.answer(lead, question, small, actor=SYSTEM, at=NOW)
    lead = actions.answer(lead, question, large, actor=SYSTEM, at=NOW)
    assert lead.score == 85 and lead.score_facts[-1] == {"label": "Budget?: yes", "points": 40}
    other = Choice.objects.create(question=Question.objects.create(name="When?"), name="now", points=1)
    with pytest.raises(Refused):
        actions.answer(lead, question, other, actor=SYSTEM, at=NOW)


@pytest.mark.parametrize(
    ("test", "value", "have", "expected"),
    [
        ("is", "جدة", "جدّه", True), ("is", "", "", False), ("is_not", "جدة", "الرياض", True),
        ("filled", "", " ", False),
        ("empty", "", "", True), ("contains", "AHMAD", "ahmad@x.example", True), ("contains", "", "x", False),
        ("unknown", "x", "x", False),
    ],
)  # fmt: skip
def test_conditions(test: str, value: str, have: str, expected: bool):
    assert holds(Rule("r", "city", test, value, 1), {"city": have}) is expected


def test_no_other_field_can_be_asked_for():
    assert not holds(Rule("r", "owner__password", "filled", "", 1), {"owner__password": "x"})
    assert score([Rule("r", "city", "filled", "", 9_000)], {"city": "x"})[0] == 1000


def test_rules_give_leads_out_in_turn(company, seller):
    other = makers.make_user("sales")
    team = Team.objects.create(name="Sales")
    team.members.set([seller.user, other])
    AssignmentRule.objects.create(name="Europe", country="DE", way="person", person=other, position=1)
    AssignmentRule.objects.create(name="All", way="turn", team=team, position=2)
    first, second = sorted([seller.user.pk, other.pk])
    assert [make_lead().owner_id for _ in range(3)] == [first, second, first]
    assert make_lead(country="DE").owner_id == other.pk
    told = actions.rehearse([make_lead(country="DE"), make_lead()])
    assert [str(one.rule) for one in told] == ["Europe", "All"]


def test_the_least_loaded_and_the_near_ones(company, seller):
    busy = makers.make_user("sales")
    territory = Territory.objects.create(name="West")
    territory.members.set([seller.user, busy])
    for _ in range(2):
        Lead.objects.filter(pk=make_lead().pk).update(owner=busy)
    AssignmentRule.objects.create(name="Near", way="territory")
    assert make_lead(territory=territory).owner_id == seller.user.pk
    assert make_lead().owner_id is None  # without a territory nobody is near


def test_moves(company, seller):
    lead = make_lead()
    taken = actions.take(lead, actor=seller.actor, at=NOW)
    assert (taken.owner_id, taken.state) == (seller.user.pk, "working")
    planned = actions.plan(taken, "Call", TODAY, actor=seller.actor, at=NOW)
    assert (planned.next_step, planned.next_on) == ("Call", TODAY)
    with pytest.raises(Refused):
        actions.drop(planned, " ", actor=seller.actor, at=NOW)
    dropped = actions.drop(planned, "Student project", actor=seller.actor, at=NOW)
    assert (dropped.state, dropped.next_step) == ("unqualified", "")
    with pytest.raises(Refused):
        actions.qualify(dropped, actor=seller.actor, at=NOW)
    assert actions.revive(dropped, actor=seller.actor, at=NOW).state == "working"


def test_a_lead_becomes_customer_contact_and_opportunity(company, seller):
    lead = make_lead("Noura", company_name="Acme", phone="0501234567", source=Source.objects.first(), by=SYSTEM)
    lead = actions.take(lead, actor=seller.actor, at=NOW)
    done = actions.convert_lead(lead, Become(deal="Pumps", value=500_00), actor=seller.actor, at=NOW)
    customer, person, deal = Customer.objects.get(), Contact.objects.get(), Opportunity.objects.get()
    assert (done.state, done.customer, done.contact, done.opportunity) == ("converted", customer, person, deal)
    assert (customer.name, customer.kind, customer.owner_id) == ("Acme", "company", seller.user.pk)
    assert (person.full_name, person.mobile) == ("Noura", "+966501234567")
    assert Affiliation.objects.get().customer == customer
    assert (deal.title, deal.value, deal.customer, deal.source_id, deal.owner_id) == (
        "Pumps", 500_00, customer, lead.source_id, seller.user.pk,
    )  # fmt: skip
    assert {"lead.created", "lead.taken", "lead.converted"} <= set(
        Event.objects.about(done).values_list("name", flat=True)
    )
    with pytest.raises(Refused):
        actions.convert_lead(done, Become(), actor=seller.actor, at=NOW)
    assert Customer.objects.count() == 1


def test_joining_an_existing_customer(company, seller):
    mine = makers.make_customer(owner=seller.user)
    foreign = makers.make_customer()
    lead = actions.take(make_lead("Ali"), actor=seller.actor, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.convert_lead(lead, Become(customer=foreign), actor=seller.actor, at=NOW)
    done = actions.convert_lead(lead, Become(customer=mine), actor=seller.actor, at=NOW)
    assert (done.customer, done.opportunity, Customer.objects.count()) == (mine, None, 2)


def test_twins_are_found_in_ones_own_sight(company, seller, manager):
    mine = makers.make_customer("شركة الأفق للتجارة", owner=seller.user, phone="+966501112222")
    makers.make_customer("مؤسسة الأفق", email="info@ofoq.example")
    lead = make_lead("سامي", email="info@ofoq.example")
    found = twins_of(seller.actor, company="الافق", phone="+966501112222")
    assert [twin.record for twin in found] == [mine] and set(found[0].why) == {"phone", "name"}
    everything = twins_of(manager.actor, company="الأفق", email="INFO@ofoq.example")
    assert lead in [twin.record for twin in everything] and len(everything) == 3
    assert twins_of(manager.actor) == []


def test_who_sees_leads(company, seller, clerk, amina):
    nobody_has, foreign = make_lead(), make_lead(owner=makers.make_user("sales"))
    seen = lambda person: set(Lead.objects.visible_to(person.actor).values_list("pk", flat=True))  # noqa: E731
    assert seen(seller) == {nobody_has.pk}
    assert seen(clerk) == seen(amina) == set()
    with pytest.raises(PermissionDenied):
        actions.qualify(foreign, actor=seller.actor, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.give(foreign, seller.user, actor=seller.actor, at=NOW)


def test_known_people_are_recognised(company):
    contact = makers.make_contact(makers.make_customer(), email="who@known.example", mobile="+966501234567")
    assert known_contact(email="WHO@known.example") == known_contact(phone="+966501234567") == contact
    assert known_contact() is None


def test_choosing_is_pure():
    facts = Facts(source=1, country="SA", city="جدّة", territories=frozenset({5, 9}), score=40)
    assert fits(Conditions(), facts) and fits(Conditions(1, "SA", "جدة", 9, 40), facts)
    for wrong in (Conditions(source=2), Conditions(country="IR"), Conditions(city="الرياض"), Conditions(territory=4),
                  Conditions(min_score=41)):  # fmt: skip
        assert not fits(wrong, facts)
    assert [next_in_turn([2, 5, 9], last) for last in (None, 2, 9, 4, 99)] == [2, 5, 2, 5, 2]
    assert next_in_turn([], 1) is None
    assert least_loaded([3, 2], {2: 1, 3: 1}) == 2 and least_loaded([], {}) is None
