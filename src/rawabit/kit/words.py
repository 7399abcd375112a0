"""Amounts and counts in words: Arabic with full agreement, Persian, English.

Source of the rules: Arabic number–noun agreement as Gulf accountants write it (nominative, «و» attached, the unit
repeated for 101 and 102); Persian document form with «یکصد» and «یک هزار», which cannot be tampered into more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rawabit.kit.currency_names import ArabicNoun, UnknownCurrency, names_of
from rawabit.kit.money import Money, digits_of

__all__ = ["TooLarge", "UnknownCurrency", "amount_in_words", "bare_words", "count_noun", "count_words"]


class TooLarge(ValueError):
    """More than words are kept for (10^21)."""


# ---------------------------------------------------------------- Arabic
_ONES: Final = {
    "m": ("", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"),
    "f": ("", "واحدة", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع", "عشر"),
}
_TEENS: Final = {"m": ("أحد عشر", "اثنا عشر"), "f": ("إحدى عشرة", "اثنتا عشرة")}
_TENS: Final = ("", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
_HUNDREDS: Final = (
    "", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة",
)  # fmt: skip
# singular, dual, plural, accusative
_SCALES: Final = (
    ("", "", "", ""),
    ("ألف", "ألفان", "آلاف", "ألفاً"),
    ("مليون", "مليونان", "ملايين", "مليوناً"),
    ("مليار", "ملياران", "مليارات", "ملياراً"),
    ("تريليون", "تريليونان", "تريليونات", "تريليوناً"),
    ("كوادريليون", "كوادريليونان", "كوادريليونات", "كوادريليوناً"),
    ("كوينتليون", "كوينتليونان", "كوينتليونات", "كوينتليوناً"),
)
_DUALS: Final = ("مائتان", *(scale[1] for scale in _SCALES[1:]))
LIMIT: Final = 1000 ** len(_SCALES)


def _ar_below_100(n: int, gender: str) -> str:
    ones = _ONES[gender]
    if n <= 10:
        return ones[n]
    if n <= 12:
        return _TEENS[gender][n - 11]
    if n < 20:
        unit = "ثماني" if n == 18 and gender == "f" else ones[n - 10]
        return f"{unit} {'عشر' if gender == 'm' else 'عشرة'}"
    tens, unit_n = divmod(n, 10)
    if not unit_n:
        return _TENS[tens]
    unit = "إحدى" if unit_n == 1 and gender == "f" else ones[unit_n]
    return f"{unit} و{_TENS[tens]}"


def _ar_group(n: int, gender: str) -> str:
    hundreds, rest = divmod(n, 100)
    return " و".join(part for part in (_HUNDREDS[hundreds], _ar_below_100(rest, gender)) if part)


def _construct(words: str) -> str:
    """A dual loses its nun before the noun it counts: مائتان ريال becomes مائتا ريال."""
    return words[:-1] if words.endswith(_DUALS) else words


def _thousands(n: int) -> list[int]:
    if n >= LIMIT:
        raise TooLarge(str(n))
    groups = []
    while n:
        n, group = divmod(n, 1000)
        groups.append(group)
    return groups


def _ar_scaled(group: int, scale: int, is_last: bool) -> str:
    """A group of thousands, millions …; before a counted noun (`is_last`) the scale word stays in the genitive."""
    one, two, few, accusative = _SCALES[scale]
    rest = group % 100
    if group <= 2:
        return one if group == 1 else two
    if rest in (1, 2):
        return f"{_construct(_HUNDREDS[group // 100])} {one} و{one if rest == 1 else two}"
    if 3 <= rest <= 10:
        return f"{_ar_group(group, 'm')} {few}"
    if rest:
        return f"{_ar_group(group, 'm')} {one if is_last else accusative}"
    return f"{_construct(_ar_group(group, 'm'))} {one}"


def _ar_cardinal(n: int, gender: str, noun_follows: bool) -> str:
    groups = _thousands(n)
    lowest = next(i for i, group in enumerate(groups) if group)
    parts = [
        _ar_scaled(group, scale, noun_follows and scale == lowest) if scale else _ar_group(group, gender)
        for scale, group in reversed(list(enumerate(groups)))
        if group
    ]
    return " و".join(parts)


def count_noun(n: int, noun: ArabicNoun) -> str:
    """A counted Arabic noun: ريال واحد، ريالان، ثلاثة ريالات، أحد عشر ريالاً، مائة ريال. `n` ≥ 0."""
    one, two, few, accusative, gender = noun
    rest = n % 100
    if n == 0:
        return f"صفر {one}"
    if n <= 2:
        return two if n == 2 else f"{one} {'واحد' if gender == 'm' else 'واحدة'}"
    if rest in (1, 2):
        return f"{count_noun(n - rest, noun)} و{count_noun(rest, noun)}"
    words = _ar_cardinal(n, gender, noun_follows=True)
    if rest == 0:
        return f"{_construct(words)} {one}"
    return f"{words} {few if rest <= 10 else accusative}"


def _ar_amount(whole: int, minor: int, currency: str) -> str:
    names = names_of(currency)
    if not minor:
        return count_noun(whole, names.ar)
    fraction = count_noun(minor, names.ar_minor)
    return f"{count_noun(whole, names.ar)} و{fraction}" if whole else fraction


# ---------------------------------------------------------------- Persian
_FA_ONES: Final = (
    "", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده", "سیزده", "چهارده",
    "پانزده", "شانزده", "هفده", "هجده", "نوزده",
)  # fmt: skip
_FA_TENS: Final = ("", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
_FA_HUNDREDS: Final = (
    "", "یکصد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد",
)  # fmt: skip


def _fa_below_1000(n: int) -> list[str]:
    hundreds, rest = divmod(n, 100)
    parts = [_FA_HUNDREDS[hundreds]]
    parts += [_FA_ONES[rest]] if rest < 20 else [_FA_TENS[rest // 10], _FA_ONES[rest % 10]]
    return [part for part in parts if part]


def _fa_cardinal(n: int) -> str:
    """Persian counts in milliards: 1,500,000,000,000 is «یک هزار و پانصد میلیارد»."""
    billions, rest = divmod(n, 10**9)
    parts = [f"{_fa_cardinal(billions)} میلیارد"] if billions else []
    for size, word in ((10**6, "میلیون"), (10**3, "هزار")):
        group, rest = divmod(rest, size)
        if group:
            parts.append(f"{' و '.join(_fa_below_1000(group))} {word}")
    return " و ".join(parts + _fa_below_1000(rest))


def _fa_amount(whole: int, minor: int, currency: str) -> str:
    names = names_of(currency)
    parts = [f"{_count(whole, _fa_cardinal, 'صفر')} {names.fa}"] if whole or not minor else []
    if minor:
        parts.append(f"{_fa_cardinal(minor)} {names.fa_minor or 'ریال'}")
    return " و ".join(parts)


# ---------------------------------------------------------------- English
_EN_ONES: Final = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_SCALES: Final = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")


def _en_below_1000(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    tens = _EN_ONES[rest] if rest < 20 else "-".join(w for w in (_EN_TENS[rest // 10], _EN_ONES[rest % 10]) if w)
    return " ".join(w for w in (f"{_EN_ONES[hundreds]} hundred" if hundreds else "", tens) if w)


def _en_cardinal(n: int) -> str:
    groups = [(group, scale) for scale, group in enumerate(_thousands(n)) if group]
    return " ".join(f"{_en_below_1000(group)} {_EN_SCALES[scale]}".strip() for group, scale in reversed(groups))


def _en_amount(whole: int, minor: int, currency: str) -> str:
    names = names_of(currency)
    words = _count(whole, _en_cardinal, "zero")
    if not minor:
        return f"{words} {names.en[0] if whole == 1 else names.en[1]}"
    places = 1 if currency == "IRT" else digits_of(currency)
    return f"{words} and {minor:0{places}}/{10**places} {names.en[1]}"


# ---------------------------------------------------------------- doors
_AMOUNT: Final[dict[str, Callable[[int, int, str], str]]] = {"ar": _ar_amount, "fa": _fa_amount, "en": _en_amount}
_FORM: Final = {"ar": "فقط {} لا غير", "fa": "{} تمام", "en": "Only {}"}
_ZERO: Final = {"ar": "صفر", "fa": "صفر", "en": "zero"}
_MINUS: Final = {"ar": "سالب", "fa": "منفی", "en": "minus"}


def _count(n: int, cardinal: Callable[[int], str], zero: str) -> str:
    return cardinal(n) if n else zero


def bare_words(money: Money, language: str, *, rial_unit: str = "rial") -> str:
    """The amount in words without the closing form. `rial_unit="toman"` writes IRR as tomans (÷ 10), any rest in rials.

    ValueError for negative amounts (documents never print them; a credit note shows its amount positive),
    UnknownCurrency for a code without names.
    """
    if money.minor < 0:
        raise ValueError("no words for negative amounts")
    if abs(money.minor) >= LIMIT:
        raise TooLarge(str(money))
    if money.currency == "IRR" and rial_unit == "toman":
        return _tomans(money.minor, language)
    whole, minor = divmod(money.minor, 10 ** digits_of(money.currency))
    return _AMOUNT[language](whole, minor, money.currency)


def _tomans(rials: int, language: str) -> str:
    tomans, rest = divmod(rials, 10)
    if language == "ar" and rest:
        return f"{_ar_amount(tomans, 0, 'IRT')} و{_ar_amount(rest, 0, 'IRR')}"
    return _AMOUNT[language](tomans, rest, "IRT")


def amount_in_words(money: Money, language: str, *, rial_unit: str = "rial") -> str:
    """The printed form: «فقط … لا غير», «… ریال تمام», "Only … and 56/100 Saudi riyals". Errors as `bare_words`."""
    return _FORM[language].format(bare_words(money, language, rial_unit=rial_unit))


def count_words(n: int, language: str) -> str:
    """A whole number in words, masculine in Arabic: 102 is «مائة واثنان», «یکصد و دو», "one hundred two"."""
    if n == 0:
        return _ZERO[language]
    if n < 0:
        return f"{_MINUS[language]} {count_words(-n, language)}"
    if n >= LIMIT:
        raise TooLarge(str(n))
    cardinals: dict[str, Callable[[int], str]] = {
        "ar": lambda value: _ar_cardinal(value, "m", noun_follows=False),
        "fa": _fa_cardinal,
        "en": _en_cardinal,
    }
    return cardinals[language](n)
