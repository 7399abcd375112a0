"""Telephone numbers: stored E.164, searched by national digits, shown as the reader dials them.

Source: the metadata of `phonenumbers` (libphonenumber); WhatsApp's wa.me form is digits without + and trunk zero.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import phonenumbers

from rawabit.kit.text import latn

_REASONS: Final = {
    phonenumbers.ValidationResult.TOO_SHORT: "too_short",
    phonenumbers.ValidationResult.TOO_LONG: "too_long",
    phonenumbers.ValidationResult.INVALID_COUNTRY_CODE: "country",
}


class NotAPhone(ValueError):
    """No telephone number. `code`: empty | unreadable | too_short | too_long | country | unassigned."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


@lru_cache(maxsize=8192)
def parse_phone(text: str, region: str) -> str:
    """Typed number to E.164, read as in `region` (ISO code) when no country is written. NotAPhone otherwise."""
    plain = latn(text).strip()
    if not plain:
        raise NotAPhone("empty", text)
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException as error:
        raise NotAPhone("unreadable", text) from error
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone(_REASONS.get(phonenumbers.is_possible_number_with_reason(number), "unassigned"), text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=8192)
def format_phone(e164: str, viewer_region: str) -> str:
    """050 123 4567 to a reader of the same country, +966 50 123 4567 to others; what is no number stays as it is."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    same = phonenumbers.region_code_for_number(number) == viewer_region
    style = phonenumbers.PhoneNumberFormat.NATIONAL if same else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def national_digits(e164: str) -> str:
    """Digits as dialled inside the country (0501234567): stored for search beside the E.164 form."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return re.sub(r"[^0-9]", "", latn(e164))
    return re.sub(r"[^0-9]", "", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))


def whatsapp_link(e164: str, text: str) -> str:
    """https://wa.me/9665XXXXXXXX?text=…; without a text no query."""
    link = f"https://wa.me/{re.sub(r'[^0-9]', '', e164)}"
    return f"{link}?text={quote(text, safe='')}" if text else link
