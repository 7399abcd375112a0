"""From rows to units: one customer, one item, one whole document. Pure.

A row can feed several targets (a line of an invoice export names a customer, an item and a document). Its fate is
settled when all units that it feeds are: imported when all succeeded, reported with every reason otherwise. So rows
read = rows imported + rows reported, whatever the map.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rawabit.connect.logic.reasons import Reason
from rawabit.kit.importing.maps import Pick, Target, Values
from rawabit.kit.importing.problems import ValueProblem
from rawabit.kit.importing.tables import Row
from rawabit.kit.importing.values import Cell, as_text

CREATED, MATCHED, UNCHANGED = "created", "matched", "unchanged"
MOST_REMEMBERED = 20_000
LastRows = Mapping[tuple[int, str], int]  # (target, group) → number of the last row of that document


@dataclass(slots=True, eq=False)
class RowFate:
    """One row on its way: how many units it still waits for, and what went wrong."""

    row: Row
    waiting: int = 0
    reasons: list[Reason] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Unit:
    """What one or several rows become: a record, or a document with lines."""

    target: Target
    key: str
    values: Values
    lines: list[Values] = field(default_factory=list)
    fates: list[RowFate] = field(default_factory=list)
    outcome: str | None = None  # CREATED, MATCHED, UNCHANGED; None while unsettled or failed
    reason: Reason | None = None
    bad_row: int | None = None
    header: tuple[Cell, ...] = ()
    amount: tuple[str, int] | None = None  # currency and signed minor units: invoices and payments +, credit notes −
    state: str = ""  # of what has states: open, won, lost
    stage: str = ""  # of what is open
    lacks: tuple[str, ...] = ()  # references that the file leaves blank and that are worth counting
    work: Any = None  # what its writer found out on the way

    @property
    def name(self) -> str:
        """What people call it."""
        return " ".join(part for part in self.key.split("\x1f") if part)

    @property
    def settled(self) -> bool:
        return self.outcome is not None or self.reason is not None

    def fail(self, reason: Reason) -> None:
        """Nothing of this unit is imported, for this reason (the first one counts)."""
        if self.reason is None:
            self.reason = reason
            self.outcome = None

    def release(self) -> list[RowFate]:
        """Tell the rows; returns those that wait for nothing more."""
        done = []
        for fate in self.fates:
            if self.reason is not None and fate.row.number != self.bad_row:
                fate.reasons.append(self.reason)
            fate.waiting -= 1
            if fate.waiting == 0:
                done.append(fate)
        self.fates, self.values, self.lines, self.work, self.header = [], {}, [], None, ()  # many are remembered
        return done


def last_rows(rows: Iterable[Row], targets: Sequence[Target]) -> dict[tuple[int, str], int]:
    """Where each document's last row stands, so that a document is complete although its rows lie apart."""
    found: dict[tuple[int, str], int] = {}
    papers = [(n, target) for n, target in enumerate(targets) if target.group_by]
    for row in rows:
        if row.problem is None:
            for n, target in papers:
                if target.takes(row.cells):
                    found[n, target.group_key(row.cells)] = row.number
    return found


