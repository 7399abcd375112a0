from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.kit import money as module
from rawabit.kit.money import CurrencyMismatch, CurrencyRow, Money, digits_of, sum_money


@pytest.mark.parametrize(
    ("currency", "digits"),
    [
        *((code, 2) for code in ("SAR", "AED", "USD", "XYZ")),
        *((code, 3) for code in ("KWD", "BHD", "OMR", "JOD", "IQD", "TND")),
        *((code, 0) for code in ("IRR", "JPY")),
    ],
)
def test_minor_digits(currency: str, digits: int) -> None:
    assert digits_of(currency) == digits
    assert digits_of(currency, date(2026, 11, 21)) == digits


def test_a_dated_row_changes_the_digits_from_its_day_but_not_the_stored_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (CurrencyRow("IRR", 0), CurrencyRow("IRR", 2, date(2028, 3, 20), Decimal(10_000)))
    monkeypatch.setattr(module, "_BY_CODE", {"IRR": rows})
    assert digits_of("IRR", date(2028, 3, 19)) == 0
    assert digits_of("IRR", date(2028, 3, 20)) == 2
    assert digits_of("IRR") == 0


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1.005", "SAR", 101),
        ("-1.005", "SAR", -101),
        ("1.0049", "SAR", 100),
        ("15.1255", "KWD", 15126),
        ("0.5", "IRR", 1),
        (7, "SAR", 700),
        ("123456789012345678901234567890.125", "SAR", 12345678901234567890123456789013),
    ],
)
def test_of_rounds_half_up(amount: str | int, currency: str, minor: int) -> None:
    assert Money.of(amount, currency) == Money(minor, currency)


def test_amount_is_exact_in_major_units() -> None:
    assert Money(101, "SAR").amount == Decimal("1.01")
    assert str(Money(1_250, "KWD").amount) == "1.250"
    assert str(Money(-5, "SAR")) == "-0.05 SAR"
    assert str(Money(5_000, "IRR")) == "5000 IRR"


def test_floats_and_infinities_are_refused() -> None:
    with pytest.raises(TypeError):
        Money.of(1.1, "SAR")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(1.0, "SAR")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(1, "SAR").times(0.15)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="finite"):
        Money.of("NaN", "SAR")


def test_arithmetic_and_comparison() -> None:
    one, two = Money(100, "SAR"), Money(200, "SAR")
    assert one + two == Money(300, "SAR")
    assert one - two == -one
    assert abs(-one) == one
    assert one < two <= two
    assert two > one >= one
    assert not Money.zero("SAR")
    assert one
    assert len({one, Money(100, "SAR"), two}) == 2


def test_currencies_never_mix() -> None:
    sar, usd = Money(1, "SAR"), Money(1, "USD")
    for mixed in (lambda: sar + usd, lambda: sar - usd, lambda: sar < usd, lambda: sum_money([sar, usd], "SAR")):
        with pytest.raises(CurrencyMismatch):
            mixed()
    assert sar != usd


def test_times_rounds_half_up_away_from_zero() -> None:
    assert Money(333, "SAR").times(Decimal("0.15")) == Money(50, "SAR")
    assert Money(-333, "SAR").times(Decimal("0.15")) == Money(-50, "SAR")
    assert Money(1, "SAR").times(Decimal("0.5")) == Money(1, "SAR")


def test_split_by_largest_remainder() -> None:
    assert [m.minor for m in Money(10000, "SAR").split([1, 1, 1])] == [3334, 3333, 3333]
    assert [m.minor for m in Money(100, "SAR").split([Decimal("0.5"), 0, Decimal("1.5")])] == [25, 0, 75]
    assert [m.minor for m in Money(-1, "SAR").split([1, 2])] == [0, -1]
    assert Money(0, "SAR").split([0, 0]) == [Money(0, "SAR")] * 2
    with pytest.raises(ValueError, match="weights"):
        Money(1, "SAR").split([0, 0])


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=12).filter(any),
)
def test_split_gives_out_every_unit_and_nobody_is_off_by_one(minor: int, weights: list[Decimal]) -> None:
    shares = Money(minor, "SAR").split(weights)
    assert sum_money(shares, "SAR") == Money(minor, "SAR")
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor * total - minor * weight) < total


@given(st.integers(-(10**18), 10**18), st.sampled_from(["SAR", "KWD", "IRR"]))
def test_amount_and_of_are_inverse(minor: int, currency: str) -> None:
    assert Money.of(Money(minor, currency).amount, currency).minor == minor


def test_sum_of_nothing_is_zero() -> None:
    assert sum_money([], "OMR") == Money.zero("OMR")
