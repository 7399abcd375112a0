"""Items and prices from files of other programs."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rawabit.catalog.models import Item, Price, PriceList, Tax, Unit
from tests.connect.makers import do, table

pytestmark = pytest.mark.django_db

ITEMS = [
    ["کد کالا", "نام کالا", "بارکد", "واحد"],
    ["A-1", "میز چوبی", "۶۲۶۰۰۰۰۰۰۰۰۱", "عدد"],
    ["a-1", "میز کوچک", "", "متر"],
    ["B 2", "", "", ""],
    ["C", "پیچ", "", "بشکه"],
]
PRICES = [
    ["Price list of the shop"],
    [],
    ["SKU", "Price", "From", "Valid from"],
    ["A-1", "1.250.000", "", "1405/01/01"],
    ["A-1", "1.200.000,5", "10", "۱۴۰۵/۰۱/۰۱"],
    ["a-1", "900.000", "", "1405/13/01"],
    ["X", "5", "", "1405/01/01"],
    ["B 2", "-5", "", "1405/01/01"],
]


def test_items_with_units_taxes_and_letter_case(tmp_path: Path) -> None:
    done = do(table(tmp_path, ITEMS), "items")
    assert (done.facts["created"], done.reported) == ({"item": 3}, [(5, ["reference.unknown"])])
    rows = Item.objects.order_by("pk").values_list("sku", "name", "name_fa", "barcode", "unit__code", "tax__code")
    assert list(rows) == [
        ("A-1", "میز چوبی", "میز چوبی", "626000000001", "PCE", "standard"),
        ("a-1", "میز کوچک", "میز کوچک", "", "MTR", "standard"),
        ("B 2", "B 2", "", "", "PCE", "standard"),
    ]
    assert Item.objects.matching("چوبی").get().sku == "A-1"
    assert Unit.objects.count() > 10 and Tax.objects.count() > 1  # an empty installation gets the usual ones first


def test_a_name_that_comes_later_replaces_the_code(tmp_path: Path) -> None:
    plan = 'name = "x"\n[[target]]\nentity = "item"\ncolumns = {external_id="sku", name="name"}\n'
    rows = [["sku", "name"], ["A", ""], *([f"S{n}", "x"] for n in range(500)), ["A", "Lamp"], ["A", "Other"]]
    done = do(table(tmp_path, rows), plan)
    assert done.facts["created"] == {"item": 501}
    assert Item.objects.get(sku="A").name == "Lamp"
    assert Item.objects.matching("lamp").count() == 1


def test_prices_with_titles_above_decimal_commas_and_jalali_dates(tmp_path: Path) -> None:
    do(table(tmp_path, ITEMS), "items")
    done = do(table(tmp_path, PRICES, "p.csv", ";"), "prices")
    assert done.facts["created"] == {"price": 2}
    assert done.reported == [(6, ["value.date_format"]), (7, ["reference.unknown"]), (8, ["record.invalid"])]
    listed = PriceList.objects.get()
    assert (listed.name, listed.currency, listed.is_default) == ("Retail 1405", "IRR", False)
    rows = Price.objects.order_by("pk").values_list("item__sku", "unit_price", "min_quantity", "valid_from")
    assert list(rows) == [
        ("A-1", Decimal(1_250_000), Decimal(0), date(2026, 3, 21)),
        ("A-1", Decimal("1200000.5"), Decimal(10), date(2026, 3, 21)),
    ]


def test_a_price_that_is_there_already_is_told(tmp_path: Path) -> None:
    do(table(tmp_path, ITEMS), "items")
    do(table(tmp_path, PRICES[:4], "p.csv", ";"), "prices")
    other = (Path(__file__).resolve().parents[2] / "demo/maps/prices.toml").read_text().replace('"accounts"', '"shop"')
    plan = other + "\n"
    rows = [*PRICES[:3], ["A-1", "7", "", "1405/01/01"]]
    assert do(table(tmp_path, rows, "q.csv", ";"), plan).reported == [(4, ["document.number_taken"])]
    assert Price.objects.get().unit_price == 1_250_000


def test_a_list_of_another_currency_takes_no_price(tmp_path: Path) -> None:
    PriceList.objects.create(name="Retail 1405", currency="SAR")
    do(table(tmp_path, ITEMS), "items")
    done = do(table(tmp_path, PRICES[:4], "p.csv", ";"), "prices")
    assert done.reported == [(4, ["record.invalid"])]
