"""Imports in tests: a table as text, a map, and what became of them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps

from rawabit.connect.logic.reasons import Reason
from rawabit.connect.session import Order, Result, check_import, run_import
from rawabit.connect.targets import ENTITIES
from rawabit.kit.importing import Row, Table, load_map, parse_map
from rawabit.kit.records.actor import system

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
MAPS = Path(__file__).resolve().parents[2] / "demo" / "maps"


@dataclass
class Heard:
    """A report that keeps what it hears."""

    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def add(self, table: Table, row: Row, reasons: Sequence[Reason]) -> None:
        self.rows.append((row.number, [reason.code for reason in reasons]))
        self.said.extend(str(reason) for reason in reasons)


@dataclass
class Done:
    """An import that was done in a test."""

    result: Result
    report: Heard

    @property
    def facts(self) -> dict[str, Any]:
        return self.result.facts()

    @property
    def reported(self) -> list[tuple[int, list[str]]]:
        return self.report.rows


def table(folder: Path, rows: Sequence[Sequence[object]], name: str = "t.csv", delimiter: str = ",") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def do(path: Path, plan: str | Path, *, rehearse: bool = False, at: datetime = NOW) -> Done:
    """Import a file by a map (a name in demo/maps, a path, or TOML)."""
    if isinstance(plan, str) and "\n" not in plan:
        plan = MAPS / f"{plan}.toml"
    chosen = load_map(plan, ENTITIES) if isinstance(plan, Path) else parse_map(plan, ENTITIES)
    heard = Heard()
    order = Order(path, chosen, system("import"), at, at.date(), heard)
    result = (check_import if rehearse else run_import)(order)
    assert result.rows_read == result.imported + result.reported
    assert result.reported == len(heard.rows)
    return Done(result, heard)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All business rows of the database, for comparing before and after."""
    labels = {"crm", "catalog", "billing", "ledger", "connect", "kit_records"}
    models = [model for model in apps.get_models() if model._meta.app_label in labels]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}
