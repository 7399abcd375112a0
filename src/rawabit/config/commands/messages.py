"""messages: for developers. Read every marked text out of the sources, bring the catalogues to it, compile them.

The compiled ``.mo`` files stand in the repository, so that an installation needs no gettext.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rawabit.config.commands.environment import start_django
from rawabit.config.commands.refusals import Stop

if TYPE_CHECKING:
    import polib

LANGUAGES = ("ar", "fa")
FORMS = {"ar": 6, "fa": 2}
WRAP = 118
Key = tuple[str, str, str]


def run(args: argparse.Namespace) -> int:
    start_django()
    from django.conf import settings

    texts, folder = extract(Path(settings.SOURCE)), Path(settings.LOCALE_PATHS[0])
    catalogues = {language: folder / language / "LC_MESSAGES" / "django.po" for language in LANGUAGES}
    if args.check:
        faults = [fault for path in catalogues.values() for fault in faults_of(path, texts)]
        print("\n".join(faults) or f"{len(texts)} texts; every catalogue is complete and compiled.")
        return 1 if faults else 0
    for language, path in catalogues.items():
        left = bring_up(path, language, texts)
        print(f"{language}: {len(texts)} texts, {left} without translation")
    return 0


def extract(source: Path) -> polib.POFile:
    """All marked texts of the sources, found by xgettext in a copy: it writes files beside the templates."""
    import polib
    from django.core.management import CommandError

    if shutil.which("xgettext") is None:
        raise Stop("xgettext is not installed; install the package gettext.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "rawabit"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("migrations", "static", "locale", "__pycache__"))
        (copy / "locale").mkdir()
        here = Path.cwd()
        os.chdir(copy)
        try:
            collect_texts()
        except CommandError as error:
            raise Stop(str(error)) from error
        finally:
            os.chdir(here)
        pot = copy / "locale" / "django.pot"
        return polib.pofile(pot.read_text(encoding="utf-8")) if pot.exists() else polib.POFile()


def collect_texts() -> None:
    """Django's own extraction up to the template catalogue; the merge is ours, because msgmerge guesses (fuzzy)."""
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.commands import makemessages

    class Extract(makemessages.Command):
        def write_po_file(self, potfile: str, locale: str) -> None:
            return

        def handle(self, *args: Any, **options: Any) -> None:
            paths, settings.LOCALE_PATHS = settings.LOCALE_PATHS, []
            try:
                super().handle(*args, **options)
            finally:
                settings.LOCALE_PATHS = paths

    call_command(Extract(), locale=list(LANGUAGES), keep_pot=True, verbosity=0, add_location="file")


def key_of(entry: polib.POEntry) -> Key:
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def bring_up(path: Path, language: str, texts: polib.POFile) -> int:
    """Add what is new, drop what is gone, keep every translation, compile. Returns how many texts are untranslated."""
    import polib

    po = polib.pofile(str(path), wrapwidth=WRAP) if path.exists() else polib.POFile(wrapwidth=WRAP)
    po.metadata = header(language)
    po.merge(texts)
    for entry in po.obsolete_entries():
        po.remove(entry)
    for entry in po:
        if entry.msgid_plural:
            entry.msgstr_plural = {form: entry.msgstr_plural.get(form, "") for form in range(FORMS[language])}
    po.sort(key=lambda entry: (entry.occurrences, key_of(entry)))
    path.parent.mkdir(parents=True, exist_ok=True)
    po.save(str(path))
    po.save_as_mofile(str(path.with_suffix(".mo")))
    return len(po.untranslated_entries())


def header(language: str) -> dict[str, str]:
    """No dates and no names: the file changes when a text changes, and only then."""
    plurals = {
        "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2"
        " : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
        "fa": "nplurals=2; plural=(n > 1);",
    }
    return {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": plurals[language],
    }


def faults_of(path: Path, texts: polib.POFile) -> list[str]:
    """Where a catalogue is behind the sources, untranslated, or not compiled; one line each."""
    import polib

    if not path.exists():
        return [f"{path} is not there; run: rawabit messages"]
    po, mo = polib.pofile(str(path)), path.with_suffix(".mo")
    wanted, present = {key_of(entry) for entry in texts}, {key_of(entry) for entry in po if not entry.obsolete}
    faults = [f"{path}: lacks {key[1]!r}" for key in sorted(wanted - present)]
    faults += [f"{path}: has {key[1]!r}, which no source has" for key in sorted(present - wanted)]
    faults += [f"{path}: {entry.msgid!r} is not translated" for entry in po.untranslated_entries() + po.fuzzy_entries()]
    translated = {key_of(entry): (entry.msgstr, entry.msgstr_plural) for entry in po.translated_entries()}
    compiled = {key_of(e): (e.msgstr, e.msgstr_plural) for e in polib.mofile(str(mo))} if mo.exists() else {}
    return faults if translated == compiled else [*faults, f"{mo} is not what {path.name} says; run: rawabit messages"]
