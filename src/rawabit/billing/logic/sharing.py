"""How an amount is given out over open invoices. Pure; amounts in minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Open:
    """An open invoice: its key, what is still owed, when it was due."""

    key: int
    amount: int
    due: date | None = None


def oldest_first(amount: int, invoices: Sequence[Open]) -> dict[int, int]:
    """``{invoice key: share}``: the oldest due date first, each as far as the money goes. Nothing is left unless all
    are paid."""
    shares: dict[int, int] = {}
    for invoice in sorted(invoices, key=lambda one: (one.due or date.max, one.key)):
        share = min(amount, invoice.amount)
        if share > 0:
            shares[invoice.key] = share
            amount -= share
    return shares
