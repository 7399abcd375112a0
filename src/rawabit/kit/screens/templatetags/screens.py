"""Template helpers of the screens: history in words, headings by position."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from django import template
from django.db.models import DateField, DateTimeField

from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.event_words import words_of, words_of_notice
from rawabit.kit.records.fields import AmountField
from rawabit.kit.screens.columns import field_at
from rawabit.kit.text import avatar_letter

register = template.Library()


@register.filter
def at(heads: list[dict[str, Any]], place: int) -> str:
    """The title of the n-th column."""
    return str(heads[place]["title"])


@register.filter
def first_of(heads: list[tuple[str, str]], place: int) -> str:
    """The title of the n-th column of a panel."""
    return str(heads[place][0])


@register.filter
def letter(name: str) -> str:
    return avatar_letter(name)


@register.filter
def event_words(event: Any) -> str:
    """What happened, in a sentence of the reader's language."""
    return words_of(event)


@register.filter
def event_changes(event: Any, record: Any) -> list[tuple[str, str, str]]:
    """``(label, before, after)`` of a change, in the order of the record's fields: PostgreSQL keeps no other."""
    if event.name.endswith(".created"):
        return []  # what it began with stands on the page itself, or in its later changes
    changes = event.facts.get("changes", {}) if isinstance(event.facts, dict) else {}
    rows = []
    places = {field.name: place for place, field in enumerate(record._meta.fields)}
    for name in sorted(changes, key=lambda name: (places.get(name, len(places)), name)):
        pair = changes[name]
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        field = field_at(type(record), name)
        label = str(getattr(field, "verbose_name", name)) if field else name
        before, after = (_said(field, value, record) for value in pair)
        if before != after:
            rows.append((label, before, after))
    return rows


def _said(field: Any, value: Any, record: Any) -> str:
    """A kept fact as the page itself would say it: the choice's words, the day, the amount."""
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(field, AmountField) and isinstance(value, int) and hasattr(record, "currency"):
        return active().money_text(Money(value, record.currency))
    choices: Any = getattr(field, "flatchoices", None) or ()
    if isinstance(value, str) and (choice := dict(choices).get(value)):
        return str(choice)
    if isinstance(field, DateField) and not isinstance(field, DateTimeField):
        with suppress(ValueError):
            return active().date_medium(date.fromisoformat(str(value)))
    return str(value)


@register.filter
def notice_words(notice: Any) -> str:
    """A line of the bell in the reader's language."""
    return words_of_notice(notice)


@register.filter
def links(cell: str) -> bool:
    """Whether a cell is a link already; one link cannot stand in another."""
    return "<a " in cell
