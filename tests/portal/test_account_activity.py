"""The log shows what the customer's own people did, and nothing of what colleagues do among themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType

from rawabit.crm.actions import put_address, revoke_portal_access, set_credit
from rawabit.crm.models import Address, PortalAccess
from rawabit.kit.records.actions import comment, emit
from rawabit.kit.records.actor import Actor
from rawabit.portal.event_words import CUSTOMER_WORDS
from rawabit.portal.queries.activity import kinds
from rawabit.sales.actions import accept_quotation, decline_quotation, send_quotation
from tests.makers import (
    NOW,
    SYSTEM,
    Person,
    make_change_request,
    make_customer,
    make_customer_user,
    make_quotation,
    make_user,
    sar,
    sent_quotation,
)
from tests.portal.conftest import reader


def accepted(who, at=NOW):
    return accept_quotation(sent_quotation(who.customer), name="Signer", actor=who.person.actor, at=at)


def test_what_was_done_stands_there_in_words(noura, as_role):
    buyer = as_role("buyer")
    quotation = accepted(buyer)

    page = noura.read("activity")

    assert f"Accepted the quotation {quotation.number} The buyer" in page
    assert quotation.number in buyer.read("activity")


def test_others_see_their_own_doings_alone(noura, as_role):
    accepted(noura)
    buyer = as_role("buyer")
    mine = decline_quotation(sent_quotation(noura.customer), reason="price", actor=buyer.person.actor, at=NOW)

    page = buyer.read("activity")

    assert f"Declined the quotation {mine.number}" in page
    assert "Accepted" not in page
    assert "Person" not in page, "nothing to narrow to"
    assert "Accepted" not in as_role("finance").read("activity", person=str(noura.person.user.pk))


def test_nothing_of_what_colleagues_do(noura):
    staff = Person(make_user("manager", "CANARY colleague"))
    quotation = sent_quotation(noura.customer, note="CANARY note")
    comment(quotation, "CANARY comment", mentions=[], actor=staff.actor, at=NOW)
    set_credit(noura.customer, sar(777), True, actor=staff.actor, at=NOW)
    send_quotation(make_quotation(noura.customer), actor=staff.actor, at=NOW)
    accept_quotation(sent_quotation(noura.customer), name="CANARY", actor=staff.actor, at=NOW)
    for name in CUSTOMER_WORDS:
        emit(name, noura.customer, actor=staff.actor, at=NOW, email="CANARY", number="CANARY", file="CANARY")

    page = noura.read("activity")

    assert "CANARY" not in page
    assert "Nothing yet." in page


def test_what_has_no_words_is_not_shown(noura):
    for name in ("comment.added", "customer.handed_over", "order.held", "credit.judged", "user.stepped_up"):
        emit(name, noura.customer, actor=noura.person.actor, at=NOW, email="CANARY", number="CANARY", reason="CANARY")

    assert "CANARY" not in noura.read("activity")
    assert "Nothing yet." in noura.read("activity")


def test_nothing_of_another_customer_even_of_the_same_person(noura):
    """The canary: one person at two customers, and a stranger; each log shows its own side alone."""
    from rawabit.crm.actions import grant_portal_access

    second = make_customer("Second Trading")
    grant_portal_access(second, noura.person.user.email, "Noura", "owner", actor=SYSTEM, at=NOW)
    both = reader(noura.person)
    ours = accepted(both)
    theirs = accept_quotation(sent_quotation(second), name="X", actor=both.person.actor, at=NOW)
    stranger = make_customer_user(make_customer("Stranger Trading"), "owner", "Stranger")
    foreign = accept_quotation(sent_quotation(stranger.customer), name="X", actor=stranger.actor, at=NOW)
    put_address(Address(customer=second, purpose="delivery", city="CANARY"), actor=both.person.actor, at=NOW)

    first = both.read("activity")
    both.send("switch", customer=second.pk)
    other = both.read("activity")

    assert ours.number in first
    assert theirs.number not in first
    assert "delivery address" not in first
    assert theirs.number in other
    assert "Saved a delivery address" in other
    assert ours.number not in other
    for page in (first, other):
        assert foreign.number not in page
        assert "Stranger" not in page


def test_a_forged_person_narrows_to_nobody_else(noura):
    stranger = make_customer_user(make_customer("Stranger Trading"), "owner", "Stranger")
    accept_quotation(sent_quotation(stranger.customer), name="X", actor=stranger.actor, at=NOW)
    accepted(noura)

    for asked in (str(stranger.user.pk), "x", "-1", "9" * 40, "١"):
        page = noura.read("activity", person=asked)
        assert "Stranger" not in page
        assert "Accepted the quotation" in page


def test_narrowed_to_one_person_and_twenty_at_a_time(noura, as_role):
    buyer = as_role("buyer")
    mine = [accepted(noura, NOW + timedelta(minutes=n)) for n in range(23)]
    hers = accepted(buyer)

    first = noura.read("activity", person=str(noura.person.user.pk))
    assert hers.number not in first
    assert first.count("Accepted the quotation") == 20
    assert mine[-1].number in first
    assert mine[2].number not in first
    before = noura.open("activity").content.decode()
    query = before.split('href="?before=')[1].split('"')[0]
    rest = noura.read("activity", before=query)
    assert mine[2].number in rest
    assert mine[-1].number not in rest


def test_what_somebody_did_stays_when_he_has_gone(noura, as_role):
    buyer = as_role("buyer")
    quotation = accepted(buyer)
    revoke_portal_access(PortalAccess.objects.get(user=buyer.person.user), actor=noura.person.actor, at=NOW)

    page = noura.read("activity")

    assert f"Accepted the quotation {quotation.number} The buyer" in page
    assert "Took access away" in page


def test_what_came_by_a_link_is_marked(noura):
    holder = Actor(None, "Salem", "link", customer_ids=frozenset({noura.customer.pk}), customer_roles={
        noura.customer.pk: "buyer"})  # fmt: skip
    emit("quotation.declined", sent_quotation(noura.customer), actor=holder, at=NOW, number="Q-LINK", reason="price")
    elsewhere = make_customer()
    stranger = Actor(None, "CANARY", "link", customer_ids=frozenset({elsewhere.pk}))
    emit("quotation.declined", sent_quotation(elsewhere), actor=stranger, at=NOW, number="CANARY", reason="price")

    page = noura.read("activity")

    assert "Salem · By a link" in page
    assert "CANARY" not in page


def test_the_kinds_are_those_that_belong_to_a_customer():
    labels = {model._meta.label for model in kinds()}

    assert {"sales.Quotation", "sales.Order", "billing.Invoice", "crm.ChangeRequest"} <= labels
    assert not labels & {"identity.User", "crm.Contact", "catalog.Item", "company.Company"}


@pytest.mark.parametrize("role", ["owner", "finance"])
def test_the_log_costs_the_same_for_many(noura, as_role, role, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    who = noura if role == "owner" else as_role(role)
    ContentType.objects.clear_cache()
    make_change_request(noura.customer)
    accepted(noura)
    who.read("activity")
    with CaptureQueriesContext(connection) as few:
        who.read("activity")
    for n in range(6):
        accepted(noura, NOW + timedelta(minutes=n))
    with django_assert_max_num_queries(len(few)):
        who.read("activity")
