"""How one reader sees numbers, money and time: seven settings with a preset per country, never guessed from language.

The active Display of a request or a document lives in a context variable; templates, PDFs and mails share it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from rawabit.kit.calendars import format_date, in_other_calendars, parse_date
from rawabit.kit.currency_names import CURRENCIES
from rawabit.kit.money import Money, digits_of
from rawabit.kit.numbers import format_number, format_percent
from rawabit.kit.relative_time import relative_day, relative_span
from rawabit.kit.text import local_digits


class MoneyParts(NamedTuple):
    """An amount for HTML. `position` tells where the sign stands in the line: before | after the digits."""

    symbol: str
    digits: str
    position: str
    spoken_name: str


_CLOCK: Final = {
    "ar": ("ص", "م"),
    "fa": ("ق.ظ", "ب.ظ"),
    "en": ("am", "pm"),
}
_ZONES: Final = {
    "Asia/Riyadh": ("بتوقيت الرياض", "به وقت ریاض", "Riyadh time"),
    "Asia/Dubai": ("بتوقيت دبي", "به وقت دبی", "Dubai time"),
    "Asia/Kuwait": ("بتوقيت الكويت", "به وقت کویت", "Kuwait time"),
    "Asia/Qatar": ("بتوقيت الدوحة", "به وقت دوحه", "Doha time"),
    "Asia/Bahrain": ("بتوقيت المنامة", "به وقت منامه", "Manama time"),
    "Asia/Muscat": ("بتوقيت مسقط", "به وقت مسقط", "Muscat time"),
    "Asia/Tehran": ("بتوقيت طهران", "به وقت تهران", "Tehran time"),
    "Europe/London": ("بتوقيت لندن", "به وقت لندن", "London time"),
}
_LANGUAGES: Final = ("ar", "fa", "en")


@dataclass(frozen=True, slots=True)
class Display:
    """Settings of one reader. `first_weekday` counts Monday 0 … Sunday 6; `clock` is 12 or 24."""

    language: str = "ar"
    calendar: str = "gregorian"
    second_calendar: str | None = "hijri"
    digits: str = "latn"
    timezone: str = "Asia/Riyadh"
    region: str = "SA"
    first_weekday: int = 6
    money_style: str = "symbol"
    rial_unit: str = "rial"
    clock: int = 12
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Texts are remembered by their reader's settings; to reckon ten of them anew would cost more than the text."""
        others = (getattr(self, name) for name in self.__slots__ if name != "_hash")
        object.__setattr__(self, "_hash", hash(tuple(others)))

    def __hash__(self) -> int:
        return self._hash

    # ------------------------------------------------------------ numbers and money
    def number(self, value: Decimal | int, places: int | None = None) -> str:
        """A number in the reader's digits; `places` None shows as many decimals as it has."""
        return format_number(value, system=self.digits, places=places)

    def unit_price(self, price: Decimal, currency: str) -> str:
        """A price with at least the decimals of its currency, and with all that it has beyond them."""
        exponent = price.normalize().as_tuple().exponent
        own = -exponent if isinstance(exponent, int) else 0
        return self.number(price, max(digits_of(currency), own))

    def percent(self, value: Decimal | int, places: int | None = None) -> str:
        """Percent points (15 → 15%)."""
        return format_percent(value, system=self.digits, places=places)

    def money_text(self, money: Money) -> str:
        """An amount for plain text (mail, messages, titles): never the riyal sign, whose glyph old phones lack.

        Put it through `fsi` inside a sentence.
        """
        return _money_text(money, self.language, self.digits, self.money_style, self.rial_unit)

    def money_parts(self, money: Money) -> MoneyParts:
        """An amount for HTML: sign, digits, where the sign stands, and the name a screen reader says."""
        return _money_parts(money, self.language, self.digits, self.money_style, self.rial_unit)

    # ------------------------------------------------------------ days
    def date(self, day: dt.date) -> str:
        """05/03/2026 · ۱۴۰۴/۱۲/۱۴ · 5 Mar 2026."""
        return self._day(day, "short")

    def date_medium(self, day: dt.date) -> str:
        """5 مارس 2026 · ۱۴ اسفند ۱۴۰۴ · 5 Mar 2026."""
        return self._day(day, "medium")

    def date_long(self, day: dt.date) -> str:
        """الخميس، 5 مارس 2026 · پنجشنبه ۱۴ اسفند ۱۴۰۴ · Thursday 5 March 2026."""
        return self._day(day, "long")

    def month(self, day: dt.date) -> str:
        """مارس 2026 · اسفند ۱۴۰۴ · March 2026."""
        return self._day(day, "month")

    def date_dual(self, day: dt.date) -> str:
        """5 مارس 2026 (16 رمضان 1447 هـ); the one calendar alone when no second is set."""
        first = self._day(day, "medium")
        if self.second_calendar is None or self.second_calendar == self.calendar:
            return first
        second = format_date(
            day, calendar=self.second_calendar, language=self.language, style="medium", digits=self.digits
        )
        return first if second == first else f"{first} ({second})"

    def date_title(self, day: dt.date) -> str:
        """The same day in the other calendars, for a tooltip."""
        if isinstance(day, dt.datetime):
            day = self.local(day).date()
        return _other_calendars(day, self.calendar, self.language, self.digits)

    def parse_date(self, text: str) -> dt.date:
        """A typed date, read the way this reader would mean it. NotADate (see calendars.parse_date)."""
        chosen = self.calendar if self.calendar != "gregorian" else self.second_calendar
        return parse_date(text, prefer=chosen or "gregorian")

    def _day(self, day: dt.date, style: str) -> str:
        if isinstance(day, dt.datetime):
            day = self.local(day).date()
        return format_date(day, calendar=self.calendar, language=self.language, style=style, digits=self.digits)

    # ------------------------------------------------------------ moments
    def local(self, moment: dt.datetime) -> dt.datetime:
        """The moment in the reader's zone. ValueError for a datetime without a zone."""
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone cannot be shown")
        return moment.astimezone(_zone(self.timezone))

    def time(self, moment: dt.datetime) -> str:
        """4:07 م · ۱۶:۰۷ · 16:07."""
        here = self.local(moment)
        if self.clock == 24:
            return local_digits(f"{here.hour}:{here.minute:02}", self.digits)
        mark = _CLOCK[self.language][here.hour >= 12]
        return local_digits(f"{here.hour % 12 or 12}:{here.minute:02}", self.digits) + f" {mark}"

    def datetime(self, moment: dt.datetime) -> str:
        """Short date and time in the reader's zone."""
        comma = ", " if self.language == "en" else "، "
        return f"{self._day(moment, 'short')}{comma}{self.time(moment)}"

    def datetime_zoned(self, moment: dt.datetime) -> str:
        """Date, time and the zone's name: for everything a customer signs."""
        return f"{self.datetime(moment)} {self._zone_name(moment)}"

    def _zone_name(self, moment: dt.datetime) -> str:
        names = _ZONES.get(self.timezone)
        if names:
            return names[_LANGUAGES.index(self.language)]
        offset = f"{self.local(moment):%z}"
        return local_digits(f"UTC{offset[:3]}:{offset[3:5]}", self.digits)

    def ago(self, moment: dt.datetime, now: dt.datetime) -> str:
        """قبل 5 دقائق · تا ۲ ساعت دیگر · yesterday; beyond thirty days the medium date."""
        here, today = self.local(moment), self.local(now)
        apart = moment - now
        if abs(apart) < dt.timedelta(hours=24) and not _is_neighbour_day(here, today):
            text = relative_span(int(apart.total_seconds()), self.language)
        elif abs((here.date() - today.date()).days) <= 30:
            text = relative_day((here.date() - today.date()).days, self.language)
        else:
            return self.date_medium(here.date())
        return local_digits(text, self.digits)


