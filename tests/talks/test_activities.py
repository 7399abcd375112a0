"""Calls, meetings, visits, notes, tasks: kept, seen by whom it concerns, changed by whom it may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from rawabit.crm.actions import affiliate
from rawabit.kit.records.models import Event, Notice
from rawabit.kit.states import Refused
from rawabit.leads.actions import convert_lead
from rawabit.leads.actions.converting import Become
from rawabit.leads.models import Lead
from rawabit.pipeline.models import Opportunity
from rawabit.talks import actions
from rawabit.talks.actions.keeping import Next
from rawabit.talks.desk.forms import ActivityForm
from rawabit.talks.models import Activity
from rawabit.talks.policies import may_change
from tests import makers
from tests.makers import NOW, SYSTEM, TODAY, Person, make_call, make_contact, make_customer

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def customer(seller):
    return make_customer(owner=seller.user)


def test_a_call_is_kept_with_its_people(customer, seller):
    contact = make_contact(customer)
    call = actions.log_call(
        customer, outcome="answered", body="  wants three pumps \u202e", minutes=7, contact=contact, actor=seller.actor,
        at=NOW,
    )  # fmt: skip
    assert (call.kind, call.customer, call.contact, call.owner, call.minutes) == (
        "call", customer, contact, seller.user, 7,
    )  # fmt: skip
    assert (call.body, call.direction, call.at, call.done_at) == ("wants three pumps", "out", NOW, NOW)
    event = Event.objects.get(name="activity.logged")
    assert (event.subject, event.facts["kind"], event.facts["outcome"]) == (call, "call", "answered")
    assert Activity.objects.matching("pumps").get() == call


def test_on_a_person_the_customer_is_known_when_there_is_one(customer):
    contact = make_contact(customer)
    assert make_call(contact).customer == customer
    affiliate(contact, make_customer(), "other", actor=SYSTEM, at=NOW)  # a second one makes it unsure
    assert make_call(contact).customer is None


def test_the_same_mark_twice_is_one_call(customer, seller):
    who = {"actor": seller.actor, "at": NOW}
    first = actions.log_call(customer, outcome="answered", key="k1", **who)
    again = actions.log_call(customer, outcome="busy", key="k1", **who)
    assert first == again and Activity.objects.get().outcome == "answered"
    other = Person(makers.make_user("manager"))
    actions.log_call(customer, outcome="busy", key="k1", actor=other.actor, at=NOW)
    assert Activity.objects.count() == 2  # marks are each person's own


def test_nothing_happens_in_the_future(customer):
    assert make_call(customer, when=NOW + HOUR).at == NOW
    assert make_call(customer, when=NOW - HOUR).at == NOW - HOUR


@pytest.mark.parametrize("wrong", [{"outcome": "maybe"}, {"minutes": 5000}, {"minutes": -1}])
def test_what_makes_no_sense_is_refused(customer, wrong):
    with pytest.raises(Refused):
        make_call(customer, **wrong)
    assert not Activity.objects.exists()


def test_deal_and_lead_show_a_sign_of_life(company):
    deal, lead = makers.make_opportunity(), makers.make_lead()
    make_call(deal, at=NOW + HOUR)
    make_call(lead, at=NOW + HOUR)
    assert Opportunity.objects.get().touched_at == Lead.objects.get().touched_at == NOW + HOUR
    make_call(deal, at=NOW + 2 * HOUR, when=NOW - HOUR)
    assert Opportunity.objects.get().touched_at == NOW + HOUR


def test_the_next_step_goes_to_the_deal_the_lead_or_a_task(customer, seller):
    deal = makers.make_opportunity(customer, by=seller.actor)
    step = Next("Send the offer", TODAY + timedelta(days=3))
    make_call(deal, next_step=step, by=seller.actor)
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_on) == (step.title, step.on)
    lead = makers.make_lead()
    make_call(lead, next_step=step)
    lead.refresh_from_db()
    assert (lead.next_step, lead.next_on) == (step.title, step.on)
    make_call(customer, next_step=step, by=seller.actor)
    task = Activity.objects.get(kind="task")
    assert (task.title, task.customer, task.assignee, task.is_open) == (step.title, customer, seller.user, True)
    assert task.due.astimezone(UTC).date() == step.on


def test_what_was_said_with_a_lead_goes_with_the_customer(company):
    lead = makers.make_lead()
    call = make_call(lead)
    assert call.customer is None
    lead = convert_lead(lead, Become(), actor=SYSTEM, at=NOW)
    assert actions.follow_lead(lead, at=NOW) == 1 and actions.follow_lead(lead, at=NOW) == 0
    call.refresh_from_db()
    assert (call.customer, call.contact) == (lead.customer, lead.contact)


# Sight and attack


def test_colleagues_see_what_is_about_whom_they_see(customer, seller):
    other = Person(makers.make_user("sales"))
    foreign = make_customer(owner=other.user)
    mine, theirs = make_call(customer), make_call(foreign)
    assert list(Activity.objects.visible_to(seller.actor)) == [mine]
    assert list(Activity.objects.visible_to(other.actor)) == [theirs]
    own = actions.plan_task(None, "Buy a telephone", due=TODAY, actor=seller.actor, at=NOW)
    assert own in Activity.objects.visible_to(seller.actor)
    assert own not in Activity.objects.visible_to(other.actor)


def test_customers_see_nothing_and_may_nothing(amina, customer):
    make_call(amina.customer)
    assert not Activity.objects.visible_to(amina.actor).exists()
    with pytest.raises(PermissionDenied):
        make_call(amina.customer, by=amina.actor)


def test_nobody_writes_where_he_may_not_read(seller):
    foreign = make_customer(owner=Person(makers.make_user("sales")).user)
    for record in (foreign, make_contact(foreign), makers.make_opportunity(foreign)):
        with pytest.raises(PermissionDenied):
            make_call(record, by=seller.actor)
    assert not Activity.objects.exists()


def test_a_forged_contact_is_refused(customer, seller, manager):
    foreign = make_contact(make_customer(owner=Person(makers.make_user("sales")).user))
    with pytest.raises(PermissionDenied):
        make_call(customer, contact=foreign, by=seller.actor)
    with pytest.raises(Refused):  # seen by the manager, but of another customer
        make_call(customer, contact=foreign, by=manager.actor)
    assert not Activity.objects.exists()


def test_the_wrong_role_may_not(customer):
    nobody = Person(makers.make_user(""))
    with pytest.raises(PermissionDenied):
        make_call(customer, by=nobody.actor)


def test_another_persons_task(customer, seller):
    task = actions.plan_task(customer, "Call back", due=TODAY, actor=seller.actor, at=NOW)
    stranger = Person(makers.make_user("sales"))
    accountant = Person(makers.make_user("accountant"))
    for person in (stranger, accountant):
        with pytest.raises(PermissionDenied):
            actions.finish_task(task, actor=person.actor, at=NOW)
    task.refresh_from_db()
    assert task.is_open


# Changing


def test_after_a_day_only_its_author_changes_it(customer, seller, manager):
    note = actions.write_note(customer, "first words", actor=seller.actor, at=NOW)
    early, late = NOW + 23 * HOUR, NOW + 25 * HOUR
    assert may_change(manager.actor, note, early) and not may_change(manager.actor, note, late)
    assert may_change(seller.actor, note, late)

    def edit(person, at):
        form = ActivityForm({"title": "", "body": f"by {person.user.pk}"}, instance=Activity.objects.get(pk=note.pk))
        assert form.is_valid(), form.errors
        return actions.edit_activity(form, actor=person.actor, at=at)

    edit(manager, early)
    with pytest.raises(PermissionDenied):
        edit(manager, late)
    edit(seller, late)
    changes = [event.facts["changes"]["body"] for event in Event.objects.filter(name="activity.changed").order_by("id")]
    assert changes == [["first words", f"by {manager.user.pk}"], [f"by {manager.user.pk}", f"by {seller.user.pk}"]]


def test_pinning_twice_is_once(customer, seller):
    note = actions.write_note(customer, "no calls on Friday", actor=seller.actor, at=NOW)
    actions.pin(note, actor=seller.actor, at=NOW)
    actions.pin(note, actor=seller.actor, at=NOW + HOUR)
    note.refresh_from_db()
    assert note.pinned_at == NOW
    actions.unpin(note, actor=seller.actor, at=NOW)
    note.refresh_from_db()
    assert note.pinned_at is None
    assert Event.objects.filter(name__in=("activity.pinned", "activity.unpinned")).count() == 2


# Tasks


def test_a_task_is_done_once_and_leads_to_the_next(customer, seller):
    task = actions.plan_task(customer, "Offer", due=date(2026, 3, 8), actor=seller.actor, at=NOW)
    assert task.due == datetime(2026, 3, 8, 5, tzinfo=UTC)  # eight o'clock in Riyadh
    step = Next("Ask again", TODAY + timedelta(days=9))
    actions.finish_task(task, outcome="sent", next_step=step, actor=seller.actor, at=NOW + HOUR)
    actions.finish_task(task, outcome="sent", next_step=step, actor=seller.actor, at=NOW + 2 * HOUR)
    task.refresh_from_db()
    assert (task.done_at, task.body) == (NOW + HOUR, "sent")
    assert list(Activity.objects.filter(done_at=None).values_list("title", flat=True)) == ["Ask again"]
    actions.reopen_task(task, actor=seller.actor, at=NOW + 3 * HOUR)
    task.refresh_from_db()
    assert task.is_open and task.at == task.due


def test_putting_off_brings_the_reminder_again(customer, seller):
    task = actions.plan_task(customer, "Offer", due=NOW + HOUR, actor=seller.actor, at=NOW)
    assert actions.remind_due(NOW) == 0
    assert actions.remind_due(NOW + HOUR) == 1 and actions.remind_due(NOW + HOUR) == 0
    told = Notice.objects.get(user=seller.user, kind="task_due")
    assert (told.facts, told.url) == ({"what": "Offer"}, f"/desk/activities/{task.pk}/")
    actions.snooze(task, NOW + 3 * HOUR, actor=seller.actor, at=NOW + HOUR)
    assert actions.remind_due(NOW + 2 * HOUR) == 0 and actions.remind_due(NOW + 3 * HOUR) == 1
    assert Notice.objects.filter(user=seller.user, kind="task_due").count() == 2
    with pytest.raises(Refused):
        actions.snooze(task, NOW, actor=seller.actor, at=NOW + HOUR)


def test_what_is_done_is_not_called_to_mind(customer, seller):
    task = actions.plan_task(customer, "Offer", due=NOW + HOUR, actor=seller.actor, at=NOW)
    actions.finish_task(task, actor=seller.actor, at=NOW)
    assert actions.remind_due(NOW + 2 * HOUR) == 0


def test_only_colleagues_are_given_tasks(customer, seller, amina):
    with pytest.raises(Refused):
        actions.plan_task(customer, "Offer", due=TODAY, assignee=amina.user, actor=seller.actor, at=NOW)


def test_meetings_and_visits_say_what_came_of_them(customer, seller):
    who = {"actor": seller.actor, "at": NOW}
    meeting = actions.log_meeting(customer, title="Plant", body="talked", decisions="buy", minutes=45, **who)
    assert (meeting.outcome, meeting.decisions, meeting.done_at) == ("held", "buy", NOW)
    with pytest.raises(Refused):
        actions.log_meeting(customer, **who)
    visit = actions.log_visit(customer, place="Jeddah", position="21.4858200001, 39.1925", **who)
    assert visit.position == "21.48582,39.19250"
    assert actions.log_visit(customer, position="<script>", **who).position == ""
    assert actions.log_visit(customer, position="nan,1", **who).position == ""
    assert actions.record_document(customer, "Catalogue 2026", **who).kind == "document"
    assert actions.record_whatsapp(customer, "hello 👋", **who).body == "hello 👋"
