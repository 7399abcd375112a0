"""My details and security: what a person changes of himself, and what only a fresh code opens."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse

from rawabit.crm.actions import put_contact
from rawabit.crm.models import Contact, PortalAccess
from rawabit.identity.models import OneTimeCode, User
from rawabit.kit.records.models import Event
from tests.makers import NOW, PASSWORD, SYSTEM, Person, make_contact, make_customer, make_customer_user, make_user
from tests.portal.conftest import reader
from tests.portal.stepping import step_up

DETAILS = {
    "full_name": "Noura", "phone": "", "channel": "", "language": "en", "calendar": "", "digits": "", "theme": "auto",
}  # fmt: skip


def fresh_row(who) -> User:
    return User.objects.get(pk=who.person.user.pk)


def test_details_are_kept_on_the_person_and_on_the_contact(noura):
    contact = make_contact(noura.customer, "Noura", email=noura.person.user.email)
    PortalAccess.objects.update(contact=contact)

    sent = {**DETAILS, "full_name": "نورة السالم", "phone": "٠٥٠١٢٣٤٥٦٧", "channel": "whatsapp", "calendar": "hijri"}
    assert noura.send("account", **sent).status_code == 302

    user, contact = fresh_row(noura), Contact.objects.get(pk=contact.pk)
    assert (user.full_name, user.phone, user.calendar) == ("نورة السالم", "+966501234567", "hijri")
    assert (contact.full_name, contact.mobile, contact.preferred_channel) == (
        "نورة السالم",
        "+966501234567",
        "whatsapp",
    )
    assert "501234567" in contact.search_text
    assert "1447" in noura.read("account"), "what was chosen shows at once"
    told = Event.objects.get(name="user.changed")
    assert told.facts["changes"]["full_name"] == ["Noura", "نورة السالم"]


def test_a_contact_is_made_when_there_is_something_to_keep(noura):
    assert not Contact.objects.exists()

    noura.send("account", **DETAILS)
    assert not Contact.objects.exists(), "nothing was said that a contact is needed for"
    noura.send("account", **{**DETAILS, "channel": "phone"})
    noura.send("account", **{**DETAILS, "channel": "phone"})

    contact = Contact.objects.get()
    assert (contact.full_name, contact.email, contact.preferred_channel) == ("Noura", fresh_row(noura).email, "phone")
    assert contact.affiliations.get().customer == noura.customer
    assert noura.customer.portal_access.get().contact == contact


@pytest.mark.parametrize(
    ("field", "typed"),
    [("phone", "12"), ("phone", "<script>"), ("channel", "pigeon"), ("theme", "pink"), ("full_name", " \u202e ")],
)
def test_what_makes_no_sense_is_not_kept(noura, field, typed):
    before = User.objects.filter(pk=noura.person.user.pk).values().get()

    assert noura.send("account", **{**DETAILS, field: typed}).status_code == 422

    assert User.objects.filter(pk=noura.person.user.pk).values().get() == before


def test_rights_cannot_be_sent_along(noura):
    noura.send("account", **DETAILS, customer_roles='{"1": "owner"}', kind="staff", is_active="0", email="x@y.example")

    user = fresh_row(noura)
    assert user.kind == "customer"
    assert user.email == noura.person.user.email
    assert user.customer_roles == {str(noura.customer.pk): "owner"}


# The address to sign in with


def code_in(letter) -> str:
    return re.search(r"\b(\d{6})\b", letter.body)[1]


def test_the_address_needs_a_fresh_code_first(noura):
    answer = noura.open("account-email")

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account-step"))
    assert noura.send("account-email", email="new@palm.example").status_code == 302
    assert not OneTimeCode.objects.exists()


def test_a_new_address_is_proved_and_told_to_both(noura, django_capture_on_commit_callbacks):
    make_contact(noura.customer, "Noura", email=noura.person.user.email)
    PortalAccess.objects.update(contact=Contact.objects.get())
    old = noura.person.user.email
    elsewhere = reader(noura.person)
    step_up(noura)

    noura.send("account-email", email=" New@Palm.example ")
    assert mail.outbox[-1].to == ["new@palm.example"]
    code = code_in(mail.outbox[-1])
    assert noura.send("account-email-confirm", code="000000" if code != "000000" else "111111").status_code == 422
    assert fresh_row(noura).email == old
    with django_capture_on_commit_callbacks(execute=True):
        assert noura.send("account-email-confirm", code=code).status_code == 302

    assert fresh_row(noura).email == "new@palm.example"
    assert Contact.objects.get().email == "new@palm.example"
    assert [letter.to for letter in mail.outbox[-2:]] == [[old], ["new@palm.example"]]
    assert noura.open("account").status_code == 200, "this session goes on"
    assert elsewhere.open("account").status_code in (200, 302)
    assert Event.objects.get(name="user.email_changed").facts == {"before": old, "after": "new@palm.example"}


def test_a_code_is_used_once_and_by_its_person(noura, as_role):
    step_up(noura)
    noura.send("account-email", email="new@palm.example")
    code = code_in(mail.outbox[-1])
    other = as_role("finance")
    step_up(other)
    session = other.client.session
    session["email_change"] = [str(OneTimeCode.objects.latest("made_at").key), "new@palm.example"]
    session.save()

    assert other.send("account-email-confirm", code=code).status_code == 422
    assert noura.send("account-email-confirm", code=code).status_code == 302
    assert noura.send("account-email-confirm", code=code).status_code == 302, "nothing waits any more"
    assert User.objects.get(pk=other.person.user.pk).email != "new@palm.example"


@pytest.mark.parametrize("whose", ["staff", "customer", "nobody"])
def test_an_address_that_is_taken_is_not_told(noura, whose):
    taken = {
        "staff": lambda: make_user("sales", email="taken@else.example"),
        "customer": lambda: make_user("", email="taken@else.example", name="Somebody"),
        "nobody": lambda: None,
    }[whose]
    taken()
    step_up(noura)

    answer = noura.send("account-email", email="taken@else.example")

    assert answer.status_code == 302
    assert "taken@else.example" in noura.read("account-email-confirm")
    assert mail.outbox[-1].to == ["taken@else.example"]
    done = noura.send("account-email-confirm", code=code_in(mail.outbox[-1]))
    assert done.status_code == (302 if whose == "nobody" else 422)
    assert (fresh_row(noura).email == "taken@else.example") == (whose == "nobody")


# Security


def test_devices_are_shown_and_signed_out(noura):
    elsewhere = reader(noura.person)
    for device in (noura, elsewhere):
        device.open("home")
        UserSession.objects.create(
            user=noura.person.user, session_key=device.client.session.session_key, ip="10.0.0.7", user_agent="Firefox"
        )
    page = noura.read("security")
    assert "This device" in page
    assert "10.0.0.7" in page

    assert noura.send("devices-end").status_code == 302

    assert elsewhere.open("home").status_code == 302
    assert noura.open("home").status_code == 200


def test_another_persons_device_is_not_touched(noura, as_role):
    other = as_role("finance")
    other.open("home")
    theirs = UserSession.objects.create(
        user=other.person.user, session_key=other.client.session.session_key, ip="10.0.0.7", user_agent="Firefox"
    )
    noura.send("device-end", theirs.pk)

    assert other.open("home").status_code == 200


def test_a_password_is_removed_after_a_fresh_code(noura, django_capture_on_commit_callbacks):
    user = fresh_row(noura)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    noura = reader(Person(user, noura.customer))
    assert noura.open("password-remove").status_code == 302
    step_up(noura)
    assert noura.open("password-remove").status_code == 200
    assert fresh_row(noura).has_usable_password()

    with django_capture_on_commit_callbacks(execute=True):
        assert noura.send("password-remove").status_code == 302

    assert not fresh_row(noura).has_usable_password()
    assert noura.open("security").status_code == 200, "this session goes on"
    assert mail.outbox[-1].to == [user.email]


def test_a_code_of_half_an_hour_ago_opens_nothing(noura):
    step_up(noura, at=NOW - timedelta(minutes=31))

    for name in ("account-email", "colleague-new"):
        assert noura.open(name).status_code == 302
        assert noura.send(name, email="x@y.example", name="X", role="owner").status_code == 302
    assert User.objects.filter(email="x@y.example").count() == 0


@pytest.mark.parametrize("role", ["owner", "buyer", "finance", "support"])
def test_every_role_has_its_own_pages(db, role):
    person = reader(make_customer_user(make_customer(), role))

    opened = {name: person.open(name).status_code for name in ("account", "company", "security", "activity")}
    assert set(opened.values()) == {200}
    assert person.open("colleagues").status_code == (200 if role == "owner" else 403)


def test_the_details_do_not_touch_a_contact_of_somebody_else(noura):
    stranger = put_contact(
        Contact(full_name="Noura", email=noura.person.user.email), customer=make_customer(), actor=SYSTEM, at=NOW
    )

    noura.send("account", **{**DETAILS, "full_name": "Nora", "channel": "sms"})

    assert Contact.objects.get(pk=stranger.pk).full_name == "Noura"
