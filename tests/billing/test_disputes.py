"""Questions about invoices: asked by the customer, answered on the desk, never edited by anybody."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from rawabit.billing.actions import (
    About,
    answer_dispute,
    ask_again,
    close_dispute,
    open_dispute,
    withdraw_dispute,
)
from rawabit.billing.models import Dispute
from rawabit.billing.queries import disputes_to_answer, questioned, reminders_paused
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    make_customer,
    make_customer_user,
    make_dispute,
    make_invoice,
    make_payment,
    make_user,
    posted_invoice,
)
from tests.makers import actor as acting

pytestmark = pytest.mark.django_db


def said(dispute: Dispute) -> list[tuple[bool, str]]:
    return list(dispute.messages.order_by("pk").values_list("from_customer", "body"))


def test_a_question_from_beginning_to_end():
    customer = make_customer()
    invoice = posted_invoice(customer)
    asker, agent = make_customer_user(customer, "finance").actor, acting(make_user("accountant"))
    dispute = open_dispute(
        customer, About(invoice, invoice.lines.get()), topic="quantity", body="One is missing", actor=asker, at=NOW
    )
    assert dispute.state == "open"
    assert disputes_to_answer(agent) == 1

    answer_dispute(dispute, body="It follows on Sunday", actor=agent, at=NOW)
    ask_again(dispute, body="It did not", actor=asker, at=NOW)
    close_dispute(dispute, outcome="accepted", body="We credit it", actor=agent, at=NOW)

    dispute.refresh_from_db()
    assert (dispute.state, dispute.outcome, dispute.by_name) == ("closed", "accepted", asker.name)
    assert said(dispute) == [
        (True, "One is missing"), (False, "It follows on Sunday"), (True, "It did not"), (False, "We credit it"),
    ]  # fmt: skip
    names = list(Event.objects.filter(name__startswith="dispute").order_by("pk").values_list("name", flat=True))
    assert names == ["dispute.opened", "dispute.answered", "dispute.continued", "dispute.closed"]
    assert disputes_to_answer(agent) == 0


def test_reminders_wait_until_it_is_closed():
    customer = make_customer()
    invoice, other = posted_invoice(customer), posted_invoice(customer)
    dispute = make_dispute(customer, invoice=invoice)
    keys = [invoice.pk, other.pk]
    assert reminders_paused(keys, TODAY) == questioned(keys) == {invoice.pk}

    answer_dispute(dispute, body="Yes?", actor=SYSTEM, at=NOW)
    assert reminders_paused(keys, TODAY) == {invoice.pk}

    close_dispute(dispute, outcome="settled", actor=SYSTEM, at=NOW)
    assert reminders_paused(keys, TODAY) == questioned(keys) == set()


def test_sent_twice_is_said_once():
    customer = make_customer()
    invoice = posted_invoice(customer)
    both = [
        open_dispute(customer, About(invoice), topic="price", body="?", sheet="s", actor=SYSTEM, at=NOW)
        for _ in range(2)
    ]
    assert both[0] == both[1]
    for _ in range(2):
        answer_dispute(both[0], body="As agreed", actor=SYSTEM, at=NOW)
        close_dispute(both[0], outcome="rejected", actor=SYSTEM, at=NOW) if _ else None
    assert len(said(both[0])) == 2


@pytest.mark.parametrize("bad", ["other invoice", "draft", "other line", "line alone", "nothing", "other payment"])
def test_a_question_is_about_something_of_ones_own(bad):
    customer = make_customer()
    invoice = posted_invoice(customer)
    about = {
        "other invoice": lambda: About(posted_invoice()),
        "draft": lambda: About(make_invoice(customer)),
        "other line": lambda: About(invoice, posted_invoice(customer).lines.get()),
        "line alone": lambda: About(line=invoice.lines.get()),
        "nothing": lambda: About(row="  "),
        "other payment": lambda: About(payment=make_payment()),
    }[bad]()
    with pytest.raises(Refused):
        open_dispute(customer, about, topic="other", body="?", actor=SYSTEM, at=NOW)
    assert Dispute.objects.count() == 0


@pytest.mark.parametrize("body", ["", "  \n ", "\u202e\u202d", "\x00"])
def test_nothing_is_no_question(body):
    with pytest.raises(Refused):
        make_dispute(body=body)
    assert Dispute.objects.count() == 0


def test_a_closed_question_stays_closed():
    dispute = make_dispute()
    withdraw_dispute(dispute, actor=SYSTEM, at=NOW)
    assert withdraw_dispute(dispute, actor=SYSTEM, at=NOW).outcome == "withdrawn"
    for act in (
        lambda: answer_dispute(dispute, body="x", actor=SYSTEM, at=NOW),
        lambda: ask_again(dispute, body="x", actor=SYSTEM, at=NOW),
        lambda: close_dispute(dispute, outcome="accepted", actor=SYSTEM, at=NOW),
    ):
        with pytest.raises(Refused):
            act()


def test_who_may_do_what():
    customer = make_customer()
    dispute = make_dispute(customer)
    payer = make_customer_user(customer, "finance").actor
    buyer, other = make_customer_user(customer, "buyer").actor, make_customer_user(make_customer(), "owner").actor
    for somebody in (buyer, other):
        with pytest.raises(PermissionDenied):
            ask_again(dispute, body="x", actor=somebody, at=NOW)
        with pytest.raises(PermissionDenied):
            withdraw_dispute(dispute, actor=somebody, at=NOW)
    for somebody in (payer, acting(make_user(""))):
        with pytest.raises(PermissionDenied):
            answer_dispute(dispute, body="x", actor=somebody, at=NOW)
        with pytest.raises(PermissionDenied):
            close_dispute(dispute, outcome="accepted", actor=somebody, at=NOW)
    assert ask_again(dispute, body="x", actor=payer, at=NOW).state == "open"
    assert answer_dispute(dispute, body="y", actor=acting(make_user("support")), at=NOW).state == "answered"


def test_what_was_said_is_kept_by_the_database():
    dispute = make_dispute()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_disputemessage SET body = 'x' WHERE dispute_id = %s", [dispute.pk])
    assert said(dispute) == [(True, "One pump is missing")]
