"""Signing in: by password or by code, to one's own door, without telling strangers who has an account."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from rawabit.identity.models import User
from rawabit.kit.records.models import Event
from tests import makers

pytestmark = pytest.mark.django_db
SIGN_IN, CODE = "/account/sign-in/", "/account/sign-in/code/"
CONFIRM = "/account/sign-in/code/confirm/"
PASSWORD = "correct horse battery"
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
TOKEN = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken":"|X-CSRFToken&quot;:&quot;)[A-Za-z0-9]+')


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


@pytest.fixture
def staff(company):
    return makers.make_user("manager", email="boss@example.com", password=PASSWORD)


@pytest.fixture
def client_person(company):
    person = makers.make_customer_user(makers.make_customer(), "owner", "نورة").user
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def text_of(message) -> str:
    return message.body


def html_of(message) -> str:
    return next(body for body, kind in message.alternatives if kind == "text/html")


# Doors


def test_a_colleague_comes_to_the_desk_and_a_customer_to_the_portal(staff, client_person):
    colleague, customer = Client(), Client()
    assert colleague.get(sign_in(colleague, staff.email).url).url == "/desk/"
    assert customer.get(sign_in(customer, client_person.email).url).url == "/portal/"


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("/desk/items/", "/desk/items/"),
        ("/desk/items/?q=pump#rows", "/desk/items/?q=pump#rows"),
        ("/portal/", "/"),
        ("https://evil.example/desk/", "/"),
        ("//evil.example/", "/"),
        ("/nowhere/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_way_back_is_followed_only_to_an_own_door(staff, wanted, got):
    assert sign_in(Client(), staff.email, next=wanted).url == got


def test_a_customer_is_not_led_to_the_desk(client_person):
    assert sign_in(Client(), client_person.email, next="/desk/customers/").url == "/"


def test_nobody_signs_up():
    assert Client().get("/account/sign-up/").status_code == 404
    assert Client().post("/account/sign-up/", {"email": "a@b.example", "password1": PASSWORD}).status_code == 404


def test_signing_in_gives_a_new_session_and_is_written_down(staff):
    client = Client()
    client.get(SIGN_IN)
    client.session.save()
    before = client.session.session_key
    sign_in(client, staff.email)

    assert client.session.session_key != before
    written = Event.objects.get(name="user.signed_in")
    assert (written.subject, written.actor, written.facts["address"]) == (staff, staff, "127.0.0.1")


def test_an_inactive_person_is_not_let_in(staff):
    User.objects.filter(pk=staff.pk).update(is_active=False)
    client = Client()
    assert "_auth_user_id" not in (sign_in(client, staff.email), client.session)[1]
    assert mail.outbox == []
    client.post(CODE, {"email": staff.email})
    assert len(mail.outbox) == 1 and not re.search(r"\d{6}", text_of(mail.outbox[0]))


def test_leaving_needs_a_press_of_the_button(staff):
    client = Client()
    sign_in(client, staff.email)
    assert client.get("/account/sign-out/").status_code == 200
    assert client.get("/desk/items/").status_code == 200
    assert client.post("/account/sign-out/").url == SIGN_IN
    assert client.get("/desk/items/").status_code == 302


# Codes


def asked(client: Client, email: str) -> str:
    answer = client.post(CODE, {"login": email})
    assert (answer.status_code, answer.url) == (302, CONFIRM)
    return re.search(r"\b\d{6}\b", text_of(mail.outbox[-1]))[0]


def test_a_code_in_any_digits_signs_in_once(staff):
    client = Client()
    code = asked(client, staff.email)
    typed = f" {code[:3].translate(PERSIAN)} {code[3:].translate(PERSIAN)} "

    assert client.post(CONFIRM, {"code": typed}).url == "/"
    assert client.get("/desk/").status_code == 200
    other = Client()
    other.post(CODE, {"login": staff.email})
    assert "_auth_user_id" not in (other.post(CONFIRM, {"code": code}), other.session)[1]


def test_the_same_page_sends_a_code_when_the_password_is_empty(staff):
    client = Client()
    answer = client.post(SIGN_IN, {"login": staff.email, "password": "", "next": "/desk/items/"})
    assert answer.url == f"{CONFIRM}?next=%2Fdesk%2Fitems%2F"
    code = re.search(r"\b\d{6}\b", text_of(mail.outbox[0]))[0]
    assert client.post(answer.url, {"code": code, "next": "/desk/items/"}).url == "/desk/items/"


def test_three_wrong_codes_end_the_attempt(staff):
    client = Client()
    code = asked(client, staff.email)
    wrong = "000000" if code != "000000" else "111111"
    assert [client.post(CONFIRM, {"code": wrong}).status_code for _n in range(3)] == [200, 200, 302]
    assert client.post(CONFIRM, {"code": code}).url == CODE
    assert "_auth_user_id" not in client.session


def test_one_field_takes_the_code_and_the_phone_may_fill_it_in(staff):
    client = Client()
    asked(client, staff.email)
    page = client.get(CONFIRM).content.decode()
    assert page.count("<input") - page.count('type="hidden"') == 1
    assert 'autocomplete="one-time-code"' in page and 'inputmode="numeric"' in page


def test_one_may_begin_anew_with_another_address(staff):
    client = Client()
    asked(client, staff.email)
    assert client.get(SIGN_IN).url == CONFIRM
    assert client.post(CONFIRM, {"action": "restart"}).url == SIGN_IN
    assert client.get(SIGN_IN).status_code == 200


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fa", "rtl"), ("en", "ltr")])
def test_the_message_is_written_in_the_language_of_the_person(staff, language, direction):
    User.objects.filter(pk=staff.pk).update(language=language)
    asked(Client(HTTP_ACCEPT_LANGUAGE="ar"), staff.email)
    message = mail.outbox[0]

    words = {"ar": "رمز", "fa": "کد", "en": "code"}[language]
    assert words in message.subject and words in text_of(message)
    html = html_of(message)
    assert f'<html lang="{language}" dir="{direction}">' in html and f'<body dir="{direction}"' in html
    assert html.count(f'<td dir="{direction}"') == html.count("<td")
    assert "class=" not in html and "<script" not in html and "src=" not in html


# Strangers


def test_an_unknown_address_is_answered_like_a_known_one(staff):
    pages = []
    for email in (staff.email, "none@example.com"):
        client = Client()
        answer = client.post(CODE, {"login": email})
        page = client.get(answer.url).content.decode().replace(email, "ADDRESS")
        pages.append((answer.status_code, answer.url, TOKEN.sub("", page)))

    assert pages[0] == pages[1]
    assert len(mail.outbox) == 2
    assert not re.search(r"\d{6}", text_of(mail.outbox[1]))


def test_a_wrong_password_tells_nothing_about_the_address(staff):
    answers = []
    for email in (staff.email, "none@example.com"):
        answer = sign_in(Client(), email, "wrong password 1")
        answers.append((answer.status_code, TOKEN.sub("", answer.content.decode().replace(email, "ADDRESS"))))

    assert answers[0] == answers[1]
    written = Event.objects.filter(name="user.sign_in_failed")
    assert [event.facts["email"] for event in written] == [staff.email, "none@example.com"]
    assert not any("wrong password" in str(event.facts) for event in written)


def test_guessing_shuts_out_the_stranger_and_not_the_person(staff):
    home, stranger = Client(), Client(REMOTE_ADDR="192.0.2.7")
    sign_in(home, staff.email)
    home.post("/account/sign-out/")
    for _n in range(5):
        sign_in(stranger, staff.email, "wrong password 1")

    assert sign_in(stranger, staff.email).status_code == 200  # the right password no longer helps him
    assert sign_in(Client(REMOTE_ADDR="192.0.2.8"), staff.email).status_code == 200  # nor from elsewhere
    assert sign_in(home, staff.email).status_code == 302


def test_a_forged_device_mark_opens_no_second_row_of_attempts(staff):
    stranger = Client(REMOTE_ADDR="192.0.2.7")
    for _n in range(5):
        sign_in(stranger, staff.email, "wrong password 1")
    stranger.cookies["device"] = f"{staff.email}:forged:signature"
    assert sign_in(stranger, staff.email).status_code == 200


# Passwords


def reset_link(email: str, **headers: str) -> str:
    client = Client(**headers)
    assert client.post("/account/password/reset/", {"email": email}).url == "/account/password/reset/sent/"
    return re.search(r"http\S+", text_of(mail.outbox[-1]))[0]


def test_a_new_password_by_a_link_that_is_used_once(staff, settings):
    settings.BASE_URL = "https://portal.example"
    link = reset_link(staff.email, HTTP_HOST="localhost")
    assert link.startswith("https://portal.example/account/password/reset/")
    path = link.removeprefix("https://portal.example")
    client = Client()
    page = client.get(path)
    weak = client.post(page.url, {"password1": "1234567890"})
    assert weak.status_code == 200 and weak.context["form"].errors["password1"]

    assert client.post(page.url, {"password1": "a new long password"}).url == "/account/password/reset/done/"
    assert sign_in(Client(), staff.email).status_code == 200
    assert sign_in(Client(), staff.email, "a new long password").status_code == 302
    assert Client().get(path).context["token_fail"]


def test_asking_for_a_link_tells_nothing_about_the_address(staff):
    known = Client().post("/account/password/reset/", {"email": staff.email})
    unknown = Client().post("/account/password/reset/", {"email": "none@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert ["http" in text_of(message) for message in mail.outbox] == [True, False]


def test_a_changed_password_ends_the_other_sessions_and_is_told(staff):
    here, there = Client(), Client()
    sign_in(here, staff.email)
    sign_in(there, staff.email)
    User.objects.filter(pk=staff.pk).update(rights={"crm.view_customer": "own"})  # changed by somebody meanwhile
    wrong = here.post("/account/password/change/", {"oldpassword": "no", "password1": "a new long password"})
    assert wrong.context["form"].errors["oldpassword"]

    done = here.post(
        "/account/password/change/?next=/account/profile/",
        {"oldpassword": PASSWORD, "password1": "a new long password"},
    )
    assert done.url == "/account/profile/"
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 302
    assert mail.outbox[-1].to == [staff.email]
    assert User.objects.get(pk=staff.pk).rights == {"crm.view_customer": "own"}


def test_who_has_no_password_is_led_to_setting_one(client_person):
    client_person.set_unusable_password()
    client_person.save()
    client = Client()
    client.post(CONFIRM, {"code": asked(client, client_person.email)})
    assert client.get("/account/password/change/").url == "/account/password/set/"
    client.post("/account/password/set/", {"password1": "a new long password"})
    assert User.objects.get(pk=client_person.pk).check_password("a new long password")
    assert client.get("/portal/").status_code == 200


# Every page


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
@pytest.mark.parametrize(
    "path",
    [SIGN_IN, CODE, "/account/password/reset/", "/account/password/reset/sent/", "/account/inactive/",
     "/account/password/reset/done/", "/account/password/reset/1-a-b/"],
)  # fmt: skip
def test_the_pages_open_in_every_language(company, path, language):
    page = Client(HTTP_ACCEPT_LANGUAGE=language).get(path).content.decode()
    assert f'<html lang="{language}" dir="{"ltr" if language == "en" else "rtl"}"' in page
    assert page.count("<h1") == 1


def test_the_forms_work_without_scripts(company):
    page = Client(HTTP_ACCEPT_LANGUAGE="en").get(SIGN_IN).content.decode()
    assert "hx-" not in page.partition("<form")[2].partition("</form>")[0]
    assert f'formaction="{CODE}"' in page and 'dir="ltr"' in page
