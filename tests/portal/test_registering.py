"""Asking for access from outside, being let in, and inviting many at once."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from rawabit.company.models import Company
from rawabit.crm.actions import revoke_portal_access
from rawabit.crm.models import Contact, Customer, PortalAccess
from rawabit.identity.models import User
from rawabit.kit.jobs.models import Job
from rawabit.kit.records.models import Event, Notice
from rawabit.kit.states import Refused
from rawabit.portal.actions import inviting
from rawabit.portal.actions.inviting import guests_at, guests_of, invite_all, invite_later
from rawabit.portal.actions.opening import open_doors, prepare_sign_in
from rawabit.portal.actions.registering import approve_registration, refuse_registration
from rawabit.portal.models import Registration
from rawabit.portal.queries.registering import alike
from tests.laws.world import client_of
from tests.makers import NOW, SYSTEM, make_company, make_contact, make_customer, make_customer_user, make_registration

STAMP = re.compile(r'name="stamp" value="([^"]+)"')
ASKED = {
    "full_name": "سارة", "company_name": "مؤسسة الأفق", "email": "sara@new.example", "phone": "", "country": "SA",
    "official_number": "", "message": "hello", "site": "",
}  # fmt: skip


@pytest.fixture
def clock(monkeypatch):
    """A clock to be moved, for all that a request asks."""
    hands = SimpleNamespace(at=NOW)
    monkeypatch.setattr("rawabit.config.middleware.timezone", SimpleNamespace(now=lambda: hands.at))
    return hands


@pytest.fixture
def visitor(db, clock):
    cache.clear()
    make_company(registration="approval")
    return Client(headers={"accept-language": "en"})


def ask(visitor, clock, seconds: int = 10, **more):
    page = visitor.get("/register/").content.decode()
    clock.at += timedelta(seconds=seconds)
    return visitor.post("/register/", {**ASKED, "stamp": STAMP.search(page)[1], **more})


def code_in_the_mail() -> str:
    return re.search(r"\b(\d{6})\b", mail.outbox[-1].subject)[1]


def test_the_page_does_not_exist_unless_switched_on(visitor):
    Company.objects.update(registration="off")

    assert [visitor.get(url).status_code for url in ("/register/", "/register/code/", "/register/done/")] == [404] * 3
    assert "/register/" not in visitor.get("/account/sign-in/").content.decode()
    Company.objects.update(registration="approval")
    assert "/register/" in visitor.get("/account/sign-in/").content.decode()


def test_asking_with_a_proved_address(visitor, clock):
    assert ask(visitor, clock).headers["Location"] == "/register/code/"
    assert not Registration.objects.exists(), "nothing is kept before the address is proved"

    done = visitor.post("/register/code/", {"code": code_in_the_mail()})

    assert done.headers["Location"] == "/register/done/"
    kept = Registration.objects.get()
    assert (kept.email, kept.company_name, kept.state) == ("sara@new.example", "مؤسسة الأفق", "waiting")
    assert Event.objects.get(name="registration.requested").facts == {"name": "سارة", "company": "مؤسسة الأفق"}
    assert visitor.post("/register/code/", {"code": "123456"}).status_code == 422, "once"
    assert Registration.objects.count() == 1


def test_a_wrong_code_lets_nobody_in(visitor, clock):
    ask(visitor, clock)
    right = code_in_the_mail()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"

    assert [visitor.post("/register/code/", {"code": wrong}).status_code for _ in range(5)] == [422] * 5
    assert visitor.post("/register/code/", {"code": right}).status_code == 422, "five tries and no more"
    assert not Registration.objects.exists()


def test_a_code_of_another_browser_is_worth_nothing(visitor, clock):
    ask(visitor, clock)

    assert Client().post("/register/code/", {"code": code_in_the_mail()}).status_code == 422
    assert not Registration.objects.exists()


@pytest.mark.parametrize("more", [{"site": "http://spam.example"}, {"stamp": "forged"}, {"stamp": ""}])
def test_programs_get_no_further_and_learn_nothing(visitor, clock, more):
    assert ask(visitor, clock, **more).headers["Location"] == "/register/code/"
    assert mail.outbox == []


def test_faster_than_anybody_types(visitor, clock):
    ask(visitor, clock, seconds=0)

    assert mail.outbox == []


def test_known_and_unknown_addresses_are_answered_alike(visitor, clock):
    known = make_customer_user(make_customer(), "owner").user

    answers = [ask(visitor, clock, email=email) for email in ("nobody@new.example", known.email)]

    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, "/register/code/")}
    assert [message.to for message in mail.outbox] == [["nobody@new.example"], [known.email]]


def test_so_many_from_one_place_and_no_more(visitor, clock):
    statuses = [ask(visitor, clock, email=f"a{n}@new.example").status_code for n in range(12)]

    assert statuses == [302] * 10 + [429] * 2
    assert len(mail.outbox) == 10


@pytest.mark.parametrize(
    "wrong", [{"full_name": "\u202e \u200f"}, {"email": "no address"}, {"company_name": ""}, {"country": "XX"},
              {"message": "x" * 2001}, {"phone": "12"}],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_the_field(visitor, clock, wrong):
    assert ask(visitor, clock, **wrong).status_code == 422
    assert mail.outbox == []


def test_hostile_words_are_shown_as_words(visitor, clock, manager):
    ask(visitor, clock, full_name="<script>alert(1)</script>", message="\u202e<b>🙂</b>")
    visitor.post("/register/code/", {"code": code_in_the_mail()})
    kept = Registration.objects.get()

    page = client_of(manager.user).get(f"/desk/registrations/{kept.pk}/").content.decode()

    assert "<script>alert" not in page
    assert "\u202e" not in kept.message


def test_asking_twice_is_asking_once(visitor, clock):
    for words in ("first", "second"):
        ask(visitor, clock, message=words)
        visitor.post("/register/code/", {"code": code_in_the_mail()})

    assert Registration.objects.get().message == "second"
    assert Event.objects.filter(name="registration.requested").count() == 1


# The decision


def test_a_new_customer_is_made(db):
    asked = make_registration(email="sara@horizon.example", company_name="Horizon", official_number="310999999900003")

    approve_registration(asked, customer=None, role="owner", actor=SYSTEM, at=NOW)

    asked.refresh_from_db()
    customer = Customer.objects.get(name="Horizon")
    access = PortalAccess.objects.get(customer=customer)
    assert (asked.state, asked.customer) == ("approved", customer)
    assert (access.role, access.user.email, access.contact.email) == ("owner", *["sara@horizon.example"] * 2)
    assert list(customer.identifiers.values_list("kind", "value")) == [("sa_vat", "310999999900003")]
    assert client_of(access.user).get("/portal/").status_code == 200


def test_a_known_customer_and_a_known_contact(db):
    customer = make_customer()
    contact = make_contact(customer, email="sara@horizon.example")
    asked = make_registration(email="Sara@Horizon.example")

    approve_registration(asked, customer=customer, role="finance", actor=SYSTEM, at=NOW)

    assert PortalAccess.objects.get(customer=customer).contact == contact
    assert Contact.objects.count() == 1


def test_it_is_decided_once(db):
    asked = make_registration()
    refuse_registration(asked, reason="Unknown company", actor=SYSTEM, at=NOW)

    with pytest.raises(Refused):
        approve_registration(asked, customer=None, role="owner", actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        refuse_registration(make_registration(), reason=" ", actor=SYSTEM, at=NOW)
    assert not PortalAccess.objects.exists()
    assert Event.objects.get(name="registration.refused").facts["reason"] == "Unknown company"


def test_who_it_could_be(manager, seller):
    by_number = make_customer("Numbered")
    by_number.identifiers.create(kind="sa_vat", value="310999999900003")
    by_domain = make_customer("Domain")
    make_contact(by_domain, email="someone@horizon.example")
    private = make_customer("Private", email="x@gmail.com")
    asked = make_registration(
        email="sara@horizon.example", official_number="310999999900003", company_name="Completely different words"
    )
    gmail = make_registration(email="y@gmail.com", company_name="Nothing alike at all")

    assert [one.customer for one in alike(asked, manager.actor)] == [by_number, by_domain]
    assert private not in [one.customer for one in alike(gmail, manager.actor)]
    assert alike(asked, seller.actor) == [], "customers out of sight are not suggested"


def test_the_queue_on_the_desk(manager, clerk):
    asked = make_registration()
    client = client_of(manager.user)
    customer = make_customer()

    assert asked.full_name in client.get("/desk/registrations/?state=waiting").content.decode()
    url = f"/desk/registrations/{asked.pk}/do/approve/"
    assert client_of(clerk.user).post(url, {"role": "owner"}).status_code in (403, 404)
    assert client.post(url, {"role": "owner", "customer": customer.pk}).status_code == 302
    assert PortalAccess.objects.get(customer=customer).user.email == asked.email


# Every contact may come in


@pytest.fixture
def opened(db):
    cache.clear()
    make_company(portal_open="all", switches={"open_role": "finance"})
    customer = make_customer()
    make_contact(customer, "Huda", email="huda@horizon.example")
    return customer


def test_a_known_contact_comes_in_by_code(opened):
    client = Client()

    client.post("/account/sign-in/code/", {"email": "huda@horizon.example"})
    assert not PortalAccess.objects.exists(), "not before the address is proved"
    code = re.search(r"\b(\d{6})\b", mail.outbox[-1].subject)[1]
    client.post("/account/sign-in/code/confirm/", {"code": code})

    access = PortalAccess.objects.get()
    assert (access.customer, access.role, access.user.full_name) == (opened, "finance", "Huda")
    assert client.get("/portal/").status_code == 200


def test_the_page_tells_nobody_whether_an_address_is_known(opened):
    answers = []
    for email in ("huda@horizon.example", "nobody@horizon.example"):
        response = Client().post("/account/sign-in/code/", {"email": email})
        answers.append((response.status_code, response.headers.get("Location")))

    assert answers[0] == answers[1]
    assert not User.objects.filter(email="nobody@horizon.example").exists()


def test_by_invitation_only_makes_nobody(opened):
    Company.objects.update(portal_open="chosen")

    assert not prepare_sign_in("huda@horizon.example", at=NOW)
    assert not User.objects.filter(email="huda@horizon.example").exists()


def test_withdrawn_stays_withdrawn(opened):
    prepare_sign_in("huda@horizon.example", at=NOW)
    user = User.objects.get(email="huda@horizon.example")
    assert open_doors(user, at=NOW) == 1
    revoke_portal_access(PortalAccess.objects.get(), actor=SYSTEM, at=NOW)

    assert open_doors(User.objects.get(pk=user.pk), at=NOW) == 0
    assert not PortalAccess.objects.get().is_active


# Many at once


@pytest.fixture
def three(db):
    """A customer with a contact, one without any address, and one who has access already."""
    make_company()
    able, without, has = make_customer("Able"), make_customer("Without"), make_customer("Has")
    make_contact(able, "Huda", email="huda@able.example")
    held = make_contact(has, "Sami", email="sami@has.example")
    from rawabit.crm.actions import grant_portal_access

    grant_portal_access(has, "sami@has.example", "Sami", "buyer", contact=held, actor=SYSTEM, at=NOW)
    return able, without, has


def test_the_preview_says_who_and_why_not(three, manager):
    guests = guests_at(list(three))

    assert [(guest.email, guest.why_not) for guest in guests] == [
        ("huda@able.example", ""), ("", "no_address"), ("sami@has.example", "has_access"),
    ]  # fmt: skip
    page = client_of(manager.user).post("/desk/customers/bulk/invite/", {"row": [one.pk for one in three]})
    assert page.status_code == 200
    assert "huda@able.example" in page.content.decode()
    assert PortalAccess.objects.count() == 1, "a preview invites nobody"


def test_each_is_invited_for_himself(three, manager):
    client = client_of(manager.user)
    data = {"row": [one.pk for one in three], "confirmed": "1", "role": "finance"}

    for _ in range(2):
        assert client.post("/desk/customers/bulk/invite/", data).status_code == 200

    fresh = PortalAccess.objects.get(customer=three[0])
    assert (fresh.role, fresh.contact.full_name) == ("finance", "Huda")
    assert [message.to for message in mail.outbox].count(["huda@able.example"]) == 1
    assert PortalAccess.objects.count() == 2


def test_contacts_are_invited_to_their_customer(three, manager):
    loose = make_contact(None, "Loose", email="loose@x.example")
    huda = Contact.objects.get(full_name="Huda")

    guests = guests_of([huda, loose], manager.actor)

    assert [(guest.customer, guest.why_not) for guest in guests] == [(three[0], ""), (None, "no_customer")]


def test_nobody_is_invited_to_a_customer_out_of_ones_scope(three, seller):
    results = invite_all(guests_at([three[0]]), "owner", actor=seller.actor, at=NOW)

    assert results[0][1] != ""
    assert not PortalAccess.objects.filter(customer=three[0]).exists()
    page = client_of(seller.user).post("/desk/customers/bulk/invite/", {"row": [three[0].pk], "confirmed": "1"})
    assert page.status_code == 409


def test_many_are_invited_in_the_background(three, manager, monkeypatch):
    monkeypatch.setattr("rawabit.portal.desk.inviting.AT_ONCE", 0)
    data = {"row": [one.pk for one in three], "confirmed": "1", "role": "buyer"}
    client_of(manager.user).post("/desk/customers/bulk/invite/", data)
    job = Job.objects.get(name="portal.invite")
    assert PortalAccess.objects.count() == 1

    invite_later(job.args, NOW)

    assert PortalAccess.objects.filter(customer=three[0]).exists()
    notice = Notice.objects.get(user=manager.user)
    assert (notice.kind, notice.facts) == ("invited", {"done": 1, "total": 1})
    assert inviting.AT_ONCE == 50
