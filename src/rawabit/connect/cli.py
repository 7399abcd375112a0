"""``rawabit import`` and ``rawabit export``: the command line's door to this module."""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from contextlib import nullcontext
from datetime import date, datetime
from datetime import time as day_time
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rawabit.company.queries import company_now
from rawabit.connect.actions import undo
from rawabit.connect.exports import EXPORTS, write_export
from rawabit.connect.queries import latest_runs, run_by_number
from rawabit.connect.report import ReportFiles
from rawabit.connect.session import Order, Result, check_import
from rawabit.connect.session import run_import as run_order
from rawabit.connect.targets import ENTITIES
from rawabit.kit.importing import ImportProblem, load_map
from rawabit.kit.records.actor import system
from rawabit.kit.states import Refused
from rawabit.kit.text import latn

EVERY = 1.0  # seconds between two lines of progress


class Mistake(Exception):
    """A word on the command line cannot be used; the message is for the person who typed it."""


def run_import(args: argparse.Namespace) -> int:
    """Import, rehearse (``--dry-run``) or take back (``--undo``). 0 done, 1 refused with one sentence."""
    with translation.override(terminal_language()):
        try:
            return _undo(args) if args.undo else _import(args)
        except (ImportProblem, Refused, Mistake) as problem:
            print(f"rawabit: {problem}", file=sys.stderr)
            return 1


def run_export(args: argparse.Namespace) -> int:
    """Write one entity to a file or to standard output."""
    if args.entity not in EXPORTS:
        known = ", ".join(sorted(EXPORTS))
        print(f"rawabit: there is no “{args.entity}” to export; possible are: {known}.", file=sys.stderr)
        return 1
    if args.format == "xlsx" and args.output is None:
        print("rawabit: a workbook needs --output FILE.", file=sys.stderr)
        return 1
    opened = args.output.open("wb") if args.output else nullcontext(sys.stdout.buffer)
    with opened as out:
        count = write_export(args.entity, args.format, out, actor=system("import"))
    words = ngettext("%(count)s row written.", "%(count)s rows written.", count) % {"count": count}
    print(words, file=sys.stderr)
    return 0


def terminal_language() -> str:
    """The language of the terminal when it is one of ours, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            code = value[:2].lower()
            return code if code in dict(settings.LANGUAGES) else "en"
    return "en"


def _import(args: argparse.Namespace) -> int:
    plan = load_map(args.map, ENTITIES)
    as_of, at = moment_of(args.as_of)
    out = sys.stderr if args.json else sys.stdout
    progress = ProgressLine(sys.stderr)
    with ReportFiles(Path(settings.DATA) / "imports") as report:
        order = Order(args.file, plan, system("import"), at, as_of, report, progress)
        result = (check_import if args.dry_run else run_order)(order)
    progress.end()
    facts = {
        "source": plan.name,
        "file": args.file.name,
        "run": result.run.pk if result.run else None,
        "dry_run": args.dry_run,
        **result.facts(),
        "report_files": [str(path) for path in report.paths],
        **measures(result),
    }
    _tell(result, facts, out)
    if args.json:
        print(json.dumps(facts, ensure_ascii=False), flush=True)
    return 0


def moment_of(text: str | None) -> tuple[date, datetime]:
    """The day on which the import is said to happen and its moment: now, or noon of ``--as-of``."""
    zone = ZoneInfo(company_now().timezone)
    if text is None:
        now = timezone.now()
        return now.astimezone(zone).date(), now
    try:
        day = date.fromisoformat(latn(text).strip())
    except ValueError:
        raise Mistake(_("--as-of needs a date as YYYY-MM-DD, not “%s”.") % text)
    return day, datetime.combine(day, day_time(12), zone)


def measures(result: Result) -> dict[str, Any]:
    """How long it took and how much memory the process has ever held."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": round(result.seconds, 2),
        "rows_per_second": round(result.rows_read / result.seconds) if result.seconds else 0,
        "peak_memory_mb": round(kilobytes / 1024, 1),
    }


