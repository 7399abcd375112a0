"""Addresses of portal pages for many rows at once: reversing each of them would cost more than the row."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import reverse

_ZERO = UUID(int=0)


@cache
def _around(name: str) -> tuple[str, str]:
    before, after = reverse(name, args=[_ZERO]).split(str(_ZERO))
    return before, after


def url_to(name: str, uid: UUID) -> str:
    """The address ``name`` (a route with one ``uid``) of a row."""
    before, after = _around(name)
    return f"{before}{uid}{after}"
