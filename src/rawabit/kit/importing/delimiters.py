"""Which character separates the cells of a text table. Pure."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from rawabit.kit.importing.encodings import CERTAIN, HIGH, LOW, Decision
from rawabit.kit.importing.problems import TableError

DELIMITERS = (",", ";", "\t", "|")
NAMES = {",": ",", ";": ";", "\t": "tab", "|": "|"}
_WORDS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def given_delimiter(word: str) -> str:
    """The character a caller means by ``","``, ``"tab"``, ``"pipe"`` …; TableError for others."""
    delimiter = _WORDS.get(word, word)
    if delimiter not in DELIMITERS:
        raise TableError("table.delimiter_unknown", delimiter=word)
    return delimiter


def excel_hint(line: str) -> str | None:
    """The delimiter of Excel's own first line ``sep=;``, or None."""
    text = line.strip("\r\n")
    return text[4] if len(text) == 5 and text[:4].lower() == "sep=" and text[4] in DELIMITERS else None


def decide_delimiter(lines: Sequence[str], header_row: int) -> Decision:
    """The delimiter that cuts header and rows into the same number of cells, the most cells winning."""
    measured = sorted(((_measure(lines, d, header_row), d) for d in DELIMITERS), key=lambda m: m[0], reverse=True)
    (evenness, width), delimiter = measured[0]
    facts = {"delimiter": NAMES[delimiter]}
    if width < 2:
        return Decision(",", HIGH, "delimiter.one_column", {"delimiter": ","})
    (other_evenness, other_width), other = measured[1]
    if other_width > 1 and other_evenness >= evenness:
        return Decision(delimiter, LOW, "delimiter.unsure", {**facts, "other": NAMES[other]})
    return Decision(delimiter, CERTAIN if evenness == 1 else HIGH, "delimiter.found", facts)


def _measure(lines: Sequence[str], delimiter: str, header_row: int) -> tuple[float, int]:
    """(share of rows as wide as the header, width of the header); a header of one cell counts for nothing."""
    rows = list(csv.reader(lines, delimiter=delimiter))
    header = rows[header_row - 1] if len(rows) >= header_row else []
    below = [row for row in rows[header_row:] if row]
    if len(header) < 2:
        return (0.0, len(header))
    even = sum(1 for row in below if len(row) == len(header))
    return (even / len(below) if below else 1.0, len(header))
