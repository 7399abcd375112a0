"""Which of several prices counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price of an item on a list: from a quantity, in [valid_from, valid_to]."""

    unit_price: Decimal
    min_quantity: Decimal
    valid_from: date
    valid_to: date | None = None

    def holds(self, quantity: Decimal, day: date) -> bool:
        return (
            self.min_quantity <= quantity and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        )


def best_price(rows: Iterable[PriceRow], quantity: Decimal, day: date) -> Decimal | None:
    """Of the prices that hold, the one for the largest quantity step; among equals the latest. None: no price."""
    valid = [row for row in rows if row.holds(quantity, day)]
    chosen = max(valid, key=lambda row: (row.min_quantity, row.valid_from), default=None)
    return chosen.unit_price if chosen else None
