"""An open page changes by itself: by the stream, or by asking where none comes through. What is being typed stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Walker
from tests.live.test_streams import scene
from tests.ops.conftest import data, free_port, prepared, start  # noqa: F401


@pytest.fixture
def open_page(browser, start, data: Path, free_port: int):  # noqa: F811
    """A signed-in window on a server of its own; answers the walker and the facts of the scene."""
    facts = scene("set-up", RAWABIT_DATA=str(data))
    start("serve", "--data", data, "--port", free_port, port=free_port)
    base = f"http://127.0.0.1:{free_port}"
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ar", base_url=base)
    context.add_cookies([{"name": "language", "value": "ar", "url": base}])
    yield Walker(context, base), facts, data
    context.close()


def test_an_order_changes_on_the_customers_screen(open_page):
    walker, facts, folder = open_page
    walker.sign_in(facts["email"], facts["password"]).open(f"/portal/orders/{facts['uid']}/")
    walker.page.evaluate("window.stays = true")
    scene("hold", str(facts["order"]), RAWABIT_DATA=str(folder))
    walker.page.get_by_text("Stock count").first.wait_for()
    assert walker.page.evaluate("window.stays") is True, "the page was loaded anew"
    assert walker.page.locator("p[role=status].sr").inner_text() != ""
    walker.check()


def test_without_a_stream_the_page_asks(open_page):
    walker, facts, folder = open_page
    walker.page.route("**/events/**", lambda route: route.abort())
    walker.page.clock.install()
    walker.sign_in(facts["email"], facts["password"]).page.goto(f"{walker.base}/portal/orders/{facts['uid']}/")
    with walker.page.expect_response("**/live/**"):
        pass
    scene("hold", str(facts["order"]), RAWABIT_DATA=str(folder))
    walker.page.clock.fast_forward(21_000)
    walker.page.clock.fast_forward(4_000)
    walker.page.get_by_text("Stock count").first.wait_for()


def test_what_is_typed_on_the_desk_stays(open_page):
    walker, facts, folder = open_page
    walker.sign_in(facts["manager"], facts["password"]).open(f"/desk/orders/{facts['order']}/")
    words = "أتصل بالعميل غداً"
    walker.page.locator("textarea[name=body]").fill(words)
    scene("hold", str(facts["order"]), RAWABIT_DATA=str(folder))
    walker.page.get_by_text("Stock count").first.wait_for()
    assert walker.page.locator("textarea[name=body]").input_value() == words
