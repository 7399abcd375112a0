"""A table of customers from an old program, as a manager brings it in Arabic: upload, columns, check, run, undo."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from rawabit.connect.models import ImportFile
from rawabit.crm.models import Customer
from tests import makers
from tests.connect.desk import csv_of, work
from tests.makers import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = [
    ["رقم العميل", "اسم العميل", "الجوال", "المدينة", "حد الائتمان"],
    ["C1", "شركة النور للتجارة", "0501234567", "الرياض", "1000"],
    ["C2", "مؤسسة الأفق", "0501234568", "جدة", "2000"],
    ["C3", "شركة الريان", "0501234569", "الدمام", "كثير"],
]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_comes_in_and_goes_again(walk, tmp_path, width: int) -> None:
    chief = makers.make_user("administrator", "هند", password=PASSWORD, language="ar")
    path = tmp_path / "عملاء.csv"
    path.write_bytes(csv_of(ROWS, "windows-1256"))
    walker = walk("ar", width=width).sign_in(chief.email, PASSWORD)
    page = walker.open("/desk/imports/").page
    page.set_input_files("#file", str(path))
    walker.click("main form button[data-v=primary]")
    assert page.locator("#col-0").input_value() == "external_id"
    assert page.locator("#col-4").input_value() == "credit_limit"
    walker.click("button[name=go][value=check]")
    expect(page.locator("progress")).to_be_visible()
    file = work(ImportFile.objects.get())
    expect(page.locator("#errors")).to_be_visible()  # the page changes by itself
    walker.check()
    assert Customer.objects.count() == 0
    walker.click('form[action$="/run/"] button')
    work(file)
    expect(page.locator('form[action$="/undo/"]')).to_be_visible()
    walker.check()
    assert Customer.objects.count() == 2
    with page.expect_download() as got:
        page.locator('a[href*="/failed/0/"]').click()
    assert "كثير" in got.value.path().read_text(encoding="utf-8-sig")
    walker.click('a[href$="/records/customer/"]')
    walker.open(f"/desk/imports/{file.uid}/")
    page.locator('form[action$="/undo/"] button').click()
    with page.expect_navigation():
        page.locator("dialog[open] button[data-v=primary], dialog[open] button[data-v=danger]").first.click()
    work(file)
    expect(page.locator("#back")).to_be_visible()
    walker.check()
    assert Customer.objects.count() == 0
