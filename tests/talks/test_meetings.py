"""Meetings: invitations that calendars understand, sent once, moved and called off with the same identity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from rawabit.kit.outbox.letters import write as write_letter
from rawabit.kit.outbox.models import Message
from rawabit.kit.states import Refused
from rawabit.talks import actions
from rawabit.talks.actions.meetings import Plan
from rawabit.talks.logic.invitations import REQUEST, Guest, Meeting, calendar_file
from rawabit.talks.models import Activity
from rawabit.talks.queries import calls_made, mails_sent, meetings_held, per_person
from tests import makers
from tests.makers import NOW, TODAY, Person, make_call, make_contact, make_customer

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 12, 16, 0, tzinfo=ZoneInfo("Asia/Tehran"))


@pytest.fixture
def customer(seller):
    return make_customer(owner=seller.user)


def event_in(content: bytes):
    calendar = Calendar.from_ical(content)
    return calendar, next(part for part in calendar.subcomponents if part.name == "VEVENT")


@pytest.mark.parametrize(("zone", "utc"), [("Asia/Riyadh", 13), ("Asia/Tehran", 12.5), ("Europe/London", 16)])
def test_moments_are_right_in_every_zone(zone, utc):
    starts = datetime(2026, 3, 12, 16, 0, tzinfo=ZoneInfo(zone))
    guest = Guest('Noura "N" العتيبي', "noura@customer.example")
    file = calendar_file(
        Meeting("u@x", 2, "زيارة; a,b", starts, 45, Guest("Fahd", "f@x.example"), [guest]), REQUEST, NOW
    )
    calendar, event = event_in(file)
    assert event.decoded("dtstart") == datetime(2026, 3, 12, tzinfo=UTC) + timedelta(hours=utc)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=45)
    assert (str(calendar["method"]), str(event["uid"]), event["sequence"]) == ("REQUEST", "u@x", 2)
    assert str(event["summary"]) == "زيارة; a,b" and str(event["attendee"]) == "mailto:noura@customer.example"
    assert event["attendee"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert max(len(line) for line in file.split(b"\r\n")) <= 75


def planned(customer, seller, **more):
    people = {"contacts": [make_contact(customer, "نورة", email="noura@customer.example")], "emails": ["x@y.example"]}
    return actions.plan_meeting(customer, Plan("Plant", START, **{**people, **more}), actor=seller.actor, at=NOW)


def test_everybody_with_an_address_is_invited_once(customer, seller, manager):
    meeting = planned(customer, seller, colleagues=[manager.user, seller.user])
    sent = Message.objects.order_by("address")
    assert {one.address for one in sent} == {"noura@customer.example", "x@y.example", manager.user.email}
    assert {one.kind for one in sent} == {"talks.invitation"}
    written = write_letter(sent.get(address="noura@customer.example"), NOW)
    file = written.files[0]
    assert (file.name, file.mime) == ("invite.ics", "text/calendar; method=REQUEST")
    _calendar, event = event_in(file.content)
    assert event.decoded("dtstart") == START and str(event["uid"]).startswith(meeting.uid.hex)
    assert str(event["organizer"]) == f"mailto:{seller.user.email}" and written.reply_to == seller.user.email
    assert "Plant" in written.headline and "Plant" in written.text and "<html" in written.html
    assert "1447" in written.text or "١٤٤٧" in written.text  # the other calendar is told too


def test_moving_tells_again_and_calls_off_those_no_longer_asked(customer, seller):
    meeting = planned(customer, seller)
    old = list(Message.objects.all())
    keep = list(meeting.attendees.exclude(contact=None))
    later = Plan("Plant", START + timedelta(days=1), contacts=[one.contact for one in keep])
    actions.plan_meeting(customer, later, activity=meeting, actor=seller.actor, at=NOW)
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.attendees.count()) == (1, 1)
    assert all(write_letter(one, NOW) is None for one in old)  # overtaken before they left
    fresh = Message.objects.exclude(pk__in=[one.pk for one in old])
    assert {(one.kind, one.address) for one in fresh} == {
        ("talks.invitation", "noura@customer.example"), ("talks.cancellation", "x@y.example"),
    }  # fmt: skip
    gone = write_letter(fresh.get(address="x@y.example"), NOW)
    calendar, event = event_in(gone.files[0].content)
    assert (str(calendar["method"]), str(event["status"]), event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert str(event["uid"]).startswith(meeting.uid.hex)


def test_calling_off_twice_tells_once(customer, seller):
    meeting = planned(customer, seller)
    for _time in range(2):
        actions.cancel_meeting(meeting, actor=seller.actor, at=NOW)
    assert Message.objects.filter(kind="talks.cancellation").count() == 2  # one for each of two guests
    with pytest.raises(Refused):
        actions.plan_meeting(customer, Plan("x", START), activity=meeting, actor=seller.actor, at=NOW)
    with pytest.raises(Refused):
        actions.hold_meeting(meeting, actor=seller.actor, at=NOW)


def test_answers_and_outcome(customer, seller):
    meeting = planned(customer, seller)
    assert actions.answer_invitation(meeting, "NOURA@customer.example", "accepted", actor=makers.SYSTEM, at=NOW)
    assert not actions.answer_invitation(meeting, "stranger@x.example", "accepted", actor=makers.SYSTEM, at=NOW)
    assert not actions.answer_invitation(meeting, "x@y.example", "nonsense", actor=makers.SYSTEM, at=NOW)
    assert sorted(meeting.attendees.values_list("status", flat=True)) == ["accepted", "asked"]
    after = START + timedelta(hours=2)
    actions.hold_meeting(meeting, body="good", decisions="buy", actor=seller.actor, at=after)
    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.decisions, meeting.at, meeting.done_at) == ("held", "buy", START, after)


@pytest.mark.parametrize(
    "wrong",
    [{"starts": NOW}, {"title": " "}, {"emails": ["no address"]}, {"emails": ["a@b.example\nBcc: x@y.example"]}],
)
def test_what_makes_no_meeting(customer, seller, wrong):
    plan = Plan(**{"title": "Plant", "starts": START, **wrong})
    with pytest.raises(Refused):
        actions.plan_meeting(customer, plan, actor=seller.actor, at=NOW)
    assert not Activity.objects.exists() and not Message.objects.exists()


def test_the_pages(customer, seller, client):
    client.force_login(seller.user, backend="django.contrib.auth.backends.ModelBackend")
    contact = make_contact(customer, "نورة", email="noura@customer.example")
    url = f"/desk/talks/customers/{customer.pk}/meet/"
    assert client.get(url).status_code == 200
    sheet = {"title": "Plant", "day": "2099/03/05", "hour": "16:00", "minutes": "60", "contacts": [contact.pk],
             "invite": "on", "once": "a"}  # fmt: skip
    for _time in range(2):
        answer = client.post(url, sheet)
        assert answer.status_code == 302, answer.context["form"].errors
    meeting = Activity.objects.get()
    assert Message.objects.count() == 1
    file = client.get(f"/desk/activities/{meeting.pk}/meeting.ics")
    assert event_in(file.content)[1].decoded("dtstart") == datetime(2099, 3, 5, 13, tzinfo=UTC)
    foreign = make_contact(make_customer(owner=Person(makers.make_user("sales")).user))
    assert client.post(url, {**sheet, "once": "b", "contacts": [foreign.pk]}).status_code == 422
    client.force_login(Person(makers.make_user("sales")).user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/desk/activities/{meeting.pk}/meeting.ics").status_code == 404


# Figures


def test_what_was_done_is_counted(customer, seller, manager):
    by = seller.actor
    make_call(customer, by=by)
    make_call(customer, "no_answer", by=by)
    make_call(customer, by=by, direction="in")
    make_call(customer, by=manager.actor)
    make_call(customer, by=by, when=NOW - timedelta(days=40))
    actions.log_meeting(customer, title="a", actor=by, at=NOW)
    actions.log_meeting(customer, title="b", outcome="no_show", actor=by, at=NOW)
    actions.log_visit(customer, actor=by, at=NOW)
    task = actions.plan_task(customer, "t", due=NOW, actor=by, at=NOW)
    actions.finish_task(task, actor=by, at=NOW)
    first = TODAY - timedelta(days=29)
    assert calls_made(manager.actor, first, TODAY) == 3
    assert calls_made(manager.actor, first, TODAY, user=seller.user.pk) == 2
    assert meetings_held(manager.actor, first, TODAY) == 2
    mail = makers.make_message(customer)
    assert mails_sent(manager.actor, first, TODAY) == 0
    Message.objects.filter(pk=mail.pk).update(state="sent", sent_at=NOW)
    assert mails_sent(manager.actor, first, TODAY) == 1
    table = {one.user: one for one in per_person(manager.actor, first, TODAY)}
    line = table[seller.user]
    assert (line.calls, line.reached, line.meetings, line.tasks, line.win_rate) == (2, 1, 2, 1, None)
    assert table[manager.user].calls == 1
    stranger = Person(makers.make_user("sales"))
    assert calls_made(stranger.actor, first, TODAY) == 0 and per_person(stranger.actor, first, TODAY) == []


def test_days_are_the_companys(customer, seller):
    late = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)  # half past one in the night of the fifth in Riyadh
    make_call(customer, by=seller.actor, at=late)
    assert calls_made(seller.actor, TODAY, TODAY) == 1
    assert calls_made(seller.actor, TODAY - timedelta(days=1), TODAY - timedelta(days=1)) == 0
