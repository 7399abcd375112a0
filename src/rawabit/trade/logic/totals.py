"""What a document adds up to. Pure: no database, no request, no clock.

Rules: each line's net is rounded half-up at the currency's minor unit; tax is computed once per category and rate on
the sum of those nets and rounded half-up (EN 16931 BR-CO-17, ZATCA BR-KSA-EN16931-08); that tax is shared out to the
lines by largest remainder, so that lines, rates and total always add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from rawabit.kit.money import Money

_WIDE = Context(prec=80)  # quantity × price × discount may need more than the 28 digits of the default context
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line's figures. ``discount_percent`` and ``tax_percent`` in points (15 means 15 %)."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal = Decimal(0)
    tax_percent: Decimal = Decimal(0)
    tax_category: str = "S"
    tax_reason_code: str = ""
    tax_reason: str = ""

    @property
    def rate(self) -> tuple[str, Decimal, str]:
        """What lines must share to be taxed together."""
        return self.tax_category, self.tax_percent, self.tax_reason_code


@dataclass(frozen=True, slots=True)
class RateTotal:
    """Net and tax of all lines of one category and rate."""

    category: str
    percent: Decimal
    reason_code: str
    reason: str
    net: Money
    tax: Money

    def as_json(self) -> dict[str, Any]:
        """For ``Document.tax_summary``: amounts in minor units, the per cent as text."""
        return {
            "category": self.category,
            "percent": f"{self.percent.normalize():f}",
            "reason_code": self.reason_code,
            "reason": self.reason,
            "net": self.net.minor,
            "tax": self.tax.minor,
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """``nets`` and ``taxes`` stand in the order of the lines; ``discount`` is what line discounts took off."""

    nets: Sequence[Money]
    taxes: Sequence[Money]
    rates: Sequence[RateTotal]
    net: Money
    discount: Money
    tax: Money

    @property
    def total(self) -> Money:
        return self.net + self.tax


def line_net(line: LineAmounts, currency: str) -> Money:
    """quantity × unit price less discount, rounded half-up once."""
    return _product(line, _HUNDRED - line.discount_percent, currency)


def _product(line: LineAmounts, percent: Decimal, currency: str) -> Money:
    gross = _WIDE.multiply(line.quantity, line.unit_price)
    return Money.of(_WIDE.scaleb(_WIDE.multiply(gross, percent), -2), currency)


def add_up(lines: Sequence[LineAmounts], currency: str) -> Totals:
    """The totals of a document. No lines add up to zero."""
    nets = [line_net(line, currency) for line in lines]
    full = [_product(line, _HUNDRED, currency) for line in lines]
    taxes = [Money.zero(currency)] * len(lines)
    rates = []
    for places in _by_rate(lines).values():
        rate = _rate_total(lines[places[0]], [nets[i] for i in places], currency)
        rates.append(rate)
        for i, share in zip(places, _shares(rate.tax, [nets[i] for i in places]), strict=True):
            taxes[i] = share
    net = _sum(nets, currency)
    return Totals(nets, taxes, rates, net, _sum(full, currency) - net, _sum((r.tax for r in rates), currency))


def _by_rate(lines: Sequence[LineAmounts]) -> dict[tuple[str, Decimal, str], list[int]]:
    """Rates in a fixed order, so that the order of lines changes no total; places of their lines."""
    places: dict[tuple[str, Decimal, str], list[int]] = {}
    for rate in sorted({line.rate for line in lines}, key=lambda rate: (-rate[1], rate[0], rate[2])):
        places[rate] = [i for i, line in enumerate(lines) if line.rate == rate]
    return places


def _rate_total(line: LineAmounts, nets: Sequence[Money], currency: str) -> RateTotal:
    net = _sum(nets, currency)
    tax = net.times(_WIDE.scaleb(line.tax_percent, -2))
    return RateTotal(line.tax_category, line.tax_percent, line.tax_reason_code, line.tax_reason, net, tax)


def _shares(tax: Money, nets: Sequence[Money]) -> list[Money]:
    """A rounded tax of nothing but tiny lines may be nothing; then nobody gets a share."""
    return tax.split([net.minor for net in nets]) if tax else [Money.zero(tax.currency)] * len(nets)


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money.zero(currency))
