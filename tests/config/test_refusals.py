"""Pages opened in a wrong way, forms sent too late, and the palette's pages."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from rawabit.config.middleware import refusals
from rawabit.config.places import names_of
from rawabit.crm.models import Customer
from tests import makers
from tests.laws.world import client_of, page_text


@pytest.fixture
def customer(db: Any) -> Any:
    makers.make_company()
    return makers.make_customer("Acme")


def test_a_form_sent_after_the_session_ended_says_so_and_leads_back(customer: Any) -> None:
    page = f"/desk/customers/{customer.pk}/?a=1"
    visitor = Client(headers={"accept-language": "en"})

    answer = visitor.post(
        f"/desk/customers/{customer.pk}/comment/", {"body": "x"}, headers={"referer": f"http://testserver{page}"}
    )

    assert answer.headers["Location"] == f"/account/sign-in/?next=/desk/customers/{customer.pk}/%3Fa%3D1"
    assert "nothing was saved" in page_text(visitor.get(answer.headers["Location"]))


@pytest.mark.parametrize("came_from", ["", "https://evil.example/x", "//evil.example"])
def test_nobody_is_led_to_another_site(customer: Any, came_from: str) -> None:
    answer = Client().post(f"/desk/customers/{customer.pk}/comment/", {"body": "x"}, headers={"referer": came_from})
    assert answer.headers["Location"] == "/account/sign-in/?next=/"


def test_an_address_that_is_only_sent_to_is_a_page_with_words_when_opened(customer: Any) -> None:
    desk = client_of(makers.make_user("manager"))
    answer = desk.get(f"/desk/customers/{customer.pk}/comment/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "<h1>" in answer.content.decode()


def test_a_form_of_an_earlier_sign_in_is_not_called_a_missing_right(customer: Any) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    strict.force_login(makers.make_user("manager", language="en"))
    answer = strict.post(f"/desk/customers/{customer.pk}/comment/", {"body": "x"})
    assert answer.status_code == 403
    assert "This form can no longer be sent" in page_text(answer)
    assert "role" not in page_text(answer).lower().split("</head>")[-1].replace('role="', "")


@pytest.mark.parametrize(
    ("words", "label"),
    [("new quotation", "/desk/quotations/new/"), ("عرض جديد", "/desk/quotations/new/"),
     ("پیش‌فاکتور", "/desk/quotations/"), ("فاتورة", "/desk/invoices/"), ("customers", "/desk/customers/"),
     ("الهوية", "/desk/settings/brand/")],
)  # fmt: skip
def test_the_palette_finds_pages_in_every_language(customer: Any, words: str, label: str) -> None:
    desk = client_of(makers.make_user("administrator"))
    found = desk.get("/desk/search/", {"q": words, "part": "palette"}).content.decode()
    assert f'href="{label}"' in found


def test_the_palette_offers_only_what_one_may_open(customer: Any) -> None:
    agent = client_of(makers.make_user("support"))
    found = agent.get("/desk/search/", {"q": "new quotation", "part": "palette"}).content.decode()
    assert "/desk/quotations/new/" not in found


def test_names_of_a_page_are_folded() -> None:
    assert {"quotations", "پیش", "عرض"} <= set(names_of("quotations-list").replace("پيش", "پیش").split())


def test_every_link_of_a_customers_page_opens(customer: Any) -> None:
    desk = client_of(makers.make_user("administrator"))
    page = desk.get(f"/desk/customers/{customer.pk}/").content.decode()
    links = {
        href.split("#")[0] for href in re.findall(r'href="(/desk/[^"]*)"', page.split("<main")[1].split("</main>")[0])
    }

    assert f"/desk/receivables/{customer.pk}/" in links, "the balance leads to the statement"
    assert f"/desk/quotations/new/?customer={customer.pk}" in links
    assert 'href="quotations-create' not in page
    for url in links:
        assert desk.get(url.replace("&amp;", "&"), follow=True).status_code == 200, url


def test_too_many_attempts_say_how_long_to_wait(rf: Any) -> None:
    answer = refusals(lambda request: HttpResponse(status=429))(rf.get("/"))
    assert int(answer.headers["Retry-After"]) > 0


def test_typed_text_loses_what_deceives_and_what_shows_nothing(customer: Any) -> None:
    desk = client_of(makers.make_user("administrator"))
    form = {"kind": "company", "country": "SA", "currency": "SAR", "language": "ar", "is_active": "on"}

    assert desk.post("/desk/customers/new/", {**form, "name": "\u202e \u200f"}).status_code == 422
    answer = desk.post("/desk/customers/new/", {**form, "name": "Rima\u202efdp\x00", "considerations": "a\r\nb"})

    made = Customer.objects.get(name="Rimafdp")
    assert answer.headers["Location"] == f"/desk/customers/{made.pk}/"
    assert made.considerations == "a\nb"
