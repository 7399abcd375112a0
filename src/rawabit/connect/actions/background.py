"""The work of the import pages, behind them: one thread for one file, leased, so that a dead worker's file is taken up.

The queue's job only finds out whether somebody works on the file; the work itself commits batch by batch outside the
job's transaction. Another look is always put aside first, so kill -9 at any moment loses nothing: the engine knows
what was written.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from rawabit.company.queries import company_now
from rawabit.connect.actions.files import WORK, problem_words
from rawabit.connect.actions.running import at_work, here, stop
from rawabit.connect.actions.undoing import undo
from rawabit.connect.logic.reasons import Reason
from rawabit.connect.logic.units import CREATED, Unit
from rawabit.connect.models import ImportFile, ImportRun
from rawabit.connect.places import failed_rows_of, folder_of, path_of
from rawabit.connect.queries import created_by
from rawabit.connect.report import ReportFiles
from rawabit.connect.session import Order, Result, check_import, run_import
from rawabit.connect.targets import ENTITIES
from rawabit.identity.models import User
from rawabit.identity.queries import actor_of
from rawabit.kit.importing import ImportProblem, Row, Table, parse_map
from rawabit.kit.importing.values import shown
from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused

LEASE = timedelta(seconds=90)
LOOK_AGAIN = timedelta(seconds=15)
PULSE = 0.5  # seconds between two words about how far it is
MOST_TRIES = 5
FIRST_ERRORS, SAMPLE_ROWS = 20, 8
log = structlog.get_logger()
_threads: dict[int, threading.Thread] = {}


class Stopped(Exception):
    """The person asked for it, or another worker has the file now."""


def look_after(args: Mapping[str, Any], at: datetime) -> None:
    """A job: see that somebody works on the file, until its turn is over."""
    file = ImportFile.objects.filter(pk=args["file"], turn=args["turn"]).first()
    if file is None or not file.busy:
        return
    enqueue(WORK, key=None, args=args, at=at + LOOK_AGAIN)
    if _held_by_somebody(file, at):
        return
    if file.tries >= MOST_TRIES:
        _failed(file, str(_("The work broke off several times and was given up.")), at)
        return
    claim(file, at)
    transaction.on_commit(lambda: _start(file.pk))


def _held_by_somebody(file: ImportFile, at: datetime) -> bool:
    if file.worker == here():
        thread = _threads.get(file.pk)
        return thread is not None and thread.is_alive()
    if not file.worker or file.lease_until is None or file.lease_until < at:
        return False
    host = file.worker.rpartition(":")[0]
    return host != here().rpartition(":")[0] or at_work(file.worker)


def claim(file: ImportFile, at: datetime) -> None:
    """Say that this process works on the file from now on."""
    file.worker, file.lease_until, file.began_at = here(), at + LEASE, at
    file.tries += 1
    file.done = 0
    file.save(update_fields=["worker", "lease_until", "began_at", "tries", "done"])


def _start(pk: int) -> None:
    thread = threading.Thread(target=_in_thread, args=(pk,), name=f"import-{pk}", daemon=True)
    _threads[pk] = thread
    thread.start()


def _in_thread(pk: int) -> None:
    try:
        carry_out(pk)
    finally:
        connection.close()
        _threads.pop(pk, None)


def carry_out(pk: int, *, now: Callable[[], datetime] = timezone.now) -> None:
    """Do what the file's state asks for, to its end, in its owner's language and with his rights."""
    file = ImportFile.objects.get(pk=pk)
    owner = User.objects.get(pk=file.owner_id)
    with translation.override(owner.language or "en"):
        try:
            _WORKS[file.state](file, actor_of(owner), now)
        except Stopped:
            _stopped(file, actor_of(owner), now())
        except ImportProblem as problem:
            _failed(file, problem_words(problem, file), now())
        except Refused as refusal:
            _failed(file, str(refusal), now())
        except PermissionDenied:
            _failed(file, str(_("You may not import this kind of record any more.")), now())
        except DatabaseError:
            log.exception("import interrupted by the database", file=file.pk)
            ImportFile.objects.filter(pk=pk, worker=here()).update(lease_until=None, worker="")
        except Exception:
            log.exception("import failed", file=file.pk)
            words = _("Something went wrong while reading the file (reference %(reference)s).")
            _failed(file, str(words) % {"reference": f"I{file.pk}"}, now())


def _failed(file: ImportFile, words: str, at: datetime) -> None:
    """What was written before the failure stays known, so that it can be continued or taken back."""
    run = _close_run(file, actor_of(User.objects.get(pk=file.owner_id)), at)
    facts = {"created": created_by(run)} if run is not None else file.facts
    _end(file, ImportFile.FAILED, at, error=words, facts=facts, run=run or file.run)


def _close_run(file: ImportFile, actor: Actor, at: datetime) -> ImportRun | None:
    """The run that an unfinished import leaves behind, stopped; None when it has written nothing."""
    if file.state != ImportFile.RUNNING:
        return None
    plan = parse_map(file.map_text, ENTITIES)
    same = {"source": plan.name, "file_digest": file.digest, "map_digest": plan.digest}
    run = ImportRun.objects.filter(**same, state=ImportRun.RUNNING).order_by("-pk").first()
    if run is None or at_work(run.worker):
        return None
    return stop(run, actor=actor, at=at)


class Pulse:
    """Says how far the work is, renews the lease, and notices that it should stop."""

    def __init__(self, file: ImportFile, now: Callable[[], datetime]) -> None:
        self._file, self._now = file, now
        self._said = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._said < PULSE and done < total:
            return
        self._said = time.monotonic()
        mine = ImportFile.objects.filter(pk=self._file.pk, worker=self._file.worker, turn=self._file.turn)
        if not mine.filter(stop_asked=False).update(done=done, total=total, lease_until=self._now() + LEASE):
            self._lost(mine.exists(), done, total)

    def _lost(self, mine: bool, done: int, total: int) -> None:
        """At the very end of the file there is nothing left to stop."""
        if not mine or done < total:
            raise Stopped


class FirstErrors:
    """The first rows that fail, with their reasons, as the page shows them."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, table: Table, row: Row, reasons: Sequence[Reason]) -> None:
        if len(self.rows) < FIRST_ERRORS:
            words = list(dict.fromkeys(str(reason) for reason in reasons))
            self.rows.append({"row": row.number, "reasons": words, "cells": _cells(table, row)})


