"""Which kind of official number somebody has given, when that is certain. Pure."""

from __future__ import annotations

from rawabit.kit.identifiers import check_identifier

KINDS = {"SA": ("sa_vat", "sa_unified", "sa_cr"), "IR": ("ir_legal_id", "ir_economic_code")}


def kind_of_number(country: str, text: str) -> str:
    """The first kind of the country whose check the number passes; "" for none."""
    return next((kind for kind in KINDS.get(country, ()) if text and check_identifier(kind, text).ok), "")
