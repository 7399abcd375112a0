"""A call is written down on a telephone in the lift: kept without network, sent by itself, there for everybody."""

from __future__ import annotations

import pytest

from rawabit.talks.models import Activity
from tests import makers

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_call_in_the_lift(walk):
    makers.make_company()
    user = makers.make_user("sales", "فهد", password=makers.PASSWORD)
    customer = makers.make_customer("شركة الأفق", owner=user)
    contact = makers.make_contact(customer, "نورة العتيبي", mobile="+966501234567")
    walker = walk("ar", width=390, height=844).sign_in(user.email, makers.PASSWORD)
    page = walker.open("/desk/call/").page
    assert page.locator(f"a[href='tel:+966501234567'][data-about='contacts:{contact.pk}']").is_visible()
    page.wait_for_selector("form[data-call][data-offline=ready]", state="attached")  # the page is kept in the device

    walker.context.set_offline(True)
    page.check(f"input[value='contacts:{contact.pk}']")
    page.fill("#call_body", "تريد ثلاث مضخات")
    page.click("button[value=answered]")
    waiting = page.locator("[data-waiting] li")
    waiting.wait_for()
    assert "نورة العتيبي" in waiting.inner_text() and Activity.objects.count() == 0
    walker.faults.clear()  # the network is away: the browser says so
    walker.check()
    page.close()  # the telephone is put away

    walker.page = page = walker.context.new_page()
    page.goto(f"{walker.base}/desk/call/")  # still without network: the page and the call are there
    page.locator("[data-waiting] li").wait_for()
    assert page.locator("[data-waiting] li").count() == 1

    walker.context.set_offline(False)
    page.locator("[data-waiting] li").wait_for(state="detached")
    call = Activity.objects.get()
    assert (call.contact_id, call.customer_id, call.outcome, call.body) == (
        contact.pk, customer.pk, "answered", "تريد ثلاث مضخات",
    )  # fmt: skip
    page.reload()
    page.wait_for_load_state("networkidle")
    assert Activity.objects.count() == 1  # nothing is sent again
    walker.open(f"/desk/customers/{customer.pk}/")
    assert "تريد ثلاث مضخات" in walker.page.locator("#timeline").inner_text()


def test_what_the_server_refuses_stays_with_its_reason(walk):
    makers.make_company()
    user = makers.make_user("sales", "Fahd", password=makers.PASSWORD)
    customer = makers.make_customer("Acme", owner=user, phone="+966112345678")
    makers.make_call(customer, by=makers.actor(user))
    walker = walk("en", width=390, height=844).sign_in(user.email, makers.PASSWORD)
    page = walker.open("/desk/call/").page
    page.wait_for_selector("form[data-call][data-offline=ready]", state="attached")
    walker.context.set_offline(True)
    page.check(f"input[value='customers:{customer.pk}']")
    page.click("button[value=busy]")
    page.locator("[data-waiting] li").wait_for()
    customer.owner = makers.make_user("sales")
    customer.save()
    walker.context.set_offline(False)
    problem = page.locator("[data-problem]:not(:empty)")
    problem.wait_for()
    assert "no longer" in problem.inner_text() and Activity.objects.count() == 1
    page.locator("[data-waiting] button").click()
    page.locator("[data-waiting] li").wait_for(state="detached")


def test_two_taps_without_scripts_too(browser, live_server):
    makers.make_company()
    user = makers.make_user("sales", "Fahd", password=makers.PASSWORD)
    customer = makers.make_customer("Acme", owner=user)
    contact = makers.make_contact(customer, "Noura", mobile="+966501234567")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="en")
    page = context.new_page()
    page.goto(f"{live_server.url}/account/sign-in/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", makers.PASSWORD)
    page.locator("form:has(input[name=password]) button:not([type=button])").first.click()
    page.goto(f"{live_server.url}/desk/call/")
    page.check(f"input[value='contacts:{contact.pk}']")
    page.click("button[value=no_answer]")
    page.wait_for_url("**/contacts/**")
    assert Activity.objects.get().outcome == "no_answer"
    page.fill("#timeline textarea[name=body]", "No calls on Friday")
    page.locator("#timeline form.composer button").last.click()
    page.wait_for_load_state()
    assert Activity.objects.filter(kind="note").get().body == "No calls on Friday"
    context.close()
