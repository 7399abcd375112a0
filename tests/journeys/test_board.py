"""The board as people use it: by mouse, by keys, through the sheets, to a won deal and its order; on a phone too."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from rawabit.pipeline.models import Opportunity, Stage
from rawabit.sales.models import Order
from tests import makers
from tests.makers import PASSWORD, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    makers.make_company()
    chief = makers.make_user("administrator", "هند", password=PASSWORD)
    customer = makers.make_customer("شركة النخيل التجارية", name_en="Nakheel Trading", name_fa="بازرگانی نخیل")
    makers.make_contact(customer, "نورة")
    deal = makers.make_opportunity(customer, title="Pumps", value=1250_00, next_step="Call", next_on="2099-01-01")
    makers.make_opportunity(customer, title="Filters", value=300_00, next_step="Call", next_on="2020-01-01")
    Stage.objects.filter(position=2).update(required=[])
    return {"chief": chief.email, "deal": deal, "customer": customer}


def board(walker, shop):
    walker.sign_in(shop["chief"], PASSWORD)
    walker.open("/desk/opportunities/board/")
    return walker.page


def lane(page, number: int):
    return page.locator("[data-lane]").nth(number)


def card(page, shop):
    return page.locator(f"#card-{shop['deal'].pk}")


def drag(page, source, target) -> None:
    """Press, move and let go, as a hand does."""
    source.scroll_into_view_if_needed()
    start, end = source.bounding_box(), target.locator("header").bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + start["height"] - 6)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 30, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 10, steps=8)
    page.mouse.up()


def stage_of(shop) -> int:
    return Opportunity.objects.select_related("stage").get(pk=shop["deal"].pk).stage.position


@pytest.mark.parametrize("language", ["fa", "en"])
def test_by_mouse_by_keys_through_the_sheet_to_the_order(walk, shop, language):
    desk = walk(language, width=1600)
    page = board(desk, shop)
    drag(page, card(page, shop), lane(page, 1))
    expect(lane(page, 1).locator(f"#card-{shop['deal'].pk}")).to_be_visible()
    page.locator(".toast [data-undo]").wait_for()
    assert stage_of(shop) == 2
    expect(lane(page, 1).locator("header .count")).to_have_text(re.compile("1|۱"))
    # z takes it back
    with page.expect_navigation():
        page.keyboard.press("z")
    assert stage_of(shop) == 1
    # by keys, in the direction of reading: towards the end of the line is further
    onward = "ArrowLeft" if language == "fa" else "ArrowRight"
    card(page, shop).locator(".deal-title").focus()
    page.keyboard.press(f"Shift+{onward}")
    page.locator(".toast [data-undo]").wait_for()
    assert stage_of(shop) == 2
    expect(card(page, shop).locator(".deal-title")).to_be_focused()
    # the third stage asks for a day: a sheet; closing it puts the card back
    page.keyboard.press(f"Shift+{onward}")
    page.locator("#move-sheet[open]").wait_for()
    page.keyboard.press("Escape")
    expect(lane(page, 1).locator(f"#card-{shop['deal'].pk}")).to_be_visible()
    assert stage_of(shop) == 2
    card(page, shop).locator(".deal-title").focus()
    page.keyboard.press(f"Shift+{onward}")
    page.locator("#move-sheet[open] [name=expected_close]").fill((TODAY + timedelta(days=400)).isoformat())
    desk.check()
    with page.expect_navigation():
        page.locator("#move-sheet button[data-v=primary]").click()
    desk.check()
    assert stage_of(shop) == 3
    # dropped on Won: the sheet with amount, day and order
    drag(page, card(page, shop), page.locator("[data-lane=won]"))
    page.locator("#move-sheet[open] [name=make_order]").check()
    desk.check()
    with page.expect_navigation():
        page.locator("#move-sheet button[data-v=primary]").click()
    desk.check()
    order = Order.objects.get()
    assert page.url.endswith(f"/desk/orders/{order.pk}/")
    assert Opportunity.objects.get(pk=shop["deal"].pk).state == "won"


def test_a_card_that_may_not_go_comes_back_with_the_reason(walk, shop):
    desk = walk("en", width=1600)
    page = board(desk, shop)
    Opportunity.objects.filter(pk=shop["deal"].pk).update(stage=Stage.objects.get(position=4))
    page.evaluate("document.querySelector('[data-live]')?.removeAttribute('data-live')")
    drag(page, card(page, shop), lane(page, 1))
    page.locator(".toast").filter(has_text="Negotiation").first.wait_for()
    assert stage_of(shop) == 4


def test_on_a_phone_by_the_menu(walk, shop):
    desk = walk("ar", width=390, height=844)
    page = board(desk, shop)
    expect(page.locator(".lane-chips .chip").first).to_be_visible()
    arrow = card(page, shop).locator("[data-move]")
    arrow.evaluate("node => node.scrollIntoView({ block: 'center' })")  # clear of the round button
    arrow.click()
    page.locator("#move-sheet[open]").wait_for()
    assert page.locator("#move-title").inner_text().strip()
    with page.expect_navigation():
        page.locator("#move-sheet button[name=to]").first.click()
    desk.check()
    assert stage_of(shop) == 2


def test_without_scripts_the_same_moves_are_pages(browser, live_server, shop):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url, locale="en")
    context.add_cookies([{"name": "language", "value": "en", "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/account/sign-in/")
    page.fill("input[name=login]", shop["chief"])
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button:not([type=button])").first.click()
    page.goto(f"{live_server.url}/desk/opportunities/board/")
    card(page, shop).locator("[data-move]").click()
    page.locator("main button[name=to]").first.click()
    assert stage_of(shop) == 2
    card(page, shop).locator("[data-move]").click()
    page.locator("main a[href*='to=']").first.click()
    page.locator("[name=expected_close]").fill("2030-01-01")
    page.locator("main button[data-v=primary]").click()
    assert stage_of(shop) == 3
    context.close()