class Assembler:
    """Turns the rows of one table into units; a document comes out with its last row."""

    def __init__(self, targets: Sequence[Target], last: LastRows) -> None:
        self._targets = targets
        self._last = last
        self._open: dict[tuple[int, str], Unit] = {}
        self._seen: list[dict[tuple[Cell, ...], Unit]] = [{} for _target in targets]
        self._columns = [tuple({c: None for pick in t.picks for c in pick.columns}) for t in targets]

    def feed(self, row: Row) -> tuple[RowFate, list[Unit]]:
        """The row's fate (settled at once when ``waiting`` is 0) and the units that are complete with it."""
        fate = RowFate(row)
        if row.problem is not None:
            fate.reasons.append(self._structure(row))
            return fate, []
        complete: list[Unit] = []
        takers = [n for n, target in enumerate(self._targets) if target.takes(row.cells)]
        for n in takers:
            target = self._targets[n]
            unit = self._document(n, target, fate) if target.group_by else self._record(n, target, fate)
            if unit is not None:
                complete.append(unit)
        if not takers:
            fate.reasons.append(Reason("row.not_taken"))
        return fate, complete

    def rest(self) -> list[Unit]:
        """Documents whose last row never came, because the file changed while it was read."""
        units = list(self._open.values())
        self._open.clear()
        return units

    def _structure(self, row: Row) -> Reason:
        """A cut off row may belong to a document that now lacks lines: that is worth a word."""
        if row.problem == "row.cut_off":
            for n, target in enumerate(self._targets):
                if target.group_by and (n, group := target.group_key(row.cells)) in self._last:
                    return Reason("row.cut_off_document", {"document": group.replace("\x1f", " ")})
        return Reason(row.problem or "")

    def _record(self, n: int, target: Target, fate: RowFate) -> Unit | None:
        raw = self._raw(n, fate.row.cells)
        unit = self._seen[n].get(raw)
        if unit is not None:
            _join(unit, fate)
            return None
        unit = _read_record(target, fate.row.cells)
        if len(self._seen[n]) >= MOST_REMEMBERED:
            self._seen[n].clear()
        self._seen[n][raw] = unit
        _join(unit, fate)
        return None if unit.reason is not None else unit

    def _document(self, n: int, target: Target, fate: RowFate) -> Unit | None:
        cells = fate.row.cells
        group = target.group_key(cells)
        unit = self._open.get((n, group))
        header = self._raw(n, cells)
        if unit is None:
            unit = self._open[n, group] = Unit(target, group, {}, header=header)
            self._header(unit, fate, cells)
        elif unit.header != header:
            self._compare(unit, fate, cells)
        self._line(unit, fate, cells)
        fate.waiting += 1
        unit.fates.append(fate)
        return self._open.pop((n, group)) if self._last.get((n, group)) == fate.row.number else None

    def _header(self, unit: Unit, fate: RowFate, cells: Mapping[str, Cell]) -> None:
        try:
            unit.values = unit.target.read(cells)
        except ValueProblem as problem:
            _spoil(unit, fate, Reason.of(problem))
            return
        unit.key = unit.target.external_key(unit.values)
        if not unit.key:
            _spoil(unit, fate, Reason("row.no_key", {"entity": unit.target.entity.name}))

    def _compare(self, unit: Unit, fate: RowFate, cells: Mapping[str, Cell]) -> None:
        """Rows of one document may differ in small things (the minute of printing); not in those that must agree."""
        for pick in unit.target.picks:
            if pick.spec.agree and unit.reason is None and _reads_as(pick, cells) != unit.values.get(pick.spec.name):
                reason = Reason("document.rows_disagree", {"document": unit.name, "field": pick.label})
                _spoil(unit, fate, reason)

    def _line(self, unit: Unit, fate: RowFate, cells: Mapping[str, Cell]) -> None:
        try:
            unit.lines.append(unit.target.read_line(cells))
        except ValueProblem as problem:
            _spoil(unit, fate, Reason.of(problem))

    def _raw(self, n: int, cells: Mapping[str, Cell]) -> tuple[Cell, ...]:
        return tuple(cells.get(column) for column in self._columns[n])


def _reads_as(pick: Pick, cells: Mapping[str, Cell]) -> object:
    try:
        return pick.read(cells)
    except ValueProblem:
        return as_text(cells.get(pick.column or ""))


def _spoil(unit: Unit, fate: RowFate, reason: Reason) -> None:
    """One row of a document cannot be read: that row says why, the others say which row it was."""
    fate.reasons.append(reason)
    if unit.reason is None:
        unit.bad_row = fate.row.number
        unit.fail(Reason("document.row_failed", {"document": unit.name, "row": fate.row.number}))


def _read_record(target: Target, cells: Mapping[str, Cell]) -> Unit:
    try:
        values = target.read(cells)
    except ValueProblem as problem:
        return Unit(target, "", {}, reason=Reason.of(problem))
    key = target.external_key(values)
    reason = None if key else Reason("row.no_key", {"entity": target.entity.name})
    return Unit(target, key, values, reason=reason)


def _join(unit: Unit, fate: RowFate) -> None:
    """A row whose cells say the same as those of a row before shares its unit and its outcome."""
    if not unit.settled:
        fate.waiting += 1
        unit.fates.append(fate)
    elif unit.reason is not None:
        fate.reasons.append(unit.reason)
