"""Tables from files: CSV in the encodings and shapes that companies have, and Excel workbooks.

>>> table = open_table(Path("customers.csv"))
>>> table.columns, table.encoding, [note.code for note in table.notes]
>>> for row in table: ...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, TextIO

from python_calamine import CalamineSheet

from rawabit.kit.importing.delimiters import NAMES, decide_delimiter, excel_hint, given_delimiter
from rawabit.kit.importing.encodings import CERTAIN, SAMPLE, Decision, decide_encoding
from rawabit.kit.importing.problems import TableError, sentence
from rawabit.kit.importing.records import Record, read_records
from rawabit.kit.importing.workbooks import Cell, open_sheet, sheet_rows

MAX_COLUMNS = 2_000
SAMPLE_LINES = 60
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Note:
    """A decision that was taken about the file, to be shown to whoever imports it."""

    code: str
    confidence: str  # "certain" | "high" | "low"
    facts: dict[str, Any]

    def __str__(self) -> str:
        return sentence(self.code, self.facts)


@dataclass(slots=True)
class Row:
    """One row: its line in the file (row in the sheet), cells by column, and what is wrong with its shape.

    ``problem`` is None or a code: ``row.short``, ``row.long``, ``row.cut_off``, ``row.open_quote``,
    ``row.bad_bytes``. Cells missing at the end are None; cells beyond the header are in ``extra``.
    """

    number: int
    cells: dict[str, Cell]
    problem: str | None = None
    extra: tuple[str, ...] = ()


@dataclass(slots=True)
class Table:
    """A file opened as a table; iterate as often as needed. ``blank_rows`` counts those of the last walk."""

    path: Path
    columns: tuple[str, ...]
    kind: str  # "csv" | "xlsx"
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    notes: tuple[Note, ...] = ()
    blank_rows: int = 0
    _damaged: bool = False
    _skip: int = 0  # records up to and including the header
    _sheet: CalamineSheet | None = field(default=None, repr=False)

    def __iter__(self) -> Iterator[Row]:
        self.blank_rows = 0
        return self._sheet_rows() if self._sheet is not None else self._text_rows()

    def _text_rows(self) -> Iterator[Row]:
        columns, width, damaged = self.columns, len(self.columns), self._damaged
        with _text(self.path, self.encoding or "") as file:
            for record in islice(read_records(file, self.delimiter or ",", width), self._skip, None):
                cells = record.cells
                if record.fault is None and len(cells) == width and not damaged and any(cells):
                    yield Row(record.number, dict(zip(columns, cells, strict=True)))
                elif not any(cell.strip() for cell in cells):
                    self.blank_rows += 1
                else:
                    yield _odd_row(columns, record, damaged)

    def _sheet_rows(self) -> Iterator[Row]:
        assert self._sheet is not None
        width = len(self.columns)
        for number, cells in enumerate(sheet_rows(self._sheet), start=1):
            if number <= self._skip:
                continue
            if all(cell is None or str(cell).strip() == "" for cell in cells):
                self.blank_rows += 1
                continue
            extra = tuple(str(cell) for cell in cells[width:] if cell is not None)
            row = dict(zip_longest(self.columns, cells[:width]))
            yield Row(number, row, "row.long" if extra else None, extra)


def _odd_row(columns: tuple[str, ...], record: Record, damaged: bool) -> Row:
    cells = record.cells
    problem = record.fault
    if problem is None and len(cells) < len(columns):
        problem = "row.short" if record.complete else "row.cut_off"
    if problem is None and len(cells) > len(columns):
        problem = "row.long"
    if problem is None and damaged and any("\ufffd" in cell for cell in cells):
        problem = "row.bad_bytes"
    named = dict(zip_longest(columns, cells[: len(columns)]))
    return Row(record.number, named, problem, tuple(cells[len(columns) :]))


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int = 1,
) -> Table:
    """Open a CSV or XLSX file and read its header.

    ``encoding``, ``delimiter`` and ``sheet`` win over what the file seems to be. ``header_row`` is the
    1-based row of the column names; rows above it are ignored. Raises TableError: no file, empty, not a
    table, header blank or double, encoding or delimiter unknown, zero bytes, workbook refused.
    """
    kind = _kind(path)
    if kind == "xlsx":
        return _open_workbook(path, sheet, header_row)
    return _open_text(path, encoding, delimiter, header_row)


def _kind(path: Path) -> str:
    """By content, not by name: people rename files."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise TableError("table.unreadable", path=str(path), reason=error.strerror or "") from error
    if not head:
        raise TableError("table.empty", path=path.name)
    if head.startswith(_OLE):
        raise TableError("table.old_excel", path=path.name)
    if head.startswith(b"%PDF"):
        raise TableError("table.not_a_table", path=path.name)
    return "xlsx" if head.startswith(_ZIP) else "csv"


