"""Headings among the lines of a quotation: written by keyboard, moved, kept, and read by the customer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from rawabit.sales.models import Quotation
from rawabit.trade.logic.lines import LineInput
from tests.journeys.test_sale import shop
from tests.makers import PASSWORD, confirmed_order, posted_invoice, rows, sent_quotation

__all__ = ["shop"]
pytestmark = pytest.mark.django_db(transaction=True)
PASTE = """field => {
  const data = new DataTransfer();
  data.setData("text/plain", "XP-200\\t2\\nXP-200\\t3");
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize(("language", "width"), [("ar", 390), ("en", 1280)])
def test_headings_are_written_by_keyboard(walk, shop, language, width):
    desk = walk(language, width=width)
    desk.sign_in(shop["chief"], PASSWORD)
    desk.open(f"/desk/quotations/new/?customer={shop['customer'].pk}")
    page = desk.page
    lines = page.locator("tr[data-line]")
    page.locator("[name=title]").first.click()
    page.keyboard.type("XP-2")
    page.locator("#line-options [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+s")
    page.keyboard.type("/Work")  # no item is searched in a heading
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#line-options")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.type("Advice")
    lines.nth(1).locator("[name=unit_price]").fill("10")
    page.locator("[data-add=section]").click()
    page.keyboard.type("Pasted")
    lines.nth(3).locator("[name=title]").evaluate(PASTE)
    expect(lines).to_have_count(6)
    page.keyboard.press("Alt+s")  # an empty heading is not kept
    lines.nth(4).locator("[name=quantity]").click()
    page.keyboard.press("ArrowUp")
    expect(lines.nth(2).locator("[name=quantity]")).to_be_focused()
    lines.nth(3).locator("[data-more]").click()
    expect(page.locator("#line-menu button:visible")).to_have_count(4)
    page.keyboard.press("Escape")
    expect(lines.nth(4).locator("[data-net]")).to_contain_text("2,500")
    desk.check()

    desk.click(".sticky-cta button[data-v=primary]")

    quotation = Quotation.objects.get()
    assert [(line.kind, line.title) for line in quotation.lines.order_by("position")][::3] == [
        ("section", "/Work"), ("section", "Pasted"),
    ]  # fmt: skip
    assert (quotation.lines.count(), quotation.line_count, quotation.net) == (6, 4, 751_000)
    desk.open(f"/desk/quotations/{quotation.pk}/edit/")
    expect(page.locator("tr[data-section] [name=title]").nth(1)).to_have_value("Pasted")


@pytest.mark.parametrize(("language", "width"), [("ar", 390), ("en", 1280)])
def test_headings_before_the_customer(walk, shop, language, width):
    reader = walk(language, width=width)
    reader.sign_in(shop["buyer"], PASSWORD)
    lines = [LineInput(title="الضخ Pumps", section=True), *rows(2)]
    for name, make in (("quotations", sent_quotation), ("orders", confirmed_order), ("invoices", posted_invoice)):
        reader.open(f"/portal/{name}/{make(shop['customer'], rows=lines).uid}/")
        cell, table = reader.page.locator("tr.section td"), reader.page.locator("table:has(tr.section) tbody")
        assert cell.bounding_box()["width"] > table.bounding_box()["width"] * 0.8
