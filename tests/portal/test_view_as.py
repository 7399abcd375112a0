"""A colleague looks at the portal as a customer: he sees what the customer sees and sends nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from rawabit.crm.actions import hand_over, revoke_portal_access
from rawabit.crm.models import PortalAccess
from rawabit.identity.models import User
from rawabit.kit.records.models import Event
from rawabit.portal.urls import urlpatterns
from rawabit.sales.models import Quotation
from tests.laws.world import client_of, row_counts
from tests.makers import (
    NOW,
    SYSTEM,
    confirmed_order,
    make_customer,
    make_customer_user,
    make_user,
    posted_invoice,
    sent_quotation,
)

LOOKED = "portal.viewed_as"


@pytest.fixture
def customer(db):
    return make_customer("مؤسسة النخيل", name_en="Palm Trading")


@pytest.fixture
def noura_(customer):
    return make_customer_user(customer, "owner", "Noura")


def begin(client: Client, customer, whom: str, to: str = "") -> object:
    return client.post(reverse("view-as", args=[customer.pk]), {"whom": whom, "to": to})


def access_of(person) -> str:
    return str(PortalAccess.objects.get(user=person.user).pk)


def test_he_sees_what_the_customer_sees(manager, customer, noura_):
    invoice, other = posted_invoice(customer), posted_invoice()
    client = client_of(manager.user)

    response = begin(client, customer, access_of(noura_), reverse("portal-invoices"))

    assert response.headers["Location"] == reverse("portal-invoices")
    page = client.get(reverse("portal-invoices")).content.decode()
    assert invoice.number in page
    assert other.number not in page
    assert reverse("view-as-end") in page
    assert "Noura" in page
    assert client.get(reverse("portal-invoice", args=[other.uid])).status_code == 404
    assert client.get("/desk/").status_code == 200, "he stays himself on the desk"


def test_without_beginning_the_portal_does_not_exist_for_him(manager, customer, noura_):
    client = client_of(manager.user)

    assert client.get(reverse("view-as", args=[customer.pk])).status_code == 200
    assert client.get(reverse("portal-home")).status_code == 404
    assert not Event.objects.filter(name=LOOKED).exists()


def test_a_role_that_nobody_holds(manager, customer):
    posted_invoice(customer)
    client = client_of(manager.user)

    begin(client, customer, "role:buyer")

    assert client.get(reverse("portal-orders")).status_code == 200
    assert client.get(reverse("portal-invoices")).status_code == 403
    assert client.get(reverse("portal-account")).status_code == 200


def test_nothing_can_be_sent(manager, customer, noura_):
    quotation = sent_quotation(customer)
    client = client_of(manager.user)
    begin(client, customer, access_of(noura_))
    before = row_counts()

    wrong = []
    for pattern in urlpatterns:
        parts = {"uid": quotation.uid, "kind": "quotation"}
        url = reverse(pattern.name, kwargs={name: parts.get(name, 1) for name in pattern.pattern.converters})
        response = client.post(url, {"name": "x", "reason": "price", "confirmed": "1"})
        if response.status_code != 403:
            wrong.append((pattern.name, response.status_code))

    assert wrong == []
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"
    assert row_counts() == before


def test_it_is_written_into_the_customers_history(manager, customer, noura_):
    client = client_of(manager.user)
    begin(client, customer, access_of(noura_))

    ended = client.post(reverse("view-as-end"))

    told = list(Event.objects.about(customer).filter(name=LOOKED).order_by("pk"))
    assert [event.facts["step"] for event in told] == ["start", "end"]
    assert all(event.actor_id == manager.user.pk and event.facts["name"] == "Noura" for event in told)
    assert ended.headers["Location"] == reverse("customers-detail", args=[customer.pk])
    assert client.get(reverse("portal-home")).status_code == 404


def test_it_ends_by_itself(manager, customer, noura_, monkeypatch):
    from types import SimpleNamespace

    client = client_of(manager.user)
    begin(client, customer, access_of(noura_))
    assert client.get(reverse("portal-home")).status_code == 200

    late = SimpleNamespace(now=lambda: NOW + timedelta(minutes=31))
    monkeypatch.setattr("rawabit.config.middleware.timezone", late)

    assert client.get(reverse("portal-home")).status_code == 404


def test_access_that_was_withdrawn_meanwhile_shows_nothing(manager, customer, noura_):
    client = client_of(manager.user)
    begin(client, customer, access_of(noura_))

    revoke_portal_access(PortalAccess.objects.get(user=noura_.user), actor=SYSTEM, at=NOW)

    assert client.get(reverse("portal-home")).status_code == 404


def test_a_customer_outside_ones_scope_cannot_be_looked_at(customer, noura_):
    seller = make_user("sales", "Fahd")
    client = client_of(seller)

    assert client.get(reverse("view-as", args=[customer.pk])).status_code == 404
    assert begin(client, customer, access_of(noura_)).status_code == 404
    assert client.get(reverse("portal-home")).status_code == 404

    hand_over(customer, seller, actor=SYSTEM, at=NOW)
    assert begin(client, customer, access_of(noura_)).status_code == 302
    assert client.get(reverse("portal-home")).status_code == 200

    hand_over(customer, None, actor=SYSTEM, at=NOW)
    assert client.get(reverse("portal-home")).status_code == 404, "a customer that was handed over meanwhile"


def test_who_may_not_look_is_refused(clerk, customer, noura_):
    client = client_of(clerk.user)

    assert client.get(reverse("view-as", args=[customer.pk])).status_code == 403
    assert begin(client, customer, access_of(noura_)).status_code == 403


def test_customers_never_reach_it(customer, noura_):
    other = make_customer_user(make_customer(), "owner")
    client = client_of(other.user)
    session = client.session
    session["view_as"] = {
        "staff": other.user.pk, "customer": customer.pk, "role": "owner", "user": noura_.user.pk, "name": "x",
        "since": NOW.isoformat(),
    }  # fmt: skip
    session.save()
    theirs = confirmed_order(customer)

    assert begin(client, customer, access_of(noura_)).status_code == 404
    assert client.get(reverse("portal-order", args=[theirs.uid])).status_code == 404
    assert client.post(reverse("view-as-end")).status_code == 404


def test_somebody_elses_look_in_the_session_is_no_look(manager, administrator, customer, noura_):
    client = client_of(manager.user)
    begin(client, customer, access_of(noura_))
    kept = client.session["view_as"]
    stranger = client_of(administrator.user)
    session = stranger.session
    session["view_as"] = kept
    session.save()

    assert stranger.get(reverse("portal-home")).status_code == 404


def test_another_customers_person_cannot_be_slipped_in(manager, customer):
    other = make_customer_user(make_customer("Other"), "owner")

    response = begin(client_of(manager.user), customer, access_of(other))

    assert response.status_code == 422


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/desk/settings/", "/portal/../desk/", "/x"])
def test_it_leads_nowhere_else(manager, customer, noura_, to):
    response = begin(client_of(manager.user), customer, access_of(noura_), to)

    assert response.headers["Location"] == reverse("portal-home")


def test_the_persons_own_language_is_not_forced_on_the_colleague(manager, customer, noura_):
    User.objects.filter(pk=noura_.user.pk).update(language="fa")
    User.objects.filter(pk=manager.user.pk).update(language="en")
    client = client_of(manager.user)
    begin(client, customer, access_of(noura_))

    assert '<html lang="en"' in client.get(reverse("portal-home")).content.decode()
