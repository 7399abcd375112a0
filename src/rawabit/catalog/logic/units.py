"""Units to begin with: UN/ECE Recommendation 20 codes and their names. Pure."""

from __future__ import annotations

# code, English, Arabic, Persian
UNITS: tuple[tuple[str, str, str, str], ...] = (
    ("PCE", "Piece", "قطعة", "عدد"),
    ("BX", "Box", "صندوق", "جعبه"),
    ("CT", "Carton", "كرتون", "کارتن"),
    ("PK", "Pack", "عبوة", "بسته"),
    ("SET", "Set", "طقم", "دست"),
    ("DZN", "Dozen", "درزن", "دوجین"),
    ("KGM", "Kilogram", "كيلوغرام", "کیلوگرم"),
    ("GRM", "Gram", "غرام", "گرم"),
    ("TNE", "Tonne", "طن", "تن"),
    ("LTR", "Litre", "لتر", "لیتر"),
    ("MTR", "Metre", "متر", "متر"),
    ("MTK", "Square metre", "متر مربع", "متر مربع"),
    ("MTQ", "Cubic metre", "متر مكعب", "متر مکعب"),
    ("RO", "Roll", "لفة", "رول"),
    ("HUR", "Hour", "ساعة", "ساعت"),
    ("DAY", "Day", "يوم", "روز"),
    ("MON", "Month", "شهر", "ماه"),
    ("ANN", "Year", "سنة", "سال"),
    ("E48", "Service unit", "وحدة خدمة", "واحد خدمت"),
)
