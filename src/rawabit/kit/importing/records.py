"""The records of a delimited text, with the damage that such files have: stray quotes, a cut off end."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from rawabit.kit.importing.problems import TableError

MAX_CHARS = 4 << 20  # one record; a longer one is a quote that nobody closed
MAX_LINES = 5_000
# Process-wide in Python's csv: the default (131,072) would refuse a cell that a database accepts.
csv.field_size_limit(MAX_CHARS)


@dataclass(slots=True)
class Record:
    """One record: the line of the file on which it starts (1-based), its cells, and what is wrong."""

    number: int
    cells: list[str]
    fault: str | None = None  # "row.open_quote" | "row.cut_off"
    complete: bool = True  # False: the file ends without a line end after it


class _Runaway(Exception):
    """A quoted cell swallows line after line."""


class _Feed:
    """Lines for the parser; those of the record in progress can be given back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self.current: list[str] = []
        self.taken = 0
        self.dry = False
        self._chars = 0

    def begin(self) -> None:
        self.current = []
        self._chars = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._file.readline(MAX_CHARS)
        if not line:
            self.dry = True
            raise StopIteration
        self._chars += len(line)
        self.current.append(line)
        self.taken += 1
        if self._chars >= MAX_CHARS or len(self.current) > MAX_LINES:
            self._too_long()
        return line

    def _too_long(self) -> None:
        if len(self.current) == 1:
            raise TableError("table.line_too_long", line=self.taken)
        raise _Runaway

    def give_back_all_but_first(self) -> None:
        self._back.extendleft(reversed(self.current[1:]))
        self.taken -= len(self.current) - 1
        self.dry = False


def read_records(file: TextIO, delimiter: str, width: int | None = None) -> Iterator[Record]:
    """Every record of the text. ``width`` (cells of the header) tells a stray quote from a cut off last row.

    Nothing is lost: when a quote is never closed, its line becomes a faulty record by itself and
    the lines it would have swallowed are read again as records of their own.
    """
    feed = _Feed(file)
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        feed.begin()
        start = feed.taken + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_Runaway, csv.Error):
            yield _stray_quote(feed, start, delimiter)
            reader = csv.reader(feed, delimiter=delimiter)
            continue
        if not feed.dry:
            yield Record(start, cells, complete=feed.current[-1][-1] in "\r\n")
        elif len(feed.current) > 1 and _some_line_fits(feed.current[1:], delimiter, width):
            yield _stray_quote(feed, start, delimiter)
            reader = csv.reader(feed, delimiter=delimiter)
        else:
            yield Record(start, cells, "row.cut_off", complete=False)


def _stray_quote(feed: _Feed, start: int, delimiter: str) -> Record:
    line = feed.current[0].rstrip("\r\n")
    feed.give_back_all_but_first()
    return Record(start, line.split(delimiter), "row.open_quote")


def _some_line_fits(lines: list[str], delimiter: str, width: int | None) -> bool:
    return any(len(row) == width for row in csv.reader(lines, delimiter=delimiter))
