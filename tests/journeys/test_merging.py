"""A manager finds a customer who was taken down twice, makes one of the two, and takes it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from rawabit.crm.models import Customer, Merge
from tests import makers
from tests.makers import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def farms():
    makers.make_company()
    kept = makers.make_customer("مزارع الربيع", name_en="Al Rabie Farms", phone="+966163001122")
    makers.posted_invoice(kept)
    double = makers.make_customer(
        "شركة مزارع الربيع المحدودة", phone="+966551000108", considerations="يفضل التواصل صباحاً"
    )
    makers.make_contact(double, "فهد الرشيد", role="decision_maker")
    boss = makers.make_user("manager", "سلمان", password=PASSWORD, language="ar")
    return {"kept": kept, "double": double, "boss": boss.email}


@pytest.mark.parametrize("width", [390, 1280])
def test_two_become_one_and_two_again(walk, farms, width):
    walker = walk("ar", width=width)
    walker.sign_in(farms["boss"], PASSWORD)
    kept, double = farms["kept"], farms["double"]
    page = walker.page

    walker.open(f"/desk/customers/merge/?keep={kept.pk}")
    walker.click(f'a[href$="other={double.pk}"]')
    page.check('input[name=f_phone][value="loser"]')
    walker.click(".sticky-cta button[data-v=primary]")

    assert page.url.endswith(f"/desk/customers/{kept.pk}/")
    kept.refresh_from_db()
    assert (kept.phone, kept.considerations) == ("+966551000108", "يفضل التواصل صباحاً")
    expect(page.locator("#people")).to_contain_text("فهد الرشيد")
    walker.open(f"/desk/customers/{kept.pk}/map/")
    expect(page.locator("svg.map:visible")).to_contain_text("فهد الرشيد")

    walker.open(f"/desk/customers/{double.pk}/")
    assert page.url.endswith(f"/desk/customers/{kept.pk}/"), "the old address leads to the one that stayed"
    walker.click("#merged form button")
    assert Merge.objects.get().undone_at is not None
    assert Customer.objects.get(pk=double.pk).merged_into is None
    kept.refresh_from_db()
    assert kept.phone == "+966163001122"
    walker.open(f"/desk/customers/{double.pk}/")
    expect(page.locator("#people")).to_contain_text("فهد الرشيد")
