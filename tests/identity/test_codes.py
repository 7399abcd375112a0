"""One-time codes and the step up: what is right works once, everything else never."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from rawabit.identity.codes import TooManyCodes, forget_old_codes, issue_code, redeem_code
from rawabit.identity.models import OneTimeCode
from rawabit.identity.stepping import FRESH, TO_FILL_IN, fresh, is_fresh, safe_next
from rawabit.kit.records.models import Event
from tests.laws.world import client_of
from tests.makers import NOW

pytestmark = pytest.mark.django_db
WHO = {"purpose": "test:1", "email": "Noura@Acme.example", "name": "نورة", "language": "en"}


def sent_code() -> str:
    return re.search(r"\d{6}", mail.outbox[-1].subject)[0]


@pytest.fixture(autouse=True)
def _company(company):
    mail.outbox.clear()


def test_the_right_code_works_once():
    sent = issue_code(**WHO, at=NOW)

    first = redeem_code(sent.key, sent_code(), purpose="test:1", at=NOW)
    again = redeem_code(sent.key, sent_code(), purpose="test:1", at=NOW)

    assert first is not None and first.email == "noura@acme.example"
    assert again is None
    assert mail.outbox[0].to == ["noura@acme.example"]


@pytest.mark.parametrize("write", [
    lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    lambda code: code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
    lambda code: f" {code[:3]} {code[3:]} ", lambda code: f"{code[:3]}-{code[3:]}", lambda code: f"\u2066{code}\u2069",
])  # fmt: skip
def test_it_is_read_as_people_write_it(write):
    sent = issue_code(**WHO, at=NOW)

    assert redeem_code(sent.key, write(sent_code()), purpose="test:1", at=NOW) is not None


def test_only_a_hash_is_kept():
    sent = issue_code(**WHO, at=NOW)

    row = OneTimeCode.objects.filter(key=sent.key).values().get()
    assert sent_code() not in row["code_hash"]
    assert len(row["code_hash"]) == 64


def test_five_attempts_then_the_right_one_is_too_late():
    sent = issue_code(**WHO, at=NOW)
    wrong = f"{(int(sent_code()) + 1) % 10**6:06}"

    tries = [redeem_code(sent.key, wrong, purpose="test:1", at=NOW) for _ in range(5)]

    assert tries == [None] * 5
    assert redeem_code(sent.key, sent_code(), purpose="test:1", at=NOW) is None


@pytest.mark.parametrize(("after", "works"), [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=10), False)])
def test_ten_minutes(after, works):
    sent = issue_code(**WHO, at=NOW)

    assert (redeem_code(sent.key, sent_code(), purpose="test:1", at=NOW + after) is not None) is works


def test_a_code_is_for_one_purpose_and_one_key():
    sent = issue_code(**WHO, at=NOW)

    assert redeem_code(sent.key, sent_code(), purpose="test:2", at=NOW) is None
    assert redeem_code(uuid.uuid4(), sent_code(), purpose="test:1", at=NOW) is None
    assert redeem_code(sent.key, sent_code(), purpose="test:1", at=NOW) is not None


def test_a_second_code_ends_the_first():
    first = issue_code(**WHO, at=NOW)
    code = sent_code()
    issue_code(**WHO, at=NOW + timedelta(seconds=1))

    assert redeem_code(first.key, code, purpose="test:1", at=NOW + timedelta(seconds=2)) is None


def test_asking_is_limited():
    for _ in range(3):
        issue_code(**WHO, at=NOW)

    with pytest.raises(TooManyCodes):
        issue_code(**WHO, at=NOW + timedelta(minutes=9))
    issue_code(**WHO, at=NOW + timedelta(minutes=11))
    assert len(mail.outbox) == 4


def test_an_address_gets_ten_in_an_hour_whatever_for():
    for number in range(10):
        issue_code(**{**WHO, "purpose": f"test:{number}"}, at=NOW)

    with pytest.raises(TooManyCodes):
        issue_code(**{**WHO, "purpose": "test:99"}, at=NOW)


def test_without_an_address_all_is_the_same_but_the_message():
    sent = issue_code(**{**WHO, "email": ""}, at=NOW)

    assert OneTimeCode.objects.filter(key=sent.key).exists()
    assert mail.outbox == []
    for _ in range(2):
        issue_code(**{**WHO, "email": ""}, at=NOW)
    with pytest.raises(TooManyCodes):
        issue_code(**{**WHO, "email": ""}, at=NOW)


def test_old_codes_are_forgotten():
    issue_code(**WHO, at=NOW - timedelta(days=3))
    kept = issue_code(**WHO, at=NOW)

    forget_old_codes(NOW)

    assert list(OneTimeCode.objects.values_list("key", flat=True)) == [kept.key]


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_the_message_has_a_direction(language):
    issue_code(**{**WHO, "language": language}, at=NOW)

    html = mail.outbox[0].alternatives[0][0]
    assert f'lang="{language}" dir="{"ltr" if language == "en" else "rtl"}"' in html


# The step up


def request_of(client: Client, method: str = "get"):
    request = getattr(RequestFactory(), method)("/portal/x/?a=1")
    request.session, request.now, request.link = client.session, timezone.now(), None
    return request


def step(client: Client, back: str = "/portal/account/") -> HttpResponse:
    client.post("/account/step/", {"next": back})
    return client.post("/account/step/", {"next": back, "code": sent_code()})


def test_the_step_asks_sends_and_leads_back(amina):
    client = client_of(amina.user)
    asked = client.get("/account/step/?next=/portal/account/%3Fa=1")
    assert asked.status_code == 200
    assert mail.outbox == []  # looking sends nothing

    answer = step(client, "/portal/account/?a=1")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/portal/account/?a=1")
    assert mail.outbox[0].to == [amina.user.email]
    assert Event.objects.filter(name="user.stepped_up", actor=amina.user).count() == 1
    request = request_of(client)
    request.user = amina.user
    assert is_fresh(request)
    request.now += FRESH + timedelta(seconds=2)
    assert not is_fresh(request)


def test_a_wrong_code_steps_nobody_up(amina):
    client = client_of(amina.user)
    client.post("/account/step/", {"next": "/portal/"})
    wrong = f"{(int(sent_code()) + 1) % 10**6:06}"

    answer = client.post("/account/step/", {"next": "/portal/", "code": wrong})

    assert answer.status_code == 422
    request = request_of(client)
    request.user = amina.user
    assert not is_fresh(request)


def test_a_step_is_the_persons_own(amina, babak):
    client = client_of(amina.user)
    step(client)
    request = request_of(client)

    request.user = babak.user

    assert not is_fresh(request)


def test_the_code_of_another_session_does_not_work(amina):
    first, second = client_of(amina.user), client_of(amina.user)
    first.post("/account/step/", {"next": "/portal/"})

    assert second.post("/account/step/", {"next": "/portal/", "code": sent_code()}).status_code == 422


def test_staff_step_up_too_and_visitors_sign_in_first(manager):
    assert step(client_of(manager.user), "/desk/").headers["Location"] == "/desk/"
    assert Client().get("/account/step/").headers["Location"].startswith("/account/sign-in/")


@pytest.mark.parametrize("url", [
    "//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "javascript:alert(1)", "/%09/evil.example", "http://testserver@evil.example/", "///evil.example", "evil", "",
])  # fmt: skip
def test_the_way_back_stays_on_this_site(amina, url):
    client = client_of(amina.user)

    location = step(client, url).headers["Location"]

    assert location.startswith("/") and not location.startswith(("//", "/\\"))
    assert "evil" not in location or location.startswith("/%09/")
    assert safe_next(RequestFactory().get("/"), "/portal/") == "/portal/"


def test_fresh_leads_over_the_step_and_lets_a_form_be_sent_a_while_later(amina):
    view = fresh(lambda request: HttpResponse("done"))
    client = client_of(amina.user)
    request = request_of(client)
    request.user = amina.user
    assert view(request).headers["Location"] == "/account/step/?next=%2Fportal%2Fx%2F%3Fa%3D1"

    step(client)
    shown, sent = request_of(client), request_of(client, "post")
    shown.user = sent.user = amina.user
    assert view(shown).content == b"done"
    sent.now += FRESH + timedelta(minutes=1)
    assert view(sent).content == b"done"
    sent.now += TO_FILL_IN
    assert view(sent).status_code == 302
