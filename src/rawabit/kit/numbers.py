"""Numbers in and out of text, in Latin, Arabic-Indic and Persian digits.

Source: CLDR separators for `latn`, `arab`, `arabext`; the Gulf preset is Latin digits with `.` and `,`
(Django's own `ar` formats swap them, Babel changes separators without digits, so neither is used).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final

from rawabit.kit.text import digits, latn

MINUS: Final = "\u2212"
MAX_DIGITS: Final = 40

_WIDE: Final = Context(prec=100)

_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f]+")
_DASHES: Final = str.maketrans({"−": "-", "–": "-", "‒": "-", "﹣": "-", "－": "-", "،": ",", "٬": ",", "’": ","})
# What people copy along with an amount; anything else beside the digits is an error.
_UNITS: Final = (
    r"ريال(?:اً|ا)?|ریال|تومان|درهم|دينار|دینار|هللة|سعودي|سعودی|إماراتي|قطري|عماني|كويتي|بحريني|إيراني"
    r"|ر\.\s?س\.?|د\.\s?إ\.?|ر\.\s?ق\.?|د\.\s?ك\.?|د\.\s?ب\.?|ر\.\s?ع\.?|SAR|AED|QAR|KWD|BHD|OMR|IRR|USD|EUR|GBP"
    r"|SR|[⃁﷼$€£]"
)
_UNIT_BEFORE: Final = re.compile(rf"^(?P<sign>[-(]?)\s*(?:{_UNITS})\s*", re.IGNORECASE)
_UNIT_AFTER: Final = re.compile(rf"\s*(?:{_UNITS})\s*(?P<close>\)?)$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?:([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+)?)?|\.([0-9]+))")


class NotANumber(ValueError):
    """The text is no number. `code`: empty | letters | grouping | decimals | too_long; `text`: what was typed."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


def parse_number(text: str) -> Decimal:
    """Typed or pasted number to Decimal: any digits, `1,234.5`, `١٬٢٣٤٫٥`, `(1,234.5)`, `1234.5-`, `1٬250 ريال`.

    A comma (or space) groups only when every group after it has three digits; `1,23` is refused, never guessed.
    """
    plain = _unsigned_units(latn(text.translate(_DASHES)).strip())
    negative, body = _sign(plain)
    body = _close_spaces(body, text)
    match = _NUMBER.fullmatch(body)
    if match is None:
        raise NotANumber(_why(body), text)
    whole, fraction = (match[1] or "0").replace(",", ""), match[2] or match[3] or ""
    if len(whole) + len(fraction) > MAX_DIGITS:
        raise NotANumber("too_long", text)
    value = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return -value if negative and value else value


def _unsigned_units(text: str) -> str:
    for _ in range(3):
        shorter = _UNIT_AFTER.sub(lambda m: m["close"], _UNIT_BEFORE.sub(lambda m: m["sign"], text))
        if shorter == text:
            return text
        text = shorter.strip()
    return text


def _sign(text: str) -> tuple[bool, str]:
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    if text.startswith("+"):
        return False, text[1:].strip()
    if text.startswith("-"):
        return True, text[1:].strip()
    if text.endswith("-"):
        return True, text[:-1].strip()
    return False, text


def _close_spaces(body: str, text: str) -> str:
    parts = _SPACES.split(body)
    if len(parts) == 1:
        return body
    if not parts[0].isdigit() or len(parts[0]) > 3 or any(not re.match(r"[0-9]{3}(?![0-9])", p) for p in parts[1:]):
        raise NotANumber("letters" if re.search(r"[^\W\d_]", body) else "grouping", text)
    return "".join(parts)


def whole(text: str) -> int | None:
    """A row's key, a version or a page, as addresses and hidden fields carry them; None for what is none of these.

    Eighteen digits at most: more is a number that no key can be, that databases refuse, and that takes long to read.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _why(body: str) -> str:
    if not body:
        return "empty"
    if re.search(r"[^0-9.,]", body):
        return "letters"
    return "decimals" if body.count(".") > 1 or not re.search(r"[0-9]", body) else "grouping"


def _plain(value: Decimal | int, places: int | None) -> str:
    if isinstance(value, int):
        return f"{value:,}" if not places else f"{value:,}." + "0" * places
    if places is None:
        shown = f"{value:,f}"
        return shown.rstrip("0").rstrip(".") if "." in shown else shown
    # format()'s own rounding follows the context and is half-even; amounts are rounded half-up.
    return f"{_rounded(value, places):,.{places}f}"


def _rounded(value: Decimal, places: int) -> Decimal:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return value
    return _WIDE.scaleb(_WIDE.scaleb(value, places).to_integral_value(ROUND_HALF_UP), -places)


@lru_cache(maxsize=8192)
def format_number(value: Decimal | int, *, system: str = "latn", places: int | None = None, group: bool = True) -> str:
    """Number to text: `places` decimals rounded HALF_UP (None: as many as it has), U+2212 before negatives."""
    shown = _plain(value, places)
    if shown.startswith("-"):
        shown = shown[1:] if not shown.strip("-0.,") else MINUS + shown[1:]
    if not group:
        shown = shown.replace(",", "")
    return digits(shown, system)


def format_percent(value: Decimal | int, *, system: str = "latn", places: int | None = None) -> str:
    """Percent points to text: 15 gives `15%`, and `۱۵٪` in Persian digits (sign after the number in every language)."""
    return format_number(value, system=system, places=places) + ("%" if system == "latn" else "٪")