def _text(path: Path, encoding: str) -> TextIO:
    """The text without its byte order mark, line ends untouched; bytes that do not fit become U+FFFD."""
    file = path.open("r", encoding=encoding, errors="replace", newline="")
    if encoding.startswith("utf") and file.read(1) != "\ufeff":
        file.seek(0)
    return file


def _open_text(path: Path, encoding: str | None, delimiter: str | None, header_row: int) -> Table:
    coding = decide_encoding(path, encoding)
    with _text(path, coding.value) as file:
        sample = list(islice(_lines(file), SAMPLE_LINES + header_row))
    hint = excel_hint(sample[0]) if sample else None
    skip = header_row + (1 if hint else 0)
    cut = _delimiter(delimiter, hint, sample, skip)
    with _text(path, coding.value) as file:
        header = next(islice(read_records(file, cut.value), skip - 1, skip), None)
    if header is None or not any(header.cells):
        raise TableError("table.no_header", path=path.name, row=header_row)
    columns = _columns(header.cells)
    notes = tuple(Note(d.code, d.confidence, d.facts) for d in (coding, cut))
    return Table(path, columns, "csv", coding.value, cut.value, None, notes, _damaged=coding.damaged, _skip=skip)


def _lines(file: TextIO) -> Iterator[str]:
    """Lines of a sample: never more than the sample's size, however long a line is."""
    left = SAMPLE * 4
    while left > 0 and (line := file.readline(left)):
        left -= len(line)
        yield line


def _delimiter(given: str | None, hint: str | None, sample: list[str], header_row: int) -> Decision:
    known = given_delimiter(given) if given is not None else hint
    if known is not None:
        return Decision(known, CERTAIN, "delimiter.given", {"delimiter": NAMES[known]})
    return decide_delimiter(sample, header_row)


def _open_workbook(path: Path, sheet: str | None, header_row: int) -> Table:
    opened, names = open_sheet(path, sheet)
    header = next(islice(sheet_rows(opened), header_row - 1, header_row), None)
    if header is None or all(cell is None for cell in header):
        raise TableError("table.no_header", path=path.name, row=header_row)
    while header[-1] is None:  # cells that were only coloured make a sheet wider than its table
        header.pop()
    columns = _columns("" if cell is None else str(cell) for cell in header)
    note = Note("sheet.taken", CERTAIN, {"sheet": opened.name, "sheets": len(names)})
    return Table(path, columns, "xlsx", sheet=opened.name, notes=(note,), _skip=header_row, _sheet=opened)


def _columns(cells: Iterable[str]) -> tuple[str, ...]:
    names = tuple(cell.strip().lstrip("\ufeff") for cell in cells)
    if len(names) > MAX_COLUMNS:
        raise TableError("table.too_many_columns", columns=len(names), limit=MAX_COLUMNS)
    if "" in names:
        raise TableError("table.header_blank", position=names.index("") + 1)
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise TableError("table.header_double", columns=", ".join(double))
    return names
