"""Quotations before the customer: read, decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rawabit.kit.records.models import Event
from rawabit.sales.actions import confirm_order, new_version, send_quotation
from rawabit.sales.models import Order, Quotation
from tests.makers import NOW, ONE_DAY, SYSTEM, TODAY, make_customer, make_quotation, rows, sent_quotation
from tests.portal.conftest import words_of

YES = {"name": "Noura Al-Subaie", "customer_reference": "PO-9", "agreed": "on"}


def with_option(customer) -> Quotation:
    """Two lines of 200 riyals, the second optional and not chosen."""
    return sent_quotation(customer, rows=[*rows(1), *rows(1, optional=True)])


def test_tabs(noura):
    waiting = sent_quotation(noura.customer)
    old = sent_quotation(noura.customer)
    Quotation.objects.filter(pk=old.pk).update(state="expired")
    make_quotation(noura.customer)

    assert waiting.number in noura.read("quotations")
    assert old.number not in noura.read("quotations")
    assert old.number in noura.read("quotations", show="past")
    assert "No quotation has been accepted yet." in noura.read("quotations", show="accepted")


def test_accepting(noura):
    quotation = sent_quotation(noura.customer)

    answer = noura.send("quotation-accept", quotation.uid, **YES)

    assert answer.status_code == 302
    quotation.refresh_from_db()
    assert (quotation.state, quotation.decided_by, quotation.customer_reference) == (
        "accepted",
        "Noura Al-Subaie",
        "PO-9",
    )
    event = Event.objects.get(name="quotation.accepted")
    assert (event.actor_id, event.door) == (noura.person.user.pk, "portal")
    page = noura.read("quotation", quotation.uid)
    assert "Accepted by Noura Al-Subaie" in page
    assert "Your decision" not in page


def test_the_order_appears_when_it_is_confirmed(noura):
    quotation = sent_quotation(noura.customer)
    noura.send("quotation-accept", quotation.uid, **YES)
    order = Order.objects.get(quotation=quotation)
    assert f"/portal/orders/{order.uid}/" not in noura.open("quotation", quotation.uid).content.decode()

    confirm_order(order, actor=SYSTEM, at=NOW)

    assert f"/portal/orders/{order.uid}/" in noura.open("quotation", quotation.uid).content.decode()


def test_accepting_twice_is_accepting_once(noura):
    quotation = sent_quotation(noura.customer)
    for _ in range(2):
        assert noura.send("quotation-accept", quotation.uid, **YES).status_code == 302

    assert Order.objects.filter(quotation=quotation).count() == 1


@pytest.mark.parametrize("missing", ["name", "agreed"])
def test_what_is_missing_is_said_and_nothing_happens(noura, missing):
    quotation = sent_quotation(noura.customer)

    answer = noura.send("quotation-accept", quotation.uid, **{**YES, missing: ""})

    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"


def test_the_new_total_is_shown_before_anything_is_decided(noura):
    quotation = with_option(noura.customer)
    option = quotation.lines.get(position=2)
    assert "Total including VAT ⃁ 230.00" in noura.read("quotation", quotation.uid)

    answer = noura.open("quotation", quotation.uid, chosen="1", line=option.pk)

    assert answer.status_code == 200
    assert "Total including VAT ⃁ 460.00" in words_of(answer)
    sheet = noura.open("quotation-accept", quotation.uid, chosen="1", line=option.pk)
    assert "Total including VAT ⃁ 460.00" in words_of(sheet)
    assert f'name="line" value="{option.pk}"' in sheet.content.decode()
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"
    assert not quotation.lines.get(position=2).chosen


@pytest.mark.parametrize(("ticked", "total"), [(True, 46000), (False, 23000)])
def test_optional_lines_are_chosen_by_accepting(noura, ticked, total):
    quotation = with_option(noura.customer)
    line = {"line": quotation.lines.get(position=2).pk} if ticked else {}

    noura.send("quotation-accept", quotation.uid, chosen="1", **line, **YES)

    assert Quotation.objects.get(pk=quotation.pk).total == total
    assert Order.objects.get(quotation=quotation).total == total


def test_a_line_of_another_quotation_is_no_choice(noura):
    quotation, other = with_option(noura.customer), with_option(make_customer())

    noura.send("quotation-accept", quotation.uid, chosen="1", line=other.lines.get(position=2).pk, **YES)

    assert Quotation.objects.get(pk=quotation.pk).total == 23000
    assert not other.lines.get(position=2).chosen


def test_declining_with_a_reason(noura):
    quotation = sent_quotation(noura.customer)
    assert noura.send("quotation-decline", quotation.uid).status_code == 422

    noura.send("quotation-decline", quotation.uid, reason="price", note="10 % too much")

    quotation.refresh_from_db()
    assert (quotation.state, quotation.decline_reason) == ("declined", "The price is too high · 10 % too much")
    assert "Your decision" not in noura.read("quotation", quotation.uid)


def test_an_expired_offer_is_read_only_even_before_the_clock_has_noticed(noura):
    quotation = sent_quotation(noura.customer)
    Quotation.objects.filter(pk=quotation.pk).update(valid_until=TODAY - ONE_DAY)

    page = noura.read("quotation", quotation.uid)
    answer = noura.send("quotation-accept", quotation.uid, **YES)

    assert "Expired" in page
    assert "Your decision" not in page
    assert answer.status_code == 409
    assert "This quotation has expired." in answer.content.decode()
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"


def test_a_newer_version_takes_the_place_of_the_old(noura):
    old = sent_quotation(noura.customer, valid_until=TODAY + timedelta(days=9))
    newer = send_quotation(new_version(old, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)

    page = noura.read("quotation", old.uid)
    assert "Replaced by a newer version" in page
    assert "Your decision" not in page
    assert f"/portal/quotations/{newer.uid}/" in noura.open("quotation", old.uid).content.decode()
    assert noura.read("quotations").count(old.number) == 1


@pytest.mark.parametrize("name", ["quotation-accept", "quotation-decline"])
def test_nobody_else_decides(noura, as_role, name):
    mine, theirs = sent_quotation(noura.customer), sent_quotation(make_customer())
    data = {**YES, "reason": "price"}

    assert noura.send(name, theirs.uid, **data).status_code == 404
    assert noura.open(name, mine.uid).status_code == 200
    assert noura.open(name, theirs.uid).status_code == 404
    for role in ("finance", "support"):
        assert as_role(role).send(name, mine.uid, **data).status_code == 403
    states = Quotation.objects.filter(pk__in=[mine.pk, theirs.pk]).values_list("state", flat=True)
    assert set(states) == {"sent"}
