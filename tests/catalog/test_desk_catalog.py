"""Items, groups, units, price lists and taxes on the desk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rawabit.catalog.models import Item, ItemGroup, Price, PriceList, Tax, Unit
from rawabit.catalog.queries import tax_percent_on
from rawabit.kit.display import PRESETS, using
from rawabit.kit.records.models import Event
from tests import makers
from tests.laws.world import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(company):
    return client_of(makers.make_user("administrator", "خالد", language="en"))


def item_data(**changes: str) -> dict[str, str]:
    unit, tax = Unit.objects.get(code="PCE"), makers.make_tax()
    kept = {"name": "مضخة مياه", "name_en": "Water pump", "sku": "xp-٢٠٠", "kind": "goods", "is_active": "on"}
    return {**kept, "unit": str(unit.pk), "tax": str(tax.pk), **changes}


# Items


def test_an_item_is_made_and_found_in_three_scripts(chief):
    answer = chief.post("/desk/items/new/", item_data(name_fa="پمپ آب"))
    item = Item.objects.get()
    assert answer.url == f"/desk/items/{item.pk}/" and item.sku == "xp-200"
    for words in ("مضخه", "پمپ", "PUMP", "xp-۲۰۰"):
        assert item in [row for row, _cells in chief.get("/desk/items/", {"q": words}).context["table"]], words


def test_names_stand_side_by_side_each_in_its_own_direction(chief):
    page = chief.get("/desk/items/new/").content.decode()
    for name, direction, language in (("name_ar", "rtl", "ar"), ("name_fa", "rtl", "fa"), ("name_en", "ltr", "en")):
        field = next(tag for tag in page.split("<input") if f'name="{name}"' in tag)
        assert f'dir="{direction}"' in field and f'lang="{language}"' in field
    assert page.count('data-w="4"') >= 3


def test_an_sku_is_used_once(chief):
    chief.post("/desk/items/new/", item_data())
    answer = chief.post("/desk/items/new/", item_data())
    assert answer.status_code == 422 and "sku" in answer.context["form"].errors


def test_the_list_shows_todays_price_in_equal_queries(chief):
    group = ItemGroup.objects.create(name="مضخات")
    makers.make_item(price="1250.5")
    chief.get("/desk/items/")
    counts = []
    for more in (0, 6):
        for _n in range(more):
            Item.objects.filter(pk=makers.make_item(price="9.999").pk).update(group=group)
        with CaptureQueriesContext(connection) as asked:
            page = chief.get("/desk/items/").content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "1,250.50" in page and page.count("9.999") == 6


def test_a_unit_price_keeps_its_decimals_and_rials_stay_rials(company):
    from rawabit.catalog.desk import UnitPrice

    rials = PriceList(currency="IRR")
    with using(PRESETS["IR"]):
        cell = UnitPrice("unit_price").cell(Price(price_list=rials, unit_price=Decimal(1250000)))
    assert "۱٬۲۵۰٬۰۰۰" in cell and "ریال" in cell
    with using(PRESETS["SA"]):
        assert "0.125500" not in (cell := UnitPrice("unit_price").cell(
            Price(price_list=PriceList(currency="SAR"), unit_price=Decimal("0.125500"))
        ))  # fmt: skip
        assert "0.1255" in cell
        assert "7.00" in UnitPrice("unit_price").cell(
            Price(price_list=PriceList(currency="SAR"), unit_price=Decimal(7))
        )


def test_selling_is_stopped_and_taken_up_for_many_at_once(chief):
    items = [makers.make_item() for _n in range(3)]
    chief.post("/desk/items/bulk/stop/", {"row": [item.pk for item in items[:2]]})
    assert list(Item.objects.order_by("pk").values_list("is_active", flat=True)) == [False, False, True]
    chief.post(f"/desk/items/{items[0].pk}/do/sell/")
    assert Item.objects.get(pk=items[0].pk).is_active


def test_an_item_in_a_document_is_kept(chief):
    item = makers.make_item()
    order = makers.make_order(makers.make_customer())
    order.lines.update(item=item)
    page = chief.post(f"/desk/items/{item.pk}/do/delete/")
    assert page.status_code == 409 and Item.objects.filter(pk=item.pk).exists()
    free = makers.make_item()
    asked = chief.get(f"/desk/items/{free.pk}/do/delete/")
    assert asked.status_code == 200 and Item.objects.filter(pk=free.pk).exists()
    assert chief.post(f"/desk/items/{free.pk}/do/delete/").url == "/desk/items/"
    assert not Item.objects.filter(pk=free.pk).exists()


def test_who_may_only_look_changes_nothing(seller):
    item, client = makers.make_item(), client_of(seller.user)
    page = client.get(f"/desk/items/{item.pk}/")
    assert page.status_code == 200 and not page.context["buttons"] and not page.context["may_edit"]
    for path in ("/desk/items/new/", f"/desk/items/{item.pk}/edit/", f"/desk/items/{item.pk}/do/stop/"):
        assert client.post(path, item_data()).status_code == 403, path
    assert Item.objects.get().version == item.version


# Prices and lists


def test_a_price_begins_today_unless_said_otherwise(chief):
    item, price_list = makers.make_item(), makers.PriceList.objects.first()
    form = chief.get("/desk/prices/new/", {"item": item.pk}).context["form"]
    assert form["item"].value() == str(item.pk) and isinstance(form["valid_from"].value(), date)
    done = chief.post("/desk/prices/new/", {
        "item": item.pk, "price_list": price_list.pk, "unit_price": "۱٬۲۵۰٫۵", "min_quantity": "10",
        "valid_from": "5/3/2026",
    })  # fmt: skip
    assert done.status_code == 302
    price = Price.objects.get(min_quantity=10)
    assert (price.unit_price, price.valid_from) == (Decimal("1250.5"), date(2026, 3, 5))


def test_a_price_does_not_end_before_it_begins(chief):
    item, price_list = makers.make_item(), makers.PriceList.objects.first()
    answer = chief.post("/desk/prices/new/", {
        "item": item.pk, "price_list": price_list.pk, "unit_price": "1", "min_quantity": "0",
        "valid_from": "5/3/2026", "valid_to": "4/3/2026",
    })  # fmt: skip
    assert answer.status_code == 422 and "valid_to" in answer.context["form"].errors


def test_one_list_is_the_default_of_its_currency(chief):
    for name in ("أ", "ب"):
        chief.post("/desk/price-lists/new/", {"name": name, "currency": "KWD", "is_default": "on", "is_active": "on"})
    assert [row.name for row in PriceList.objects.filter(currency="KWD", is_default=True)] == ["ب"]
    assert chief.post("/desk/price-lists/new/", {"name": "ج", "currency": "XXX"}).status_code == 422


# Taxes, units, groups

TAX = {"code": "medicine", "category": "Z", "name": "أدوية", "reason_code": "VATEX-SA-35", "reason": "Medicines"}


def test_a_tax_needs_a_rate_and_a_reason_not_to_be_charged(chief):
    bare = chief.post("/desk/taxes/new/", {**TAX, "reason": ""})
    assert set(bare.context["form"].errors) == {"reason", "percent"}
    half = chief.post("/desk/taxes/new/", {**TAX, "percent": "0"})
    assert set(half.context["form"].errors) == {"valid_from"}
    assert chief.post("/desk/taxes/new/", {**TAX, "percent": "0", "valid_from": "1/1/2018"}).status_code == 302
    assert tax_percent_on(Tax.objects.get(code="medicine"), date(2026, 3, 5)) == 0


def test_a_new_rate_leaves_the_old_days_as_they_were(chief):
    tax = makers.make_tax()
    kept = {"code": tax.code, "category": "S", "name": tax.name, "version": str(tax.version)}
    done = chief.post(f"/desk/taxes/{tax.pk}/edit/", {**kept, "percent": "٢٠", "valid_from": "1/1/2030"})
    assert done.status_code == 302
    assert [tax_percent_on(tax, date(year, 6, 1)) for year in (2019, 2026, 2030)] == [5, 15, 20]
    assert Event.objects.filter(name="tax.rate_set").last().facts["percent"] == "20"
    page = chief.get(f"/desk/taxes/{tax.pk}/").content.decode()
    assert "20%" in page and "15%" in page and "5%" in page


def test_what_is_in_use_is_not_deleted(chief):
    item = makers.make_item()
    used = chief.post(f"/desk/units/{item.unit_id}/do/delete/")
    assert used.status_code == 409 and Unit.objects.filter(pk=item.unit_id).exists()
    chief.post("/desk/item-groups/new/", {"name": "فارغة"})
    group = ItemGroup.objects.get()
    assert chief.post(f"/desk/item-groups/{group.pk}/do/delete/").url == "/desk/item-groups/"
    assert not ItemGroup.objects.exists()
    assert Event.objects.filter(name="itemgroup.deleted").exists()
