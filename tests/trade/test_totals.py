"""Documents add up: lines, rates and totals, in every currency, to the last minor unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.kit.money import Money, digits_of
from rawabit.trade.logic.parts import Credited, by_amount, by_quantity
from rawabit.trade.logic.totals import LineAmounts, add_up, line_net

currencies = st.sampled_from(["SAR", "KWD", "IRR", "USD"])
line = st.builds(
    LineAmounts,
    quantity=st.decimals(Decimal("0.001"), 99_999, places=3),
    unit_price=st.decimals(0, 999_999, places=6),
    discount_percent=st.sampled_from([Decimal(0), Decimal(5), Decimal("33.3333"), Decimal(100)]),
    tax_percent=st.sampled_from([Decimal(0), Decimal(5), Decimal(15)]),
    tax_category=st.sampled_from(["S", "Z"]),
)
lines = st.lists(line, max_size=12)


@given(lines, currencies)
def test_lines_rates_and_totals_agree(lines, currency):
    totals = add_up(lines, currency)

    assert sum(net.minor for net in totals.nets) == totals.net.minor == sum(rate.net.minor for rate in totals.rates)
    assert sum(tax.minor for tax in totals.taxes) == totals.tax.minor == sum(rate.tax.minor for rate in totals.rates)
    assert totals.total == totals.net + totals.tax
    assert all(tax.minor >= 0 for tax in totals.taxes)


@given(lines, currencies)
def test_tax_is_rounded_once_per_rate(lines, currency):
    for rate in add_up(lines, currency).rates:
        exact = Decimal(rate.net.minor) * rate.percent / 100
        assert rate.tax.minor == int(exact.to_integral_value(ROUND_HALF_UP))


@given(lines, currencies, st.randoms())
def test_the_order_of_lines_changes_no_total(lines, currency, random):
    one, other = add_up(lines, currency), add_up(random.sample(lines, len(lines)), currency)
    assert (one.net, one.tax, one.discount) == (other.net, other.tax, other.discount)
    assert list(one.rates) == list(other.rates)


@given(line, currencies)
def test_a_net_is_rounded_half_up_once(line, currency):
    exact = line.quantity * line.unit_price * (100 - line.discount_percent) / 100
    expected = exact.scaleb(digits_of(currency)).to_integral_value(ROUND_HALF_UP)
    assert line_net(line, currency).minor == int(expected)


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "currency", "minor"),
    [
        ("1", "0.005", "0", "SAR", 1), ("1", "0.0049", "0", "SAR", 0), ("3", "33.335", "0", "SAR", 10001),
        ("1", "1.0005", "0", "KWD", 1001), ("1", "0.5", "0", "IRR", 1), ("2", "99.99", "12.5", "SAR", 17498),
        ("999999999.999", "999999999.999999", "0", "SAR", 99999999999899900000),
    ],
)  # fmt: skip
def test_golden_nets(quantity, price, discount, currency, minor):
    line = LineAmounts(Decimal(quantity), Decimal(price), Decimal(discount))
    assert line_net(line, currency) == Money(minor, currency)


def test_a_golden_document():
    """Three lines of 33.33 at 15 %: tax is 15.00 on the sum, not 3 × 5.00 by luck of rounding lines."""
    totals = add_up([LineAmounts(Decimal(1), Decimal("33.33"), tax_percent=Decimal(15))] * 3, "SAR")
    assert (totals.net.minor, totals.tax.minor, totals.total.minor) == (9999, 1500, 11499)
    assert sorted(tax.minor for tax in totals.taxes) == [500, 500, 500]


def test_discounts_are_told():
    totals = add_up([LineAmounts(Decimal(2), Decimal(100), Decimal(10), Decimal(15))], "SAR")
    assert (totals.net.minor, totals.discount.minor, totals.tax.minor) == (18000, 2000, 2700)


def test_exempt_and_zero_stand_apart():
    zero = LineAmounts(Decimal(1), Decimal(10), tax_category="Z", tax_reason_code="VATEX-SA-32", tax_reason="Export")
    exempt = LineAmounts(Decimal(1), Decimal(10), tax_category="E", tax_reason_code="VATEX-SA-29", tax_reason="Finance")
    taxed = LineAmounts(Decimal(1), Decimal(10), tax_percent=Decimal(15))
    rates = add_up([zero, taxed, exempt, zero], "SAR").rates
    assert [(rate.category, rate.net.minor, rate.tax.minor) for rate in rates] == [
        ("S", 1000, 150), ("E", 1000, 0), ("Z", 2000, 0),
    ]  # fmt: skip
    assert rates[0].as_json() == {
        "category": "S", "percent": "15", "reason_code": "", "reason": "", "net": 1000, "tax": 150,
    }  # fmt: skip


def test_nothing_adds_up_to_nothing():
    totals = add_up([], "KWD")
    assert (totals.total, totals.rates) == (Money(0, "KWD"), [])


# Parts of lines, for credit notes


@st.composite
def invoiced(draw):
    quantity = draw(st.decimals(Decimal("0.001"), 1000, places=3))
    net = draw(st.integers(0, 10**9))
    tax = draw(st.integers(0, max(net // 5, 1)))
    pieces = draw(st.lists(st.integers(1, 1000), min_size=1, max_size=8))
    return quantity, net, tax, pieces


def _credit(quantity, net, tax, taken):
    done = [sum(parts) for parts in zip(*taken, strict=True)] if taken else [Decimal(0), 0, 0]
    return Credited(
        quantity, Money(net, "SAR"), Money(tax, "SAR"), Decimal(done[0]), Money(done[1], "SAR"), Money(done[2], "SAR")
    )


@given(invoiced())
def test_pieces_of_a_line_add_up_to_the_line(case):
    quantity, net, tax, weights = case
    steps = int(quantity * 1000)
    cuts = sorted({min(steps, steps * sum(weights[: n + 1]) // sum(weights)) for n in range(len(weights))} | {steps})
    taken = []
    for start, end in zip([0, *cuts[:-1]], cuts, strict=True):
        if end == start:
            continue
        part = by_quantity(_credit(quantity, net, tax, taken), Decimal(end - start) / 1000)
        assert part.net.minor >= 0 and part.tax.minor >= 0
        taken.append((part.quantity, part.net.minor, part.tax.minor))
    assert tuple(map(sum, zip(*taken, strict=True))) == (quantity, net, tax)


@given(st.integers(1, 10**9), st.integers(0, 10**8), st.integers(1, 10**9))
def test_amounts_never_take_more_than_is_left(net, tax, asked):
    line = _credit(Decimal(3), net, min(tax, net), [])
    if asked > net:
        with pytest.raises(ValueError, match="beyond"):
            by_amount(line, Money(asked, "SAR"))
        return
    part = by_amount(line, Money(asked, "SAR"))
    assert (part.quantity, part.net.minor) == (0, asked)
    assert 0 <= part.tax.minor <= line.tax.minor
    if asked == net:
        assert part.tax == line.tax


@pytest.mark.parametrize("quantity", ["0", "-1", "3.001"])
def test_quantities_outside_the_line_are_refused(quantity):
    with pytest.raises(ValueError, match="beyond"):
        by_quantity(_credit(Decimal(3), 100, 15, []), Decimal(quantity))
