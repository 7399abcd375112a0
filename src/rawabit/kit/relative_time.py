"""«قبل 5 دقائق», «تا ۲ ساعت دیگر», "5 min ago": relative time with correct plural forms (CLDR plural rules)."""

from __future__ import annotations

from typing import Final

# Arabic after a preposition: one, two (oblique), 3–10, 11–99.
_AR: Final = {
    "minute": ("دقيقة", "دقيقتين", "دقائق", "دقيقة"),
    "hour": ("ساعة", "ساعتين", "ساعات", "ساعة"),
    "day": ("يوم", "يومين", "أيام", "يوماً"),
}
_FA: Final = {"minute": "دقیقه", "hour": "ساعت", "day": "روز"}
_EN: Final = {"minute": ("min", "min"), "hour": ("hour", "hours"), "day": ("day", "days")}

_NOW: Final = {"ar": "الآن", "fa": "هم‌اکنون", "en": "now"}
_NEAR: Final = {
    "ar": {-1: "أمس", 0: "اليوم", 1: "غداً"},
    "fa": {-1: "دیروز", 0: "امروز", 1: "فردا"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
_FRAME: Final = {
    "ar": ("قبل {}", "بعد {}"),
    "fa": ("{} پیش", "تا {} دیگر"),
    "en": ("{} ago", "in {}"),
}


def counted(n: int, unit: str, language: str) -> str:
    """`n` (≥ 1) minutes, hours or days as they stand after a preposition."""
    if language == "ar":
        one, two, few, many = _AR[unit]
        if n <= 2:
            return one if n == 1 else two
        rest = n % 100
        return f"{n} {few if 3 <= rest <= 10 else many if rest > 10 else one}"
    if language == "fa":
        return f"{n} {_FA[unit]}"
    return f"{n} {_EN[unit][n != 1]}"


def relative_span(seconds: int, language: str) -> str:
    """Less than a day from now, negative for the past: now, minutes, hours."""
    size = abs(seconds)
    if size < 60:
        return _NOW[language]
    n, unit = (size // 60, "minute") if size < 3600 else (size // 3600, "hour")
    return _FRAME[language][seconds > 0].format(counted(n, unit, language))


def relative_day(days: int, language: str) -> str:
    """Calendar days from today: yesterday, today, tomorrow, or counted days."""
    near = _NEAR[language].get(days)
    return near or _FRAME[language][days > 0].format(counted(abs(days), "day", language))
