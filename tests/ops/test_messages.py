"""messages: every marked text reaches the catalogues, no translation is lost or guessed, and a lag is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import polib
import pytest

from rawabit.config.commands import messages

needs_gettext = pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext is not installed")

PYTHON = """\
title = _('Customers')
count = ngettext_lazy('%d order', '%d orders', 'n')
label = pgettext_lazy('role', 'Manager')
"""
TEMPLATE = "{% translate 'Save' %}{% blocktranslate %}Hi{% endblocktranslate %}"


def entry(msgid: str, **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, **more)


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.extend(entries)
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ar" / "LC_MESSAGES" / "django.po"


@needs_gettext
def test_texts_of_python_and_of_templates_are_found(tmp_path: Path):
    source = tmp_path / "source"
    (source / "crm" / "templates").mkdir(parents=True)
    (source / "crm" / "desk.py").write_text(PYTHON)
    (source / "crm" / "templates" / "page.html").write_text(TEMPLATE)
    (source / "crm" / "migrations").mkdir()
    (source / "crm" / "migrations" / "0001_initial.py").write_text("_('never')")
    found = {messages.key_of(text) for text in messages.extract(source)}
    assert found == {
        ("", "Customers", ""),
        ("", "%d order", "%d orders"),
        ("role", "Manager", ""),
        ("", "Save", ""),
        ("", "Hi", ""),
    }
    assert not (source / "locale").exists()


def test_a_translation_stays_a_new_text_comes_an_old_one_goes(path: Path):
    messages.bring_up(path, "ar", catalogue(entry("Order"), entry("Orders"), entry("Gone")))
    po = polib.pofile(str(path))
    po.find("Order").msgstr = "طلب"
    po.save()
    left = messages.bring_up(path, "ar", catalogue(entry("Order"), entry("Orders"), entry("Order lines")))
    after = {text.msgid: text.msgstr for text in polib.pofile(str(path))}
    assert after == {"Order": "طلب", "Orders": "", "Order lines": ""}
    assert left == 2
    assert [text.msgid for text in polib.mofile(str(path.with_suffix(".mo")))] == ["Order"]


@pytest.mark.parametrize(("language", "forms"), [("ar", 6), ("fa", 2)])
def test_a_plural_has_a_place_for_every_form(path: Path, language: str, forms: int):
    texts = catalogue(entry("%d order", msgid_plural="%d orders", msgstr_plural={0: "", 1: ""}))
    assert messages.bring_up(path, language, texts) == 1
    assert polib.pofile(str(path))[0].msgstr_plural == dict.fromkeys(range(forms), "")


def test_the_same_texts_twice_change_no_byte(path: Path):
    texts = catalogue(entry("B"), entry("A", msgctxt="role"))
    messages.bring_up(path, "fa", texts)
    before = path.read_bytes()
    messages.bring_up(path, "fa", texts)
    assert path.read_bytes() == before


def test_what_check_finds(path: Path):
    texts = catalogue(entry("A"), entry("B"))
    assert messages.faults_of(path, texts) == [f"{path} is not there; run: rawabit messages"]
    messages.bring_up(path, "ar", catalogue(entry("A"), entry("C")))
    faults = messages.faults_of(path, texts)
    assert f"{path}: lacks 'B'" in faults
    assert f"{path}: has 'C', which no source has" in faults
    assert f"{path}: 'A' is not translated" in faults


def test_a_translation_that_was_not_compiled_is_found(path: Path):
    texts = catalogue(entry("A"))
    messages.bring_up(path, "ar", texts)
    po = polib.pofile(str(path))
    po.find("A").msgstr = "أ"
    po.save()
    assert messages.faults_of(path, texts) == [
        f"{path.with_suffix('.mo')} is not what django.po says; run: rawabit messages"
    ]
    messages.bring_up(path, "ar", texts)
    assert messages.faults_of(path, texts) == []
