"""What a country usually means for a company's settings; proposals, changed by the administrator.

Sources: CLDR week data; Saudi Labour Law art. 98 and its Ramadan hours; the usual Iranian week of 44 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
Span = tuple[int, time, time]


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings of a country. ``hours``: (weekday, opens, closes), Monday 0."""

    country: str
    currency: str
    language: str = "ar"
    calendar: str = "gregorian"
    second_calendar: str = "hijri"
    digits: str = "latn"
    timezone: str = "Asia/Riyadh"
    first_weekday: int = SUN
    money_style: str = "abbr"
    hours: tuple[Span, ...] = ()


def week(days: tuple[int, ...], *spans: tuple[int, int]) -> tuple[Span, ...]:
    """The same open hours on several days; spans in whole hours."""
    return tuple((day, time(opens), time(closes)) for day in days for opens, closes in spans)


_SUN_THU = (SUN, MON, TUE, WED, THU)
_GULF_WEEK = week(_SUN_THU, (8, 12), (13, 17))
RAMADAN = week(_SUN_THU, (10, 16))

PRESETS: dict[str, Preset] = {
    "SA": Preset("SA", "SAR", money_style="symbol", hours=_GULF_WEEK),
    "AE": Preset(
        "AE", "AED", timezone="Asia/Dubai", first_weekday=MON,
        hours=(*week((MON, TUE, WED, THU), (8, 12), (13, 17)), *week((FRI,), (8, 12))),
    ),
    "KW": Preset("KW", "KWD", timezone="Asia/Kuwait", first_weekday=SAT, hours=_GULF_WEEK),
    "QA": Preset("QA", "QAR", timezone="Asia/Qatar", first_weekday=SAT, hours=_GULF_WEEK),
    "BH": Preset("BH", "BHD", timezone="Asia/Bahrain", first_weekday=SAT, hours=_GULF_WEEK),
    "OM": Preset("OM", "OMR", timezone="Asia/Muscat", first_weekday=SAT, hours=_GULF_WEEK),
    "IR": Preset(
        "IR", "IRR", "fa", "jalali", "gregorian", "arabext", "Asia/Tehran", SAT, "abbr",
        (*week((SAT, SUN, MON, TUE, WED), (8, 16)), *week((THU,), (8, 12))),
    ),
    "GB": Preset(
        "GB", "GBP", "en", "gregorian", "", "latn", "Europe/London", MON, "symbol",
        week((MON, TUE, WED, THU, FRI), (9, 17)),
    ),
}  # fmt: skip


def preset_of(country: str) -> Preset:
    """The preset of a country, the Saudi one where we know none."""
    return PRESETS.get(country, PRESETS["SA"])
