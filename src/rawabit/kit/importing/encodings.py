"""Which encoding a text file has. Pure; reads bytes, answers a decision with its confidence and reason.

Order: what the caller says, a byte order mark, the zero bytes of UTF-16, strict UTF-8, and only then
letter frequencies (windows-1256, ISO-8859-6 or western), because every byte is a letter in those.
Nothing is guessed silently: the decision travels with the table and is shown before rows are taken.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rawabit.kit.importing.problems import TableError

CHUNK = 1 << 20
SAMPLE = 1 << 16
ENOUGH_HIGH_BYTES = 1 << 20
CERTAIN, HIGH, LOW = "certain", "high", "low"

# A caller may name any of these; detection itself never answers the ones marked by hand only.
ALLOWED = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1256": "windows-1256",
    "iso8859-6": "iso-8859-6",
    "iso8859-1": "latin-1",
    "cp1252": "windows-1252",
    "cp720": "cp720",  # by hand only
    "cp864": "cp864",  # by hand only
}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _rates(text: str) -> dict[str, int]:
    return {pair[0]: int(pair[1:]) for pair in text.split()}


# Rough rates per thousand letters; only their proportions matter.
_ARABIC = _rates(
    "ا150 ل110 ن60 م62 ي75 و60 ت42 ر55 ه38 ب38 د42 ع34 س28 ف26 ة24 ك22 ق18 ح18 ج16 ش18 ى8 أ12 خ12 ص10 ط11 ض9 ذ7 غ6 "
    "ز9 ئ4 ء3 ظ3 ث6 إ5 آ3 ؤ1 پ3 چ2 ژ1 گ3 ک2 ی2"
)
# Accented letters and signs of western text; ASCII letters say nothing, both readings share them.
_WESTERN = _rates(
    "é180 è50 à50 ê30 ç30 â15 î12 ô15 û10 ù8 ë6 ï6 ü90 ö70 ä90 ß25 ñ30 ó50 á50 í50 ú20 ã30 õ10 å40 ø25 æ10 É10 Ö6 Ü6 "
    "Ä5 Å4 Ø4 £5 °4 «3 »3"
)
_CANDIDATES = (("windows-1256", _ARABIC, 0.75), ("iso-8859-6", _ARABIC, 0.75), ("latin-1", _WESTERN, 0.06))
_FLOOR = 0.0004
_RUNS = re.compile(rb"[\x80-\xff]{2,}")
_ASCII = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, how sure (certain, high, low) and why (a code of ``sentences`` with its facts)."""

    value: str
    confidence: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    damaged: bool = False  # some bytes do not fit: the rows they stand in are reported


@dataclass(slots=True)
class _Bytes:
    """What one walk over the file found."""

    size: int = 0
    nul_at: int | None = None
    high: Counter[int] = field(default_factory=Counter)
    neighbours: int = 0


