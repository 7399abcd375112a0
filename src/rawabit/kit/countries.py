"""Countries by ISO 3166-1 code, for choosing: the Gulf and Iran first, then the rest by English name."""

from __future__ import annotations

from typing import Any, Final

from rawabit.kit.marking import _

COUNTRIES: Final[dict[str, Any]] = {
    "SA": _("Saudi Arabia"), "IR": _("Iran"), "AE": _("United Arab Emirates"), "KW": _("Kuwait"), "QA": _("Qatar"),
    "BH": _("Bahrain"), "OM": _("Oman"), "YE": _("Yemen"), "IQ": _("Iraq"), "JO": _("Jordan"), "SY": _("Syria"),
    "LB": _("Lebanon"), "PS": _("Palestine"), "EG": _("Egypt"), "SD": _("Sudan"), "LY": _("Libya"),
    "TN": _("Tunisia"), "DZ": _("Algeria"), "MA": _("Morocco"), "TR": _("Türkiye"), "AF": _("Afghanistan"),
    "PK": _("Pakistan"), "IN": _("India"), "AU": _("Australia"), "AT": _("Austria"), "AZ": _("Azerbaijan"),
    "BD": _("Bangladesh"), "BE": _("Belgium"), "BR": _("Brazil"), "CA": _("Canada"), "CN": _("China"),
    "CY": _("Cyprus"), "CZ": _("Czechia"), "DK": _("Denmark"), "FI": _("Finland"), "FR": _("France"),
    "DE": _("Germany"), "GR": _("Greece"), "HK": _("Hong Kong"), "IS": _("Iceland"), "ID": _("Indonesia"),
    "IE": _("Ireland"), "IT": _("Italy"), "JP": _("Japan"), "LT": _("Lithuania"), "MY": _("Malaysia"),
    "MT": _("Malta"), "NL": _("Netherlands"), "NO": _("Norway"), "PL": _("Poland"), "PT": _("Portugal"),
    "RU": _("Russia"), "SG": _("Singapore"), "ZA": _("South Africa"), "KR": _("South Korea"), "ES": _("Spain"),
    "SE": _("Sweden"), "CH": _("Switzerland"), "TJ": _("Tajikistan"), "TM": _("Turkmenistan"),
    "GB": _("United Kingdom"), "US": _("United States"), "UZ": _("Uzbekistan"),
}  # fmt: skip


def country_choices(kept: str = "") -> list[tuple[str, Any]]:
    """For a form field. ``kept``: a code that stands in the record and stays choosable though it is not listed."""
    extra = [(kept, kept)] if kept and kept not in COUNTRIES else []
    return [*COUNTRIES.items(), *extra]


def country_name(code: str) -> str:
    return str(COUNTRIES.get(code, code))
