"""From an offer to the money, as a seller, a warehouse and an accountant click it; then as the customer sees it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import makers
from tests.makers import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
SUBMIT = "main form button[data-v=primary]"


@pytest.fixture
def shop():
    """A company with one customer, one item and the people who act."""
    makers.make_company()
    customer = makers.make_customer("شركة النخيل التجارية", name_en="Nakheel Trading")
    makers.make_contact(customer, "نورة")
    makers.make_address(customer)
    makers.make_item("مضخة المياه", price="1250", sku="XP-200", name_en="Water pump", name_fa="پمپ آب")
    chief = makers.make_user("administrator", "هند", password=PASSWORD)
    buyer = makers.make_customer_user(customer, "owner", "نورة")
    buyer.user.set_password(PASSWORD)
    buyer.user.save(update_fields=["password"])
    return {"chief": chief.email, "buyer": buyer.user.email, "customer": customer}


def do(walker, verb: str, **fields: str) -> None:
    """Press the button of a verb; confirm when asked, fill in its form when it has one."""
    page = walker.page
    page.wait_for_load_state()
    link = page.locator(f'main a[href$="/do/{verb}/"]')
    if link.count():
        walker.click(f'main a[href$="/do/{verb}/"]')
        for name, value in fields.items():
            page.fill(f"[name={name}]", value)
        walker.click(SUBMIT)
        return
    button = page.locator(f'main form[action$="/do/{verb}/"] button').first
    if page.locator(f'main form[action$="/do/{verb}/"][data-confirm]').count():
        button.click()
        with page.expect_navigation():
            page.locator("dialog[open] button[data-v=primary], dialog[open] button[data-v=danger]").first.click()
    else:
        with page.expect_navigation():
            button.click()
    walker.check()


def tags(walker) -> str:
    return walker.page.locator(".page-head").inner_text()


def write_quotation(walker) -> None:
    """By keyboard: customer, item, quantity; a second line of free text."""
    page = walker.page
    walker.open("/desk/quotations/new/")
    page.fill("#id_customer", "النخيل")
    page.locator("#id_customer_list [role=option]").first.click()
    page.locator("[name=title]").first.click()
    page.keyboard.type("XP-2")
    page.locator("#line-options [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("[name=quantity]").first.fill("٣")  # Arabic digits are digits
    page.keyboard.press("Tab")
    expect(page.locator("[data-net]").first).to_contain_text("3,750")
    walker.check()
    with page.expect_navigation():
        page.locator(".sticky-cta button[value=save], .sticky-cta button[data-v=primary]").first.click()
    walker.check()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_quotation_order_delivery_invoice_payment(walk, shop, language):
    desk = walk(language)
    desk.sign_in(shop["chief"], PASSWORD)
    page = desk.page

    write_quotation(desk)
    do(desk, "send")
    do(desk, "accept", name="Noura")
    if "/orders/" not in page.url:
        desk.click('main a[href*="/desk/orders/"]')
    do(desk, "confirm")
    order = page.url
    assert "SO-" in tags(desk)

    do(desk, "deliver")
    if "/deliveries/" not in page.url:
        desk.click('main a[href*="/desk/deliveries/"]')
    delivery = page.url
    do(desk, "pack")
    do(desk, "ship", tracking_number="7000123456")
    do(desk, "deliver", received_by="Saleh")
    assert "DN-" in tags(desk)

    desk.open(order)
    do(desk, "invoice")
    if "/invoices/" not in page.url:
        desk.click('main a[href*="/desk/invoices/"]')
    invoice = page.url
    do(desk, "post")
    number = re.search(r"INV-\d{4}-\d{5}", tags(desk))
    assert number, tags(desk)
    assert "4,312.50" in page.inner_text("main")  # 3 × 1250 + 15 %

    do(desk, "pay")
    desk.open(invoice)
    paid = {"ar": "مدفوعة", "en": "Paid"}[language]
    assert paid in tags(desk)

    portal = walk(language, width=390, height=844)
    portal.sign_in(shop["buyer"], PASSWORD)
    portal.open("/portal/").open("/portal/orders/").open("/portal/invoices/")
    portal.click(f'main a:has-text("{number[0]}")')
    assert "4,312.50" in portal.page.inner_text("main")
    portal.open("/portal/statement/")
    assert delivery
