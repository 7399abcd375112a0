"""A colleague's desk in English, at the makers' moment, so that words and figures on a page are always the same."""

from __future__ import annotations

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from rawabit.identity.models import User
from tests.makers import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"
NOISE = re.compile(r"<(script|style|head|template)\b.*?</\1>|<[^>]+>", re.DOTALL)


def words_of(response: HttpResponse) -> str:
    """The page as it is read aloud: no markup, one space between words, no direction marks."""
    text = html.unescape(NOISE.sub(" ", response.content.decode()))
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


class Desk:
    """Opens pages and presses buttons as one person."""

    def __init__(self, person: Person, language: str = "en") -> None:
        User.objects.filter(pk=person.user.pk).update(language=language)
        self.client = Client()
        self.client.force_login(User.objects.get(pk=person.user.pk), backend=BACKEND)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/desk/{path}", query)

    def read(self, path: str, **query: Any) -> str:
        response = self.get(path, **query)
        assert response.status_code == 200, response.status_code
        return words_of(response)

    def send(self, path: str, data: Any = None) -> Any:
        return self.client.post(f"/desk/{path}", data or {})

    def do(self, path: str, **data: Any) -> str:
        """Press a button that must work; the address of the page one lands on, without ``/desk/``."""
        response = self.send(path, data)
        assert response.status_code == 302, words_of(response)
        return response.headers["Location"].removeprefix("/desk/")
