"""Addresses inside and outside of a link: what is reversed on a link's pages begins with the link's own address.

What is kept for everybody (parts of pages, addresses of lists) must be made ``outside()``, or one holder's address
would be shown to all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.urls import get_script_prefix, set_script_prefix

_OWN: ContextVar[str] = ContextVar("own_prefix", default="")


@contextmanager
def inside(prefix: str) -> Iterator[None]:
    """Everything reversed begins with ``prefix``."""
    own = get_script_prefix()
    token = _OWN.set(own)
    set_script_prefix(prefix)
    try:
        yield
    finally:
        set_script_prefix(own)
        _OWN.reset(token)


@contextmanager
def outside() -> Iterator[None]:
    """The site's own addresses, wherever this is called."""
    own = _OWN.get()
    if not own:
        yield
        return
    prefix = get_script_prefix()
    set_script_prefix(own)
    try:
        yield
    finally:
        set_script_prefix(prefix)


def moved_inside(path: str) -> str:
    """An address made :func:`outside`, as it is called here."""
    own = _OWN.get()
    return get_script_prefix() + path[len(own) :] if own else path
