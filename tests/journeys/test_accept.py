"""A customer accepts an offer on his phone: optional items, terms, a drawn signature, a code from his mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from playwright.sync_api import expect

from rawabit.sales.models import Acceptance, Order, Quotation
from tests import makers
from tests.makers import NOW, PASSWORD, rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def offer():
    """An offer with terms and an optional line, before a buyer who has a password."""
    makers.make_company(accept_code_above=0)
    customer = makers.make_customer("شركة النخيل التجارية", name_en="Nakheel Trading")
    person = makers.make_customer_user(customer, "owner", "نورة السبيعي")
    person.user.set_password(PASSWORD)
    person.user.save(update_fields=["password"])
    later = datetime.now(UTC).date() + timedelta(days=9)
    found = makers.sent_quotation(
        customer, rows=[*rows(1), *rows(1, optional=True)], terms="الدفع خلال ثلاثين يوماً.",
        valid_until=max(later, NOW.date()),
    )  # fmt: skip
    return found, person.user


def draw(page) -> None:
    box = page.locator("canvas.sig").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 15):
        page.mouse.move(box["x"] + 20 + 15 * step, box["y"] + 60 + (20 if step % 2 else -20))
    page.mouse.up()


def accept(walker, quotation: Quotation, user, *, tick: bool) -> None:
    page = walker.page
    walker.sign_in(user.email, PASSWORD).open(f"/portal/quotations/{quotation.uid}/")
    page.wait_for_load_state("networkidle")
    if tick:
        with page.expect_response(lambda answer: "chosen=1" in answer.url):
            page.locator("#options input[type=checkbox]").check()
        expect(page.locator("#bar-total")).to_contain_text("460.00")
    walker.click("button[form=choice][data-v=primary]")
    page.locator("canvas.sig").scroll_into_view_if_needed()
    draw(page)
    expect(page.locator("#sig-clear")).to_be_visible()
    page.locator("details:has([name=agreed]) > summary").click()
    page.check("[name=agreed]")
    walker.click(".sticky-cta button[data-v=primary]")
    message = mail.outbox[-1]
    assert message.to == [user.email]
    page.fill("[name=code]", re.search(r"\b(\d{6})\b", message.subject + message.body)[1])
    walker.click("main form button[data-v=primary]")


@pytest.mark.parametrize("language", ["ar", "en", "fa"])
def test_accepting_on_a_phone(walk, offer, language):
    quotation, user = offer
    type(user).objects.filter(pk=user.pk).update(language=language)
    walker = walk(language, width=390, height=844)

    accept(walker, quotation, user, tick=language != "fa")

    assert walker.page.locator("html").get_attribute("dir") == ("ltr" if language == "en" else "rtl")
    expect(walker.page.locator("svg.sig-shown path")).to_have_count(1)
    kept = Acceptance.objects.get()
    assert (kept.method, kept.verified_address) == ("drawn", user.email)
    assert kept.total == (23000 if language == "fa" else 46000)
    assert len(kept.strokes[0]) >= 20
    assert Order.objects.get(quotation=quotation).total == kept.total
    assert Quotation.objects.get(pk=quotation.pk).openings.count() == 1


def test_without_scripts_the_typed_name_signs(browser, live_server, offer):
    quotation, user = offer
    type(user).objects.filter(pk=user.pk).update(language="en")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto("/account/sign-in/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.locator(
        "form:has(input[name=password]) button:not([type]), form:has(input[name=password]) [type=submit]"
    ).first.click()
    page.goto(f"/portal/quotations/{quotation.uid}/")
    page.locator("#options input[type=checkbox]").check()
    page.get_by_role("button", name="Show the new total").click()
    expect(page.locator("#bar-total")).to_contain_text("460.00")
    page.get_by_role("button", name="Accept and sign").click()
    page.locator("details:has([name=agreed]) > summary").click()
    page.check("[name=agreed]")
    page.locator(".sticky-cta button").first.click()
    page.fill("[name=code]", re.search(r"\b(\d{6})\b", mail.outbox[-1].subject + mail.outbox[-1].body)[1])
    page.locator("main form button[data-v=primary]").first.click()

    expect(page.locator(".sig-typed")).to_have_text("نورة السبيعي")
    assert (Acceptance.objects.get().method, Acceptance.objects.get().total) == ("typed", 46000)
    context.close()
