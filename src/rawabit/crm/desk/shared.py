"""What several screens of this module ask: rows in sight, choosing among them, official numbers as one may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from rawabit.crm.models import Contact, Customer, Identifier
from rawabit.kit.identifiers import IDENTIFIERS
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import screens_of
from rawabit.kit.screens.fields import ComboboxField


def seen(model: type[Model], request: Request) -> QuerySet[Any]:
    """The rows of a kind that has screens, as far as the person sees them."""
    screens = screens_of(model)
    assert screens is not None
    return screens.rows(request.actor)


def customers_seen(request: Request) -> QuerySet[Any]:
    return seen(Customer, request)


def by_words(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """What a typed label means when scripts are off."""
    return rows.matching(text)  # type: ignore[attr-defined]


def choose_customer(request: Request, label: Any, **options: Any) -> ComboboxField:
    rows, url = seen(Customer, request).order_by("name"), reverse("customers-options")
    return ComboboxField(queryset=rows, url=url, find=by_words, label=label, **options)


def choose_contact(request: Request, label: Any, **options: Any) -> ComboboxField:
    rows, url = seen(Contact, request).order_by("full_name"), reverse("contacts-options")
    return ComboboxField(queryset=rows, url=url, find=by_words, label=label, **options)


def number_label(kind: str) -> Any:
    """The words for a kind of official number; its English name is the message of the catalogues."""
    return _(IDENTIFIERS[kind].label)


def shown_number(row: Identifier, actor: Actor) -> str:
    """An official number as it is read aloud; personal ones are masked for those without the permission."""
    kind = IDENTIFIERS.get(row.kind)
    if kind is None:
        return row.value
    hidden = kind.personal and not actor.may("crm.view_identifiers")
    return kind.mask(row.value) if hidden else kind.format_for_display(row.value)
