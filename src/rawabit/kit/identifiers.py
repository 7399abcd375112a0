"""Official numbers of persons, companies, accounts and places, with their checks.

Stored as text: Latin digits, no spaces, capital letters. Sources: ZATCA BR-KSA-40/44 (VAT), BR-KSA-08/14 (other ids),
SAMA circular 106900951 of 2025 (unified 700 number), ISO 13616 / ISO 7064 mod 97 (IBAN), the Luhn check (Saudi
identity, bank cards), Iran's civil registry and company registry check digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from rawabit.kit.text import clean_user_text, latn


def gettext_noop(text: str) -> str:
    """Marks an English msgid for the catalogues under the name their extractor knows; kit.marking needs Django."""
    return text


BLOCK: Final = "block"
WARN: Final = "warn"


class Checked(NamedTuple):
    """`value` as it is stored; `ok`; `problem_code` "" | empty | length | format | checksum | country."""

    value: str
    ok: bool
    problem_code: str


PROBLEMS: Final = {
    "empty": gettext_noop("This number is empty."),
    "length": gettext_noop("This number has the wrong length."),
    "format": gettext_noop("This number does not have the expected form."),
    "checksum": gettext_noop("One digit of this number is wrong."),
    "country": gettext_noop("This number belongs to another country."),
}


def compact(text: str) -> str:
    """Latin digits and capitals without spaces, hyphens or bidi marks: the form in which numbers are stored."""
    return re.sub(r"[\s\u00a0\u2010-\u2015-]", "", latn(text)).upper()


# ---------------------------------------------------------------- check digits
def luhn_ok(number: str) -> bool:
    """ISO/IEC 7812 check of a digit string."""
    doubled = [int(c) * (1 + i % 2) for i, c in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _digits(value: str, length: int) -> str:
    """No problem ("") when `value` is exactly so many ASCII digits."""
    if len(value) != length:
        return "length"
    return "" if re.fullmatch(r"[0-9]+", value) else "format"


def sa_vat_problem(value: str) -> str:
    """15 digits, first and last 3 (BR-KSA-40)."""
    return _digits(value, 15) or ("" if value[0] == value[-1] == "3" else "format")


def sa_vat_is_group(text: str) -> bool:
    """A VAT group: the eleventh digit of the number is 1."""
    value = compact(text)
    return not sa_vat_problem(value) and value[10] == "1"


def sa_cr_form(text: str) -> str | None:
    """'unified' (7…, the only company number since 3 April 2025) | 'legacy' (a city's register) | None."""
    value = compact(text)
    if _digits(value, 10):
        return None
    return "unified" if value[0] == "7" else "legacy"


def sa_cr_problem(value: str) -> str:
    """10 digits; there is no public check digit."""
    return _digits(value, 10)


def sa_unified_problem(value: str) -> str:
    """10 digits that begin with 7."""
    return _digits(value, 10) or ("" if value[0] == "7" else "format")


def sa_national_id_holder(text: str) -> str | None:
    """'citizen' (1…) | 'resident' (2…, iqama) | None when the number is wrong."""
    value = compact(text)
    if sa_national_id_problem(value):
        return None
    return "citizen" if value[0] == "1" else "resident"


def sa_national_id_problem(value: str) -> str:
    """10 digits, 1 or 2 first, Luhn."""
    problem = _digits(value, 10) or ("" if value[0] in "12" else "format")
    return problem or ("" if luhn_ok(value) else "checksum")


def sa_short_address_problem(value: str) -> str:
    """National short address: four letters, four digits (RRRD2929)."""
    if len(value) != 8:
        return "length"
    return "" if re.fullmatch(r"[A-Z]{4}[0-9]{4}", value) else "format"


IBAN_LENGTHS: Final = {
    "SA": 24, "IR": 26, "AE": 23, "KW": 30, "BH": 22, "QA": 29, "OM": 23, "JO": 30, "IQ": 23, "EG": 29, "TR": 26,
    "LB": 28, "PK": 24, "GB": 22, "DE": 22, "FR": 27, "NL": 18, "IT": 27, "ES": 24, "CH": 21,
}  # fmt: skip


def iban_problem(value: str, country: str | None = None) -> str:
    """ISO 13616: country, its length where we know it, mod 97. `country` asks for an account of that country."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", value):
        return "format" if 15 <= len(value) <= 34 else "length"
    if country and value[:2] != country:
        return "country"
    if len(value) != IBAN_LENGTHS.get(value[:2], len(value)):
        return "length"
    rearranged = "".join(str(int(c, 36)) for c in value[4:] + value[:4])
    return "" if int(rearranged) % 97 == 1 else "checksum"


def sa_iban_problem(value: str) -> str:
    """A Saudi account: SA and 22 digits or letters."""
    return iban_problem(value, "SA")


def ir_iban_problem(value: str) -> str:
    """An Iranian account (شبا): IR and 24 digits."""
    return iban_problem(value, "IR")


def ir_national_code_problem(value: str) -> str:
    """کد ملی: 10 digits with their leading zeros, weights 10…2, remainder of 11; not all digits equal."""
    problem = _digits(value, 10) or ("format" if len(set(value)) == 1 else "")
    if problem:
        return problem
    rest = sum(int(value[i]) * (10 - i) for i in range(9)) % 11
    return "" if int(value[9]) == (rest if rest < 2 else 11 - rest) else "checksum"


def ir_legal_id_problem(value: str) -> str:
    """شناسه ملی of a company: 11 digits, each with the tenth digit plus two added, weights 29 27 23 19 17."""
    problem = _digits(value, 11) or ("format" if len(set(value)) == 1 or value[3:9] == "000000" else "")
    if problem:
        return problem
    added = int(value[9]) + 2
    rest = sum((int(value[i]) + added) * (29, 27, 23, 19, 17)[i % 5] for i in range(10)) % 11
    return "" if int(value[10]) == rest % 10 else "checksum"


def ir_postal_code_problem(value: str) -> str:
    """کد پستی: 10 digits, no 0 or 2 among the first five, not four equal at the start."""
    pattern = r"(?!([0-9])\1{3})[13-9]{4}[1346-9][013-9]{5}"
    return _digits(value, 10) or ("" if re.fullmatch(pattern, value) else "format")


def ir_economic_code_problem(value: str) -> str:
    """کد اقتصادی: 11, 12 or 14 digits, by kind of taxpayer and age of the number."""
    return _digits(value, len(value) if len(value) in (11, 12, 14) else 14)


def ir_card_problem(value: str) -> str:
    """Bank card: 16 digits, Luhn."""
    return _digits(value, 16) or ("" if luhn_ok(value) else "checksum")


def ir_sayad_problem(value: str) -> str:
    """شناسه صیاد of a cheque: 16 digits."""
    return _digits(value, 16)


def free_problem(value: str) -> str:
    """Other party identifiers: letters and digits, at most 30 characters (the XML allows nothing else, BR-KSA-08)."""
    if len(value) > 30:
        return "length"
    return "" if re.fullmatch(r"[A-Z0-9]+", value) else "format"


# ---------------------------------------------------------------- showing
def plain(value: str) -> str:
    """As stored."""
    return value


def by_fours(value: str) -> str:
    """SA03 8000 0000 6080 1016 7519."""
    return " ".join(value[i : i + 4] for i in range(0, len(value), 4))


def _card(value: str) -> str:
    return by_fours(value).replace(" ", "-")


def _postal(value: str) -> str:
    return f"{value[:5]}-{value[5:]}" if len(value) == 10 else value


def _national_code(value: str) -> str:
    return f"{value[:3]}-{value[3:9]}-{value[9:]}" if len(value) == 10 else value


def mask_middle(value: str) -> str:
    """All but the first and the last three characters: for readers without the permission."""
    return value[:1] + "*" * (len(value) - 4) + value[-3:] if len(value) > 4 else "*" * len(value)


def _mask_ends(value: str) -> str:
    return by_fours(value[:4] + "*" * (len(value) - 8) + value[-4:]) if len(value) > 8 else "*" * len(value)


def _mask_card(value: str) -> str:
    return _card(value[:4] + "*" * 8 + value[-4:]) if len(value) == 16 else "*" * len(value)


# ---------------------------------------------------------------- the table
@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """One kind of official number. `label` is an English msgid; `strictness` BLOCK refuses, WARN only says so.

    `scheme`: the ZATCA party identification scheme it is sent under, "" when none. `personal` numbers are masked
    for staff without the permission and stay out of addresses, logs and subjects.
    """

    code: str
    country: str
    label: str
    problem: Callable[[str], str]
    strictness: str = BLOCK
    scheme: str = ""
    personal: bool = False
    format_for_display: Callable[[str], str] = plain
    mask: Callable[[str], str] = mask_middle


def _other(scheme: str, label: str) -> IdentifierKind:
    personal = scheme in ("NAT", "GCC", "IQA", "PAS")
    return IdentifierKind(f"zatca_{scheme.lower()}", "SA", label, free_problem, BLOCK, scheme, personal)


_KINDS: Final = (
    IdentifierKind("sa_vat", "SA", gettext_noop("VAT number"), sa_vat_problem),
    IdentifierKind("sa_unified", "SA", gettext_noop("Unified number (700)"), sa_unified_problem, scheme="700"),
    IdentifierKind("sa_cr", "SA", gettext_noop("Commercial registration"), sa_cr_problem, scheme="CRN"),
    IdentifierKind(
        "sa_national_id", "SA", gettext_noop("National ID or iqama"), sa_national_id_problem, scheme="NAT",
        personal=True,
    ),
    IdentifierKind("sa_short_address", "SA", gettext_noop("Short national address"), sa_short_address_problem),
    IdentifierKind("iban", "", gettext_noop("IBAN"), iban_problem, format_for_display=by_fours, mask=_mask_ends),
    IdentifierKind(
        "sa_iban", "SA", gettext_noop("Saudi IBAN"), sa_iban_problem, format_for_display=by_fours, mask=_mask_ends
    ),
    IdentifierKind(
        "ir_iban", "IR", gettext_noop("Iranian IBAN (Sheba)"), ir_iban_problem, format_for_display=by_fours,
        mask=_mask_ends,
    ),
    IdentifierKind(
        "ir_national_code", "IR", gettext_noop("National code"), ir_national_code_problem, personal=True,
        format_for_display=_national_code,
    ),
    IdentifierKind("ir_legal_id", "IR", gettext_noop("National ID of the company"), ir_legal_id_problem),
    IdentifierKind(
        "ir_postal_code", "IR", gettext_noop("Postal code"), ir_postal_code_problem, WARN, format_for_display=_postal
    ),
    IdentifierKind("ir_economic_code", "IR", gettext_noop("Economic code"), ir_economic_code_problem, WARN),
    IdentifierKind(
        "ir_card", "IR", gettext_noop("Bank card number"), ir_card_problem, personal=True, format_for_display=_card,
        mask=_mask_card,
    ),
    IdentifierKind(
        "ir_sayad", "IR", gettext_noop("Sayad cheque number"), ir_sayad_problem, format_for_display=by_fours
    ),
    _other("MOM", gettext_noop("Municipality licence")),
    _other("MLS", gettext_noop("Ministry of labour licence")),
    _other("SAG", gettext_noop("Investment licence")),
    _other("TIN", gettext_noop("Tax identification number")),
    _other("NAT", gettext_noop("National ID (e-invoice)")),
    _other("GCC", gettext_noop("Gulf citizen ID")),
    _other("IQA", gettext_noop("Iqama number (e-invoice)")),
    _other("PAS", gettext_noop("Passport number")),
    _other("OTH", gettext_noop("Other identifier")),
)  # fmt: skip

IDENTIFIERS: Final[dict[str, IdentifierKind]] = {kind.code: kind for kind in _KINDS}


def check_identifier(kind: str, text: str) -> Checked:
    """Clean and check an official number; empty text is the problem `empty`. KeyError for an unknown kind."""
    value = compact(clean_user_text(text))
    problem = IDENTIFIERS[kind].problem(value) if value else "empty"
    return Checked(value, not problem, problem)
