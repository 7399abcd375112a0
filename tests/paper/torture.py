"""The page that breaks engines: brackets, mixed runs, diacritics, ligatures, long words, many pages, every currency."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from rawabit.kit.display import Display
from rawabit.kit.money import Money
from rawabit.kit.paper.sheet import Block, Fact, Group, Pair, Sheet, Total
from rawabit.kit.paper.writing import Writer, ltr, user, user_lines
from rawabit.trade.papers import line_columns, line_rows

DAY = dt.date(2026, 3, 5)
TITLES = (
    "SO-2026/00123 (جديد)", "A4 - شد 50 ورقة", "اتصل على +966 50 123 4567 قبل التسليم", "لا إله إلا الله – لآلئ الأرض",
    "مُدَرِّبٌ مُحْتَرِفٌ لِلْكَهْرَباءِ", "گچ‌پژ می‌شود؛ نیم‌فاصله", "C++ و ABC-12! مقابل 120 × 60 × 75",
    "Acme Ltd. مورّد 15%–20% من الكمية", "شركة" + "الأفق" * 39 + "نهاية", "W" * 200, "خصم −1,250.00 على 2026-03-05",
    "<script>alert(1)</script> #let x = 1 $a^2$ *bold* _it_ @ref \\n [x]", "漢字 🙂 ⃁ 1,250.00", "ﷲ ﷼ ٱلْحَمْدُ",
)  # fmt: skip
IBAN = "SA0380000000608010167519"
TERMS = "الدفع خلال 30 يوماً.\nPay within 30 days (net).\nتا ۳۰ روز."
DISPLAYS = {
    "ar": [Display()],
    "fa": [Display("fa", "jalali", "gregorian", "arabext", "Asia/Tehran", "IR", 5, "abbr", "toman", 24)],
    "en": [Display("en", "gregorian", None, "latn", "Asia/Riyadh", "SA", 6, "symbol")],
    "ar_en": [Display(), Display("en", "gregorian", None, "latn")],
}
CURRENCIES = {"ar": "SAR", "fa": "IRR", "en": "KWD", "ar_en": "SAR"}


def line(place: int, title: str, **more: Any) -> Any:
    values = {
        "kind": "goods", "title": title, "details": "", "sku": f"XP-{place:04}", "unit": "حبة",
        "quantity": Decimal("2.5"),
        "unit_price": Decimal(1250), "discount_percent": Decimal(0), "tax_percent": Decimal(15), "tax": 46875,
        "net": 312500, "optional": False, "chosen": True, **more,
    }  # fmt: skip
    return SimpleNamespace(**values)


def torture(language: str, repeat: int = 1) -> Sheet:
    """The sheet; ``repeat`` makes it long."""
    writer, currency = Writer(DISPLAYS[language]), CURRENCIES[language]
    lines: list[Any] = [line(0, "القسم الأول (1)", kind="section")]
    lines += [line(place, title) for place, title in enumerate(TITLES * repeat, 1)]
    lines[2].optional, lines[2].chosen = True, False
    lines[3].discount_percent = Decimal("12.5")
    lines[4].details = "سطر أول\nSecond line: +966 11 234 5678\nخط سوم"
    amounts = [Money(125000, currency), Money(-125000, currency), Money(0, currency)]
    return Sheet(
        lang=writer.lang, dir=writer.dir, digits=writer.digits, lang2=writer.languages[-1],
        dir2="ltr" if writer.languages[-1] == "en" else "rtl",
        title="Torture", author="شركة الروابط", day=DAY, heading=writer.label("فاتورة ضريبية"), number="INV-2026/00001",
        sender=[
            user("شركة الروابط (ذ.م.م)"), user("Rawabit Co. [KSA]"), f"{writer.phone('+966501234567')}  ·  info@x.sa",
        ],
        pages=["{page} / {pages}"], mark=writer.label("مسودة"),
        facts=[
            Fact(writer.label("التاريخ"), writer.day(DAY)), Fact(writer.label("IBAN"), [writer.iban(IBAN)]),
            Fact(writer.label("الجوال"), [writer.phone("+966501234567")]),
        ],
        parties=[
            Group(writer.label("البائع"), [
                Pair(user("شركة الروابط"), strong=True), Pair(ltr("310122393500003"), writer.label("الرقم الضريبي")),
            ]),
            Group(writer.label("المشتري"), [
                Pair(user("خان" * 66), strong=True), *map(Pair, user_lines("سطر\nLine 2 (B)")),
            ]),
        ],
        columns=line_columns(writer, lines, taxes=True), rows=line_rows(writer, lines, currency, taxes=True),
        totals=[Total(writer.label("الإجمالي"), writer.money(amount), kind)
                for amount, kind in zip(amounts, ("grand", "plain", "due"), strict=True)],
        words_label=writer.label("كتابة"), words=writer.in_words(amounts[0]),
        boxes=[Group(writer.label("البنك"), [Pair(writer.iban(IBAN), writer.label("IBAN"))])],
        blocks=[Block(writer.label("الشروط"), writer.paras(TERMS))],
        footer=user("شركة الروابط"),
    )  # fmt: skip
