"""Public holidays as the ``holidays`` library proposes them. Never read at run time: rows confirmed by a person are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import holidays

COUNTRIES = ("SA", "AE", "KW", "QA", "BH", "OM", "IR", "GB")
_CODES = {"ar": "ar", "fa": "fa_IR", "en": "en_US"}


@dataclass(frozen=True, slots=True)
class ProposedDay:
    """A closed day with its names; "" in a language the library does not know."""

    date: date
    ar: str = ""
    fa: str = ""
    en: str = ""

    def name(self, language: str) -> str:
        return {"ar": self.ar, "fa": self.fa, "en": self.en}.get(language) or self.en or self.ar or self.fa


def proposed_holidays(country: str, year: int) -> list[ProposedDay]:
    """The public holidays of a Gregorian year in order; nothing for a country the library does not know."""
    if country not in COUNTRIES:
        return []
    names = {language: _names(country, year, code) for language, code in _CODES.items()}
    days = sorted({day for found in names.values() for day in found})
    return [ProposedDay(day, *(names[language].get(day, "") for language in ("ar", "fa", "en"))) for day in days]


def _names(country: str, year: int, code: str) -> dict[date, str]:
    """The days under their names in one language; empty where the library does not speak it."""
    spoken = holidays.country_holidays(country).supported_languages
    language = next((one for one in spoken if one[:2] == code[:2]), None)
    return dict(holidays.country_holidays(country, years=year, language=language).items()) if language else {}
