"""The words of a kind of message in a language, as they are when nobody has changed them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from rawabit.telling.logic import words_ar, words_en, words_fa


class Words(NamedTuple):
    """What a message says. ``chat`` is the text for WhatsApp; empty where there is none."""

    subject: str
    body: str
    chat: str = ""


_WORDS: Final[Mapping[str, Mapping[str, tuple[str, str, str]]]] = {
    "ar": words_ar.WORDS, "fa": words_fa.WORDS, "en": words_en.WORDS,
}  # fmt: skip
LANGUAGES: Final = tuple(_WORDS)


def default_words(kind: str, language: str) -> Words:
    """KeyError for an unknown kind; an unknown language reads Arabic."""
    return Words(*_WORDS.get(language, words_ar.WORDS)[kind])
