"""Taxes of the countries the product serves, as rows with dates.

Sources: Saudi Royal Decree A/638 (15 % from 1 July 2020) and the VAT law (5 % from 1 January 2018); UAE Federal
Decree-Law 8/2017; Bahrain's amendment of 2022; Oman Royal Decree 121/2020; Iran's budget law of 1403 (10 % from
1403-01-01, 9 % before). Reasons: ZATCA's VATEX-SA code list (E-invoicing XML implementation standard).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class TaxForm:
    """A tax to install. ``rates``: (per cent, from this day on). ``category`` as UNCL 5305: S, Z, E, O."""

    code: str
    name: str
    name_ar: str
    name_fa: str
    category: str
    rates: tuple[tuple[str, date], ...] = (("0", date(2018, 1, 1)),)
    reason_code: str = ""
    reason: str = ""


STANDARD: dict[str, tuple[tuple[str, date], ...]] = {
    "SA": (("5", date(2018, 1, 1)), ("15", date(2020, 7, 1))),
    "AE": (("5", date(2018, 1, 1)),),
    "BH": (("5", date(2019, 1, 1)), ("10", date(2022, 1, 1))),
    "OM": (("5", date(2021, 4, 16)),),
    "IR": (("9", date(2015, 3, 21)), ("10", date(2024, 3, 20))),
    "GB": (("20", date(2011, 1, 4)),),
}

_SAUDI = (
    TaxForm(
        "exempt-finance",
        "Exempt: financial services",
        "معفى: الخدمات المالية",
        "معاف: خدمات مالی",
        "E",
        reason_code="VATEX-SA-29",
        reason="Financial services mentioned in Article 29 of the VAT Regulations | الخدمات المالية",
    ),
    TaxForm(
        "exempt-property",
        "Exempt: residential property",
        "معفى: العقارات السكنية",
        "معاف: املاک مسکونی",
        "E",
        reason_code="VATEX-SA-30",
        reason="Real estate transactions mentioned in Article 30 of the VAT Regulations | عقد تأجير العقارات السكنية",
    ),
    TaxForm(
        "zero-export",
        "Zero: export of goods",
        "صفرية: تصدير السلع",
        "نرخ صفر: صادرات کالا",
        "Z",
        reason_code="VATEX-SA-32",
        reason="Export of goods | صادرات السلع من المملكة",
    ),
    TaxForm(
        "zero-export-services",
        "Zero: export of services",
        "صفرية: تصدير الخدمات",
        "نرخ صفر: صادرات خدمات",
        "Z",
        reason_code="VATEX-SA-33",
        reason="Export of services | صادرات الخدمات من المملكة",
    ),
    TaxForm(
        "zero-transport",
        "Zero: international transport",
        "صفرية: النقل الدولي",
        "نرخ صفر: حمل‌ونقل بین‌المللی",
        "Z",
        reason_code="VATEX-SA-34-1",
        reason="The international transport of goods | النقل الدولي للسلع",
    ),
    TaxForm(
        "zero-medicine",
        "Zero: medicines and medical equipment",
        "صفرية: الأدوية والمعدات الطبية",
        "نرخ صفر: دارو و تجهیزات پزشکی",
        "Z",
        reason_code="VATEX-SA-35",
        reason="Medicines and medical equipment | الأدوية والمعدات الطبية",
    ),
    TaxForm(
        "zero-gold",
        "Zero: qualifying metals",
        "صفرية: المعادن المؤهلة",
        "نرخ صفر: فلزات گران‌بها",
        "Z",
        reason_code="VATEX-SA-36",
        reason="Qualifying metals | المعادن المؤهلة",
    ),
    TaxForm(
        "zero-education",
        "Zero: private education to citizens",
        "صفرية: التعليم الأهلي للمواطنين",
        "نرخ صفر: آموزش خصوصی شهروندان",
        "Z",
        reason_code="VATEX-SA-EDU",
        reason="Private education to citizen | الخدمات التعليمية الخاصة للمواطنين",
    ),
    TaxForm(
        "zero-health",
        "Zero: private healthcare to citizens",
        "صفرية: الرعاية الصحية الأهلية للمواطنين",
        "نرخ صفر: درمان خصوصی شهروندان",
        "Z",
        reason_code="VATEX-SA-HEA",
        reason="Private healthcare to citizen | الخدمات الصحية الخاصة للمواطنين",
    ),
    TaxForm(
        "out-of-scope",
        "Out of scope",
        "خارج نطاق الضريبة",
        "خارج از شمول",
        "O",
        reason_code="VATEX-SA-OOS",
        reason="Not subject to VAT | غير خاضع لضريبة القيمة المضافة",
    ),
)
_ELSEWHERE = (
    TaxForm("zero", "Zero rate", "نسبة صفرية", "نرخ صفر", "Z", reason="Zero-rated supply"),
    TaxForm("exempt", "Exempt", "معفى", "معاف", "E", reason="Exempt supply"),
    TaxForm("out-of-scope", "Out of scope", "خارج نطاق الضريبة", "خارج از شمول", "O", reason="Not subject to tax"),
)
STANDARD_CODE = "standard"


def taxes_of(country: str) -> list[TaxForm]:
    """The taxes to begin with in a country; one without VAT (Kuwait, Qatar) gets no standard rate."""
    rates = STANDARD.get(country)
    standard = TaxForm(STANDARD_CODE, "VAT", "ضريبة القيمة المضافة", "مالیات بر ارزش افزوده", "S", rates or ())
    return [*([standard] if rates else []), *(_SAUDI if country == "SA" else _ELSEWHERE)]


def percent_on(rates: list[tuple[date, Decimal]], day: date) -> Decimal:
    """The rate in force on a day, of (valid from, per cent) pairs in any order; zero before the first."""
    return max(((start, rate) for start, rate in rates if start <= day), default=(day, Decimal(0)))[1]