def _is_neighbour_day(here: dt.datetime, today: dt.datetime) -> bool:
    """Yesterday and tomorrow read better than "20 hours ago", but "2 hours ago" stays true across midnight."""
    return here.date() != today.date() and abs(here - today) >= dt.timedelta(hours=6)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def _other_calendars(day: dt.date, calendar: str, language: str, digits: str) -> str:
    return " · ".join(in_other_calendars(day, calendar, language, digits=digits))


# ---------------------------------------------------------------- money
def _amount(money: Money, digits: str, rial_unit: str) -> tuple[str, str]:
    """(currency shown, digits): tomans are rials ÷ 10 and show one decimal only when there is one."""
    if money.currency == "IRR" and rial_unit == "toman":
        return "IRT", format_number(Decimal(money.minor) / 10, system=digits)
    return money.currency, format_number(money.amount, system=digits, places=digits_of(money.currency))


def _name(code: str, language: str) -> str:
    names = CURRENCIES.get(code)
    if names is None:
        return code
    return {"ar": names.ar[0], "fa": names.fa, "en": names.en[0]}[language]


def _abbreviation(code: str, language: str, style: str) -> str:
    names = CURRENCIES.get(code)
    if names is None or (style == "code" and code != "IRT"):
        return code
    return {"ar": names.ar_abbr, "fa": names.fa, "en": names.en_abbr}[language]


