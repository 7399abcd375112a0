"""Words, numbers, amounts and days for paper, in one language or in two side by side."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from django.utils import translation

from rawabit.kit.currency_names import CURRENCIES
from rawabit.kit.display import Display
from rawabit.kit.identifiers import by_fours, compact
from rawabit.kit.marking import _
from rawabit.kit.money import Money, digits_of
from rawabit.kit.paper.sheet import Para
from rawabit.kit.phones import format_phone
from rawabit.kit.text import ARAB, ARABEXT, clean_user_text, fsi
from rawabit.kit.words import TooLarge, UnknownCurrency, amount_in_words

LRI: Final = "\u2066"
RLI: Final = "\u2067"
PDI: Final = "\u2069"
NBSP: Final = "\u00a0"
DIGITS: Final = {"latn": "0123456789", "arab": ARAB, "arabext": ARABEXT}
LONG_WORD, PIECE = 30, 6
FOLD_FROM = 13  # letters from which a column's head stands on two lines
_WORD: Final = re.compile(rf"\S{{{LONG_WORD},}}")
_NUMBER: Final = r"[+−-]?\d[\d.,:/٫٬]*[%٪]?(?:\s?[-–−×/]\s?\d[\d.,:/٫٬]*[%٪]?|\s\d[\d.,٫٬]*)*"
_CODE: Final = r"[A-Za-z](?:[\w \-+/.@#&!,']*[A-Za-z0-9+!.])?"
_RUNS: Final = re.compile(rf"(?<!\w)(?:{_CODE}|{_NUMBER})", re.ASCII)
_JOINED: Final = "\u200d\u200b\u200d"  # a place to break within a word whose letters stay joined when it is not taken


def ltr(text: str) -> str:
    """A code, a number, a phone: left to right wherever it stands."""
    return f"{LRI}{text}{PDI}" if text else ""


def breakable(text: str) -> str:
    """Words too long for any column get places where they may be broken."""
    return _WORD.sub(_pieces, text)


def _pieces(match: re.Match[str]) -> str:
    word, out = match[0], []
    for place, char in enumerate(word):
        before = word[place - 1 : place]
        if place and place % PIECE == 0 and not unicodedata.combining(char):
            out.append(_JOINED if _is_arabic(before) and _is_arabic(char) else "\u200b")
        out.append(char)
    return "".join(out)


def _is_arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff" and char.isalpha()


def user(text: str) -> str:
    """What a person typed, on one line, isolated from what stands around it."""
    one_line = " ".join(clean_user_text(text).split())
    return isolated(one_line) if one_line else ""


def isolated(line: str) -> str:
    """In the direction of most of its letters: «A4 - شد 50 ورقة» is Arabic though it begins with a Latin letter. Within
    such a line phones, ranges, sizes and codes keep their order."""
    if direction(line, "") != "rtl":
        return fsi(breakable(line))
    return f"{RLI}{breakable(_RUNS.sub(lambda run: ltr(run[0]), line))}{PDI}"


def user_lines(text: str) -> list[str]:
    """The same with its lines kept; empty ones are left out."""
    return [user(line) for line in clean_user_text(text).split("\n") if line.strip()]


def direction(text: str, usual: str) -> str:
    """By most of its letters; ``usual`` without any."""
    kinds = [unicodedata.bidirectional(char) for char in text if char.isalpha()]
    right = sum(kind in ("R", "AL") for kind in kinds)
    return ("rtl" if 2 * right >= len(kinds) else "ltr") if kinds else usual


def _folded(text: str) -> str:
    places = [place for place, char in enumerate(text) if char == " "]
    if len(text) < FOLD_FROM or not places:
        return text
    middle = min(places, key=lambda place: abs(place - len(text) // 2))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


class Writer:
    """Writes for readers of one language, or of two: then labels have two texts and days two forms."""

    def __init__(self, displays: Sequence[Display]) -> None:
        # Papers are in rials; tomans are how people speak.
        self.displays = [replace(one, rial_unit="rial") for one in displays]
        self.languages = tuple(one.language for one in displays)

    @property
    def display(self) -> Display:
        return self.displays[0]

    @property
    def lang(self) -> str:
        return self.display.language

    @property
    def dir(self) -> str:
        return "ltr" if self.lang == "en" else "rtl"

    @property
    def digits(self) -> str:
        return DIGITS[self.display.digits]

    def each(self, write: Callable[[Display], str]) -> list[str]:
        """What ``write`` answers for each reader; the same twice is said once."""
        found = []
        for display in self.displays:
            with translation.override(display.language):
                found.append(write(display))
        return list(dict.fromkeys(found))

    def label(self, words: Any) -> list[str]:
        return self.each(lambda _display: str(words))

    def head(self, words: Any) -> list[str]:
        """A label above a narrow column: of several words it stands on two lines."""
        first, *others = self.label(words)
        return [_folded(first), *others]

    def say(self, words: Any, **values: str) -> list[str]:
        """A sentence with values, which come isolated or as plain digits."""
        return self.each(lambda _display: str(words) % values)

    # Numbers and amounts

    def number(self, value: Decimal | int, places: int | None = None) -> str:
        return ltr(self.display.number(value, places))

    def percent(self, value: Decimal | int) -> str:
        return ltr(self.display.percent(value))

    def amount(self, money: Money) -> str:
        """An amount in a column whose currency is told elsewhere."""
        return ltr(self.display.number(money.amount, digits_of(money.currency)))

    def money(self, money: Money, display: Display | None = None) -> str:
        """An amount with its currency; the sign of the riyal stands left of the digits in every language."""
        parts = (display or self.display).money_parts(money)
        unit, digits = parts.symbol, parts.digits
        if len(self.displays) > 1 and len(unit) > 1:
            return ltr(f"{money.currency}{NBSP}{digits}")  # readers of both languages know the code
        if parts.position == "before":
            return ltr(f"{unit}{NBSP}{digits}")
        return f"{ltr(digits)}{NBSP}{unit}"

    def currency(self, code: str) -> list[str]:
        """Its name and code."""
        names = CURRENCIES.get(code)
        if names is None:
            return [ltr(code)]
        known = {"ar": names.ar[0], "fa": names.fa, "en": names.en[0]}
        return self.each(lambda display: fsi(f"{known[display.language]} ({ltr(code)})"))

    def in_words(self, money: Money) -> list[str]:
        """The amount in words in each language; nothing where no words are written."""
        try:
            return self.each(lambda display: amount_in_words(money, display.language, rial_unit="rial"))
        except (UnknownCurrency, TooLarge, ValueError):
            return []

    def tomans(self, money: Money) -> str:
        """The same in tomans, as Iranians say it."""
        return self.money(money, replace(self.display, rial_unit="toman"))

    # Days

    def day(self, day: dt.date) -> list[str]:
        """In the company's calendar, then in the second one, then for the second reader."""
        first, *others = self.displays
        second = first.second_calendar
        more = [replace(first, calendar=second).date_medium(day)] if second and second != first.calendar else []
        found = [first.date_medium(day), *more, *(other.date_medium(day) for other in others)]
        return [fsi(text) for text in dict.fromkeys(found)]

    def short_day(self, day: dt.date) -> str:
        return ltr(self.display.date(day))

    def moment(self, at: dt.datetime) -> str:
        return self.display.datetime_zoned(at)

    # Numbers that are names

    def phone(self, number: str) -> str:
        return ltr(format_phone(number, "")) if number else ""

    def iban(self, number: str) -> str:
        return ltr(by_fours(compact(number))) if number else ""

    # Text

    def paras(self, text: str) -> list[Para]:
        """Each line of a text in the direction of its first letter."""
        lines = clean_user_text(text).split("\n")
        return [Para(user(line), direction(line, self.dir)) for line in lines if line.strip()]

    def pages(self) -> list[str]:
        """``{page}`` and ``{pages}`` are filled in by the template."""
        return self.each(lambda _display: str(_("Page %(page)s of %(pages)s")) % {"page": "{page}", "pages": "{pages}"})
