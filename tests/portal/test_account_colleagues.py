"""Colleagues: the account owner decides who comes in, within his own company and not beyond."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core import mail

from rawabit.crm.actions import (
    Given,
    Invitation,
    change_portal_role,
    invite_again,
    invite_colleague,
    revoke_portal_access,
)
from rawabit.crm.actions.colleagues import MOST_A_DAY
from rawabit.crm.models import Customer, HeldInvitation, PortalAccess
from rawabit.crm.policies import buying_limit
from rawabit.identity.actions import deactivate_user
from rawabit.identity.models import User
from rawabit.identity.queries import actor_of
from rawabit.kit.money import Money
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from tests.makers import NOW, SYSTEM, make_customer, make_customer_user, make_user, sar
from tests.portal.conftest import reader
from tests.portal.stepping import step_up

HER = {"name": "Sara Finance", "email": "sara@palm.example", "role": "finance", "limit": ""}


@pytest.fixture
def owner(noura):
    return step_up(noura)


def access_of(email: str, customer: Customer) -> PortalAccess:
    return PortalAccess.objects.get(user__email=email, customer=customer)


def test_a_colleague_is_invited_and_told(owner):
    assert owner.send("colleague-new", **HER).status_code == 302

    given = access_of("sara@palm.example", owner.customer)
    assert (given.role, given.limit, given.called, given.invited_at) == ("finance", None, "Sara Finance", NOW)
    assert User.objects.get(email="sara@palm.example").customer_roles == {str(owner.customer.pk): "finance"}
    assert [letter.to for letter in mail.outbox] == [["sara@palm.example"]]
    page = owner.read("colleagues")
    assert "Sara Finance Finance Invited sara@palm.example" in page
    assert Event.objects.get(name="portal.granted", door="portal").facts["email"] == "sara@palm.example"


def test_the_invited_sees_invoices_and_no_orders(owner):
    owner.send("colleague-new", **HER)
    sara = reader(_person(access_of("sara@palm.example", owner.customer)))

    assert sara.open("invoices").status_code == 200
    assert sara.open("orders").status_code == 403
    assert sara.open("colleagues").status_code == 403


def _person(access):
    from tests.makers import Person

    return Person(access.user, access.customer)


def test_the_same_sheet_twice_invites_once(owner):
    owner.send("colleague-new", **HER)
    again = owner.send("colleague-new", **{**HER, "role": "owner"})

    assert again.status_code == 422
    assert access_of("sara@palm.example", owner.customer).role == "finance"
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("role", ["buyer", "finance", "support"])
def test_only_the_owner_invites(noura, as_role, role):
    other = step_up(as_role(role))
    mine = PortalAccess.objects.get(user=other.person.user)
    theirs = PortalAccess.objects.get(user=noura.person.user)

    assert other.send("colleague-new", **HER).status_code == 403
    for access in (mine, theirs):
        assert other.send("colleague", access.uid, role="owner", limit="").status_code == 403
        for name in ("colleague-end", "colleague-back", "colleague-again"):
            assert other.send(name, access.uid).status_code == 403
    assert not User.objects.filter(email="sara@palm.example").exists()
    assert PortalAccess.objects.get(pk=mine.pk).role == role


def test_strangers_accesses_do_not_exist(owner):
    foreign = PortalAccess.objects.get(user=make_customer_user(make_customer("Elsewhere"), "buyer").user)
    held = HeldInvitation.objects.create(
        customer=foreign.customer, email="x@y.example", called="X", role="buyer", invited_at=NOW
    )

    for uid in (foreign.uid, held.uid, uuid.uuid4()):
        assert owner.open("colleague", uid).status_code == 404
        assert owner.send("colleague", uid, role="owner", limit="").status_code == 404
        for name in ("colleague-end", "colleague-back", "colleague-again"):
            assert owner.send(name, uid).status_code == 404
    assert PortalAccess.objects.get(pk=foreign.pk).role == "buyer"


def test_only_own_branches_can_be_chosen(owner):
    branch = make_customer("Palm Jeddah", parent=owner.customer)
    foreign = make_customer("Elsewhere")
    foreign_branch = make_customer("Elsewhere Jeddah", parent=foreign)
    page = owner.read("colleague-new")
    assert "Palm Jeddah" in page
    assert "Elsewhere" not in page

    for place in (foreign, foreign_branch):
        sent = {**HER, "customers": [str(owner.customer.uid), str(place.uid)]}
        assert owner.send("colleague-new", **sent).status_code == 422
        with pytest.raises(Exception, match="add_portalaccess"):
            invite_colleague(
                [place], Invitation("sara@palm.example", "S", Given("owner")), actor=owner.person.actor, at=NOW
            )
    assert not User.objects.filter(email="sara@palm.example").exists()
    assert owner.send("colleague-new", **{**HER, "customers": [str(branch.uid)]}).status_code == 302
    assert User.objects.get(email="sara@palm.example").customer_roles == {str(branch.pk): "finance"}
    assert "Sara Finance" in owner.read("colleagues")
    assert "Palm Jeddah" in owner.read("colleagues")


def test_a_branch_does_not_rule_its_head_office(owner):
    branch = make_customer("Palm Jeddah", parent=owner.customer)
    there = step_up(reader(make_customer_user(branch, "owner", "Branch owner")))
    above = PortalAccess.objects.get(user=owner.person.user)

    assert there.open("colleague", above.uid).status_code == 404
    assert "Noura" not in there.read("colleagues")
    assert owner.open("colleague", PortalAccess.objects.get(user=there.person.user).uid).status_code == 200


# Nobody is told who else signs in here


def text_of(response) -> str:
    return response.content.decode()


def invite_and_look(owner, email: str) -> tuple[int, str, str, str]:
    """Status, the list, and the person's own page, with the address and the keys left out."""
    answer = owner.send("colleague-new", **{**HER, "email": email})
    page = owner.read("colleagues").replace(email, "X")
    row = PortalAccess.objects.filter(user__email=email, customer=owner.customer).first()
    row = row or HeldInvitation.objects.get(email=email)
    person = owner.read("colleague", row.uid).replace(email, "X")
    return answer.status_code, answer.url, page, person


