"""Links of all kinds of documents, and a browser that brings nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rawabit.kit.links.actions import Holder, address_of, share
from rawabit.kit.links.models import Link
from tests import makers

NOURA = Holder(name="نورة", email="noura@acme.example", phone="+966501234567", language="en")


def path_of(link: Link) -> str:
    return "/l/" + address_of(link).rpartition("/l/")[2]


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def give(company) -> Callable[..., SimpleNamespace]:
    """A link to a record, given out now (or ``ago``), with its path."""

    def make(record: Any, holder: Holder = NOURA, *, ago: timedelta = timedelta(0), days: int = 90) -> SimpleNamespace:
        link = share(record, purpose="document", holder=holder, days=days, actor=makers.SYSTEM, at=timezone.now() - ago)
        return SimpleNamespace(link=link, path=path_of(link))

    return make