def _tell(result: Result, facts: dict[str, Any], out: IO[str]) -> None:
    for note in result.notes:
        print(note, file=out)
    words = _("%(rows_read)s rows read = %(imported)s imported + %(reported)s reported.")
    print(words % facts, file=out)
    for name, count in facts["created"].items():
        print(f"  + {count} {name}", file=out)
    for kind, sums in facts["totals"].items():
        for currency, total in sums.items():
            print(f"  Σ {kind}: {total} {currency} ({facts['documents'][kind][currency]})", file=out)
    _tell_more(facts, out)
    for path in facts["report_files"]:
        print(_("Rows that were not imported, with reasons: %s") % path, file=out)
    speed = _("%(seconds)s s, %(rows_per_second)s rows/s, %(peak_memory_mb)s MB at most.")
    print(speed % facts, file=out)
    print(_last_words(result, facts), file=out)


def _tell_more(facts: dict[str, Any], out: IO[str]) -> None:
    """States and stages, what rows lack, what had to be made besides, and words that were read as others."""
    for kind, states in facts["states"].items():
        for state, sums in states.items():
            told = ", ".join(f"{value} {name}" for name, value in sums.items() if name != "count")
            print(f"    {kind}, {state}: {sums['count']} ({told})", file=out)
    for kind, stages in facts["stages"].items():
        print(f"    {kind}, " + ", ".join(f"{name}: {count}" for name, count in stages.items()), file=out)
    for kind, blank in facts["without"].items():
        print(f"    {kind}, " + ", ".join(f"− {name}: {count}" for name, count in blank.items()), file=out)
    for name, count in facts["besides"].items():
        print(f"  + {count} {name}", file=out)
    words = _("%(column)s: “%(written)s” is read as “%(read_as)s” (%(rows)s rows).")
    for alias in facts["aliases"]:
        print("  " + words % alias, file=out)


def _last_words(result: Result, facts: dict[str, Any]) -> str:
    if facts["dry_run"]:
        return _("This was a rehearsal: nothing was written.")
    if result.run is None:
        return _("Nothing new: everything was here already.")
    return _("To take this import back: rawabit import --undo %s") % result.run.pk


def _undo(args: argparse.Namespace) -> int:
    run = run_by_number(latn(args.undo).strip())
    if run is None:
        raise Mistake(_("There is no import number %(number)s; the last ones are: %(known)s.") % _known(args.undo))
    kept = undo(run, actor=system("import"), at=timezone.now())
    out = sys.stderr if args.json else sys.stdout
    for count in kept:
        words = _("%(entity)s: %(removed)s removed, %(kept)s kept (in use or changed since).")
        print(words % {"entity": count.entity, "removed": count.removed, "kept": count.kept}, file=out)
    if args.json:
        records = {count.entity: {"removed": count.removed, "kept": count.kept} for count in kept}
        print(json.dumps({"undone": run.pk, "source": run.source, "records": records}), flush=True)
    return 0


def _known(number: str) -> dict[str, str]:
    return {"number": number, "known": ", ".join(f"{run.pk} ({run.file_name})" for run in latest_runs()[:5]) or "—"}


class ProgressLine:
    """How far an import is, how fast, and how long it will take; one line that overwrites itself on a terminal."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._started = self._told = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told < EVERY and done < total:
            return
        self._told = now
        rate = done / max(now - self._started, 0.001)
        facts = {"done": done, "total": total, "rate": round(rate), "left": round((total - done) / max(rate, 0.001))}
        words = _("%(done)s of %(total)s rows, %(rate)s rows/s, %(left)s s left") % facts
        start, end = ("\r\x1b[K", "") if self._out.isatty() else ("", "\n")
        print(f"{start}{words}", end=end, file=self._out, flush=True)

    def end(self) -> None:
        if self._out.isatty():
            print(file=self._out)
