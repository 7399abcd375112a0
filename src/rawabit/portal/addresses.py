"""Addresses of portal pages for many rows at once: reversing each of them would cost more than the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from uuid import UUID

from django.urls import reverse

from rawabit.kit.links.prefix import moved_inside, outside

_ZERO = UUID(int=0)
Reach = Callable[[str, UUID], bool]
_REACH: ContextVar[Reach | None] = ContextVar("reach", default=None)


@cache
def _around(name: str) -> tuple[str, str]:
    with outside():
        before, after = reverse(name, args=[_ZERO]).split(str(_ZERO))
    return before, after


def url_to(name: str, uid: UUID) -> str:
    """The address ``name`` (a route with one ``uid``) of a row; "" where a link to one document does not lead there."""
    reach = _REACH.get()
    if reach is not None and not reach(name, uid):
        return ""
    before, after = _around(name)
    return moved_inside(f"{before}{uid}{after}")


@contextmanager
def within_reach(reach: Reach) -> Iterator[None]:
    """Only what ``reach`` lets through has an address: pages opened by a link do not point outside of it."""
    token = _REACH.set(reach)
    try:
        yield
    finally:
        _REACH.reset(token)
