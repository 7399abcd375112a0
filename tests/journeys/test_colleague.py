"""The account owner invites a colleague for finance; she comes in by a code from the mail and finds what is hers."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from tests import makers
from tests.makers import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
SUBMIT = "main form button[data-v=primary]"


@pytest.fixture
def firm():
    makers.make_company()
    customer = makers.make_customer("شركة النخيل التجارية", name_en="Nakheel Trading")
    owner = makers.make_customer_user(customer, "owner", "نورة")
    owner.user.set_password(PASSWORD)
    owner.user.save(update_fields=["password"])
    return {"owner": owner.user.email, "invoice": makers.posted_invoice(customer).number}


def code_for(address: str) -> str:
    letter = next(one for one in reversed(mail.outbox) if one.to == [address] and re.search(r"\b\d{6}\b", one.body))
    return re.search(r"\b(\d{6})\b", letter.body)[1]


def press(page, selector: str = SUBMIT) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def step_up(page, address: str) -> None:
    """Ask for a code, and type it."""
    assert "/account/step/" in page.url
    press(page, "main form button")
    page.fill("input[name=code]", code_for(address))
    if "/account/step/" in page.url:  # with scripts the sixth digit may send the form by itself
        press(page)


def invite(page, base: str, owner: str, email: str) -> None:
    page.goto(f"{base}/portal/account/colleagues/new/")
    step_up(page, owner)
    page.wait_for_url("**/colleagues/new/")
    page.fill("input[name=name]", "سارة المالية")
    page.fill("input[name=email]", email)
    page.check("input[name=role][value=finance]")
    press(page)


def come_in(page, base: str, email: str) -> None:
    page.goto(f"{base}/account/sign-in/")
    page.fill("input[name=login]", email)
    press(page, "form:has(input[name=password]) button[data-v=primary]")
    page.fill("input[name=code]", code_for(email))
    if "/portal/" not in page.url:
        press(page, "form:has(input[name=code]) button[data-v=primary]")
    page.wait_for_url("**/portal/**")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_invited_colleague_finds_invoices_and_no_orders(walk, firm, language):
    owner = walk(language, width=390).sign_in(firm["owner"], PASSWORD)
    invite(owner.page, owner.base, firm["owner"], "sara@palm.example")
    owner.check()
    assert "sara@palm.example" in owner.page.content()
    assert any(letter.to == ["sara@palm.example"] for letter in mail.outbox)
    for page in ("", "company/", "company/change/legal/", "security/", "activity/", "company/addresses/new/"):
        owner.open(f"/portal/account/{page}")

    sara = walk(language, width=1280)
    come_in(sara.page, sara.base, "sara@palm.example")
    answer = sara.page.goto(f"{sara.base}/portal/orders/")
    assert answer.status == 403
    sara.check()
    sara.open("/portal/invoices/")
    assert firm["invoice"] in sara.page.content()
    assert sara.page.goto(f"{sara.base}/portal/account/colleagues/").status == 403


def test_the_same_without_scripts(browser, live_server, firm):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page, base = context.new_page(), live_server.url
    page.goto(f"{base}/account/sign-in/")
    page.fill("input[name=login]", firm["owner"])
    page.fill("input[name=password]", PASSWORD)
    press(page, "form:has(input[name=password]) button[data-v=primary]")
    invite(page, base, firm["owner"], "sara@palm.example")
    assert "sara@palm.example" in page.content()

    page.goto(f"{base}/portal/account/company/addresses/new/")
    page.select_option("select[name=country]", "IR")
    press(page, "button[name=redraw]")
    assert page.locator("select[name=province]").count() == 1
    page.select_option("select[name=province]", "تهران")
    page.fill("[name=city]", "تهران")
    page.fill("[name=lines]", "خیابان آزادی، پلاک ۱۲")
    press(page, ".sticky-cta button")
    assert "خیابان آزادی" in page.content()

    other = browser.new_context(java_script_enabled=False).new_page()
    come_in(other, base, "sara@palm.example")
    assert other.goto(f"{base}/portal/orders/").status == 403
    assert other.goto(f"{base}/portal/invoices/").status == 200
    assert firm["invoice"] in other.content()
    context.close()