@pytest.mark.parametrize("whose", ["staff", "other customer", "closed", "nobody"])
def test_the_answer_is_the_same_whoever_owns_the_address(owner, whose):
    email = "known@else.example"
    other = make_customer("Elsewhere")
    if whose == "staff":
        make_user("manager", "Secret Manager", email=email)
    elif whose != "nobody":
        person = make_customer_user(other, "owner", "Secret Person").user
        User.objects.filter(pk=person.pk).update(email=email, last_login=NOW - timedelta(days=3))
        if whose == "closed":
            deactivate_user(person, actor=SYSTEM, at=NOW)

    status, url, page, person = invite_and_look(owner, email)

    assert (status, url) == (302, "/portal/account/colleagues/")
    assert "Sara Finance Finance Invited X Invited" in page
    assert "Secret" not in page + person
    assert "Send the invitation again" in person
    assert len(mail.outbox) == (1 if whose in ("other customer", "nobody") else 0)
    if whose == "staff":
        assert User.objects.get(email=email).customer_roles == {}


@pytest.mark.parametrize("whose", ["staff", "nobody"])
def test_a_held_invitation_is_handled_like_any_other(owner, whose):
    email = "known@else.example"
    if whose == "staff":
        make_user("manager", "Secret Manager", email=email)
    owner.send("colleague-new", **{**HER, "email": email})
    row = PortalAccess.objects.filter(user__email=email).first() or HeldInvitation.objects.get()

    assert owner.send("colleague-new", **{**HER, "email": email}).status_code == 422
    assert owner.send("colleague", row.uid, role="buyer", limit="١٬٠٠٠").status_code == 302
    assert "up to" in owner.read("colleagues")
    assert owner.send("colleague-again", row.uid).status_code == 409
    assert owner.send("colleague-end", row.uid).status_code == 302
    assert "No access" in owner.read("colleagues")
    assert owner.send("colleague-back", row.uid).status_code == 302
    assert "No access" not in owner.read("colleagues")
    assert "Secret" not in owner.read("activity")


# Roles and limits


@pytest.mark.parametrize(
    ("typed", "kept"), [("5000", 500_000), ("٥٬٠٠٠٫٥٠", 500_050), ("۵۰۰۰", 500_000), ("0", 0), ("", None)]
)
def test_a_limit_in_any_digits(owner, as_role, typed, kept):
    buyer = as_role("buyer")
    access = PortalAccess.objects.get(user=buyer.person.user)

    assert owner.send("colleague", access.uid, role="buyer", limit=typed).status_code == 302

    assert PortalAccess.objects.get(pk=access.pk).limit == kept
    limit = buying_limit(buyer.person.actor, owner.customer)
    assert limit == (None if kept is None else Money(kept, "SAR"))


@pytest.mark.parametrize("typed", ["-1", "1e99", "9" * 30, "12.345", "<script>", "NaN", "∞"])
def test_a_limit_that_makes_no_sense(owner, as_role, typed):
    access = PortalAccess.objects.get(user=as_role("buyer").person.user)

    assert owner.send("colleague", access.uid, role="buyer", limit=typed).status_code == 422
    assert PortalAccess.objects.get(pk=access.pk).limit is None


