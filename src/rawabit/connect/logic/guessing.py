"""What columns of a file seem to mean: by their headers in three languages, and by the cells below them. Pure.

A guess is a proposal: the person sees it beside sample cells and changes what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rawabit.connect.logic.headers import NAMES
from rawabit.kit.importing import EntitySpec
from rawabit.kit.importing.values import Cell, as_text
from rawabit.kit.text import fold, fold_token, latn

EXACT, PART = 100, 40
LINES = "lines."
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_BETWEEN = re.compile(r"[\s_./\\:#*-]+")
_NUMBER_WORDS = {"nr": "no", "num": "no", "№": "no"}
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_DAY_FIRST = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_COMMA_DECIMAL = re.compile(r"-?\d{1,3}(\.\d{3})+,\d+|-?\d+,\d{1,2}|-?\d{1,3}(\.\d{3}){2,}")
_POINT_DECIMAL = re.compile(r"-?\d+\.\d{1,2}|-?\d{1,3}(,\d{3})+(\.\d+)?")


def words_of(header: str) -> tuple[str, ...]:
    """The folded words of a header, without articles, units in brackets and signs."""
    text = _BRACKETS.sub(" ", header) if _BRACKETS.sub("", header).strip() else header
    text = _CAMEL.sub(" ", text.replace("#", " no ").replace("%", " percent "))
    words = (fold_token(word) for word in _BETWEEN.split(fold(text)) if word)
    return tuple(_NUMBER_WORDS.get(word, word) for word in words)


def key_of(header: str) -> str:
    """A header without blanks: ``Unit Price``, ``unit_price`` and ``UnitPrice`` are one."""
    return "".join(words_of(header))


@lru_cache(maxsize=16)
def _names(kind: str, fields: tuple[str, ...]) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """The folded names of each field of a kind."""
    found = []
    for name in fields:
        listed = NAMES.get(f"{kind}.{name}") or NAMES.get(name) or ""
        if name == "external_id" and NAMES.get(f"{kind}.{name}"):
            listed += "|" + NAMES["external_id"]
        own = name.removeprefix(LINES).replace("_", " ")
        found.append((name, tuple(words_of(text) for text in (*filter(None, listed.split("|")), own))))
    return tuple(found)


def fields_of(entity: EntitySpec) -> tuple[str, ...]:
    """Names of all fields of a kind; those of lines with ``lines.`` before them."""
    return (*(spec.name for spec in entity.fields), *(LINES + spec.name for spec in entity.line_fields))


def scores(header: str, entity: EntitySpec) -> dict[str, int]:
    """How well each field of the kind fits a header; nothing for fields that do not fit at all."""
    words, joined = words_of(header), key_of(header)
    found: dict[str, int] = {}
    if not words:
        return found
    for name, listed in _names(entity.name, fields_of(entity)):
        best = max((_score(words, joined, known, place) for place, known in enumerate(listed)), default=0)
        if best > 0:
            found[name] = best
    return found


def _score(words: tuple[str, ...], joined: str, known: tuple[str, ...], place: int) -> int:
    if "".join(known) == joined:
        return EXACT - min(place, 30)
    if len("".join(known)) >= 3 and len(known) < len(words) and set(known) <= set(words):
        return PART + 5 * len(known) - min(place, 30) // 2
    return 0


def guess_columns(columns: Sequence[str], entity: EntitySpec) -> dict[str, str]:
    """column → field, each field once: the best fit first. A column that fits two fields alike gets the one that no
    other column wants, else none: what is ambiguous is left to the person."""
    pairs = [(score, -place, column, name) for place, column in enumerate(columns)
             for name, score in scores(column, entity).items()]  # fmt: skip
    taken: dict[str, str] = {}
    chosen: dict[str, str] = {}
    for _fit, _place, column, name in sorted(pairs, key=lambda pair: (-pair[0], -pair[1])):
        if column not in chosen and name not in taken:
            chosen[column], taken[name] = name, column
    return chosen


def guess_kind(columns: Sequence[str], entities: Iterable[EntitySpec]) -> str:
    """The kind of record whose fields the columns name best."""
    rated = [(_rating(columns, entity), -place, entity.name) for place, entity in enumerate(entities)]
    return max(rated)[2]


# Kinds that look like others unless one of these columns is there: a list of people is a list of contacts.
TELLING: dict[str, tuple[str, ...]] = {
    "lead": ("source", "campaign"), "opportunity": ("stage", "lost_reason", "expected_close"),
    "colleague": ("manager",), "customer_group": (), "item_group": (),
}  # fmt: skip


def _rating(columns: Sequence[str], entity: EntitySpec) -> float:
    chosen = guess_columns(columns, entity)
    if entity.name in TELLING and not set(TELLING[entity.name]) & set(chosen.values()):
        return -100.0
    fits = {name: scores(column, entity)[name] for column, name in chosen.items()}
    needed = [spec.name for spec in entity.fields if spec.required] + [
        LINES + spec.name for spec in entity.line_fields if spec.required
    ]
    missing = sum(1 for name in needed if name not in fits and name not in ("currency", "external_id"))
    first = min(fits.get(needed[0], 0), EXACT) / EXACT
    return sum(fits.values()) / EXACT - 2.5 * missing + first


@dataclass(frozen=True, slots=True)
class Writing:
    """How a file writes dates and numbers."""

    calendar: str = "gregorian"
    date_format: str = ""
    decimal: str = "."
    unsure: tuple[str, ...] = field(default=())  # "dates": the day and the month could be either way round


def guess_writing(dates: Iterable[Cell], numbers: Iterable[Cell]) -> Writing:
    """Calendar and order of dates, and the decimal sign, from sample cells."""
    texts = [latn(as_text(cell)).strip() for cell in dates if isinstance(cell, str) and cell.strip()]
    calendar = guess_calendar(texts)
    pattern, unsure = _format(texts)
    return Writing(calendar, pattern, guess_decimal(numbers), ("dates",) if unsure else ())


def guess_calendar(texts: Sequence[str]) -> str:
    """By the years: 1416–1500 is Umm al-Qura, 1178–1415 Jalali (a Hijri year of today is far above it)."""
    years = [int(year) for text in texts for year in _YEAR.findall(text)]
    if not years or not all(1178 <= year <= 1500 for year in years):
        return "gregorian"
    return "hijri" if sum(years) / len(years) >= 1416 else "jalali"


def _format(texts: Sequence[str]) -> tuple[str, bool]:
    """(format for the map, whether day and month could be exchanged)."""
    if texts and all(re.fullmatch(r"\d{5}(\.\d+)?", text) and 20_000 <= float(text) <= 70_000 for text in texts):
        return "excel", False
    pairs = [(int(match[1]), int(match[2])) for text in texts if (match := _DAY_FIRST.match(text))]
    if not pairs:
        return "", False
    if any(month > 12 for _day, month in pairs) and not any(day > 12 for day, _month in pairs):
        sign = next(char for char in texts[0] if char in "/.-")
        return f"%m{sign}%d{sign}{_year(texts[0])}" + _clock(texts[0]), False
    return "", all(day <= 12 and day != month for day, month in pairs)


def _year(text: str) -> str:
    return "%Y" if _YEAR.search(text) else "%y"


def _clock(text: str) -> str:
    match = _TIME.search(text)
    if match is None:
        return ""
    half = " %p" if re.search(r"[AaPp]\.?[Mm]", text) else ""
    return " %H:%M" + (":%S" if match[1] else "") + half


def guess_decimal(cells: Iterable[Cell]) -> str:
    """``,`` only when cells cannot be read otherwise, or most of them say so."""
    texts = [latn(cell).replace(" ", "") for cell in cells if isinstance(cell, str) and cell.strip()]
    comma = sum(1 for text in texts if _COMMA_DECIMAL.fullmatch(text))
    point = sum(1 for text in texts if _POINT_DECIMAL.fullmatch(text))
    return "," if comma > point else "."


def fingerprint(columns: Sequence[str]) -> str:
    """The same columns in any order and spelling are the same kind of file."""
    return "\n".join(sorted(key_of(column) for column in columns))


def guess_aliases(samples: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Words of the cells that stand for one of a closed list of codes."""
    table = {fold(word): code for word, code in known.items()}
    return {text: table[fold(text)] for text in samples if fold(text) in table}
