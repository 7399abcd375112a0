"""Rows that were not imported: a CSV file with their original cells and the reasons, to be corrected."""

from __future__ import annotations

import csv
import stat
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from rawabit.connect.logic.reasons import Reason
from rawabit.kit.importing import Row, Table
from rawabit.kit.importing.values import as_text
from rawabit.kit.marking import _
from rawabit.kit.screens.exports import harmless

ROW, REASON = _("Row"), _("Reason")


class ReportFiles:
    """One file per table that has failing rows, made with its first one, beside the table."""

    def __init__(self, fallback: Path) -> None:
        self._fallback = fallback
        self._open: dict[tuple[Path, str | None], tuple[IO[str], Any]] = {}
        self.paths: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file, _writer in self._open.values():
            file.close()

    def add(self, table: Table, row: Row, reasons: Sequence[Reason]) -> None:
        """Write one row with its reasons, in the language that is active."""
        place = (table.path, table.sheet)
        if place not in self._open:
            self._open[place] = self._start(table)
        cells = [harmless(as_text(row.cells.get(column))) for column in own_columns(table)]
        why = " · ".join(dict.fromkeys(str(reason) for reason in reasons))
        self._open[place][1].writerow([*cells, row.number, why, *(harmless(cell) for cell in row.extra)])

    def _start(self, table: Table) -> tuple[IO[str], Any]:
        path = report_path(table, self._fallback)
        file = path.open("w", encoding="utf-8-sig", newline="")
        writer = csv.writer(file, delimiter=table.delimiter or ",")
        writer.writerow([*(harmless(column) for column in own_columns(table)), str(ROW), str(REASON)])
        self.paths.append(path)
        return file, writer


def own_columns(table: Table) -> list[str]:
    """The table's columns without those of an earlier report, which this report writes anew."""
    return [column for column in table.columns if column not in (str(ROW), str(REASON))]


def report_path(table: Table, fallback: Path) -> Path:
    """``NAME.reported.csv`` beside the file; in the data folder when that place is not to be written."""
    name = table.path.stem + (f".{table.sheet}" if table.sheet else "") + ".reported.csv"
    folder = table.path.resolve().parent
    if not folder.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        folder = fallback
        folder.mkdir(parents=True, exist_ok=True)
    safe = "".join(c if c.isalnum() or c in " ._-()" else "_" for c in name)
    return folder / safe
