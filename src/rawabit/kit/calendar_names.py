"""Month and weekday names. Arabic in Saudi usage (يناير, not كانون); Jalali keeps its Persian names in Arabic too,
because CLDR's Arabic transliterations (فرفردن, أذربيهشت) are nobody's words."""

from __future__ import annotations

from typing import Final

_JALALI_FA: Final = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip

MONTHS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("gregorian", "ar"): (
        "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    ),
    ("gregorian", "fa"): (
        "ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر",
    ),
    ("gregorian", "en"): (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    ("hijri", "ar"): (
        "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة",
        "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
    ),
    ("hijri", "fa"): (
        "محرم", "صفر", "ربیع‌الاول", "ربیع‌الثانی", "جمادی‌الاول", "جمادی‌الثانی",
        "رجب", "شعبان", "رمضان", "شوال", "ذیقعده", "ذیحجه",
    ),
    ("hijri", "en"): (
        "Muharram", "Safar", "Rabi I", "Rabi II", "Jumada I", "Jumada II",
        "Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qidah", "Dhu al-Hijjah",
    ),
    ("jalali", "ar"): _JALALI_FA,
    ("jalali", "fa"): _JALALI_FA,
    ("jalali", "en"): (
        "Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
        "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand",
    ),
}  # fmt: skip

MONTHS_SHORT_EN: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Monday first, as date.weekday() counts.
WEEKDAYS: Final[dict[str, tuple[str, ...]]] = {
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "fa": ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
WEEKDAYS_SHORT: Final[dict[str, tuple[str, ...]]] = {
    "ar": ("ن", "ث", "ر", "خ", "ج", "س", "ح"),
    "fa": ("د", "س", "چ", "پ", "ج", "ش", "ی"),
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}

CALENDAR_NAMES: Final[dict[str, dict[str, str]]] = {
    "ar": {"gregorian": "ميلادي", "hijri": "هجري", "jalali": "شمسی"},
    "fa": {"gregorian": "میلادی", "hijri": "قمری", "jalali": "شمسی"},
    "en": {"gregorian": "Gregorian", "hijri": "Hijri", "jalali": "Jalali"},
}

# Read, never written: other spellings people type or paste (Levantine months, variants, English forms).
MONTH_ALIASES: Final[dict[str, dict[str, int]]] = {
    "gregorian": {
        "كانون الثاني": 1, "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8, "أيلول": 9,
        "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12, "إبريل": 4, "ابریل": 4, "جولای": 7, "ژوییه": 7,
        "آگوست": 8, "می": 5, "sept": 9,
    },
    "hijri": {
        "محرم الحرام": 1, "ربيع الثاني": 4, "ربيع 1": 3, "جمادى الثانية": 6, "جمادى الثاني": 6, "جمادى الأول": 5,
        "جمادى الآخر": 6, "شعبان المعظم": 8, "رمضان المبارك": 9, "ذي القعدة": 11, "ذي الحجة": 12, "ذوالقعدة": 11,
        "ذوالحجة": 12, "ذی القعده": 11, "ذی الحجه": 12, "ربيع الاول": 3, "rabi al-awwal": 3, "rabi al-thani": 4,
        "rabi al-akhir": 4, "jumada al-ula": 5, "jumada al-akhirah": 6, "jumada al-thani": 6, "shaaban": 8,
        "ramadhan": 9, "dhul qidah": 11, "dhul hijjah": 12, "dhu al qadah": 11, "dhul qadah": 11,
    },
    "jalali": {"امرداد": 5, "day": 10, "amordad": 5},
}  # fmt: skip
