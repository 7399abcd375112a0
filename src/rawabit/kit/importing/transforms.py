"""The closed list of changes that a map may ask for. Pure; no expression of a map is ever executed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from rawabit.kit.text import latn


def _collapse(text: str) -> str:
    """Runs of blanks to one blank."""
    return " ".join(text.split())


def _digits(text: str) -> str:
    """Only the digits, in Latin."""
    return "".join(c for c in latn(text) if c in "0123456789")


TEXT_TRANSFORMS: dict[str, Callable[[str], str]] = {
    "strip": str.strip,
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "collapse": _collapse,
    "latin_digits": latn,
    "digits": _digits,
}
NUMBER_TRANSFORMS: dict[str, Callable[[Decimal], Decimal]] = {
    "negate": lambda number: -number if number else number,
    "abs": abs,
}
