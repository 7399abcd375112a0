"""A customer's user who reads English, at the makers' moment, so that the words on a page are always the same."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rawabit.identity.models import User
from tests.makers import NOW, Person, make_customer, make_customer_user

BACKEND = "django.contrib.auth.backends.ModelBackend"
NOISE = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]+>", re.DOTALL)


def words_of(response: Any) -> str:
    """The page as it is read aloud: no markup, one space between words, no direction marks."""
    text = html.unescape(NOISE.sub(" ", response.content.decode()))
    return " ".join(text.replace("\u2068", "").replace("\u2069", "").split())


class Reader:
    """Opens pages as one person."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.customer = person.customer
        self.client = Client()
        self.client.force_login(person.user, backend=BACKEND)

    def open(self, name: str, /, *args: Any, **query: str) -> Any:
        return self.client.get(reverse(f"portal-{name}", args=args), query)

    def read(self, name: str, /, *args: Any, **query: str) -> str:
        response = self.open(name, *args, **query)
        assert response.status_code == 200, response.status_code
        return words_of(response)

    def send(self, name: str, /, *args: Any, **data: Any) -> Any:
        return self.client.post(reverse(f"portal-{name}", args=args), data)


def reader(person: Person, **settings: str) -> Reader:
    """The person's pages, in English unless ``settings`` say otherwise."""
    User.objects.filter(pk=person.user.pk).update(**{"language": "en", **settings})
    return Reader(Person(User.objects.get(pk=person.user.pk), person.customer))


@pytest.fixture(autouse=True)
def _at_the_makers_moment(monkeypatch):
    monkeypatch.setattr("rawabit.config.middleware.timezone", SimpleNamespace(now=lambda: NOW))


@pytest.fixture
def noura(db) -> Reader:
    """The account owner of a customer with a credit limit of 10,000 riyals."""
    customer = make_customer("مؤسسة النخيل", name_en="Palm Trading", credit_limit=1_000_000)
    return reader(make_customer_user(customer, "owner", "Noura"))


@pytest.fixture
def as_role(noura):
    """``as_role("finance")``: a colleague of Noura's."""
    return lambda role: reader(make_customer_user(noura.customer, role, f"The {role}"))
