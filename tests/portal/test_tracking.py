"""The way of an order in steps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from rawabit.portal.logic.tracking import BAD, COMING, CURRENT, DONE, KINDS, Happening, parcel_steps, steps_of

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAY = date(2026, 3, 9)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def told(steps) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(str(step.label), step.state) for step in steps]


def test_an_order_that_waits_for_confirmation():
    steps = steps_of(confirmed_at=None, happenings=[], expected=DAY, state="open")

    assert told(steps) == [("Awaiting confirmation", CURRENT), ("Delivery", COMING)]
    assert steps[-1].expected == DAY


def test_a_confirmed_order_is_in_preparation():
    steps = steps_of(confirmed_at=START, happenings=[], expected=None, state="open")

    assert told(steps) == [("Confirmed", DONE), ("In preparation", CURRENT), ("Delivery", COMING)]
    assert steps[0].at == START


def test_the_newest_event_is_current_whatever_order_they_came_in():
    events = [Happening("out", at(9), "جدة"), Happening("packed", at(2)), Happening("picked_up", at(5))]

    steps = steps_of(confirmed_at=START, happenings=events, expected=DAY, state="open")

    assert told(steps) == [
        ("Confirmed", DONE), ("Packed", DONE), ("With the carrier", DONE), ("Out for delivery", CURRENT),
        ("Delivery", COMING),
    ]  # fmt: skip
    assert steps[3].note == "جدة"


def test_trouble_stays_marked_as_trouble():
    events = [Happening("packed", at(2)), Happening("delayed", at(3), "جدة", "أمطار")]

    steps = steps_of(confirmed_at=START, happenings=events, expected=DAY, state="open")

    assert told(steps)[2] == ("Delayed", BAD)
    assert steps[2].note == "جدة · أمطار"


def test_a_finished_order_has_nothing_to_come():
    steps = steps_of(confirmed_at=START, happenings=[Happening("delivered", at(9))], expected=DAY, state="finished")

    assert told(steps) == [("Confirmed", DONE), ("Delivered", DONE)]


def test_a_held_and_a_cancelled_order_say_why():
    held = steps_of(confirmed_at=START, happenings=[], expected=DAY, state="held", reason="size?")
    gone = steps_of(confirmed_at=START, happenings=[], expected=DAY, state="cancelled", reason="by the customer")

    assert told(held) == [("Confirmed", DONE), ("On hold", BAD), ("Delivery", COMING)]
    assert told(gone) == [("Confirmed", DONE), ("Cancelled", BAD)]
    assert (held[1].note, gone[1].note) == ("size?", "by the customer")


def test_services_are_in_progress_and_never_delivered():
    steps = steps_of(confirmed_at=START, happenings=[], expected=DAY, state="service")

    assert told(steps) == [("Confirmed", DONE), ("In progress", CURRENT)]


def test_one_delivery_alone():
    assert told(parcel_steps([], DAY)) == [("In preparation", CURRENT), ("Delivery", COMING)]
    assert told(parcel_steps([Happening("returned", at(1))], None)) == [("Returned", BAD)]


EVENTS = st.lists(st.builds(Happening, st.sampled_from(sorted(KINDS)), st.integers(0, 500).map(at)), max_size=12)


@given(EVENTS, st.sampled_from(["open", "service", "held", "cancelled", "finished"]))
def test_times_never_go_back_and_at_most_one_step_is_current(events, state):
    steps = steps_of(confirmed_at=START, happenings=events, expected=DAY, state=state)

    times = [step.at for step in steps if step.at]
    assert times == sorted(times)
    assert len(times) == len(events) + 1
    assert [step.state for step in steps].count(CURRENT) <= 1
    assert all(step.at is None for step in steps if step.state == COMING)
