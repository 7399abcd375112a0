"""Every page fits a phone of 360 px, runs without script errors, and axe finds nothing wrong; light and dark."""

from __future__ import annotations

import pytest
from django.urls import reverse

from rawabit.config.screens import SCREENS
from rawabit.portal.urls import urlpatterns
from tests import makers
from tests.laws.world import MAKERS, make_side
from tests.makers import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
WINDOWS = [("ar", 360, True), ("en", 1280, False), ("fa", 390, False)]
windows = pytest.mark.parametrize(("language", "width", "dark"), WINDOWS, ids=lambda value: str(value))


def with_password(user):
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


@windows
def test_the_portal(walk, language, width, dark):
    side = make_side("شركة القناة")
    user = with_password(makers.make_customer_user(side.customer, "owner", "نورة").user)
    walker = walk(language, width=width, height=780, dark=dark).sign_in(user.email, PASSWORD)
    plain = [p for p in urlpatterns if "<" not in str(p.pattern) and ".csv" not in str(p.pattern)]
    urls = [reverse(pattern.name) for pattern in plain]
    for record in side.records:
        kind = type(record).__name__.lower()
        if kind in ("order", "invoice", "quotation", "delivery", "payment") and record.state != "draft":
            urls.append(reverse(f"portal-{kind}", args=[record.uid]))
    assert faults_of(walker, urls) == []


def faults_of(walker, urls: list[str]) -> list[str]:
    """What is wrong on any of the pages, told together."""
    found = []
    for url in urls:
        try:
            walker.open(url)
        except AssertionError as fault:
            found.append(f"{url}: {str(fault)[:600]}")
            walker.faults.clear()
    return found


@windows
def test_the_desk(walk, language, width, dark):
    user = makers.make_user("administrator", "خالد", password=PASSWORD)
    urls = ["/desk/", "/desk/search/?q=a", "/desk/notices/", reverse("settings"), reverse("receivables")]
    for screens in SCREENS:
        own, row = screens(), MAKERS[screens.slug]()
        urls += [own.url("list"), own.url("detail", row.pk)]
        if screens.form is not None:
            urls.append(own.url("create"))
    walker = walk(language, width=width, height=780, dark=dark).sign_in(user.email, PASSWORD)
    assert faults_of(walker, urls) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_portal_without_javascript(browser, live_server, language):
    """Links navigate and forms post: sign in, orders, invoice, another language, sign out."""
    side = make_side("شركة القناة")
    user = with_password(makers.make_customer_user(side.customer, "owner", "نورة").user)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/account/sign-in/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/portal/")
    page.click('nav.bottomnav a[href="/portal/orders/"]')
    page.locator('main a[href^="/portal/orders/"]').first.click()
    assert "SO-" in page.inner_text("main")
    page.click('nav.bottomnav a[href="/portal/invoices/"]')
    page.locator('main a[href^="/portal/invoices/"]').first.click()
    assert "INV-" in page.inner_text("main") or "CN-" in page.inner_text("main")
    page.locator('footer form[action="/preferences/"] button[value=fa]').click()
    page.wait_for_load_state()
    assert page.get_attribute("html", "lang") == "fa"
    context.close()