def decide_encoding(path: Path, given: str | None = None) -> Decision:
    """The encoding of a text file; raises TableError for an unknown name or for bytes that are no text."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for decision in (_by_word(given), _by_mark(head), _by_zeros(head)):
        if decision is not None:
            return _checked(path, decision)
    return _by_content(path)


def _by_word(given: str | None) -> Decision | None:
    if given is None:
        return None
    try:
        name = ALLOWED[codecs.lookup(given).name]
    except (LookupError, ValueError):
        raise TableError("table.encoding_unknown", encoding=given, allowed=", ".join(sorted(set(ALLOWED.values()))))
    return Decision(name, CERTAIN, "encoding.given", {"encoding": name})


def _by_mark(head: bytes) -> Decision | None:
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Decision(name, CERTAIN, "encoding.mark", {"encoding": name})
    return None


def _by_zeros(head: bytes) -> Decision | None:
    """UTF-16 without a mark shows in the zero bytes of its line ends, digits and separators."""
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if max(zeros) == 0 or min(zeros) * 20 > max(zeros):
        return None
    name = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    text = head[: len(head) & ~1].decode(name, "replace")
    usual = sum(1 for c in text if c < "\u0700" or "\u2000" <= c < "\u2100" or c >= "\ufb50")
    if usual * 10 < len(text) * 7 or not re.search("[\r\n]", text):
        return None
    return Decision(name, HIGH, "encoding.zeros", {"encoding": name})


def _checked(path: Path, decision: Decision) -> Decision:
    """Refuse zero characters and notice bytes that do not fit an encoding that is already known."""
    damaged = False
    line = 1
    for text in decoded(path, decision.value):
        if "\0" in text:
            raise TableError("table.nul", line=line + text[: text.index("\0")].count("\n"))
        damaged = damaged or "\ufffd" in text
        line += text.count("\n")
    return Decision(decision.value, decision.confidence, decision.code, decision.facts, damaged)


def decoded(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file in pieces; bytes that do not fit become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", True)


def _by_content(path: Path) -> Decision:
    found = _walk(path)
    if found.nul_at is not None:
        raise TableError("table.nul", line=found.nul_at)
    if not found.high:
        return Decision("utf-8", CERTAIN, "encoding.ascii", {"encoding": "utf-8"})
    good, bad = _utf8_letters(path)
    if bad == 0:
        return Decision("utf-8", CERTAIN, "encoding.utf8", {"encoding": "utf-8"})
    if good >= 3 * bad:  # other encodings make hardly any valid sequence by chance
        return Decision("utf-8", HIGH, "encoding.utf8_damaged", {"encoding": "utf-8", "bad": bad}, damaged=True)
    return by_letters(found.high, found.neighbours)


def _walk(path: Path) -> _Bytes:
    found = _Bytes()
    lines = 1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if found.nul_at is None and b"\0" in chunk:
                found.nul_at = lines + chunk[: chunk.index(b"\0")].count(b"\n")
            lines += chunk.count(b"\n")
            found.size += len(chunk)
            if not chunk.isascii() and found.high.total() < ENOUGH_HIGH_BYTES:
                found.high.update(chunk.translate(None, _ASCII))
                found.neighbours += sum(len(run) - 1 for run in _RUNS.findall(chunk))
    return found


def _utf8_letters(path: Path) -> tuple[int, int]:
    """How many characters beyond ASCII read as UTF-8, and how many bytes do not."""
    good = bad = 0
    for text in decoded(path, "utf-8"):
        if not text.isascii():
            bad += text.count("\ufffd")
            good += sum(map(len, re.findall("[^\x00-\x7f\ufffd]+", text)))
    return good, bad


def by_letters(high: Counter[int], neighbours: int) -> Decision:
    """Arabic or western by how often each byte above 127 occurs and whether such bytes stand together."""
    scores = sorted(((_score(high, neighbours, *candidate), candidate[0]) for candidate in _CANDIDATES), reverse=True)
    (best, name), (second, other) = scores[0], scores[1]
    name, other = _western(name, high), _western(other, high)
    if _same_text(high, "windows-1256", _western("latin-1", high)):
        name = _western("latin-1", high)
        return Decision(name, CERTAIN, "encoding.same_either_way", {"encoding": name, "other": "windows-1256"})
    sure = HIGH if best - second >= 12 else LOW
    return Decision(name, sure, f"encoding.letters_{sure}", {"encoding": name, "other": other})


def _western(name: str, high: Counter[int]) -> str:
    """Bytes 0x80–0x9F are control characters in latin-1; text that has them was written on Windows."""
    return "windows-1252" if name == "latin-1" and any(0x80 <= b <= 0x9F for b in high) else name


def _score(high: Counter[int], neighbours: int, encoding: str, letters: dict[str, int], together: float) -> float:
    """Log likelihood of the bytes under one encoding; ``together`` = chance that a letter follows a letter."""
    total = sum(letters.values())
    chance: dict[int, float] = {}
    for letter, count in letters.items():
        code = letter.encode(encoding, "ignore")
        if len(code) == 1 and code[0] > 127:
            chance[code[0]] = chance.get(code[0], 0.0) + count / total
    score = sum(n * math.log(max(chance.get(byte, 0.0), _FLOOR)) for byte, n in high.items())
    alone = high.total() - neighbours
    return score + neighbours * math.log(together) + alone * math.log(1 - together)


def _same_text(high: Counter[int], one: str, other: str) -> bool:
    data = bytes(high)
    return data.decode(one, "replace") == data.decode(other, "replace")


def has_mark(path: Path) -> bool:
    """Whether the file begins with a byte order mark, which leaves no doubt about its encoding."""
    with path.open("rb") as file:
        return _by_mark(file.read(4)) is not None
