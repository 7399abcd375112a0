"""One cell as text, number, date, moment or yes/no. Pure.

Every function answers the value or raises :class:`ValueProblem` with a code, the column and the cell as
shown. Blank cells are the caller's matter (defaults, required fields): these functions get something.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal

from rawabit.kit.importing.dates import DatePattern, NoDate, compile_pattern
from rawabit.kit.importing.problems import ValueProblem
from rawabit.kit.numbers import NotANumber, parse_number
from rawabit.kit.text import clean_user_text, latn

Cell = str | Decimal | date | None
SHOWN = 60
LARGEST = Decimal(10) ** 12  # with six places still well inside 64 bits
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # as kit.screens.exports guards them
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
_ANY_DATE = compile_pattern(None)
_COMMA_NUMBER = re.compile(r"[-+(]?\s*(?:\d{1,3}(?:[.\s’']\d{3})+|\d+)(?:,\d+)?\s*[-)]?")
_YES = frozenset({"1", "y", "yes", "true", "t", "x", "on", "نعم", "صح", "صحيح", "بله", "بلی", "آری", "درست"})
_NO = frozenset({"0", "n", "no", "false", "f", "off", "لا", "خطأ", "خطا", "خیر", "نه", "نادرست"})


def shown(cell: Cell) -> str:
    """A cell as text for reports: short, in one line."""
    text = " ".join(as_text(cell).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def as_text(cell: Cell) -> str:
    """Any cell as the text a CSV would hold: plain digits for numbers, ISO for dates."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()


def unguarded(cell: Cell) -> Cell:
    """Text without the apostrophe that exports put before what a spreadsheet would take for a formula."""
    return cell[1:] if isinstance(cell, str) and cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def read_text(cell: Cell, column: str, *, limit: int | None = None) -> str:
    """Text without the blanks around it, without controls and direction tricks; ``limit`` characters at most."""
    text = as_text(cell).strip()
    if not (text.isascii() and text.isprintable()):
        text = clean_user_text(text).strip()
    if limit is not None and len(text) > limit:
        raise ValueProblem("value.too_long", column, shown(text), limit=limit)
    return text


def read_exact(cell: Cell, column: str, *, decimal: str = ".", places: int = 6) -> Decimal:
    """A number that a field of so many decimal places keeps exactly; never rounded on the way in."""
    number = read_decimal(cell, column, decimal=decimal)
    if abs(number) >= LARGEST:
        raise ValueProblem("value.too_large", column, shown(cell))
    if number != round(number, places):
        raise ValueProblem("value.too_many_places", column, shown(cell), places=places)
    return number


def read_decimal(cell: Cell, column: str, *, decimal: str = ".") -> Decimal:
    """An exact number in digits of three scripts. ``decimal=","`` reads ``1.234,50`` as 1234.50."""
    if isinstance(cell, Decimal):
        return cell
    text = as_text(cell).strip()
    if decimal == "." and _PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    if decimal == ",":
        text = _swapped(text, column)
    try:
        return parse_number(text)
    except NotANumber as error:
        raise ValueProblem("value.not_a_number", column, shown(cell)) from error


def _swapped(text: str, column: str) -> str:
    """European separators to the usual ones, only when the whole text is such a number."""
    plain = latn(text)
    if not _COMMA_NUMBER.fullmatch(plain):
        raise ValueProblem("value.not_a_number", column, shown(text))
    return re.sub(r"[.\s’']", "", plain).replace(",", ".")


def read_integer(cell: Cell, column: str) -> int:
    """A whole number; 2.0 is whole, 2.5 is ``value.not_whole``."""
    number = read_decimal(cell, column)
    if number != number.to_integral_value():
        raise ValueProblem("value.not_whole", column, shown(cell))
    return int(number)


def read_date(cell: Cell, column: str, *, pattern: DatePattern = _ANY_DATE) -> date:
    """The Gregorian day. Cells that are dates already (workbooks) are taken as they are."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return _moment(cell, column, pattern).date()


def read_datetime(cell: Cell, column: str, *, pattern: DatePattern = _ANY_DATE, zone: tzinfo = UTC) -> datetime:
    """The moment in UTC of a local time in ``zone``; midnight where the cell has no time."""
    if isinstance(cell, datetime):
        local = cell
    elif isinstance(cell, date):
        local = datetime.combine(cell, time())
    else:
        local = _moment(cell, column, pattern)
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def _moment(cell: Cell, column: str, pattern: DatePattern) -> datetime:
    try:
        return pattern.read(as_text(cell))
    except NoDate as error:
        if pattern.text is None:
            raise ValueProblem("value.not_a_date", column, shown(cell)) from error
        raise ValueProblem("value.date_format", column, shown(cell), format=pattern.text) from error


def read_bool(cell: Cell, column: str) -> bool:
    """Yes or no in three languages; nothing else is guessed."""
    word = latn(as_text(cell)).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueProblem("value.not_a_bool", column, shown(cell))


def read_choice(cell: Cell, column: str, *, choices: tuple[str, ...]) -> str:
    """One of a closed list of words, whatever its letter case."""
    word = as_text(cell).strip().casefold()
    if word not in choices:
        raise ValueProblem("value.not_a_choice", column, shown(cell), choices=", ".join(choices))
    return word
