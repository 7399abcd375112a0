"""Headings among the lines of a quotation: written by keyboard, moved, kept, and read by the customer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from rawabit.sales.models import Quotation
from tests import makers
from tests.makers import NOW, PASSWORD, SYSTEM, confirmed_order, posted_invoice, sent_quotation
from tests.journeys.test_sale import shop

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["shop"]


@pytest.mark.parametrize(("language", "width"), [("ar", 390), ("en", 1280)])
def test_sections(walk, shop, language, width):
    desk = walk(language, width=width)
    desk.sign_in(shop["chief"], PASSWORD)
    page = desk.page
    desk.open(f"/desk/quotations/new/?customer={shop['customer'].pk}")
    page.locator("[name=title]").first.click()
    page.keyboard.type("XP-2")
    page.locator("#line-options [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+s")
    page.keyboard.type("/Work")  # no item is searched in a heading
    expect(page.locator("#line-options")).to_be_hidden()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.type("Advice")
    page.locator("tr[data-line]").nth(1).locator("[name=unit_price]").fill("10")
    page.locator("[data-add=section]").click()
    page.keyboard.type("Last")
    page.keyboard.press("Alt+s")  # an empty heading is not kept
    page.locator("[name=quantity]:visible").last.click()
    page.keyboard.press("ArrowUp")
    expect(page.locator("tr[data-line]").nth(1).locator("[name=quantity]")).to_be_focused()
    page.locator("tr[data-section] [data-more]").first.click()
    assert page.locator("#line-menu button:visible").count() == 4
    page.keyboard.press("Escape")
    expect(page.locator("[data-net]").nth(1)).to_contain_text("1,250")
    desk.check()
    page.screenshot(path=f"/tmp/plan/sec_editor_{language}.png", full_page=True)
    with page.expect_navigation():
        page.locator(".sticky-cta button[data-v=primary]").click()
    desk.check()
    page.screenshot(path=f"/tmp/plan/sec_paper_{language}.png", full_page=True)
    quotation = Quotation.objects.get()
    assert [(line.kind, line.title) for line in quotation.lines.order_by("position")][::3] == [("section", "/Work"), ("section", "Last")]
    desk.open(f"/desk/quotations/{quotation.pk}/edit/")
    expect(page.locator("tr[data-section] [name=title]").first).to_have_value("/Work")
    buyer = walk(language, width=width)
    buyer.sign_in(shop["buyer"], PASSWORD)
    from rawabit.trade.logic.lines import LineInput
    rows = [LineInput(title="الضخ Pumps", section=True), *makers.rows(2), LineInput(title="Pipes", section=True), *makers.rows(1)]
    for name, make in [("quotations", sent_quotation), ("orders", confirmed_order), ("invoices", posted_invoice)]:
        paper = make(shop["customer"], rows=rows)
        buyer.open(f"/portal/{name}/{paper.uid}/")
        buyer.page.screenshot(path=f"/tmp/plan/sec_portal_{name}_{language}.png", full_page=True)
