"""The words of messages: the company's own, else the usual ones."""

from __future__ import annotations

from rawabit.telling.logic.defaults import Words, default_words
from rawabit.telling.models import Template


def own_template(kind: str, language: str) -> Template | None:
    return Template.objects.filter(kind=kind, language=language).first()


def words_of(kind: str, language: str) -> Words:
    """What is said now. KeyError for an unknown kind."""
    own = own_template(kind, language)
    return Words(own.headline, own.body, own.chat) if own else default_words(kind, language)


def changed_kinds() -> set[tuple[str, str]]:
    """``(kind, language)`` of everything that the company says in words of its own."""
    return set(Template.objects.values_list("kind", "language"))
