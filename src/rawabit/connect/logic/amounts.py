"""Amounts of imported documents. Pure; nothing is rounded that the source wrote exactly."""

from __future__ import annotations

from decimal import Decimal

from rawabit.connect.logic.reasons import Rejected
from rawabit.kit.money import Money, digits_of


def exact_minor(amount: object, currency: str, column: str) -> int:
    """Major units as written to minor units; Rejected when the currency has fewer decimals than the text."""
    number = Decimal(str(amount))
    minor = Money.of(number, currency)
    if minor.amount != number:
        raise Rejected("document.inexact", column=column, value=f"{number:f}", currency=currency)
    return minor.minor


def major(minor: int, currency: str) -> Decimal:
    """Minor units as an exact decimal with as many places as the currency has."""
    return Decimal(minor).scaleb(-digits_of(currency))