@lru_cache(maxsize=8192)
def _money_text(money: Money, language: str, digits: str, style: str, rial_unit: str) -> str:
    code, shown = _amount(money, digits, rial_unit)
    unit = _abbreviation(code, language, style)
    return f"{unit} {shown}" if language == "en" else f"{shown} {unit}"


@lru_cache(maxsize=8192)
def _money_parts(money: Money, language: str, digits: str, style: str, rial_unit: str) -> MoneyParts:
    code, shown = _amount(money, digits, rial_unit)
    names = CURRENCIES.get(code)
    position = "before" if language == "en" else "after"
    unit = _abbreviation(code, language, style)
    # Persian writes units as words after the number; the riyal sign stands left of it in every language (SAMA rule).
    if style == "symbol" and names is not None and language != "fa":
        if code == "SAR":
            unit, position = names.sign, "before"
        elif language == "en" and code in ("USD", "EUR", "GBP"):
            unit = names.sign
    return MoneyParts(unit, shown, position, _name(code, language))


# ---------------------------------------------------------------- presets and the active one
def _gulf(region: str, timezone: str, first_weekday: int) -> Display:
    return Display(region=region, timezone=timezone, first_weekday=first_weekday)


PRESETS: Final[dict[str, Display]] = {
    "SA": Display(),
    "AE": _gulf("AE", "Asia/Dubai", 0),
    "KW": _gulf("KW", "Asia/Kuwait", 5),
    "QA": _gulf("QA", "Asia/Qatar", 5),
    "BH": _gulf("BH", "Asia/Bahrain", 5),
    "OM": _gulf("OM", "Asia/Muscat", 5),
    "IR": Display("fa", "jalali", "gregorian", "arabext", "Asia/Tehran", "IR", 5, "abbr", "rial", 24),
    "GB": Display("en", "gregorian", None, "latn", "Europe/London", "GB", 0, "symbol", "rial", 24),
}

ACTIVE: Final[ContextVar[Display]] = ContextVar("rawabit_display", default=PRESETS["SA"])


def active() -> Display:
    """The Display in force here; the Saudi preset when nobody set one."""
    return ACTIVE.get()


@contextmanager
def using(display: Display) -> Iterator[Display]:
    """Show everything inside as `display` says (a customer's PDF in the customer's language)."""
    token = ACTIVE.set(display)
    try:
        yield display
    finally:
        ACTIVE.reset(token)
