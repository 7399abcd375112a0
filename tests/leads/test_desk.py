"""Leads on the desk: who sees and does what, twins, answers, conversion, and that nothing of a lead is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rawabit.crm.models import Customer, Identifier
from rawabit.kit.records.actions import comment
from rawabit.kit.records.models import Notice
from rawabit.leads import actions
from rawabit.leads.actions import Become
from rawabit.leads.logic.numbers import kind_of_number
from rawabit.leads.models import Answer, Arrival, Choice, Lead, Question
from rawabit.leads.subscriptions import tell_owner
from rawabit.pipeline.models import Opportunity
from tests import makers
from tests.laws.world import client_of
from tests.makers import NOW, SYSTEM, TODAY, make_contact, make_customer, make_lead

pytestmark = pytest.mark.django_db
NEW = {"name": "سعد", "phone": "0501234567", "language": "ar", "country": "SA", "priority": "normal"}


@pytest.fixture
def desk(company, seller):
    return client_of(seller.user)


def text(response) -> str:
    return response.content.decode()


def test_what_nobody_has_comes_first(desk, seller):
    old = make_lead("Nobody's")
    mine = [make_lead(f"Mine {n}", owner=seller.user) for n in range(2)]
    done = actions.drop(make_lead("Done", owner=seller.user), "x", actor=SYSTEM, at=NOW)
    rows = [row for row, _cells in desk.get("/desk/leads/").context["table"]]
    assert rows == [old, mine[1], mine[0], done]
    by = {"unassigned": {old}, "mine": set(mine), "open": {old, *mine}, "unplanned": {old, *mine}, "overdue": set()}
    for code, expected in by.items():
        assert {row for row, _cells in desk.get(f"/desk/leads/?is={code}").context["table"]} == expected, code


def test_the_search_is_folded(desk):
    lead = make_lead("أحمد الزَّهراني", phone="+966501234567")
    for words in ("احمد الزهراني", "٠٥٠١٢٣٤٥٦٧", "0501234567", lead.number):
        assert [row for row, _c in desk.get("/desk/leads/", {"q": words}).context["table"]] == [lead], words


def test_a_twin_is_asked_about_once(desk, seller):
    twin = make_lead("سعد", phone="+966501234567", owner=seller.user)
    warned = desk.post("/desk/leads/new/", NEW)
    assert warned.status_code == 422 and f"/desk/leads/{twin.pk}/" in text(warned) and Lead.objects.count() == 1
    assert warned.context["despite"] == f"lead{twin.pk}"
    assert desk.post("/desk/leads/new/", {**NEW, "despite": "lead999"}).status_code == 422
    assert desk.post("/desk/leads/new/", {**NEW, "despite": warned.context["despite"]}).status_code == 302
    assert Lead.objects.count() == 2
    assert Lead.objects.order_by("-pk")[0].owner == seller.user


def test_the_warning_while_typing_keeps_to_ones_own_sight(desk, seller, amina):
    mine = make_customer("شركة الأفق", owner=seller.user)
    foreign = make_customer("شركة الأفق للتجارة")
    page = text(desk.post("/desk/leads/alike/", {"company_name": "الافق"}))
    assert f"/desk/customers/{mine.pk}/" in page and f"/desk/customers/{foreign.pk}/" not in page
    assert text(desk.post("/desk/leads/alike/", {"name": "Nobody Known"})).strip() == ""
    assert desk.get("/desk/leads/alike/").status_code == 405
    assert client_of(amina.user).post("/desk/leads/alike/", {"company_name": "الافق"}).status_code == 404
    assert client_of(makers.make_user("")).post("/desk/leads/alike/", {}).status_code == 403


def question(*answers: int) -> Question:
    made = Question.objects.create(name="Budget?")
    for points in answers:
        Choice.objects.create(question=made, name=f"{points}", points=points)
    return made


def test_one_tap_answers_and_scores(desk, seller):
    lead = make_lead(owner=seller.user)
    low, high = question(-5, 40).choices.order_by("points")
    for choice in (low, high):
        assert desk.post(f"/desk/leads/{lead.pk}/answer/", {"choice": choice.pk}).status_code == 302
    lead.refresh_from_db()
    assert lead.score == 40 and Answer.objects.get().choice == high
    page = text(desk.get(f"/desk/leads/{lead.pk}/"))
    assert 'aria-pressed="true"' in page and "Budget?: 40" in page
    assert desk.post(f"/desk/leads/{lead.pk}/answer/", {"choice": "999"}).status_code == 409


def test_other_peoples_leads_do_not_exist(desk):
    foreign = make_lead(owner=makers.make_user("sales"))
    choice = question(1).choices.get()
    for verb in ("convert", "take", "give", "plan", "drop", "qualify"):
        assert desk.get(f"/desk/leads/{foreign.pk}/do/{verb}/").status_code in (403, 404), verb
        assert desk.post(f"/desk/leads/{foreign.pk}/do/{verb}/", {}).status_code in (403, 404), verb
    assert desk.post(f"/desk/leads/{foreign.pk}/answer/", {"choice": choice.pk}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "new" and not Answer.objects.exists()


def test_unassigned_ones_are_seen_taken_and_not_changed(desk, seller):
    lead = make_lead()
    choice = question(5).choices.get()
    assert desk.post(f"/desk/leads/{lead.pk}/answer/", {"choice": choice.pk}).status_code == 403
    assert desk.post(f"/desk/leads/{lead.pk}/do/take/").status_code == 302
    lead.refresh_from_db()
    assert (lead.owner, lead.state) == (seller.user, "working")
    assert desk.post(f"/desk/leads/{lead.pk}/answer/", {"choice": choice.pk}).status_code == 302


def test_the_page_of_an_unassigned_lead_offers_what_is_possible(desk):
    lead = make_lead()
    offered = {button["name"] for button in desk.get(f"/desk/leads/{lead.pk}/").context["buttons"]}
    assert offered & {"convert", "take", "qualify", "give", "drop", "delete"} == {"take"}


def test_a_lead_is_never_given_to_a_customer(manager, amina):
    lead = make_lead()
    page = client_of(manager.user).post(f"/desk/leads/{lead.pk}/do/give/", {"person": amina.user.pk})
    assert page.status_code == 422
    with pytest.raises(actions_refused()):
        actions.give(lead, amina.user, actor=manager.actor, at=NOW)
    assert Lead.objects.get().owner is None


def actions_refused():
    from rawabit.kit.states import Refused

    return Refused


def test_many_at_once(manager, seller):
    leads = [make_lead() for _ in range(3)]
    page = client_of(manager.user).post(
        "/desk/leads/bulk/give/",
        {"row": [lead.pk for lead in leads], "confirmed": "1", "person": seller.user.pk},
    )
    assert page.status_code == 200 and page.context["done"] == 3
    assert set(Lead.objects.values_list("owner", flat=True)) == {seller.user.pk}


def test_planning_on_the_page(desk, seller):
    lead = make_lead(owner=seller.user)
    assert desk.post(f"/desk/leads/{lead.pk}/do/plan/", {"step": "", "on": "2026-03-08"}).status_code == 422
    assert desk.post(f"/desk/leads/{lead.pk}/do/plan/", {"step": "Call", "on": "2026-03-08"}).status_code == 302
    lead.refresh_from_db()
    assert (lead.next_step, str(lead.next_on)) == ("Call", "2026-03-08")


# Conversion


def convert(desk, lead, **data):
    return desk.post(f"/desk/leads/{lead.pk}/do/convert/", {"become": "new", "person": "new", **data})


def test_the_sheet_suggests_who_is_known(desk, seller):
    known = make_customer("شركة النخيل", owner=seller.user, email="info@palm.example")
    person = make_contact(known, "نورة", email="info@palm.example")
    foreign = make_customer("شركة النخيل")
    lead = make_lead("نورة", company_name="النخيل", email="info@palm.example", owner=seller.user)
    form = desk.get(f"/desk/leads/{lead.pk}/do/convert/").context["form"]
    offered = [key for key, _label in form.fields["become"].choices]
    assert offered == [f"customer-{known.pk}", "new", "other"] and form.initial["become"] == f"customer-{known.pk}"
    assert form.initial["person"] == f"contact-{person.pk}"
    assert convert(desk, lead, become=f"customer-{foreign.pk}").status_code == 422
    assert convert(desk, lead, become=form.initial["become"], person=form.initial["person"]).status_code == 302
    lead.refresh_from_db()
    assert (lead.customer, lead.contact, Customer.objects.count()) == (known, person, 2)


def test_a_new_customer_with_all_that_was_known(desk, seller):
    lead = make_lead(
        "Noura", company_name="Acme", phone="0501234567", job_title="Buyer", official_number="310122393500003",
        owner=seller.user, interest="Ten pumps\nsoon",
    )  # fmt: skip
    comment(lead, "Wants a discount", mentions=[], actor=seller.actor, at=NOW)
    Arrival.objects.create(once="x", digest="", lead=lead, given=[["Colour", "Blue"]], at=NOW)
    response = convert(desk, lead, deal="Ten pumps", value="5000")
    assert response.status_code == 302 and response.headers["Location"] == f"/desk/leads/{lead.pk}/"
    customer, deal = Customer.objects.get(), Opportunity.objects.get()
    assert (deal.value, deal.title, deal.customer) == (5000_00, "Ten pumps", customer)
    assert (Identifier.objects.get().kind, customer.affiliations.get().job_title) == ("sa_vat", "Buyer")
    page = text(desk.get(f"/desk/leads/{lead.pk}/"))
    assert f"/desk/customers/{customer.pk}/" in page
    for where in (f"/desk/customers/{customer.pk}/", f"/desk/opportunities/{deal.pk}/"):
        carried = text(desk.get(where))
        for words in (f"/desk/leads/{lead.pk}/", "Wants a discount", "Blue", "Ten pumps"):
            assert words in carried, (where, words)


def test_other_without_saying_whom(desk, seller):
    lead = make_lead(owner=seller.user)
    page = convert(desk, lead, become="other", person="other")
    assert page.status_code == 422 and {"customer", "contact"} <= set(page.context["form"].errors)
    foreign = make_customer()
    assert convert(desk, lead, become="other", customer=foreign.pk).status_code == 422
    assert Lead.objects.get().state == "new"


def test_converting_twice_is_once(desk, seller):
    lead = make_lead(owner=seller.user)
    assert convert(desk, lead, once="abc").status_code == convert(desk, lead, once="abc").status_code == 302
    assert convert(desk, lead).status_code in (403, 409)
    assert Customer.objects.count() == 1


def test_without_a_contact(desk, seller):
    lead = make_lead(owner=seller.user)
    assert convert(desk, lead, person="nobody", deal="").status_code == 302
    lead.refresh_from_db()
    assert (lead.contact, lead.opportunity, lead.customer.affiliations.count()) == (None, None, 0)


def test_whoever_sees_the_customer_sees_what_he_was(company, seller):
    """The history belongs to the customer now, also after he was handed over."""
    lead = actions.take(make_lead(), actor=seller.actor, at=NOW)
    lead = actions.convert_lead(lead, Become(), actor=seller.actor, at=NOW)
    heir = makers.Person(makers.make_user("sales"))
    assert not Lead.objects.visible_to(heir.actor).exists()
    Customer.objects.filter(pk=lead.customer_id).update(owner=heir.user)
    assert Lead.objects.visible_to(heir.actor).get() == lead


@pytest.mark.parametrize(
    ("country", "number", "kind"),
    [("SA", "310122393500003", "sa_vat"), ("SA", "123", ""), ("IR", "", ""), ("DE", "310122393500003", "")],
)
def test_numbers_are_kept_when_they_are_certain(country, number, kind):
    assert kind_of_number(country, number) == kind


def test_a_page_costs_the_same_with_many_twins_and_answers(desk, seller):
    lead = make_lead("سعد", owner=seller.user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(f"/desk/leads/{lead.pk}/").status_code == 200
        return len(caught)

    make_lead("سعد", owner=seller.user), question(1, 2)
    cost()
    few = cost()
    for _ in range(4):
        make_lead("سعد", owner=seller.user), question(1, 2)
    assert cost() == few


# Reminders


def test_owners_hear_of_quiet_leads_once_per_silence(company, seller, manager):
    lead, fresh = make_lead(owner=seller.user), make_lead(owner=seller.user)
    nobodys = make_lead()
    later = NOW + timedelta(days=8)
    actions.sign_of_life(fresh.pk, later - timedelta(days=1))
    assert (actions.remind_quiet(later), actions.remind_quiet(later + timedelta(days=5))) == (1, 0)
    assert actions.remind_quiet(later + timedelta(days=6)) == 1
    from rawabit.kit.records.models import Event

    events = list(Event.objects.filter(name="lead.quiet").order_by("pk"))
    assert [event.subject for event in events] == [lead, fresh] and nobodys not in [e.subject for e in events]
    for event in events:
        tell_owner(event, later)
    assert Notice.objects.filter(user=seller.user, kind="lead_quiet").count() == 2
    actions.plan(lead, "Call", TODAY, actor=seller.actor, at=later + timedelta(days=7))
    assert actions.remind_quiet(later + timedelta(days=20)) == 1
    actions.remind_after(0, actor=manager.actor, at=NOW)
    assert actions.remind_quiet(later + timedelta(days=90)) == 0


def test_one_does_not_hear_of_ones_own_doing(company, seller, manager):
    from rawabit.kit.records.models import Event

    lead = make_lead()
    actions.give(lead, seller.user, actor=manager.actor, at=NOW)
    tell_owner(Event.objects.get(name="lead.assigned"), NOW)
    assert Notice.objects.get().user == seller.user
    own = make_lead()
    actions.give(own, manager.user, actor=manager.actor, at=NOW)
    tell_owner(Event.objects.filter(name="lead.assigned").latest("pk"), NOW)
    assert Notice.objects.count() == 1
