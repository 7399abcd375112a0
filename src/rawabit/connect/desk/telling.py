"""Counts, progress and results of an import as the pages tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404

from rawabit.connect.actions.files import KEPT_FOR, may_undo
from rawabit.connect.desk import words
from rawabit.connect.models import ImportFile
from rawabit.connect.places import failed_rows_of
from rawabit.connect.queries import records_made
from rawabit.connect.targets import ENTITIES
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.screens.addresses import url_of

STEPS = (
    ("upload", _("Upload")), ("map", _("Columns")), ("check", _("Check")), ("run", _("Import")),
    ("result", _("Result")),
)  # fmt: skip
STEP_OF = {
    "mapping": "map", "checking": "check", "checked": "check", "running": "run", "done": "result", "stopped": "result",
    "failed": "result", "undoing": "result", "undone": "result",
}  # fmt: skip
TONES = {"done": "ok", "failed": "bad", "stopped": "warn", "running": "info", "checking": "info", "undoing": "info"}
RECORDS_PER_PAGE = 100


def steps(now: str) -> list[dict[str, Any]]:
    names = [name for name, _label in STEPS]
    place = names.index(now)
    return [
        {"label": label, "state": "done" if n < place else "current" if n == place else ""}
        for n, (_name, label) in enumerate(STEPS)
    ]


def log_rows(files: Sequence[ImportFile]) -> list[dict[str, Any]]:
    """The log: who, when, which file, what became of it."""
    return [{"file": file, "tone": TONES.get(file.state, ""), "imported": file.facts.get("imported"),
             "reported": file.facts.get("reported"), "created": _created(file.facts)} for file in files]  # fmt: skip


def _created(facts: Mapping[str, Any]) -> list[tuple[Any, int]]:
    return [(words.KINDS.get(kind, kind), count) for kind, count in facts.get("created", {}).items() if count]


def status_context(file: ImportFile, actor: Actor, at: datetime) -> dict[str, Any]:
    """Everything that the page of one file shows."""
    facts = file.facts or file.checked
    mine = file.owner_id == actor.user_id
    return {
        "file": file,
        "mine": mine,
        "steps": steps(STEP_OF[file.state]),
        "tone": TONES.get(file.state, ""),
        "progress": progress_of(file, at) if file.busy else None,
        "facts": facts,
        "counts": counts_of(facts),
        "totals": totals_of(facts),
        "states": states_of(facts),
        "aliases": facts.get("aliases", []),
        "errors": file.checked.get("errors", []) if file.state == ImportFile.CHECKED else [],
        "samples": samples_of(file) if file.state == ImportFile.CHECKED else [],
        "notes": facts.get("notes", []),
        "failed_rows": len(failed_rows_of(file)) if file.state not in ("checking", "checked") else 0,
        "taken_back": taken_back(file),
        "may_undo": may_undo(file, actor, at),
        "may_run": mine and not file.removed_at and _may_run(file),
        "may_change": mine and not file.removed_at and file.run_id is None and file.state in ("checked", "failed"),
        "may_discard": mine and not file.removed_at and not file.busy,
        "kept_until": file.created_at + KEPT_FOR,
        "has_work": facts.get("imported", 0) > 0,
    }


def _may_run(file: ImportFile) -> bool:
    return file.state in (ImportFile.CHECKED, ImportFile.STOPPED) or (file.state == "failed" and bool(file.checked))


def progress_of(file: ImportFile, at: datetime) -> dict[str, Any]:
    """n of m, how fast, how long it will take; nothing invented before there is something to measure."""
    seconds = (at - file.began_at).total_seconds() if file.began_at else 0
    rate = file.done / seconds if seconds > 0 else 0
    left = (file.total - file.done) / rate if rate else None
    return {
        "done": file.done,
        "total": file.total,
        "percent": 100 * file.done // file.total if file.total else 0,
        "rate": round(rate),
        "seconds": None if left is None else max(round(left), 1),
        "minutes": None if left is None or left < 90 else round(left / 60),
        "waiting": not file.worker,
    }


def counts_of(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Per kind: new, here already, unchanged, named again."""
    groups = ("created", "matched", "unchanged", "repeated")
    kinds = dict.fromkeys(kind for group in groups for kind in facts.get(group, {}))
    return [
        {"kind": kind, "label": words.KINDS.get(kind, kind), **{g: facts.get(g, {}).get(kind, 0) for g in groups}}
        for kind in kinds
    ]


def states_of(facts: Mapping[str, Any]) -> list[tuple[Any, str, int, list[Money]]]:
    """Kind, state, how many, and what they come to."""
    return [
        (words.KINDS.get(kind, kind), words.choice_words(state), sums["count"],
         [Money.of(Decimal(total), currency) for currency, total in sums.items() if currency != "count"])
        for kind, states in facts.get("states", {}).items() for state, sums in states.items()
    ]  # fmt: skip


def totals_of(facts: Mapping[str, Any]) -> list[tuple[Any, int, Money]]:
    """What documents of the file come to, those that were here before included."""
    found = []
    for kind, sums in facts.get("totals", {}).items():
        for currency, total in sums.items():
            count = facts.get("documents", {}).get(kind, {}).get(currency, 0)
            found.append((words.KINDS.get(kind, kind), count, Money.of(Decimal(total), currency)))
    return found


def samples_of(file: ImportFile) -> list[dict[str, Any]]:
    """A few records per kind, as a table with the fields that any of them has."""
    tables = []
    rows = file.checked.get("sample", [])
    for kind in dict.fromkeys(row["kind"] for row in rows):
        entity, own = ENTITIES[kind], [row for row in rows if row["kind"] == kind]
        heads = list(dict.fromkeys(name for row in own for name in row["values"]))[:8]
        tables.append(
            {
                "label": words.KINDS[kind],
                "heads": [words.label_of(entity, name) for name in heads],
                "with_lines": bool(entity.line_fields),
                "rows": [{"cells": [row["values"].get(name, "") for name in heads], **row} for row in own],
            }
        )
    return tables


def taken_back(file: ImportFile) -> list[tuple[Any, int, int]]:
    """Per kind: what went, and what stays because it is in use or was changed."""
    records = file.facts.get("records", {}) if file.state == ImportFile.UNDONE else {}
    return [(words.KINDS.get(kind, kind), one["removed"], one["kept"]) for kind, one in records.items()]


def records_page(file: ImportFile, kind: str, page: int, actor: Actor) -> dict[str, Any]:
    """Links to what the import has made of one kind."""
    if file.run is None or kind not in words.KINDS:
        raise Http404
    rows, more = records_made(file.run, kind, actor, (page - 1) * RECORDS_PER_PAGE, RECORDS_PER_PAGE)
    shown = [(str(row), url_of(row)) for row in rows]
    return {
        "file": file, "label": words.KINDS[kind], "rows": shown, "next": page + 1 if more else 0, "previous": page - 1,
    }  # fmt: skip
