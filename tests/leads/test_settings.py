"""Criteria, questions, rules, forms and keys on the desk; the dry run; figures and the page of today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rawabit.crm.models import Territory
from rawabit.identity.models import Team
from rawabit.insight.leads import leads_of_month, leads_waiting
from rawabit.kit.jobs.models import Job
from rawabit.kit.money import Money
from rawabit.kit.states import Refused
from rawabit.leads import actions, figures
from rawabit.leads.actions import Become
from rawabit.leads.jobs import RESCORE, rescore_open
from rawabit.leads.models import AssignmentRule, Choice, Criterion, FormField, Lead, LeadKey, Question
from rawabit.pipeline.models import Opportunity
from tests import makers
from tests.laws.world import client_of
from tests.makers import NOW, SYSTEM, TODAY, make_lead, make_lead_key, make_web_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(company, manager):
    return client_of(manager.user)


def test_a_form_is_put_together(desk):
    form = make_web_form("name")
    base = f"/desk/web-forms/{form.pk}"
    field = {"key": "own_choice", "name": "When?", "options": "now\nlater"}
    assert desk.post(f"{base}/part/fields/new/", field).status_code == 302
    assert desk.post(f"{base}/part/fields/new/", {**field, "options": "one"}).status_code == 422
    assert desk.post(f"{base}/part/fields/new/", {"key": "name", "name": "Again"}).status_code == 422
    assert desk.post(f"{base}/part/fields/new/", {"key": "owner", "name": "Bad"}).status_code == 422
    first, second = form.fields.order_by("position")
    assert desk.post(f"{base}/fields/{second.pk}/up/").status_code == 302
    assert list(form.fields.order_by("position")) == [second, first]
    assert desk.post(f"{base}/fields/{second.pk}/up/").status_code == 302, "at the end nothing happens"
    assert desk.post(f"{base}/part/fields/{first.pk}/end/").status_code == 302
    assert form.fields.get() == second
    other = make_web_form("name")
    assert desk.post(f"{base}/fields/{other.fields.get().pk}/up/").status_code == 404
    page = desk.get(f"{base}/").content.decode()
    assert f"data-form=&quot;{form.key}&quot;" in page and f"/forms/{form.key}/" in page


@pytest.mark.parametrize("line", ["http://plain.example", "https://*.example", "https://a.example/path", "x y"])
def test_only_web_sites_can_be_named(desk, line):
    form = make_web_form()
    data = {"name": "F", "language": "ar", "hosts": f"https://ok.example\n{line}", "version": form.version}
    page = desk.post(f"/desk/web-forms/{form.pk}/edit/", data)
    assert page.status_code == 422 and "hosts" in page.context["form"].errors


def test_sellers_change_none_of_it(company, seller):
    client = client_of(seller.user)
    form, key, row = make_web_form("name"), make_lead_key(), AssignmentRule.objects.create(name="R", way="territory")
    field = form.fields.get()
    for url in (
        f"/desk/web-forms/{form.pk}/edit/", f"/desk/web-forms/{form.pk}/fields/{field.pk}/up/",
        f"/desk/web-forms/{form.pk}/part/fields/{field.pk}/end/", f"/desk/assignment-rules/{row.pk}/place/up/",
        "/desk/lead-criteria/again/", "/desk/assignment-rules/reminders/",
    ):  # fmt: skip
        assert client.post(url, {}).status_code == 403, url
    assert client.get(f"/desk/lead-keys/{key.pk}/").status_code == 403
    assert client.post(f"/desk/lead-keys/{key.pk}/issue/").status_code == 403
    assert FormField.objects.exists() and not Job.objects.filter(name=RESCORE).exists()


def test_a_key_is_shown_once(desk):
    key = make_lead_key()
    page = desk.post(f"/desk/lead-keys/{key.pk}/issue/")
    secret = page.context["secret"]
    assert secret in page.content.decode() and secret not in desk.get(f"/desk/lead-keys/{key.pk}/").content.decode()
    kept = LeadKey.objects.get()
    assert kept.digest == actions.digest_of(secret) and secret.startswith(kept.beginning) and len(kept.beginning) == 8
    assert desk.get(f"/desk/lead-keys/{key.pk}/issue/").status_code == 405
    assert desk.post(f"/desk/lead-keys/{key.pk}/do/revoke/").status_code == 302
    assert not LeadKey.objects.get().is_active


def test_a_mapping_is_read_before_it_is_kept(desk):
    page = desk.post("/desk/lead-keys/new/", {"name": "K", "mapping": "x = owner"})
    assert page.status_code == 422 and "mapping" in page.context["form"].errors
    assert desk.post("/desk/lead-keys/new/", {"name": "K", "mapping": "x = name"}).status_code == 302


def test_questions_with_answers(desk):
    question = Question.objects.create(name="Budget?")
    base = f"/desk/lead-questions/{question.pk}/part/answers"
    assert desk.post(f"{base}/new/", {"name": "Yes", "points": "٣٠"}).status_code == 302
    assert desk.post(f"{base}/new/", {"name": "No", "points": "-1.5"}).status_code == 422
    choice = Choice.objects.get()
    assert choice.points == 30
    actions.answer(make_lead(), question, choice, actor=SYSTEM, at=NOW)
    assert desk.post(f"{base}/{choice.pk}/end/").status_code == 409
    assert Choice.objects.exists()


def test_the_order_of_rules(desk):
    rules = [AssignmentRule.objects.create(name=f"{n}", way="territory") for n in range(3)]
    assert desk.post(f"/desk/assignment-rules/{rules[2].pk}/place/up/").status_code == 302
    assert [rule.name for rule in AssignmentRule.objects.order_by("position", "pk")] == ["0", "2", "1"]
    assert desk.post(f"/desk/assignment-rules/{rules[0].pk}/place/down/").status_code == 302
    assert [rule.name for rule in AssignmentRule.objects.order_by("position", "pk")] == ["2", "0", "1"]


@pytest.mark.parametrize(
    ("way", "missing"), [("person", "person"), ("turn", "team"), ("load", "team")],
)  # fmt: skip
def test_a_rule_says_to_whom(desk, way, missing):
    page = desk.post("/desk/assignment-rules/new/", {"name": "R", "way": way})
    assert page.status_code == 422 and missing in page.context["form"].errors


def test_the_dry_run_changes_nothing_and_costs_the_same(desk, manager, seller):
    team = Team.objects.create(name="T")
    team.members.set([seller.user, makers.make_user("sales")])
    territory = Territory.objects.create(name="West", manager=manager.user)
    AssignmentRule.objects.create(name="Near", way="territory", min_score=-1000)
    AssignmentRule.objects.create(name="Busy", way="load", team=team, country="IR", position=2)
    Lead.objects.bulk_create([])
    made = [make_lead(country="IR"), make_lead(territory=territory), make_lead()]
    Lead.objects.update(owner=None, created_at=timezone.now())
    AssignmentRule.objects.update(last_given=None)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get("/desk/assignment-rules/dry-run/").status_code == 200
        return len(caught)

    page = desk.get("/desk/assignment-rules/dry-run/")
    told = [(lead, str(rule or ""), person) for lead, rule, person in page.context["rows"]]
    first = min(team.members.values_list("pk", flat=True))
    assert [(rule, person.pk if person else None) for _lead, rule, person in told] == [
        ("Busy", first), ("Near", manager.user.pk), ("", None),
    ]  # fmt: skip
    assert [lead for lead, _r, _p in told] == made
    assert set(Lead.objects.values_list("owner", flat=True)) == {None}
    assert not AssignmentRule.objects.exclude(last_given=None).exists()
    few = cost()
    for _ in range(5):
        Lead.objects.filter(pk=make_lead(country="IR").pk).update(created_at=timezone.now())
    assert cost() == few


def test_scores_are_reckoned_anew_in_the_background(desk):
    lead = make_lead(company_name="Acme")
    dropped = actions.drop(make_lead(company_name="B"), "x", actor=SYSTEM, at=NOW)
    Criterion.objects.create(name="Company", field="company_name", test="filled", points=15)
    for _ in range(2):
        assert desk.post("/desk/lead-criteria/again/").status_code == 302
    jobs = Job.objects.filter(name=RESCORE)
    assert 1 <= jobs.count() <= 2
    rescore_open({}, NOW)
    lead.refresh_from_db(), dropped.refresh_from_db()
    assert (lead.score, lead.score_facts) == (15, [{"label": "Company", "points": 15}])
    assert dropped.score == 0


@pytest.mark.parametrize("value", ["", " "])
def test_a_comparison_needs_a_value(desk, value):
    data = {"name": "C", "field": "city", "test": "is", "value": value, "points": "5"}
    assert desk.post("/desk/lead-criteria/new/", data).status_code == 422
    assert desk.post("/desk/lead-criteria/new/", {**data, "test": "filled"}).status_code == 302


def test_reminders_are_set(desk):
    assert desk.get("/desk/assignment-rules/reminders/").status_code == 200
    assert desk.post("/desk/assignment-rules/reminders/", {"days": "٣"}).status_code == 302
    assert desk.post("/desk/assignment-rules/reminders/", {"days": "-1"}).status_code == 422
    from rawabit.leads.queries import lead_settings

    assert lead_settings().remind_after == 3


# Figures


def test_figures(company, seller, manager):
    source = None
    first = actions.take(make_lead("A", company_name="A"), actor=seller.actor, at=NOW)
    source = first.source
    make_lead("B"), make_lead("C", owner=makers.make_user("sales"))
    old = make_lead("Old", owner=seller.user)
    Lead.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=60))
    actions.qualify(first, actor=seller.actor, at=NOW)
    done = actions.convert_lead(first, Become(deal="Pumps", value=900_00), actor=SYSTEM, at=NOW + timedelta(days=2))
    Opportunity.objects.filter(pk=done.opportunity_id).update(state="won", closed_on=TODAY)
    span = (TODAY, TODAY)
    assert figures.leads_generated(manager.actor, *span) == {source.pk if source else None: 3}
    found = figures.conversion(manager.actor, *span)
    assert (found.created, found.converted, found.rate, found.days) == (3, 1, 33, 2)
    assert found.won == (Money(900_00, "SAR"),)
    mine = figures.conversion(seller.actor, *span)
    assert (mine.created, mine.converted, mine.rate) == (2, 1, 50), "within one's own sight"
    assert figures.conversion(manager.actor, TODAY + timedelta(days=9), TODAY + timedelta(days=9)).rate is None
    assert figures.converted_within(manager.actor, TODAY, TODAY + timedelta(days=2)) == 1
    assert figures.converted_within(manager.actor, *span) == 0
    moves = figures.movement(manager.actor, TODAY, TODAY + timedelta(days=3))
    assert moves == {("new", "working"): 1, ("working", "qualified"): 1, ("qualified", "converted"): 1}
    assert figures.by_state(manager.actor) == {"new": 3, "converted": 1}
    assert figures.contacts_recorded(manager.actor, TODAY, TODAY + timedelta(days=3)) >= 0


def test_contacts_recorded_counts_by_day_and_sight(company, manager, clerk):
    from rawabit.crm.models import Contact

    inside, outside = makers.make_contact(), makers.make_contact()
    Contact.objects.filter(pk=inside.pk).update(created_at=NOW)
    Contact.objects.filter(pk=outside.pk).update(created_at=NOW - timedelta(days=2))
    assert figures.contacts_recorded(manager.actor, TODAY, TODAY) == 1
    nobody = makers.Person(makers.make_user(""))
    assert figures.contacts_recorded(nobody.actor, TODAY, TODAY) == 0


def test_today(company, seller, manager, clerk):
    late = actions.plan(make_lead("Late", owner=seller.user), "Call", TODAY - timedelta(days=1), actor=SYSTEM, at=NOW)
    fresh = make_lead("Fresh")
    quiet = actions.take(make_lead("Quiet"), actor=seller.actor, at=NOW)
    actions.plan(quiet, "Call", TODAY + timedelta(days=3), actor=seller.actor, at=NOW)
    assert figures.waiting(seller.actor, TODAY) == figures.Waiting(2, 1, 1, 1)
    assert figures.most_urgent(seller.actor, TODAY, 5) == [late, fresh]
    count, _words, url, rows = leads_waiting(seller.actor, TODAY, 4)
    assert (count, url, [row[0] for row in rows]) == (2, "/desk/leads/?is=open", ["Late", "Fresh"])
    assert leads_of_month(seller.actor, TODAY)[0] == 3
    assert leads_waiting(clerk.actor, TODAY, 4) is None and leads_of_month(clerk.actor, TODAY) is None
    assert client_of(seller.user).get("/desk/").status_code == 200


def test_a_field_of_the_lead_is_asked_once(company, manager):
    form = make_web_form("name")
    with pytest.raises(Refused):
        actions.save_field(form, None, {"key": "name", "name": "x"}, actor=manager.actor, at=NOW)
