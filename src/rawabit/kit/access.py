"""Every address says who may come: nobody is let in by omission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

CLASSES = ("public", "link", "portal", "staff", "person", "machine")
View = TypeVar("View", bound=Callable[..., Any])


def access(kind: str) -> Callable[[View], View]:
    """Declare the access class of a view: public, link (a signed
    address), portal, staff, person (anybody signed in), machine."""
    if kind not in CLASSES:
        raise ValueError(f"unknown access class {kind!r}")

    def mark(view: View) -> View:
        view.access = kind  # type: ignore[attr-defined]
        return view

    return mark


def access_of(view: Any) -> str | None:
    """The access class of a resolved view (methods of screens carry it on the function)."""
    kind = getattr(view, "access", None)
    if kind is None and hasattr(view, "__func__"):
        kind = getattr(view.__func__, "access", None)
    return kind
