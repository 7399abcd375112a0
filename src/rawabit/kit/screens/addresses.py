"""From a record to its page. Filled once, from the explicit list of screens, when the addresses are built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Model
from django.urls import reverse

if TYPE_CHECKING:
    from rawabit.kit.screens.screens import Screens

_BY_MODEL: dict[type[Model], Screens] = {}


def bind(screens: Screens) -> None:
    _BY_MODEL[screens.model] = screens


def screens_of(model: type[Model]) -> Screens | None:
    return _BY_MODEL.get(model)


def url_of(record: Model) -> str:
    """The desk page of a record; empty when its kind has no screens."""
    screens = _BY_MODEL.get(type(record))
    return reverse(f"{screens.slug}-detail", args=[record.pk]) if screens else ""


def all_screens() -> list[Screens]:
    return list(_BY_MODEL.values())