def test_the_action_refuses_what_the_form_would(owner, as_role):
    access = PortalAccess.objects.get(user=as_role("buyer").person.user)
    for role, limit in (("king", None), ("buyer", Money(-1, "SAR")), ("buyer", Money(1, "USD"))):
        with pytest.raises(Refused):
            change_portal_role(access, role, limit=limit, actor=owner.person.actor, at=NOW)


def test_only_buyers_have_a_limit_and_it_costs_others_nothing(owner, as_role, django_assert_num_queries):
    finance, buyer = as_role("finance"), as_role("buyer")
    PortalAccess.objects.update(limit=100)
    for actor in (owner.person.actor, finance.person.actor, SYSTEM, actor_of(make_user("manager"))):
        with django_assert_num_queries(0):
            assert buying_limit(actor, owner.customer) is None
    acting = buyer.person.actor
    with django_assert_num_queries(1):
        assert buying_limit(acting, owner.customer) == sar(1)
    assert buying_limit(acting, make_customer()) is None


def test_the_last_owner_stays(owner, as_role):
    mine = PortalAccess.objects.get(user=owner.person.user)

    assert owner.send("colleague", mine.uid, role="buyer", limit="").status_code == 422
    assert owner.send("colleague-end", mine.uid).status_code == 409
    closed = as_role("owner")
    deactivate_user(closed.person.user, actor=SYSTEM, at=NOW)
    assert owner.send("colleague-end", mine.uid).status_code == 409, "one who cannot sign in is no owner"
    as_role("owner")
    assert owner.send("colleague", mine.uid, role="buyer", limit="").status_code == 302
    assert owner.open("colleagues").status_code == 403


def test_the_desk_may_take_even_the_last_owner_away(owner):
    revoke_portal_access(PortalAccess.objects.get(user=owner.person.user), actor=SYSTEM, at=NOW)

    assert not PortalAccess.objects.get(user=owner.person.user).is_active


def test_who_is_deactivated_is_out_at_once(owner, as_role):
    finance = as_role("finance")
    assert finance.open("invoices").status_code == 200
    access = PortalAccess.objects.get(user=finance.person.user)

    owner.send("colleague-end", access.uid)

    assert finance.open("invoices").status_code == 302, "signed out"
    owner.send("colleague-back", access.uid)
    assert finance.open("invoices").status_code == 302, "the old session does not come back to life"
    assert reader(finance.person).open("invoices").status_code == 200


def test_deactivating_needs_a_fresh_code(noura, as_role):
    access = PortalAccess.objects.get(user=as_role("finance").person.user)

    answer = noura.send("colleague-end", access.uid)

    assert answer.status_code == 302
    assert "/account/step/" in answer.url
    assert PortalAccess.objects.get(pk=access.pk).is_active


def test_an_invitation_is_sent_again_but_not_at_once(owner):
    owner.send("colleague-new", **HER)
    access = access_of("sara@palm.example", owner.customer)
    assert owner.send("colleague-again", access.uid).status_code == 409
    assert len(mail.outbox) == 1

    assert invite_again(access, actor=owner.person.actor, at=NOW + timedelta(minutes=11)) == access.user


def test_nobody_floods_strangers_with_invitations(owner):
    for n in range(MOST_A_DAY - 1):
        invite_colleague(
            [owner.customer], Invitation(f"p{n}@x.example", "P", Given("support")), actor=owner.person.actor, at=NOW
        )
    # the owner himself was invited on the same day
    assert owner.send("colleague-new", **HER).status_code == 422


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a\u202eb", "😀" * 50, "ن" * 200])
def test_hostile_names_stay_words(owner, name):
    owner.send("colleague-new", **{**HER, "name": name})

    page = text_of(owner.open("colleagues"))
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert User.objects.filter(email="sara@palm.example").exists()


@pytest.mark.parametrize("email", ["", "x", "a@b", "x@y.example\nBcc: z@z.example", "a" * 300 + "@y.example"])
def test_what_is_no_address_invites_nobody(owner, email):
    before = User.objects.count()

    assert owner.send("colleague-new", **{**HER, "email": email}).status_code == 422
    assert User.objects.count() == before
    assert mail.outbox == []


def test_the_list_costs_the_same_for_many(owner, as_role, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    as_role("finance")
    with CaptureQueriesContext(connection) as few:
        owner.read("colleagues")
    for _ in range(6):
        as_role("buyer")
    with django_assert_max_num_queries(len(few)):
        owner.read("colleagues")
