"""How units become rows of the database: in batches, once per external key, inside the caller's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models

from rawabit.company.models import Company
from rawabit.connect.logic.reasons import Rejected
from rawabit.connect.logic.units import CREATED, MATCHED, UNCHANGED, Unit
from rawabit.connect.models import ImportedRef, ImportRun
from rawabit.kit.importing import EntitySpec, Values
from rawabit.kit.records.actor import Actor, system

MOST_KNOWN = 300_000


@dataclass(frozen=True, slots=True)
class Found:
    """A record that a key stands for."""

    pk: int
    run_id: int | None
    fingerprint: str = ""
    full: bool = False  # it was made with every field that a later row could fill


class Known:
    """What keys of a source stand for: asked in batches, remembered for the length of a run.

    A rehearsal must remember everything it would have created, because its rows are rolled back.
    """

    def __init__(self, source: str, *, most: int = MOST_KNOWN) -> None:
        self.source = source
        self._most = most
        self._found: dict[str, dict[str, Found]] = {}

    def find(self, entity: str, keys: Iterable[str]) -> dict[str, Found]:
        remembered = self._found.setdefault(entity, {})
        wanted = {key for key in keys if key}
        missing = [key for key in wanted if key not in remembered]
        if missing:
            refs = ImportedRef.objects.filter(source=self.source, entity=entity, key__in=missing)
            for key, pk, run_id, mark in refs.values_list("key", "record_id", "run_id", "fingerprint"):
                self.add(entity, key, Found(pk, run_id, mark))
        remembered = self._found[entity]
        return {key: remembered[key] for key in wanted if key in remembered}

    def add(self, entity: str, key: str, found: Found) -> None:
        remembered = self._found.setdefault(entity, {})
        if len(remembered) >= self._most:
            remembered.clear()
        remembered[key] = found

    def forget(self) -> None:
        """After a rollback nothing that was remembered can be trusted."""
        self._found.clear()


@dataclass(slots=True)
class Batch:
    """What all units of a run share."""

    run: ImportRun
    known: Known
    company: Company
    at: datetime
    as_of: date
    timezone: str = "UTC"  # of the source's local times
    shelf: dict[str, Any] = field(default_factory=dict)  # rows looked up once per run: units, taxes, price lists
    actor: Actor = field(default_factory=lambda: system("import"))
    aside: set[tuple[str, str]] = field(default_factory=set)  # (what, key) of rows that no row of the file asked for

    def made_aside(self, entity: str, key: str, pk: int) -> None:
        """A price list, a team, a pipeline … that had to be there first: it is counted, and goes with the undo."""
        place: dict[str, Any] = {"source": self.run.source, "entity": entity, "key": key}
        ImportedRef.objects.update_or_create(**place, defaults={"run": self.run, "record_id": pk})
        self.aside.add((entity, key))


class Writer:
    """Makes records of one entity. Subclasses say how one unit becomes one row; batches and keys are handled here."""

    entity: EntitySpec
    model: type[models.Model]
    permission: str
    fillable: tuple[str, ...] = ()  # fields that a later row of the same file may fill when they are still blank

    def write(self, units: Sequence[Unit], batch: Batch) -> None:
        """Settle every unit: created, matched, unchanged, or failed with its reason."""
        fresh, twins = self._sort_out(units, batch)
        desk = self.prepare(list(fresh.values()), batch) if fresh else None
        same = self.same(fresh, batch) if fresh else {}
        made: list[tuple[Unit, Any]] = []
        for key, unit in fresh.items():
            if key in same:
                unit.outcome = MATCHED
            else:
                self._build(unit, batch, desk, made)
        self.keep(made, batch)
        self.attach(made, batch, desk)
        self._remember(made, [(fresh[key], pk) for key, pk in same.items()], batch)
        for unit, first in twins:
            unit.outcome, unit.reason = (UNCHANGED, None) if first.reason is None else (None, first.reason)

    def _sort_out(self, units: Sequence[Unit], batch: Batch) -> tuple[dict[str, Unit], list[tuple[Unit, Unit]]]:
        known = batch.known.find(self.entity.name, (unit.key for unit in units))
        fresh: dict[str, Unit] = {}
        twins: list[tuple[Unit, Unit]] = []
        again: list[tuple[Unit, Found]] = []
        for unit in units:
            if unit.key in known:
                again.append((unit, known[unit.key]))
            elif unit.key in fresh:
                _fill_values(fresh[unit.key].values, unit.values)
                twins.append((unit, fresh[unit.key]))
            else:
                fresh[unit.key] = unit
        if again:
            self.meet_again(again, batch)
        return fresh, twins

    def _build(self, unit: Unit, batch: Batch, desk: Any, made: list[tuple[Unit, Any]]) -> None:
        if unit.reason is not None:
            return
        try:
            made.append((unit, self.build(unit, batch, desk)))
            unit.outcome = CREATED
        except Rejected as rejected:
            unit.fail(rejected.reason)

    def _remember(self, made: list[tuple[Unit, Any]], same: list[tuple[Unit, int]], batch: Batch) -> None:
        rows = [(unit, record.pk, True) for unit, record in made] + [(unit, pk, False) for unit, pk in same]
        versions = {record.pk: getattr(record, "version", 1) for _unit, record in made}
        refs = []
        for unit, pk, created in rows:
            mark = self.fingerprint(unit)
            place = {"source": batch.run.source, "entity": self.entity.name, "key": unit.key}
            version = versions.get(pk, 1) if created else 1
            refs.append(
                ImportedRef(run=batch.run, record_id=pk, created=created, version=version, fingerprint=mark, **place)
            )
            full = all(unit.values.get(name) for name in self.fillable if name in unit.values)
            batch.known.add(self.entity.name, unit.key, Found(pk, batch.run.pk, mark, full))
        ImportedRef.objects.bulk_create(refs)

    # What subclasses say

    def prepare(self, units: list[Unit], batch: Batch) -> Any:
        """Look up what the units refer to, all at once."""
        return None

    def same(self, fresh: dict[str, Unit], batch: Batch) -> dict[str, int]:
        """Records that were here before under the same number, by key: taken as they are, not changed."""
        return {}

    def build(self, unit: Unit, batch: Batch, desk: Any) -> models.Model:
        """The unsaved row of a unit; raises Rejected."""
        raise NotImplementedError

    def keep(self, made: list[tuple[Unit, Any]], batch: Batch) -> None:
        """Write the rows, all at once."""
        self.model._default_manager.bulk_create([record for _unit, record in made])

    def attach(self, made: list[tuple[Unit, Any]], batch: Batch, desk: Any) -> None:
        """What hangs on the rows that were just made: lines, addresses, ledger entries."""

    def fingerprint(self, unit: Unit) -> str:
        """A digest of what must not change once imported; "" when nothing must."""
        return ""

    def blank(self, record: Any, name: str) -> bool:
        return getattr(record, name) in ("", None)

    def meet_again(self, again: list[tuple[Unit, Found]], batch: Batch) -> None:
        """Units that are here already. A row of the same run may fill what is blank; nothing is overwritten."""
        for unit, _found in again:
            unit.outcome = UNCHANGED
        own = [(unit, found.pk) for unit, found in again if found.run_id == batch.run.pk and not found.full]
        fillers = [(unit, pk) for unit, pk in own if any(unit.values.get(name) for name in self.fillable)]
        if not fillers:
            return
        records = self.model._default_manager.in_bulk([pk for _unit, pk in fillers])
        for unit, pk in fillers:
            record: Any = records.get(pk)
            names = [n for n in self.fillable if record and unit.values.get(n) and self.blank(record, n)]
            if names and record.version == 1:
                self.fill(record, {name: unit.values[name] for name in names})

    def fill(self, record: Any, values: Values) -> None:
        for name, value in values.items():
            setattr(record, name, value)
        record.save(update_fields=list(values))


def _fill_values(first: Values, later: Values) -> None:
    for name, value in later.items():
        if first.get(name) in (None, "") and value not in (None, ""):
            first[name] = value


def digest_of(*parts: object) -> str:
    """A digest of values whose text form is exact."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def given(values: Values, *names: str) -> dict[str, Any]:
    """Those fields that the row really has; models keep their defaults for the others."""
    return {name: values[name] for name in names if values.get(name) not in (None, "")}


def text(values: Values, name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value)


def day_in(values: Values, name: str) -> date | None:
    """A date or moment, or None when the field is blank."""
    value = values.get(name)
    return value if isinstance(value, date) else None
