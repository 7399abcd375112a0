"""What an address needs in its country. Pure.

Sources: the Saudi national address (building 4 digits, secondary 4, postal 5, short address 4 letters + 4 digits);
the Iranian postal code of 10 digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rawabit.kit.identifiers import check_identifier, compact
from rawabit.kit.marking import _
from rawabit.kit.text import latn

_FOUR, _FIVE = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{5}")
NUMERIC = ("building", "secondary", "postal_code", "short_code")
PROVINCES_IR = (
    "آذربایجان شرقی", "آذربایجان غربی", "اردبیل", "اصفهان", "البرز", "ایلام", "بوشهر", "تهران", "چهارمحال و بختیاری",
    "خراسان جنوبی", "خراسان رضوی", "خراسان شمالی", "خوزستان", "زنجان", "سمنان", "سیستان و بلوچستان", "فارس", "قزوین",
    "قم", "کردستان", "کرمان", "کرمانشاه", "کهگیلویه و بویراحمد", "گلستان", "گیلان", "لرستان", "مازندران", "مرکزی",
    "هرمزگان", "همدان", "یزد",
)  # fmt: skip


def cleaned(address: Mapping[str, str]) -> dict[str, str]:
    """The same fields with Latin digits and without spaces where numbers stand."""
    return {name: compact(value) if name in NUMERIC else value.strip() for name, value in address.items()}


def problems(country: str, address: Mapping[str, str]) -> dict[str, Any]:
    """``{field: words}`` of what is wrong; the fields as :func:`cleaned` left them. Empty fields are no problem here:
    an address may be known in part."""
    if country == "SA":
        return _saudi(address)
    if country == "IR":
        return _iranian(address)
    return {}


def _saudi(address: Mapping[str, str]) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    building, secondary = address.get("building", ""), address.get("secondary", "")
    if building and not _FOUR.fullmatch(building):
        wrong["building"] = _("A building number has four digits.")
    if secondary and not _FOUR.fullmatch(secondary):
        wrong["secondary"] = _("A secondary number has four digits.")
    if (code := address.get("postal_code", "")) and not _FIVE.fullmatch(code):
        wrong["postal_code"] = _("A Saudi postal code has five digits.")
    if (short := address.get("short_code", "")) and not check_identifier("sa_short_address", short).ok:
        wrong["short_code"] = _("A short address has four letters and four digits, such as RRRD2929.")
    return wrong


def _iranian(address: Mapping[str, str]) -> dict[str, Any]:
    code = address.get("postal_code", "")
    if code and not re.fullmatch(r"[0-9]{10}", code):
        return {"postal_code": _("An Iranian postal code has ten digits.")}
    return {}


def missing_for_tax(country: str, address: Mapping[str, str]) -> list[str]:
    """The fields that a Saudi tax invoice to a company still needs (BR-KSA-63); none elsewhere."""
    needed = ("street", "building", "district", "city", "postal_code") if country == "SA" else ()
    return [name for name in needed if not address.get(name)]


_PASTED = re.compile(r"(?P<building>[0-9]{4})\D.*?(?P<postal>[0-9]{5})\D+(?P<secondary>[0-9]{4})\b", re.DOTALL)
_SHORT = re.compile(r"\b([A-Z]{4})\s?([0-9]{4})\b")


def split_pasted(text: str) -> dict[str, str]:
    """The fields of a Saudi national address pasted as one piece of text, as far as they can be told apart:
    «RRRD2929، 2929 الملك فهد، حي الورود، الرياض 12345 - 8118»."""
    plain = re.sub(r"[،,\n]+", ",", latn(text).upper())
    found: dict[str, str] = {}
    if short := _SHORT.search(plain):
        found["short_code"] = short[1] + short[2]
        plain = plain.replace(short[0], "", 1)
    if numbers := _PASTED.search(plain):
        found |= {
            "building": numbers["building"], "postal_code": numbers["postal"], "secondary": numbers["secondary"],
        }  # fmt: skip
    return found | _words_of(plain, found)


def _words_of(plain: str, found: Mapping[str, str]) -> dict[str, str]:
    for number in found.values():
        plain = plain.replace(number, "", 1)
    parts = [part.strip(" -–") for part in plain.split(",")]
    parts = [part for part in parts if part]
    return dict(zip(("street", "district", "city"), parts, strict=False)) if len(parts) >= 3 else {}
