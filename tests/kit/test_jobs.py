"""The worker: each effect exactly once, whatever dies in between."""

from datetime import UTC, datetime, timedelta

import pytest

from rawabit.catalog.models import Unit
from rawabit.kit.jobs.models import Job, Tick
from rawabit.kit.jobs.queue import LEASE, MOST_ATTEMPTS, claim, enqueue, run_one
from rawabit.kit.jobs.schedule import Task, run_due
from rawabit.kit.jobs.telling import MOST_ATTEMPTS as MOST_TELLINGS
from rawabit.kit.jobs.telling import PAUSE, tell_pending
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import system
from rawabit.kit.records.models import Event, Heard

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def unit():
    return Unit.objects.create(code="TST", name="piece")


def test_the_same_key_is_one_job():
    first = enqueue("mail", key="invoice-1", args={"n": 1}, at=NOW)

    assert enqueue("mail", key="invoice-1", args={"n": 2}, at=NOW) == first
    assert Job.objects.get().args == {"n": 1}


def test_a_job_is_done_once_and_only_when_due():
    done = []
    enqueue("mail", key="a", args={"n": 1}, at=NOW + timedelta(minutes=1))

    assert run_one({"mail": lambda args, at: done.append(args)}, NOW) is False
    assert run_one({"mail": lambda args, at: done.append(args)}, NOW + timedelta(minutes=1)) is True
    assert run_one({"mail": lambda args, at: done.append(args)}, NOW + timedelta(minutes=2)) is False
    assert done == [{"n": 1}]


def test_a_leased_job_is_nobody_elses_until_the_lease_ends():
    job = enqueue("mail", key="a", args={}, at=NOW)

    assert claim(NOW) == job
    assert claim(NOW + LEASE / 2) is None
    assert claim(NOW + LEASE + timedelta(seconds=1)) == job  # its worker was killed


def test_a_failing_job_is_tried_again_later_and_ends_as_failed():
    def broken(args, at):
        raise RuntimeError("no connection")

    job, at = enqueue("mail", key="a", args={}, at=NOW), NOW
    for _attempt in range(MOST_ATTEMPTS):
        assert run_one({"mail": broken}, at) is True
        job.refresh_from_db()
        at = max(at, job.run_at)
    assert (job.state, job.attempts) == ("failed", MOST_ATTEMPTS)
    assert "no connection" in job.error
    assert run_one({"mail": broken}, at + timedelta(days=1)) is False


def test_a_failing_job_leaves_nothing_half_done():
    def broken(args, at):
        Unit.objects.create(code="HALF", name="half")
        raise RuntimeError

    enqueue("mail", key="a", args={}, at=NOW)
    run_one({"mail": broken}, NOW)

    assert not Unit.objects.filter(code="HALF").exists()


def test_an_event_is_told_to_each_subscriber_once(unit):
    heard = []
    emit("unit.created", unit, actor=system(), at=NOW, name="piece")

    def listen(event, at):
        heard.append(event.name)

    assert tell_pending({"unit.created": [listen]}, NOW) == 1
    assert tell_pending({"unit.created": [listen]}, NOW) == 0
    assert heard == ["unit.created"]


def test_a_told_but_unmarked_event_is_not_done_twice(unit):
    """The worker was killed between the subscriber's commit and the mark on the event."""
    heard = []
    event = emit("unit.created", unit, actor=system(), at=NOW)

    def listen(event, at):
        heard.append(event.name)

    tell_pending({"unit.created": [listen]}, NOW)
    Event.objects.filter(pk=event.pk).update(told_at=None)
    tell_pending({"unit.created": [listen]}, NOW)

    assert heard == ["unit.created"]
    assert Heard.objects.count() == 1


def test_one_broken_subscriber_neither_stops_the_others_nor_holds_up_the_rest(unit):
    heard = []
    first = emit("unit.created", unit, actor=system(), at=NOW)
    emit("unit.changed", unit, actor=system(), at=NOW)

    def broken(event, at):
        raise RuntimeError

    def listen(event, at):
        heard.append(event.name)

    subscriptions = {"unit.created": [broken, listen], "unit.changed": [listen]}
    tell_pending(subscriptions, NOW)
    assert heard == ["unit.created", "unit.changed"]

    at = NOW
    for _attempt in range(MOST_TELLINGS):
        at += PAUSE * MOST_TELLINGS
        tell_pending(subscriptions, at)
    first.refresh_from_db()
    assert first.told_at is not None  # given up, seen in the log
    assert heard == ["unit.created", "unit.changed"]


def test_two_workers_run_a_scheduled_task_once():
    ran = []
    task = Task("sweep", timedelta(minutes=10), ran.append)

    assert run_due([task], NOW) == 1
    assert run_due([task], NOW + timedelta(minutes=9)) == 0
    assert run_due([task], NOW + timedelta(minutes=10)) == 1
    assert run_due([task], NOW + timedelta(minutes=10)) == 0
    assert ran == [NOW, NOW + timedelta(minutes=10)]
    assert Tick.objects.get().last_run == NOW + timedelta(minutes=10)
