"""Every page in three languages, in the right direction, with nothing left in English."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from rawabit.config.screens import SCREENS
from rawabit.portal.urls import urlpatterns
from tests import makers
from tests.laws.world import MAKERS, client_of, make_side

pytestmark = pytest.mark.django_db
DIRECTION = {"ar": "rtl", "fa": "rtl", "en": "ltr"}
# What people typed, codes, and the names of languages are not ours to translate.
FOREIGN = re.compile(
    r"<(bdi|option|textarea|style|script|code|kbd)\b.*?</\1>|<[^>]*\blang=\"(?:en|ar|fa)\"[^>]*>[^<]*<|<title>.*?</title>"
    r"|<(?:span|p|div|td|dd|li|h1)[^>]*class=\"[^\"]*\b(?:user|code|ltr)\b[^\"]*\"[^>]*>.*?</",
    re.DOTALL,
)
TAGS = re.compile(r"<[^>]+>")
ENGLISH = re.compile(r"[A-Z]?[a-z]{2,}(?: [a-z]{2,})+|\b[A-Z][a-z]{3,}\b")
KNOWN = {"English", "Rawabit", "Ctrl", "Enter", "Excel", "WhatsApp", "Redis"}


def shell(language: str, body: str) -> list[str]:
    wrong = []
    if f'<html lang="{language}" dir="{DIRECTION[language]}"' not in body:
        wrong.append("language or direction of the page")
    return wrong


def left_in_english(body: str) -> list[str]:
    main = body[body.find("<body") :]
    text = TAGS.sub("\n", FOREIGN.sub("\n", main))
    return sorted({word for word in ENGLISH.findall(text) if word not in KNOWN and not word.startswith("CNRY")})


def open_in(language: str, client, urls: list[str]) -> dict[str, list[str]]:
    wrong = {}
    for url in urls:
        response = client.get(url)
        if response.status_code in (302, 405):
            continue  # made elsewhere: a delivery begins at its order; or only ever sent to
        if not response.headers["Content-Type"].startswith("text/html"):
            assert response.status_code == 200, url  # a file
            continue
        body = response.content.decode()
        found = shell(language, body) + ([] if language == "en" else left_in_english(body))
        if response.status_code != 200 or found:
            wrong[url] = [str(response.status_code), *found]
    return wrong


def speaks(user, language: str):
    type(user).objects.filter(pk=user.pk).update(language=language)
    return client_of(user)


@pytest.mark.parametrize("language", DIRECTION)
def test_the_desk(language):
    client = speaks(makers.make_user("administrator", "خالد"), language)
    urls = ["/desk/", "/desk/search/", "/desk/notices/", reverse("settings"), reverse("receivables")]
    for screens in SCREENS:
        row, own = MAKERS[screens.slug](), screens()
        urls += [own.url("list"), own.url("detail", row.pk)]
        if screens.form is not None:
            urls.append(own.url("create"))

    assert open_in(language, client, urls) == {}


@pytest.mark.parametrize("language", DIRECTION)
def test_the_portal(language):
    side = make_side("CNRYOURS")
    client = speaks(makers.make_customer_user(side.customer, "owner", "نورة").user, language)
    urls = [reverse(p.name) for p in urlpatterns if "<" not in str(p.pattern)]
    urls.remove(reverse("portal-statement-question"))  # about a row, which its address names
    for name, kind in [
        ("order", "Order"),
        ("invoice", "Invoice"),
        ("quotation", "Quotation"),
        ("delivery", "Delivery"),
    ]:
        urls += [
            reverse(f"portal-{name}", args=[record.uid])
            for record in side.records
            if type(record).__name__ == kind and record.state != "draft"
        ]

    assert open_in(language, client, urls) == {}


@pytest.mark.parametrize("language", DIRECTION)
def test_before_signing_in(client, language):
    makers.make_company()
    client.cookies["language"] = language
    urls = ["/account/sign-in/", "/account/sign-in/code/", "/account/password/reset/"]

    assert open_in(language, client, urls) == {}


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_refusals_speak_too(client, language):
    makers.make_company()
    client.cookies["language"] = language
    body = client.get("/nowhere/").content.decode()

    assert shell(language, body) == []
    assert left_in_english(body) == []
