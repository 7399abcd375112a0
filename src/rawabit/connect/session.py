"""One import from file to result: read, assemble, commit in batches, report. Called by the command line and pages."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import DataError, IntegrityError

from rawabit.company.queries import company_now
from rawabit.connect.actions.running import begin, commit, finish, rehearse
from rawabit.connect.logic.amounts import major
from rawabit.connect.logic.reasons import Reason
from rawabit.connect.logic.units import CREATED, MATCHED, UNCHANGED, Assembler, RowFate, Unit, last_rows
from rawabit.connect.models import ImportRun
from rawabit.connect.targets.base import Batch, Known
from rawabit.kit.importing import ImportMap, MapError, Note, Pick, Row, Table, Target, open_table
from rawabit.kit.importing.encodings import has_mark
from rawabit.kit.records.actor import Actor

ROWS_PER_BATCH = 400
MOST_ALIASES = 50  # that a result names


class Report(Protocol):
    """Where rows go that are not imported."""

    def add(self, table: Table, row: Row, reasons: Sequence[Reason]) -> None: ...


@dataclass(slots=True)
class Result:
    """What became of a file. ``rows_read == imported + reported``, always."""

    rows_read: int = 0
    imported: int = 0
    reported: int = 0
    blank_rows: int = 0
    created: Counter[str] = field(default_factory=Counter)
    matched: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)  # here by an earlier import
    repeated: Counter[str] = field(default_factory=Counter)  # rows that name a record of this file again
    documents: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # kind → currency → count
    totals: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # the same in minor units
    states: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)  # kind → state → "count" and sums
    stages: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # kind → stage of open ones
    without: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # kind → blank reference
    besides: Counter[str] = field(default_factory=Counter)  # made because rows needed it: price lists, teams …
    aliases: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # column, as written, as read → rows
    reasons: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    seconds: float = 0.0
    run: ImportRun | None = None
    _seen: set[int] = field(default_factory=set, repr=False)

    def count(self, unit: Unit) -> None:
        """Count a settled unit; documents that were here before count for the totals of the file all the same."""
        name = unit.target.entity.name
        if unit.outcome == CREATED:
            self.created[name] += 1
        elif unit.outcome == MATCHED:
            self.matched[name] += 1
        if unit.outcome is not None:
            self._count_again(name, unit)
        if unit.amount is not None and unit.outcome is not None:
            currency, minor = unit.amount
            self.documents[name][currency] += 1
            self.totals[name][currency] += minor
            self._count_state(name, unit, currency, minor)

    def _count_state(self, name: str, unit: Unit, currency: str, minor: int) -> None:
        self.without[name].update(unit.lacks)
        if unit.state:
            sums = self.states.setdefault(name, {}).setdefault(unit.state, Counter())
            sums["count"] += 1
            sums[currency] += minor
        if unit.stage:
            self.stages[name][unit.stage] += 1

    def _sums(self, sums: Counter[str]) -> dict[str, Any]:
        return {key: n if key == "count" else f"{major(n, key):f}" for key, n in sums.items()}

    def _count_again(self, name: str, unit: Unit) -> None:
        place = hash((name, unit.key))
        if place in self._seen:
            self.repeated[name] += 1
        elif unit.outcome == UNCHANGED:
            self.unchanged[name] += 1
        self._seen.add(place)

    def facts(self) -> dict[str, Any]:
        """The result as JSON keeps it; amounts as exact decimals in text."""
        return {
            "rows_read": self.rows_read,
            "imported": self.imported,
            "reported": self.reported,
            "blank_rows": self.blank_rows,
            "created": dict(sorted(self.created.items())),
            "matched": dict(sorted(self.matched.items())),
            "documents": {kind: dict(counts) for kind, counts in self.documents.items()},
            "totals": {
                kind: {currency: f"{major(minor, currency):f}" for currency, minor in sums.items()}
                for kind, sums in self.totals.items()
            },
            "states": {
                kind: {state: self._sums(sums) for state, sums in sorted(states.items())}
                for kind, states in self.states.items()
            },
            "stages": {kind: dict(sorted(counts.items())) for kind, counts in self.stages.items()},
            "without": {kind: dict(counts) for kind, counts in self.without.items() if counts},
            "besides": dict(sorted(self.besides.items())),
            "aliases": [
                {"column": column, "written": written, "read_as": meant, "rows": rows}
                for (column, written, meant), rows in self.aliases.most_common(MOST_ALIASES)
            ],
            "reasons": dict(sorted(self.reasons.items())),
        }


Progress = Callable[[int, int], None]  # rows done, rows in all


@dataclass(slots=True)
class Order:
    """What is to be imported, how, and by whom."""

    path: Path
    map: ImportMap
    actor: Actor
    at: datetime
    as_of: date
    report: Report
    progress: Progress = lambda done, total: None
    clock: Callable[[], float] = time.monotonic
    name: str = ""  # what people call the file, when its path does not say it
    watch: Callable[[Unit], None] = lambda unit: None  # sees every unit before it is let go


def run_import(order: Order) -> Result:
    """Import a file (or a folder of files) for good. Raises MapError and TableError before anything is written."""
    return _Session(order, rehearsal=False).run()


def check_import(order: Order) -> Result:
    """Do everything that :func:`run_import` does and keep nothing."""
    return _Session(order, rehearsal=True).run()


class _Session:
    """The state of one import while it runs."""

    def __init__(self, order: Order, *, rehearsal: bool) -> None:
        self.order = order
        self.result = Result()
        self._commit = rehearse if rehearsal else commit
        self._rehearsal = rehearsal
        self._waiting: list[Unit] = []
        self._rows = 0
        self._done = 0
        self._total = 0

    def run(self) -> Result:
        order, started = self.order, self.order.clock()
        tables = open_tables(order.path, order.map)
        plans = [(table, targets, last_rows(table, targets)) for table, targets in tables]
        self._total = sum(sum(1 for _row in table) for table, _targets, _last in plans)
        run = self._new_run()
        if not self._rehearsal:
            run = begin(run, actor=order.actor, at=order.at)
        known = Known(order.map.name, **({"most": 10**9} if self._rehearsal else {}))
        self._batch = Batch(
            run, known, company_now(), order.at, order.as_of, order.map.source.timezone, actor=order.actor
        )
        for table, targets, last in plans:
            self._table(table, targets, last)
        self.result.besides = Counter(entity for entity, _key in self._batch.aside)
        if not self._rehearsal:
            self.result.run = finish(run, self.result.facts(), actor=order.actor, at=order.at)
        self.result.seconds = order.clock() - started
        return self.result

    def _new_run(self) -> ImportRun:
        order = self.order
        return ImportRun(
            source=order.map.name, file_name=(order.name or order.path.name)[:255],
            file_digest=digest_of_files(order.path), map_digest=order.map.digest, as_of=order.as_of,
            started_at=order.at,
        )  # fmt: skip

    def _table(self, table: Table, targets: Sequence[Target], last: dict[tuple[int, str], int]) -> None:
        assembler = Assembler(targets, last)
        worded = [(target, pick) for target in targets for pick in target.worded]
        self.result.notes.extend(table.notes)
        for row in table:
            self.result.rows_read += 1
            fate, units = assembler.feed(row)
            self._hear_aliases(row, worded)
            if fate.waiting == 0:
                self._settle(fate, table)
            self._take(units, table)
            self._rows += 1
            if self._rows >= ROWS_PER_BATCH:
                self._flush(table, row.number)
        self._take(assembler.rest(), table)
        self._flush(table, 0)
        self.result.blank_rows += table.blank_rows

    def _hear_aliases(self, row: Row, worded: Sequence[tuple[Target, Pick]]) -> None:
        """A word that is read as another one is told, never changed silently; once per column and row."""
        if worded and row.problem is None:
            found = {pick.corrected(row.cells) for target, pick in worded if target.takes(row.cells)}
            self.result.aliases.update(words for words in found if words is not None)

    def _take(self, units: Iterable[Unit], table: Table) -> None:
        for unit in units:
            if unit.settled:
                self._release(unit, table)
            else:
                self._waiting.append(unit)

    def _flush(self, table: Table, cursor: int) -> None:
        units, self._waiting = self._waiting, []
        self._done += self._rows
        self._rows = 0
        try:
            if units:
                self._commit(self._batch.run, units, self._batch, cursor=cursor, actor=self.order.actor)
        except (IntegrityError, DataError):
            self._one_by_one(units, cursor)
        for unit in units:
            self._release(unit, table)
        self.order.progress(self._done, self._total)

    def _one_by_one(self, units: list[Unit], cursor: int) -> None:
        """A batch that the database refuses is tried unit by unit: one bad record must not hide the good ones."""
        for unit in units:
            unit.outcome = unit.reason = None
        for unit in units:
            self._batch.known.forget()
            self._batch.shelf.clear()
            try:
                self._commit(self._batch.run, [unit], self._batch, cursor=cursor, actor=self.order.actor)
            except (IntegrityError, DataError) as error:
                unit.fail(Reason("record.refused", {"reason": str(error).splitlines()[0]}))

    def _release(self, unit: Unit, table: Table) -> None:
        self.result.count(unit)
        self.order.watch(unit)
        for fate in unit.release():
            self._settle(fate, table)

    def _settle(self, fate: RowFate, table: Table) -> None:
        if fate.reasons:
            self.result.reported += 1
            self.result.reasons.update({reason.code for reason in fate.reasons})
            self.order.report.add(table, fate.row, fate.reasons)
        else:
            self.result.imported += 1


def open_tables(path: Path, plan: ImportMap) -> list[tuple[Table, tuple[Target, ...]]]:
    """The tables of a file or folder with the targets that read them, columns checked."""
    found: list[tuple[Table, tuple[Target, ...]]] = []
    for file in files_of(path, plan):
        sheets: dict[str | None, list[Target]] = {}
        for target in plan.targets:
            if target.takes_file(file.name):
                sheets.setdefault(target.sheet or plan.source.sheet, []).append(target)
        for sheet, targets in sheets.items():
            table = _open(file, plan, sheet)
            for target in targets:
                target.check_columns(table)
            found.append((table, tuple(targets)))
    if not found:
        raise MapError("map.no_file", place=plan.name, file=", ".join(t.file or "*" for t in plan.targets))
    return found


def files_of(path: Path, plan: ImportMap) -> list[Path]:
    """The file itself, or the files of a folder in the order of the map (else by name)."""
    if not path.is_dir():
        return [path]
    if not plan.source.files:
        return sorted(
            file for file in path.iterdir() if file.suffix.lower() in (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
        )
    for name in plan.source.files:
        if not (path / name).is_file():
            raise MapError("map.no_file", place="source", file=name)
    return [path / name for name in plan.source.files]


def _open(file: Path, plan: ImportMap, sheet: str | None) -> Table:
    """A byte order mark wins over the map: corrected rows come back from Excel in UTF-8."""
    source = plan.source
    encoding = source.encoding
    if encoding is not None and file.is_file() and has_mark(file):
        encoding = None
    return open_table(
        file, encoding=encoding, delimiter=source.delimiter, sheet=sheet, header_row=source.header_row
    )  # fmt: skip


def digest_of_files(path: Path) -> str:
    """sha256 of the contents: the same file again is the same import, whatever its name."""
    digest = hashlib.sha256()
    files = [path] if not path.is_dir() else sorted(file for file in path.iterdir() if file.is_file())
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
