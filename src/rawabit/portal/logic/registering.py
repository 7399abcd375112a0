"""What a registration may say, and which official number it is. Pure."""

from __future__ import annotations

from typing import Final

from rawabit.kit.identifiers import IDENTIFIERS, check_identifier, compact

# Which official numbers a company of a country may give, the likeliest first.
NUMBERS: Final = {"SA": ("sa_vat", "sa_cr", "sa_unified"), "IR": ("ir_legal_id", "ir_economic_code")}
# Providers of private addresses: their domain tells nothing about the company.
PRIVATE_DOMAINS: Final = frozenset({
    "gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "live.com", "msn.com", "yahoo.com", "ymail.com",
    "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com", "gmx.com", "mail.com", "zoho.com", "yandex.com",
    "chmail.ir", "mailfa.com", "hotmail.fr", "outlook.sa",
})  # fmt: skip


def number_kind(text: str, country: str) -> str:
    """The kind of official number that the text is, by its check digits; "" when it is none."""
    kinds = [kind for kind in NUMBERS.get(country, ()) if kind in IDENTIFIERS]
    return next((kind for kind in kinds if check_identifier(kind, text).ok), "")


def plain_number(text: str) -> str:
    return compact(text)


def company_domain(email: str) -> str:
    """The domain of a company's own address; "" for private addresses."""
    domain = email.rpartition("@")[2].strip().lower()
    return "" if domain in PRIVATE_DOMAINS else domain
