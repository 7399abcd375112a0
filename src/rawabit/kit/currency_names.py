"""What a currency is called: signs for screens, counted noun forms for amounts in words.

Arabic noun forms are (singular, dual, plural 3–10, accusative singular 11–99, gender m|f), nominative throughout
as accountants write. An unknown code is an error (`UnknownCurrency`): some libraries call it "riyal" silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ArabicNoun = tuple[str, str, str, str, str]


class UnknownCurrency(KeyError):
    """No names are known for this currency code, so no words can be written."""


@dataclass(frozen=True, slots=True)
class CurrencyNames:
    """Names and signs of one currency. `sign` is for HTML (⃁ has no glyph in most fonts), `ar_abbr` for plain text."""

    code: str
    sign: str
    ar_abbr: str
    ar: ArabicNoun
    ar_minor: ArabicNoun
    fa: str
    fa_minor: str
    en: tuple[str, str]
    en_abbr: str


_FILS: Final[ArabicNoun] = ("فلس", "فلسان", "فلوس", "فلساً", "m")
_CENT: Final[ArabicNoun] = ("سنت", "سنتان", "سنتات", "سنتاً", "m")
_NONE: Final[ArabicNoun] = ("", "", "", "", "m")


def _adjective(noun: tuple[str, str, str, str], adjective: tuple[str, str, str, str]) -> ArabicNoun:
    one, two, few, many = (f"{word} {quality}".strip() for word, quality in zip(noun, adjective, strict=True))
    return one, two, few, many, "m"


_RIYAL: Final = ("ريال", "ريالان", "ريالات", "ريالاً")
_DINAR: Final = ("دينار", "ديناران", "دنانير", "ديناراً")
_DIRHAM: Final = ("درهم", "درهمان", "دراهم", "درهماً")
_POUND: Final = ("جنيه", "جنيهان", "جنيهات", "جنيهاً")
_DOLLAR: Final = ("دولار", "دولاران", "دولارات", "دولاراً")


def _nisba(stem: str) -> tuple[str, str, str, str]:
    """Adjective of origin in the four noun forms: سعودي، سعوديان، سعودية، سعودياً."""
    return stem, f"{stem}ان", f"{stem}ة", f"{stem}اً"


CURRENCIES: Final[dict[str, CurrencyNames]] = {
    names.code: names
    for names in (
        CurrencyNames(
            "SAR", "⃁", "ر.س", _adjective(_RIYAL, _nisba("سعودي")), ("هللة", "هللتان", "هللات", "هللةً", "f"),
            "ریال سعودی", "هلله", ("Saudi riyal", "Saudi riyals"), "SAR",
        ),
        CurrencyNames(
            "AED", "د.إ", "د.إ", _adjective(_DIRHAM, _nisba("إماراتي")), _FILS,
            "درهم امارات", "فلس", ("UAE dirham", "UAE dirhams"), "AED",
        ),
        CurrencyNames(
            "QAR", "ر.ق", "ر.ق", _adjective(_RIYAL, _nisba("قطري")), ("درهم", "درهمان", "دراهم", "درهماً", "m"),
            "ریال قطر", "درهم", ("Qatari riyal", "Qatari riyals"), "QAR",
        ),
        CurrencyNames(
            "KWD", "د.ك", "د.ك", _adjective(_DINAR, _nisba("كويتي")), _FILS,
            "دینار کویت", "فلس", ("Kuwaiti dinar", "Kuwaiti dinars"), "KWD",
        ),
        CurrencyNames(
            "BHD", "د.ب", "د.ب", _adjective(_DINAR, _nisba("بحريني")), _FILS,
            "دینار بحرین", "فلس", ("Bahraini dinar", "Bahraini dinars"), "BHD",
        ),
        CurrencyNames(
            "OMR", "ر.ع", "ر.ع", _adjective(_RIYAL, _nisba("عماني")), ("بيسة", "بيستان", "بيسات", "بيسةً", "f"),
            "ریال عمان", "بیسه", ("Omani rial", "Omani rials"), "OMR",
        ),
        CurrencyNames(
            "JOD", "د.أ", "د.أ", _adjective(_DINAR, _nisba("أردني")), _FILS,
            "دینار اردن", "فلس", ("Jordanian dinar", "Jordanian dinars"), "JOD",
        ),
        CurrencyNames(
            "IQD", "د.ع", "د.ع", _adjective(_DINAR, _nisba("عراقي")), _FILS,
            "دینار عراق", "فلس", ("Iraqi dinar", "Iraqi dinars"), "IQD",
        ),
        CurrencyNames(
            "EGP", "ج.م", "ج.م", _adjective(_POUND, _nisba("مصري")), ("قرش", "قرشان", "قروش", "قرشاً", "m"),
            "پوند مصر", "قرش", ("Egyptian pound", "Egyptian pounds"), "EGP",
        ),
        CurrencyNames(
            "USD", "$", "دولار", _adjective(_DOLLAR, _nisba("أمريكي")), _CENT,
            "دلار آمریکا", "سنت", ("US dollar", "US dollars"), "US$",
        ),
        CurrencyNames(
            "EUR", "€", "يورو", ("يورو", "يوروان", "يوروات", "يورو", "m"), _CENT,
            "یورو", "سنت", ("euro", "euros"), "EUR",
        ),
        CurrencyNames(
            "GBP", "£", "جنيه إسترليني", _adjective(_POUND, _nisba("إسترليني")), ("بنس", "بنسان", "بنسات", "بنساً", "m"),
            "پوند انگلیس", "پنی", ("pound sterling", "pounds sterling"), "GBP",
        ),
        CurrencyNames(
            "IRR", "ر.إ", "ر.إ", _adjective(_RIYAL, _nisba("إيراني")), _NONE,
            "ریال", "", ("Iranian rial", "Iranian rials"), "IRR",
        ),
        # Not ISO 4217: ten rials, a display unit only; Money is never in IRT.
        CurrencyNames(
            "IRT", "تومان", "تومان", ("تومان", "تومانان", "تومانات", "توماناً", "m"), _NONE,
            "تومان", "", ("toman", "tomans"), "toman",
        ),
    )
}  # fmt: skip


def names_of(code: str) -> CurrencyNames:
    """Names of a currency; UnknownCurrency for a code not in the table."""
    try:
        return CURRENCIES[code]
    except KeyError as error:
        raise UnknownCurrency(code) from error
