"""Change requests: who may decide, what an acceptance writes, and what it must not."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from rawabit.crm.actions import accept_change, ask_change, refuse_change, set_identifier, withdraw_change
from rawabit.crm.models import ChangeRequest, Contact, Customer, PortalAccess
from rawabit.identity.actions import set_grants
from rawabit.identity.models import Role, User
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from tests.laws.world import client_of
from tests.makers import (
    NOW,
    SYSTEM,
    Person,
    actor,
    make_change_request,
    make_contact,
    make_customer,
    make_customer_user,
    make_user,
)

VAT, OTHER_VAT = "310122393500003", "311111111100003"


@pytest.fixture
def owner(db):
    return make_customer_user(make_customer("Palm Trading"), "owner", "Noura")


def ask(owner, kind="legal", **after) -> ChangeRequest:
    return ask_change(owner.customer, kind, after, actor=owner.actor, at=NOW)


def test_acceptance_writes_through_and_is_told(owner):
    made = ask(owner, name="Palm Holding", number_sa_vat=VAT)
    colleague = Person(make_user("manager"))

    accept_change(made, actor=colleague.actor, at=NOW)

    customer = Customer.objects.get(pk=owner.customer.pk)
    assert customer.name == "Palm Holding"
    assert customer.identifiers.get().value == VAT
    assert "holding" in customer.search_text
    assert VAT in customer.search_text
    made.refresh_from_db()
    assert (made.state, made.decided_by_id, made.decided_at) == ("accepted", colleague.user.pk, NOW)
    names = list(Event.objects.filter(actor=colleague.user).order_by("id").values_list("name", flat=True))
    assert names == ["customer.changed", "customer.identifier_set", "change.accepted"]


def test_a_number_is_replaced_and_removed(owner):
    set_identifier(owner.customer, "sa_vat", VAT, actor=SYSTEM, at=NOW)
    accept_change(ask(owner, number_sa_vat=OTHER_VAT), actor=SYSTEM, at=NOW)
    assert owner.customer.identifiers.get().value == OTHER_VAT

    accept_change(ask(owner, number_sa_vat=""), actor=SYSTEM, at=NOW)
    assert not owner.customer.identifiers.exists()


def test_what_was_decided_is_decided(owner):
    made = ask(owner, name="Palm Holding")
    accept_change(made, actor=SYSTEM, at=NOW)

    for again in (
        lambda: accept_change(made, actor=SYSTEM, at=NOW),
        lambda: refuse_change(made, reason="No", actor=SYSTEM, at=NOW),
        lambda: withdraw_change(made, actor=owner.actor, at=NOW),
    ):
        with pytest.raises(Refused):
            again()
    assert Event.objects.filter(name__startswith="change.").count() == 2


def test_a_refusal_needs_words(owner):
    made = ask(owner, name="Palm Holding")
    for reason in ("", "  ", "\u202e"):
        with pytest.raises(Refused):
            refuse_change(made, reason=reason, actor=SYSTEM, at=NOW)

    refuse_change(made, reason="The certificate is missing.", actor=SYSTEM, at=NOW)

    assert Customer.objects.get(pk=owner.customer.pk).name == "Palm Trading"
    assert Event.objects.get(name="change.refused").facts["reason"] == "The certificate is missing."


def test_customers_do_not_decide(owner):
    made = ask(owner, name="Palm Holding")
    stranger = make_customer_user(make_customer(), "owner")

    for who in (owner.actor, stranger.actor):
        with pytest.raises(PermissionDenied):
            accept_change(made, actor=who, at=NOW)
        with pytest.raises(PermissionDenied):
            refuse_change(made, reason="No", actor=who, at=NOW)
    with pytest.raises(PermissionDenied):
        withdraw_change(made, actor=stranger.actor, at=NOW)
    with pytest.raises(PermissionDenied):
        ask_change(owner.customer, "legal", {"name": "Mine"}, actor=stranger.actor, at=NOW)


@pytest.mark.parametrize("field", ["credit_limit", "owner", "on_hold", "price_list", "number_sa_iban", "email", "pk"])
def test_only_the_fields_of_its_kind(owner, field):
    with pytest.raises(PermissionDenied):
        ask_change(owner.customer, "legal", {field: "1"}, actor=owner.actor, at=NOW)
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(("kind", "typed"), [("sa_vat", "123"), ("sa_national_id", "1234567890"), ("nonsense", "1")])
def test_check_digits_are_tested_when_it_is_asked(owner, kind, typed):
    with pytest.raises(Refused):
        ask(owner, **{f"number_{kind}": typed})


def test_staff_decide_within_their_scope(owner):
    mine, other = Person(make_user("sales")), Person(make_user("sales"))
    Customer.objects.filter(pk=owner.customer.pk).update(owner=mine.user)
    made = ask(owner, name="Palm Holding")

    with pytest.raises(PermissionDenied):
        accept_change(made, actor=other.actor, at=NOW)
    assert not ChangeRequest.objects.visible_to(other.actor).exists()
    accept_change(made, actor=mine.actor, at=NOW)


def test_who_may_decide_but_not_change_the_customer_changes_nothing(owner):
    role = Role.objects.get(code="support")
    set_grants(role, {"crm.view_changerequest": "all", "crm.decide_changerequest": "all"}, actor=SYSTEM, at=NOW)
    made = ask(owner, name="Palm Holding")

    with pytest.raises(PermissionDenied):
        accept_change(made, actor=actor(make_user("support")), at=NOW)
    made.refresh_from_db()
    assert made.state == "asked"


def test_deletion_closes_the_person_and_keeps_the_papers(owner):
    contact = make_contact(owner.customer, "Noura", mobile="+966501234567", considerations="likes tea")
    PortalAccess.objects.update(contact=contact)
    User.objects.filter(pk=owner.user.pk).update(phone="+966501234567")
    made = ask_change(owner.customer, "erasure", {}, actor=owner.actor, at=NOW)

    with pytest.raises(PermissionDenied):
        accept_change(made, actor=actor(make_user("sales")), at=NOW)
    accept_change(made, actor=SYSTEM, at=NOW)

    user, contact = User.objects.get(pk=owner.user.pk), Contact.objects.get(pk=contact.pk)
    assert (user.is_active, user.phone, user.customer_roles) == (False, "", {})
    assert (contact.mobile, contact.considerations, contact.is_active) == ("", "", False)
    assert "501234567" not in contact.search_text + user.search_text
    assert not PortalAccess.objects.filter(user=user, is_active=True).exists()
    assert ChangeRequest.objects.get().asked_by == user


# The desk


@pytest.fixture
def desk(company):
    return client_of(make_user("manager"))


def test_the_desk_sees_both_sides_and_accepts_with_one_click(owner, desk):
    made = ask(owner, name="Palm Holding", number_sa_vat=VAT)
    page = desk.get(f"/desk/change-requests/{made.pk}/").content.decode()
    for words in ("Palm Trading", "Palm Holding", VAT):
        assert words in page

    answer = desk.post(f"/desk/change-requests/{made.pk}/do/accept/")

    assert answer.status_code == 302
    assert Customer.objects.get(pk=owner.customer.pk).name == "Palm Holding"
    assert desk.post(f"/desk/change-requests/{made.pk}/do/accept/").status_code == 409


def test_the_desk_refuses_with_a_reason(owner, desk):
    made = ask(owner, name="Palm Holding")
    assert desk.post(f"/desk/change-requests/{made.pk}/do/refuse/", {"reason": ""}).status_code == 422
    assert desk.post(f"/desk/change-requests/{made.pk}/do/refuse/", {"reason": "No paper"}).status_code == 302

    assert ChangeRequest.objects.get().reason == "No paper"


def test_what_changed_meanwhile_is_shown(owner, desk):
    made = ask(owner, name="Palm Holding")
    Customer.objects.filter(pk=owner.customer.pk).update(name="Palm Group")

    assert "Palm Group" in desk.get(f"/desk/change-requests/{made.pk}/").content.decode()


def test_the_customer_s_page_lists_people_and_requests(owner, desk):
    made = make_change_request(owner.customer)
    PortalAccess.objects.filter(user=owner.user).update(role="buyer", limit=500_000)

    page = desk.get(f"/desk/customers/{owner.customer.pk}/").content.decode()

    assert "5,000" in page or "٥٬٠٠٠" in page or "۵٬۰۰۰" in page
    assert f"/desk/change-requests/{made.pk}/" in page


def test_personal_numbers_are_masked_for_who_may_not_read_them(owner):
    Customer.objects.filter(pk=owner.customer.pk).update(kind="individual")
    made = ask(owner, number_sa_national_id=valid_id())
    agent = client_of(make_user("support"))

    assert valid_id() not in agent.get(f"/desk/change-requests/{made.pk}/").content.decode()
    assert valid_id() in client_of(make_user("manager")).get(f"/desk/change-requests/{made.pk}/").content.decode()


def valid_id() -> str:
    from rawabit.kit.identifiers import check_identifier

    return next(n for n in map(str, range(1010101010, 1010101020)) if check_identifier("sa_national_id", n).ok)
