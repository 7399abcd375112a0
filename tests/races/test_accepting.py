"""Accepting, declining, replacing and expiring an offer at one moment: exactly one of them happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.sales.actions import (
    accept_quotation,
    ask_renewal,
    decline_quotation,
    expire_quotations,
    new_version,
    send_quotation,
)
from rawabit.sales.models import Acceptance, Order, Question, Quotation
from tests.makers import NOW, SYSTEM, TODAY, make_company, make_customer, make_customer_user, sent_quotation
from tests.races.harness import WRITERS, Gate, gated, race, require_postgresql, without_locks

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize("locked", [True, False], ids=["locks on", "control: locks off"])


@pytest.fixture(autouse=True)
def on_postgresql(db, transactional_db):
    require_postgresql()
    make_company()


@both
def test_one_person_signs_in_two_browsers(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    person = make_customer_user(make_customer())
    quotation = sent_quotation(person.customer, signatures_needed=2)
    gated(monkeypatch, "rawabit.sales.actions.signing._evidence", Gate())

    done = race(lambda number: accept_quotation(quotation, name=f"{number}", actor=person.actor, at=NOW))

    assert Acceptance.objects.count() == 1
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"
    if locked:
        assert (len(done.answers), done.errors) == (WRITERS, [])
        assert Event.objects.filter(name="quotation.signed").count() == 1
    else:
        assert done.raised(IntegrityError) == WRITERS - 1, "only the database's own rule stood in the way"


@both
def test_the_last_two_signatures_make_one_order(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    customer = make_customer()
    people = [make_customer_user(customer, "owner", f"Owner {number}") for number in range(2)]
    quotation = sent_quotation(customer, signatures_needed=2)
    gated(monkeypatch, "rawabit.sales.actions.signing._evidence", Gate(2))

    done = race(
        lambda number: accept_quotation(quotation, name=f"{number}", actor=people[number].actor, at=NOW), writers=2
    )

    assert Acceptance.objects.count() == 2
    if locked:
        assert done.errors == []
        assert Order.objects.count() == 1
        assert Quotation.objects.get(pk=quotation.pk).state == "accepted"
    else:
        facts = list(Event.objects.filter(name="quotation.signed").values_list("facts__count", flat=True))
        assert facts != [1, 2] or Order.objects.count() != 1, "without the lock each must count for himself"


@both
def test_yes_no_newer_and_too_late_at_one_moment(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    customer = make_customer()
    yes, no = make_customer_user(customer, "owner", "Yes"), make_customer_user(customer, "owner", "No")
    quotation = sent_quotation(customer, valid_until=TODAY)
    newer = new_version(quotation, actor=SYSTEM, at=NOW)
    gate = Gate(4)
    gated(monkeypatch, "rawabit.sales.actions.signing.touch", gate)
    gated(monkeypatch, "rawabit.sales.actions.quotations.touch", gate)
    tomorrow = NOW + timedelta(days=1)
    doings = [
        lambda: accept_quotation(quotation, name="yes", actor=yes.actor, at=NOW),
        lambda: decline_quotation(quotation, reason="no", actor=no.actor, at=NOW),
        lambda: send_quotation(newer, actor=SYSTEM, at=NOW),
        lambda: expire_quotations(actor=SYSTEM, at=tomorrow),
    ]

    done = race(lambda number: doings[number](), writers=len(doings))

    told = Event.objects.filter(subject_id=quotation.pk).values_list("name", flat=True)
    ends = sorted(set(told) & {"quotation.accepted", "quotation.declined"})
    assert Order.objects.count() <= 1
    if locked:
        assert len(ends) <= 1
        assert all(isinstance(error, Refused) and str(error) for error in done.errors)
        state = Quotation.objects.get(pk=quotation.pk).state
        assert (state == "accepted") == ("quotation.accepted" in told) == (Order.objects.count() == 1)
    else:
        assert ends == ["quotation.accepted", "quotation.declined"], "without locks both must happen"


@both
def test_a_renewal_is_asked_for_once(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    person = make_customer_user(make_customer())
    quotation = sent_quotation(person.customer)
    Quotation.objects.filter(pk=quotation.pk).update(state="expired")
    gated(monkeypatch, "rawabit.sales.actions.asking._write", Gate())

    done = race(lambda _number: ask_renewal(quotation, actor=person.actor, at=NOW))

    assert Question.objects.count() == 1
    if locked:
        assert done.errors == []
    else:
        assert done.raised(IntegrityError) == WRITERS - 1