def _cells(table: Table, row: Row) -> list[str]:
    return [shown(row.cells.get(column)) for column in table.columns[:4]]


class Sample:
    """A few records as they would be written."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def __call__(self, unit: Unit) -> None:
        kinds = [row["kind"] for row in self.rows]
        kind = unit.target.entity.name
        if unit.outcome == CREATED and kinds.count(kind) < SAMPLE_ROWS and len(kinds) < 4 * SAMPLE_ROWS:
            values = {name: shown_value(value) for name, value in unit.values.items() if value not in (None, "")}
            first = {name: shown_value(value) for name, value in (unit.lines[0] if unit.lines else {}).items() if value}
            self.rows.append({"kind": kind, "values": values, "lines": len(unit.lines), "first": first})


def shown_value(value: Any) -> str:
    """A value as JSON keeps it and people read it."""
    return value.isoformat(timespec="minutes", sep=" ") if isinstance(value, datetime) else shown(_plain(value))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, bool | int) else value


def _order(file: ImportFile, actor: Actor, now: Callable[[], datetime], report: Any, watch: Any) -> Order:
    plan = parse_map(file.map_text, ENTITIES, place=file.name)
    at = now()
    day = at.astimezone(_zone()).date()
    return Order(path_of(file), plan, actor, at, day, report, Pulse(file, now), name=file.name, watch=watch)


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(company_now().timezone)


def _check(file: ImportFile, actor: Actor, now: Callable[[], datetime]) -> None:
    errors, sample = FirstErrors(), Sample()
    result = check_import(_order(file, actor, now, errors, sample))
    checked = {**counts_of(result), "errors": errors.rows, "sample": sample.rows}
    _end(file, ImportFile.CHECKED, now(), checked=checked)


def _run(file: ImportFile, actor: Actor, now: Callable[[], datetime]) -> None:
    for old in failed_rows_of(file):
        old.unlink()
    with ReportFiles(folder_of(file)) as report:
        result = run_import(_order(file, actor, now, report, lambda unit: None))
    run = result.run
    facts = counts_of(result)
    if run is not None:
        facts["created"] = created_by(run)  # what a broken off start of the same run has made counts as well
    _end(file, ImportFile.DONE, now(), facts=facts, run=run)


def _undo(file: ImportFile, actor: Actor, now: Callable[[], datetime]) -> None:
    run = file.run
    if run is None:
        raise Refused(_("There is nothing to take back."))
    kept = undo(run, actor=actor, at=now()) if run.state != ImportRun.UNDONE else []
    records = {count.entity: {"removed": count.removed, "kept": count.kept} for count in kept}
    _end(file, ImportFile.UNDONE, now(), facts={**file.facts, "records": records})


_WORKS = {ImportFile.CHECKING: _check, ImportFile.RUNNING: _run, ImportFile.UNDOING: _undo}


def counts_of(result: Result) -> dict[str, Any]:
    """What became of the rows, as the pages keep it."""
    return {
        **result.facts(),
        "unchanged": dict(result.unchanged),
        "repeated": dict(result.repeated),
        "notes": [{"words": str(note), "sure": note.confidence != "low"} for note in result.notes],
    }


def _stopped(file: ImportFile, actor: Actor, at: datetime) -> None:
    """Cancelled by the person (or overtaken by another worker, who says the rest)."""
    fresh = ImportFile.objects.get(pk=file.pk)
    if not fresh.stop_asked or fresh.turn != file.turn:
        return
    if fresh.state == ImportFile.CHECKING:
        _end(fresh, ImportFile.MAPPING, at)
        return
    run = _close_run(fresh, actor, at)
    facts = {"created": created_by(run) if run else {}, "stopped_at": fresh.done}
    _end(fresh, ImportFile.STOPPED, at, facts=facts, run=run)


@transaction.atomic
def _end(file: ImportFile, state: str, at: datetime, **said: Any) -> None:
    """Close the turn and tell it. Only once, and only by whoever holds the file."""
    held = ImportFile.objects.select_for_update().get(pk=file.pk)
    if held.turn != file.turn or not held.busy:
        return
    was = held.state
    held.state, held.finished_at, held.lease_until, held.worker = state, at, None, ""
    held.stop_asked = False
    for name, value in said.items():
        setattr(held, name, value)
    held.save()
    owner = User.objects.get(pk=held.owner_id)
    emit("import.ended", held, actor=actor_of(owner), at=at, file=held.name, work=was, state=state)
