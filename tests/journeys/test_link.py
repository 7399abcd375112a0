"""A link from a real e-mail: the order, its delivery and back, without a cookie; and a new link when it has expired."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from rawabit.kit.links.models import Link
from rawabit.sales import actions as sales
from rawabit.shipping import actions as shipping
from tests import makers
from tests.journeys.conftest import Walker
from tests.makers import SYSTEM
from tests.outbox.working import work

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {
    "ar": {"expired": "انتهت صلاحية هذا الرابط", "dir": "rtl"},
    "en": {"expired": "This link has expired", "dir": "ltr"},
}
ADDRESS = "receiver@customer.example"


@pytest.fixture
def stranger(browser, live_server, settings):
    """``stranger(language, scripts=True)``: a browser that knows nothing, as the one inside a mail program."""
    settings.BASE_URL = live_server.url
    contexts = []

    def quiet(route):
        route.fulfill(status=204)  # the stream of events belongs to the real server

    def start(*, scripts: bool = True) -> Walker:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, java_script_enabled=scripts, base_url=live_server.url, locale="fr"
        )
        context.route("**/events/**", quiet)
        contexts.append(context)
        walker = Walker(context, live_server.url)
        if not scripts:
            walker.check = lambda: walker  # type: ignore[method-assign]
        return walker

    yield start
    for context in contexts:
        context.close()


def shipped(language: str):
    """An order on its way, of which the customer was told by mail."""
    customer = makers.make_customer("شركة النخيل", name_en="Nakheel", email=ADDRESS, language=language)
    now = timezone.now()
    order = sales.confirm_order(makers.make_order(customer), actor=SYSTEM, at=now)
    note = shipping.deliver_order(order, actor=SYSTEM, at=now)
    shipping.ship_delivery(note, tracking_number="7000123456", actor=SYSTEM, at=now)
    tell()
    return order, note


def tell() -> None:
    """The worker, in the morning, when nothing is held back."""
    work(timezone.now())
    work(timezone.now() + timedelta(hours=36))


def link_in(message) -> str:
    return re.search(r"http://\S+/l/[\w-]{43}/", message.body)[0]


def mail_about(number: str):
    return next(one for one in mail.outbox if number in one.subject and one.to[0].endswith(f"{ADDRESS}>"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_from_the_mail_to_the_delivery_and_back(stranger, language, scripts):
    order, note = shipped(language)
    walker = stranger(scripts=scripts)
    page = walker.page

    walker.open(link_in(mail_about(order.number)))

    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == WORDS[language]["dir"]
    expect(page.locator("h1")).to_contain_text(order.number)
    expect(page.locator("main")).to_contain_text("7000123456")
    expect(page.locator("nav.bottomnav")).to_have_count(0)

    walker.click(f'main a[href$="/deliveries/{note.uid}/"]')
    expect(page.locator("h1")).to_contain_text(note.number)
    walker.click(f'a[href$="/orders/{order.uid}/"]')
    expect(page.locator("h1")).to_contain_text(order.number)
    assert walker.context.cookies() == []
    assert page.request.get(page.url).headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_expired_link_sends_a_new_one_to_the_address_on_file(stranger, language):
    order, _note = shipped(language)
    old = link_in(mail_about(order.number))
    Link.objects.update(expires_at=timezone.now() - timedelta(days=1))
    mail.outbox.clear()
    walker = stranger()
    page = walker.page

    page.goto(old)
    walker.faults.clear()  # the answer is 410, which the console mentions
    expect(page.locator("main")).to_contain_text(WORDS[language]["expired"])
    expect(page.locator("main")).not_to_contain_text(order.number)
    page.locator('form[action$="/renew/"] button').click()
    page.wait_for_load_state()
    assert ADDRESS not in page.content()
    tell()

    assert len(mail.outbox) == 1 and mail.outbox[0].to[0].endswith(f"{ADDRESS}>")
    fresh = link_in(mail.outbox[0])
    assert fresh != old
    walker.open(fresh)
    expect(page.locator("h1")).to_contain_text(order.number)
    page.goto(old)
    expect(page.locator("main")).to_contain_text(WORDS[language]["expired"])
