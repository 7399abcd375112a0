"""What stands on the sample of a paper, in the language of its readers. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

CUSTOMERS = {"ar": "شركة الأفق للتجارة", "fa": "شرکت افق بازرگانی", "en": "Horizon Trading Co."}
ITEMS = {
    "ar": (("ورق تصوير A4 - شد 50 ورقة", "رزمة"), ("مضخة مياه 1.5 حصان", "حبة"), ("تركيب وتشغيل", "ساعة")),
    "fa": (("کاغذ A4 - بستهٔ ۵۰ برگی", "بسته"), ("پمپ آب ۱٫۵ اسب بخار", "عدد"), ("نصب و راه‌اندازی", "ساعت")),
    "en": (("Copy paper A4, 50 sheets", "pack"), ("Water pump 1.5 hp", "piece"), ("Installation", "hour")),
}
FIGURES = (("10", "18.50"), ("2", "740"), ("3", "150"))


def sample_words(language: str) -> str:
    """The customer's name."""
    return CUSTOMERS[language]


def sample_lines(language: str) -> list[dict[str, Any]]:
    """Fields of three lines."""
    return [
        {
            "position": place, "title": title, "unit": unit, "quantity": Decimal(quantity), "sku": f"SMP-{place:03}",
            "unit_price": Decimal(price), "tax_percent": Decimal(15), "kind": "goods",
        }
        for place, ((title, unit), (quantity, price)) in enumerate(zip(ITEMS[language], FIGURES, strict=True), 1)
    ]  # fmt: skip
