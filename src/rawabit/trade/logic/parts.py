"""A part of a line that was invoiced as a whole: for credit notes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rawabit.kit.money import Money


@dataclass(frozen=True, slots=True)
class Credited:
    """An invoice line and what earlier credit notes have taken of it. Amounts in minor units of one currency."""

    quantity: Decimal
    net: Money
    tax: Money
    quantity_before: Decimal
    net_before: Money
    tax_before: Money

    @property
    def quantity_left(self) -> Decimal:
        return self.quantity - self.quantity_before

    @property
    def net_left(self) -> Money:
        return self.net - self.net_before

    @property
    def tax_left(self) -> Money:
        return self.tax - self.tax_before


@dataclass(frozen=True, slots=True)
class Part:
    """What a credit note takes of one line."""

    quantity: Decimal
    net: Money
    tax: Money


def by_quantity(line: Credited, quantity: Decimal) -> Part:
    """The net and tax of a quantity. Taken in any pieces, the pieces add up to the line to the last minor unit, and no
    piece takes more than is left. ValueError beyond the quantity that is left."""
    if not 0 < quantity <= line.quantity_left:
        raise ValueError("quantity beyond what is left")
    if quantity == line.quantity_left:
        return Part(quantity, line.net_left, line.tax_left)
    share = Fraction(quantity) / Fraction(line.quantity)
    net = _least(_share(line.net, share), line.net_left)
    return Part(quantity, net, _tax_of(line, net))


def by_amount(line: Credited, net: Money) -> Part:
    """A net amount taken off a line whose quantity stays as it was (a lower price). ValueError beyond what is left."""
    if not 0 < net.minor <= line.net_left.minor:
        raise ValueError("amount beyond what is left")
    return Part(Decimal(0), net, _tax_of(line, net))


def _tax_of(line: Credited, net: Money) -> Money:
    """The tax that belongs to a part of the net; the last part of the net takes all the tax that is left."""
    if net == line.net_left:
        return line.tax_left
    if not line.net:
        return Money.zero(net.currency)
    return _least(_share(line.tax, Fraction(net.minor, line.net.minor)), line.tax_left)


def _share(whole: Money, share: Fraction) -> Money:
    exact = whole.minor * share  # never negative here, so this integer division rounds half up
    return Money((2 * exact.numerator + exact.denominator) // (2 * exact.denominator), whole.currency)


def _least(one: Money, other: Money) -> Money:
    return min(one, other, key=lambda money: money.minor)
