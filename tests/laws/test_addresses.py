"""Every address says who may come, and nobody else gets in."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from rawabit.config.access import class_of
from rawabit.kit.access import CLASSES

pytestmark = pytest.mark.django_db
SAMPLES = {"int": "1", "str": "csv", "slug": "x", "uuid": str(uuid.UUID(int=1)), "path": "x"}
PASSWORD = "a long enough secret"


class Match:
    def __init__(self, name: str | None) -> None:
        self.url_name = name


def walk(patterns, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


def address(route: str) -> str:
    out, rest = "", route
    while "<" in rest:
        before, _, after = rest.partition("<")
        inner, _, rest = after.partition(">")
        kind = inner.partition(":")[0] if ":" in inner else "str"
        out += before + SAMPLES[kind]
    return "/" + out + rest


EVERY = [(address(route), pattern) for route, pattern in walk(get_resolver().url_patterns)]


def of(*kinds: str) -> list[str]:
    return sorted({url for url, pattern in EVERY if class_of(Match(pattern.name), pattern.callback) in kinds})


def test_every_address_has_an_access_class():
    missing = [url for url, pattern in EVERY if class_of(Match(pattern.name), pattern.callback) not in CLASSES]

    assert missing == []
    assert len(EVERY) > 100


def test_names_of_addresses_are_unique():
    names = [pattern.name for _url, pattern in EVERY]

    assert [name for name, same in itertools.groupby(sorted(filter(None, names))) if len(list(same)) > 1] == []
    assert None not in names


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_asked_to_sign_in(method):
    client = Client()
    wrong = []
    for url in of("staff", "portal", "person"):
        response = getattr(client, method)(url)
        if response.status_code != 302 or not response.headers["Location"].startswith("/account/"):
            wrong.append((url, response.status_code))

    assert wrong == []


def person(kind: str) -> Client:
    user = get_user_model().objects.create_user(f"{kind}@law.example", PASSWORD, full_name=kind, kind=kind)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_desk_does_not_exist_for_customers(method):
    client = person("customer")

    wrong = [(url, s) for url in of("staff") if (s := getattr(client, method)(url).status_code) != 404]

    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_portal_does_not_exist_for_staff(method):
    client = person("staff")

    wrong = [(url, s) for url in of("portal") if (s := getattr(client, method)(url).status_code) != 404]

    assert wrong == []


# What belongs to the person himself and asks for no permission.
OWN = {
    "/desk/", "/desk/search/", "/desk/notices/", "/desk/gallery/", "/desk/profile/", "/desk/palette/",
}  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_a_role_are_refused_everywhere(method):
    """403 (may not), 404 (no such row for him) or 405 (not this verb), and never a page."""
    client = person("staff")
    wrong = []
    for url in of("staff"):
        status = getattr(client, method)(url).status_code
        if url not in OWN and status not in (403, 404, 405):
            wrong.append((url, status))

    assert wrong == []


def test_every_answer_carries_the_protecting_headers():
    client = person("staff")
    for url in ["/desk/", "/account/sign-in/", "/nowhere/", "/healthz"]:
        headers = client.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy, url
        assert "unsafe" not in policy, url
        assert headers["X-Content-Type-Options"] == "nosniff", url
        assert headers["X-Frame-Options"] == "DENY", url
        assert headers["Referrer-Policy"], url


def test_pages_of_a_signed_in_person_are_not_kept_by_caches():
    assert "no-store" in person("staff").get("/desk/").headers["Cache-Control"]


def test_nobody_is_led_away_after_signing_in():
    client = Client()
    user = get_user_model().objects.create_user("s@law.example", PASSWORD, full_name="S", kind="staff")
    assert user.check_password(PASSWORD)
    for evil in ["//evil.example", "/\\evil.example", "https:evil.example", "http://evil.example"]:
        response = client.post("/account/sign-in/", {"login": "s@law.example", "password": PASSWORD, "next": evil})
        assert "evil" not in response.headers.get("Location", ""), evil
        client.logout()
