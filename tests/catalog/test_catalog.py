"""Prices, taxes with dates, items by what people type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from rawabit.catalog.actions import (
    delete_item,
    install_taxes,
    put_price_list,
    set_item_active,
    set_price,
    set_rate,
)
from rawabit.catalog.logic.prices import PriceRow, best_price
from rawabit.catalog.logic.taxes import percent_on, taxes_of
from rawabit.catalog.models import Item, PriceList, Tax, TaxRate, Unit
from rawabit.catalog.queries import find_items, items_by_code, price_for, prices_for, tax_percent_on
from rawabit.kit.states import Refused
from tests.makers import NOW, SYSTEM, TODAY, default_list, make_company, make_item, make_order, make_price_list


@pytest.mark.parametrize(
    ("country", "day", "percent"),
    [
        ("SA", "2017-12-31", "0"), ("SA", "2018-01-01", "5"), ("SA", "2020-06-30", "5"), ("SA", "2020-07-01", "15"),
        ("AE", "2026-03-05", "5"), ("BH", "2021-12-31", "5"), ("BH", "2022-01-01", "10"), ("OM", "2026-03-05", "5"),
        ("IR", "2024-03-19", "9"), ("IR", "2024-03-20", "10"),
    ],
)  # fmt: skip
def test_the_rate_of_a_day(country, day, percent):
    standard = next(form for form in taxes_of(country) if form.code == "standard")
    rates = [(start, Decimal(rate)) for rate, start in standard.rates]
    assert percent_on(rates, date.fromisoformat(day)) == Decimal(percent)


@pytest.mark.parametrize("country", ["KW", "QA"])
def test_countries_without_vat_have_no_standard_rate(country):
    assert "standard" not in {form.code for form in taxes_of(country)}


def test_untaxed_says_why(company):
    assert not Tax.objects.exclude(category="S").filter(reason="").exists()
    codes = set(Tax.objects.exclude(category="S").values_list("reason_code", flat=True))
    assert {"VATEX-SA-32", "VATEX-SA-29", "VATEX-SA-35", "VATEX-SA-OOS"} <= codes
    with pytest.raises(IntegrityError), transaction.atomic():
        Tax.objects.create(code="x", name="x", category="E")


def test_installing_taxes_twice_changes_nothing(company):
    before = (Tax.objects.count(), TaxRate.objects.count())
    install_taxes("SA", actor=SYSTEM, at=NOW)
    assert (Tax.objects.count(), TaxRate.objects.count()) == before
    assert Unit.objects.get(code="KGM").name_fa == "کیلوگرم"


def test_a_new_rate_counts_from_its_day(company):
    tax = Tax.objects.get(code="standard")
    set_rate(tax, Decimal(10), date(2027, 1, 1), actor=SYSTEM, at=NOW)

    assert tax_percent_on(tax, date(2026, 12, 31)) == 15
    assert tax_percent_on(tax, date(2027, 1, 1)) == 10
    with pytest.raises(Refused):
        set_rate(tax, Decimal(101), date(2028, 1, 1), actor=SYSTEM, at=NOW)


def test_the_customer_s_list_comes_before_the_usual_one(company):
    item = make_item(price="100")
    special = make_price_list()
    assert price_for(item, price_list=special, currency="SAR", quantity=Decimal(1), day=TODAY) == 100

    set_price(item, special, Decimal("80.5"), valid_from=date(2026, 1, 1), actor=SYSTEM, at=NOW)

    assert price_for(item, price_list=special, currency="SAR", quantity=Decimal(1), day=TODAY) == Decimal("80.5")
    assert price_for(item, price_list=None, currency="SAR", quantity=Decimal(1), day=TODAY) == 100
    assert price_for(item, price_list=special, currency="USD", quantity=Decimal(1), day=TODAY) is None


def test_quantity_steps_and_days(company):
    item, usual = make_item(price="100"), default_list()
    set_price(item, usual, Decimal(90), valid_from=date(2020, 1, 1), min_quantity=Decimal(10), actor=SYSTEM, at=NOW)
    set_price(item, usual, Decimal(120), valid_from=date(2026, 4, 1), actor=SYSTEM, at=NOW)
    set_price(item, usual, Decimal(50), valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 4), actor=SYSTEM, at=NOW)

    def price(quantity: str, day: date) -> Decimal | None:
        return price_for(item, price_list=None, currency="SAR", quantity=Decimal(quantity), day=day)

    assert price("1", date(2026, 3, 4)) == 50
    assert price("1", date(2026, 3, 5)) == 100
    assert price("9.999", date(2026, 3, 5)) == 100
    assert price("10", date(2026, 3, 5)) == 90
    assert price("1", date(2026, 4, 1)) == 120
    assert price("1", date(2019, 12, 31)) is None


@given(
    st.lists(
        st.builds(
            PriceRow, st.decimals(0, 100, places=2), st.decimals(0, 20, places=1),
            st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.none(),
        ),
        max_size=8,
    ),
    st.decimals(0, 30, places=1),
)  # fmt: skip
def test_a_larger_quantity_never_falls_back_to_a_smaller_step(rows, quantity):
    chosen = best_price(rows, quantity, TODAY)
    steps = [row.min_quantity for row in rows if row.holds(quantity, TODAY)]
    if not steps:
        assert chosen is None
    else:
        assert chosen in {row.unit_price for row in rows if row.min_quantity == max(steps)}


def test_prices_of_many_items_cost_as_much_as_of_one(company, django_assert_num_queries):
    items = [make_item() for _ in range(7)]
    for some in (items[:1], items):
        with django_assert_num_queries(2):
            assert len(prices_for({item.pk: Decimal(1) for item in some}, None, "SAR", TODAY)) == len(some)


def test_setting_a_price_again_replaces_it(company):
    item = make_item(price="100")
    set_price(item, default_list(), Decimal(70), valid_from=date(2020, 1, 1), actor=SYSTEM, at=NOW)
    assert [price.unit_price for price in item.prices.all()] == [70]
    with pytest.raises(Refused):
        set_price(item, default_list(), Decimal(-1), valid_from=TODAY, actor=SYSTEM, at=NOW)


def test_one_default_list_per_currency(company):
    first, second = default_list(), make_price_list(name="New", is_default=True)
    assert list(PriceList.objects.filter(is_default=True)) == [second]
    put_price_list(first, actor=SYSTEM, at=NOW)  # it still believes to be the default
    assert list(PriceList.objects.filter(is_default=True)) == [first]


@pytest.mark.parametrize("typed", ["مضخه", "XP-200", "xp-200", "٦٢٨١٠٠", "pump 200", "المضخة"])
def test_items_are_found_however_they_are_typed(company, manager, typed):
    item = make_item("مضخة", name_en="Pump XP 200", sku="XP-200", barcode="628100")
    make_item("صمام", sku="V-1")
    assert list(find_items(typed, manager.actor)) == [item]


def test_an_exact_code_comes_first(company, manager):
    longer = make_item("A", sku="P-10")
    exact = make_item("Z", sku="P-1")
    assert list(find_items("p-1", manager.actor)) == [exact, longer]


def test_items_no_longer_sold_are_not_offered(company, manager):
    item = make_item(sku="OLD-1")
    set_item_active(item, False, actor=manager.actor, at=NOW)
    assert list(find_items("old-1", manager.actor)) == []
    assert items_by_code(["OLD-1"]) == {}


def test_many_codes_in_one_query(company, django_assert_num_queries):
    items = [make_item(barcode=f"62810{n}") for n in range(3)]
    with django_assert_num_queries(1):
        found = items_by_code([items[0].sku.lower(), "٦٢٨١٠١", "nothing", ""])
    assert found == {items[0].sku.lower(): items[0], "٦٢٨١٠١": items[1]}


def test_items_with_documents_stay(company, manager):
    order = make_order()
    with pytest.raises(Refused):
        delete_item(order.lines.get().item, actor=manager.actor, at=NOW)
    free = make_item(price=None)
    delete_item(free, actor=manager.actor, at=NOW)
    assert not Item.objects.filter(sku=free.sku).exists()


def test_sales_people_do_not_change_prices(company, seller):
    item = make_item()
    with pytest.raises(PermissionDenied):
        set_price(item, default_list(), Decimal(1), valid_from=TODAY, actor=seller.actor, at=NOW)


def test_customers_see_no_catalogue(amina, babak):
    make_item()
    assert not Item.objects.visible_to(amina.actor).exists()
    assert make_company()
