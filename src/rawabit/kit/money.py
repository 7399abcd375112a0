"""Exact money: integer minor units beside their currency.

Sources: ISO 4217 minor units; HALF_UP at the minor unit is the rounding both ZATCA (BR-KSA-DEC) and the
Iranian tax system expect; shares go out by largest remainder so that parts always add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

# The default context rounds at 28 digits; redenominated rials and unit costs may need more.
_WIDE: Final = Context(prec=80, rounding=ROUND_HALF_UP)
DEFAULT_DIGITS: Final = 2


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one sum or comparison."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"currency mismatch: {left} and {right}")
        self.left = left
        self.right = right


@dataclass(frozen=True, slots=True)
class CurrencyRow:
    """One state of a currency in time: `digits` minor digits from `valid_from` on (None: always was so).

    `factor_to_previous`: how many units of the row before make one unit of this one. The first row of a code is
    the scale stored integers are in. A redenomination is therefore best added as a code of its own (ISO gives
    one: TRL became TRY) with `previous` naming the old code; documents keep the code they were issued in.
    """

    code: str
    digits: int
    valid_from: date | None = None
    factor_to_previous: Decimal = Decimal(1)
    previous: str | None = None


# Iran: the law of 2025 (1 new rial = 10,000 rials = 100 qiran) has no start date yet. When it has one, add
# CurrencyRow(<new ISO code>, 2, <date>, Decimal(10_000), "IRR"); IRR rows and documents stay as they are.
CURRENCY_ROWS: Final[tuple[CurrencyRow, ...]] = (
    CurrencyRow("SAR", 2),
    CurrencyRow("AED", 2),
    CurrencyRow("QAR", 2),
    CurrencyRow("KWD", 3),
    CurrencyRow("BHD", 3),
    CurrencyRow("OMR", 3),
    CurrencyRow("JOD", 3),
    CurrencyRow("IQD", 3),
    CurrencyRow("TND", 3),
    CurrencyRow("LYD", 3),
    CurrencyRow("IRR", 0),
    CurrencyRow("JPY", 0),
    CurrencyRow("KRW", 0),
    CurrencyRow("VND", 0),
    CurrencyRow("USD", 2),
    CurrencyRow("EUR", 2),
    CurrencyRow("GBP", 2),
    CurrencyRow("EGP", 2),
)


def _rows_by_code() -> dict[str, tuple[CurrencyRow, ...]]:
    found: dict[str, list[CurrencyRow]] = {}
    for row in CURRENCY_ROWS:
        found.setdefault(row.code, []).append(row)
    return {code: tuple(sorted(rows, key=lambda r: r.valid_from or date.min)) for code, rows in found.items()}


_BY_CODE: Final = _rows_by_code()
_STORED_DIGITS: Final = {code: rows[0].digits for code, rows in _BY_CODE.items()}


def digits_of(currency: str, on: date | None = None) -> int:
    """Minor digits of a currency on a day (SAR 2, KWD 3, IRR 0; unknown codes 2, as ISO 4217's most common).

    Without `on`: the scale in which stored integers are kept, which never changes for a code.
    """
    if on is None:
        return _STORED_DIGITS.get(currency, DEFAULT_DIGITS)
    rows = _BY_CODE.get(currency, ())
    digits = rows[0].digits if rows else DEFAULT_DIGITS
    for row in rows:
        if row.valid_from is None or row.valid_from <= on:
            digits = row.digits
    return digits


def _half_up(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`minor` integer units of `currency` (125000 SAR minor = 1,250.00 riyals). Immutable, hashable, never float."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units must be int, not {type(self.minor).__name__}")

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """Major units to Money, rounded HALF_UP at the minor unit. ValueError for NaN and infinities."""
        if isinstance(amount, float):
            raise TypeError("money is never made from float")
        value = Decimal(amount)
        if not value.is_finite():
            raise ValueError("money must be finite")
        return cls(_half_up(_WIDE.scaleb(value, digits_of(currency))), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in that currency."""
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """Major units, exact, with as many decimals as the currency has."""
        return _WIDE.scaleb(Decimal(self.minor), -digits_of(self.currency))

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other) if isinstance(other, Money) else NotImplemented

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other) if isinstance(other, Money) else NotImplemented

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other) if isinstance(other, Money) else NotImplemented

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other) if isinstance(other, Money) else NotImplemented

    def __str__(self) -> str:
        """For logs and exports: '1250.00 SAR'. Screens use `Display.money_text`."""
        return f"{self.amount:f} {self.currency}"

    def times(self, factor: Decimal | int) -> Money:
        """Multiplied by a quantity or a rate, rounded HALF_UP (away from zero at the half) to the minor unit."""
        if isinstance(factor, float):
            raise TypeError("money is never multiplied by float")
        return Money(_half_up(_WIDE.multiply(Decimal(self.minor), Decimal(factor))), self.currency)

    def split(self, weights: Sequence[Decimal | int]) -> list[Money]:
        """Shares in proportion to `weights`, by largest remainder (ties: the earlier one), summing exactly to self.

        A zero weight gets nothing. ValueError when the weights add up to zero and there is something to give out.
        """
        return [Money(share, self.currency) for share in _largest_remainder(self.minor, weights)]


def _largest_remainder(minor: int, weights: Sequence[Decimal | int]) -> list[int]:
    exact = [Fraction(w) for w in weights]
    total = sum(exact, Fraction(0))
    if total == 0:
        if minor == 0:
            return [0] * len(exact)
        raise ValueError("weights add up to zero")
    sign = -1 if minor < 0 else 1
    ideal = [abs(minor) * w / total for w in exact]
    shares = [share.__floor__() for share in ideal]
    left = abs(minor) - sum(shares)
    order = sorted(range(len(ideal)), key=lambda i: shares[i] - ideal[i])
    for i in order[:left]:
        shares[i] += 1
    return [sign * share for share in shares]


def sum_money(amounts: Iterable[Money], currency: str) -> Money:
    """Sum in `currency`; zero for nothing; CurrencyMismatch when a stranger is among them."""
    minor = 0
    for amount in amounts:
        if amount.currency != currency:
            raise CurrencyMismatch(currency, amount.currency)
        minor += amount.minor
    return Money(minor, currency)
