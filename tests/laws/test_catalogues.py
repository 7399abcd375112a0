"""Everything visible is said in three languages, with the same placeholders and the right plural forms."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

LOCALE = Path(__file__).parents[2] / "src" / "rawabit" / "locale"
LANGUAGES = ("ar", "fa")
FORMS = {"ar": 6, "fa": 2}
HOLE = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def holes(text: str) -> set[str]:
    return {match.group(0) for match in HOLE.finditer(text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_or_doubtful(language):
    po = catalogue(language)

    assert [entry.msgid for entry in po.untranslated_entries() if not entry.obsolete] == []
    assert [entry.msgid for entry in po.fuzzy_entries()] == []
    assert len(po) > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language):
    wrong = []
    for entry in catalogue(language):
        if entry.obsolete:
            continue
        if entry.msgid_plural:
            allowed = holes(entry.msgid) | holes(entry.msgid_plural)
            wrong += [entry.msgid for form in entry.msgstr_plural.values() if not holes(form) <= allowed]
        elif holes(entry.msgid) != holes(entry.msgstr):
            wrong.append(entry.msgid)

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_every_form(language):
    po = catalogue(language)

    assert f"nplurals={FORMS[language]}" in po.metadata["Plural-Forms"]
    for entry in po:
        if entry.msgid_plural and not entry.obsolete:
            assert sorted(entry.msgstr_plural) == list(range(FORMS[language])), entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_punctuation_is_that_of_the_language(language):
    wrong = [
        entry.msgid
        for entry in catalogue(language)
        if not entry.obsolete and re.search(r"[\u0600-\u06ff][,;?]|[,;?]\s*[\u0600-\u06ff]", entry.msgstr)
    ]

    assert wrong == []


def test_persian_uses_persian_letters_and_arabic_arabic_ones():
    for entry in catalogue("fa"):
        assert not re.search(r"[يك]", entry.msgstr), entry.msgid
    for entry in catalogue("ar"):
        assert not re.search(r"[یکپچژگ]", entry.msgstr), entry.msgid


def test_the_compiled_catalogues_are_those_of_the_sources():
    for language in LANGUAGES:
        source = {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in catalogue(language) if not e.obsolete}
        compiled = polib.mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))
        kept = {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in compiled}
        assert kept == source, language
