"""Excel workbooks (.xlsx, .xlsm): what is checked before parsing, and the cells as exact values.

A workbook is a zip of XML: 48 kB can become gigabytes. The sizes are checked before anything is
parsed (ASVS 5.2.3); macros and external links are never opened.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from rawabit.kit.importing.problems import TableError

Cell = str | Decimal | date | None

MAX_ENTRIES = 10_000
MAX_BYTES = 256 << 20  # unpacked, all entries together
MAX_RATIO = 100  # XML of ordinary sheets packs 5 to 30 times
RATIO_FREE = 1 << 20  # small entries may pack better than that


def check_workbook(path: Path) -> None:
    """Raise TableError for a zip that is broken, encrypted, too big, or packed like a bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            for entry in entries:
                _check_entry(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise TableError("table.workbook_broken") from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_BYTES:
        raise TableError("table.workbook_too_big", megabytes=total >> 20, limit=MAX_BYTES >> 20)
    for entry in entries:
        if entry.flag_bits & 1:
            raise TableError("table.workbook_locked")
        if entry.file_size > RATIO_FREE and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise TableError("table.workbook_bomb")


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """The directory of a zip may lie: unpack once, counting (zipfile stops at the size it declares, then checks
    the sum), and refuse document types, which only serve entity tricks here."""
    with archive.open(entry) as stream:
        first = stream.read(4096)
        if b"<!DOCTYPE" in first.replace(b"\0", b""):
            raise TableError("table.workbook_doctype")
        while stream.read(1 << 20):
            pass


def open_sheet(path: Path, sheet: str | None) -> tuple[CalamineSheet, list[str]]:
    """The named sheet (or the first) and the names of all."""
    check_workbook(path)
    try:
        book = CalamineWorkbook.from_path(path)
        names = list(book.sheet_names)
        if not names or (sheet is not None and sheet not in names):
            raise TableError("table.no_sheet", sheet=sheet or "", sheets=", ".join(names))
        return book.get_sheet_by_name(sheet if sheet is not None else names[0]), names
    except CalamineError as error:
        raise TableError("table.workbook_broken") from error


def sheet_rows(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    """The rows of a sheet from its first row on, empty ones included, so that counting gives row numbers."""
    for row in sheet.iter_rows():
        yield [exact(value) for value in row]


def exact(value: Any) -> Cell:
    """A cell as text, exact number or date. Excel keeps 15 significant digits; more are noise of binary floats."""
    if value == "" or value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(f"{value:.15g}")
    if isinstance(value, time | timedelta):
        return str(value)
    return value  # type: ignore[no-any-return]  # str, date, datetime: calamine has no other kinds


def sheet_names(path: Path) -> list[str]:
    """The names of all sheets of a workbook that was opened before."""
    check_workbook(path)
    try:
        return list(CalamineWorkbook.from_path(path).sheet_names)
    except CalamineError as error:
        raise TableError("table.workbook_broken") from error
