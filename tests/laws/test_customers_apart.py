"""A customer never sees, changes, counts, finds or is told anything of another customer: every door of the portal."""

from __future__ import annotations

import uuid

import pytest
from django.db.models import Q
from django.urls import reverse

from rawabit.kit.records import actor as rules
from rawabit.portal.queries.papers import KINDS
from rawabit.portal.urls import urlpatterns
from tests import makers
from tests.laws.world import Side, client_of, make_side, page_text, row_counts, snapshot

pytestmark = pytest.mark.django_db
NOBODYS = uuid.UUID(int=0)
ROLES = ["owner", "buyer", "finance", "support"]
# Addresses that take a record, with what comes before its key: papers name the kind of document.
WITH_RECORD = [
    (p.name, more)
    for p in urlpatterns
    if "uid" in str(p.pattern)
    for more in ([(kind,) for kind in KINDS] if "kind" in str(p.pattern) else [()])
]
PLAIN = [p.name for p in urlpatterns if "<" not in str(p.pattern)]
SEARCHED = ["portal-orders", "portal-quotations", "portal-invoices", "portal-deliveries", "portal-payments"]


@pytest.fixture
def ours(db) -> Side:
    return make_side("CNRYOURS")


@pytest.fixture
def theirs(db) -> Side:
    return make_side("CNRYTHEIRS")


def open_all(client, side: Side) -> dict[tuple[str, str], int]:
    """Status of every address that takes a record, with every record of a side."""
    statuses = {}
    for name, more in WITH_RECORD:
        for record in side.records:
            if hasattr(record, "uid"):
                about = f"{type(record).__name__} {record.state if hasattr(record, 'state') else ''}"
                key = (" ".join((name, *more)), about)
                statuses[key] = client.get(reverse(name, args=[*more, record.uid])).status_code
    return statuses


def leaks(client, theirs: Side) -> list[str]:
    """Where anything of the other customer's could be read, by any address and any search."""
    found = []
    for name in PLAIN:
        if theirs.canary in page_text(client.get(reverse(name))):
            found.append(name)
    for name in SEARCHED:
        for words in (theirs.canary, "CNRY", "مضخة"):
            if "CNRYTHEIRS " in page_text(client.get(reverse(name), {"q": words})):
                found.append(f"{name}?q={words}")
    for kind in ("csv", "xlsx"):
        if theirs.canary in page_text(client.get(reverse("portal-statement-download", args=[kind]))):
            found.append(f"statement.{kind}")
    for name, more in WITH_RECORD:
        for uid in theirs.uids():
            for method in ("get", "post"):
                response = getattr(client, method)(reverse(name, args=[*more, uid]))
                if response.status_code not in (403, 404, 405) or theirs.canary in page_text(response):
                    found.append(f"{method} {name}: {response.status_code}")
    return found


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_customer_can_be_read_or_opened(ours, theirs, role):
    client = client_of(makers.make_customer_user(ours.customer, role).user)
    before = snapshot(theirs.records)

    assert leaks(client, theirs) == []
    assert snapshot(theirs.records) == before


def test_the_same_search_finds_what_is_ones_own(ours, theirs):
    """Without this the law above could pass on empty pages."""
    client = client_of(makers.make_customer_user(ours.customer, "owner").user)

    for name in ["portal-orders", "portal-invoices", "portal-quotations", "portal-deliveries"]:
        assert client.get(reverse(name)).status_code == 200
    opened = [key for key, status in open_all(client, ours).items() if status == 200]
    assert {name for name, _record in opened} >= {
        "portal-order", "portal-invoice", "portal-quotation", "portal-delivery", "portal-payment", "portal-file",
    }  # fmt: skip
    assert "CNRYOURS" in page_text(client.get(reverse("portal-orders"), {"q": "CNRYOURS-PO"}))


def test_drafts_do_not_exist_for_the_customer(ours):
    client = client_of(makers.make_customer_user(ours.customer, "owner").user)

    shown = [key for key, status in open_all(client, ours).items() if "draft" in key[1] and status not in (404, 405)]

    assert shown == []


def test_anothers_record_and_none_at_all_are_told_alike(ours, theirs):
    client = client_of(makers.make_customer_user(ours.customer, "owner").user)
    for name, more in WITH_RECORD:
        nobody = client.get(reverse(name, args=[*more, NOBODYS]))
        for uid in theirs.uids():
            answer = client.get(reverse(name, args=[*more, uid]))
            assert answer.status_code == nobody.status_code, name
            same = page_text(nobody).replace(str(NOBODYS), "")
            assert page_text(answer).replace(str(uid), "") == same, name


def test_what_another_customer_does_changes_no_byte_of_ones_pages(ours):
    """Counts, sums, gaps in numbers, order: two worlds that differ in the other customer alone look equal."""
    client = client_of(makers.make_customer_user(ours.customer, "owner").user)
    before = {name: page_text(client.get(reverse(name))) for name in PLAIN}

    make_side("CNRYTHEIRS")

    after = {name: page_text(client.get(reverse(name))) for name in PLAIN}
    assert [name for name in PLAIN if before[name] != after[name]] == []


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("buyer", ["portal-invoices", "portal-statement", "portal-payments"]),
        ("finance", ["portal-orders", "portal-quotations", "portal-deliveries"]),
        ("support", ["portal-orders", "portal-quotations", "portal-invoices", "portal-statement", "portal-payments"]),
    ],
)
def test_a_role_closes_pages_with_403(ours, role, closed):
    client = client_of(makers.make_customer_user(ours.customer, role).user)

    assert [name for name in closed if client.get(reverse(name)).status_code != 403] == []


def test_access_that_was_withdrawn_is_gone_at_once(ours):
    from rawabit.crm.actions import revoke_portal_access
    from rawabit.crm.models import PortalAccess

    person = makers.make_customer_user(ours.customer, "owner")
    client = client_of(person.user)
    assert client.get(reverse("portal-orders")).status_code == 200

    revoke_portal_access(PortalAccess.objects.get(user=person.user), actor=makers.SYSTEM, at=makers.NOW)

    answer = client.get(reverse("portal-orders"))
    assert answer.status_code in (302, 403)
    assert "CNRYOURS" not in page_text(answer)


def test_looking_writes_nothing(ours):
    client = client_of(makers.make_customer_user(ours.customer, "owner").user)
    client.get(reverse("portal-home"))
    before = row_counts(), snapshot(ours.records)
    for name in PLAIN:
        client.get(reverse(name))
    open_all(client, ours)

    assert (row_counts(), snapshot(ours.records)) == before


PLANTED = ["sales.Order", "sales.Quotation", "billing.Invoice", "billing.Payment", "shipping.Delivery"]


@pytest.mark.parametrize("label", PLANTED)
def test_a_dropped_row_rule_is_noticed(ours, theirs, label, monkeypatch):
    """The law bites: with one rule opened, it finds the leak."""
    from django.apps import apps

    from rawabit.kit.records import prepared

    monkeypatch.setitem(rules._RULES, apps.get_model(label), lambda actor: ~Q(state="draft"))
    for query in prepared.ALL:
        monkeypatch.setattr(query, "_plans", {})
    client = client_of(makers.make_customer_user(ours.customer, "owner").user)

    assert leaks(client, theirs) != []
