"""A visitor writes on the web site; a seller takes him up, speaks with him and makes a customer of him."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rawabit.leads.models import AssignmentRule, Choice, Criterion, Lead, Question
from rawabit.pipeline.models import Opportunity
from tests import makers
from tests.makers import PASSWORD, make_web_form

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("RAWABIT_SHOTS", "")


@pytest.fixture
def desk():
    form = make_web_form("name", "phone", "email", "interest", language="ar", name="اطلب عرضاً")
    form.fields.filter(key="name").update(required=True)
    seller = makers.make_user("sales", "فهد", password=PASSWORD, language="en")
    Criterion.objects.create(name="Phone", field="phone", test="filled", points=60)
    AssignmentRule.objects.create(name="All", way="person", person=seller)
    Choice.objects.create(question=Question.objects.create(name="Budget?"), name="Yes", points=30)
    return {"form": form, "seller": seller.email}


def shot(walker, name: str) -> None:
    """A picture for a person to look at, when a folder is named."""
    if SHOTS:
        walker.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def test_from_the_web_site_to_the_customer(walk, desk):
    phone = walk("ar", width=390)
    phone.open(f"/forms/{desk['form'].key}/")
    page = phone.page
    assert page.locator("html").get_attribute("dir") == "rtl"
    shot(phone, "form-ar")
    for field, words in {
        "name": "سعد العتيبي", "phone": "٠٥٠١٢٣٤٥٦٧", "email": "saad@new.example", "interest": "عشر مضخات",
    }.items():  # fmt: skip
        page.fill(f"[name={field}]", words)
    page.wait_for_timeout(2_200)  # nobody writes faster
    phone.click("main form button")
    assert page.url.endswith("/thanks/?lang=ar")
    shot(phone, "thanks-ar")
    lead = Lead.objects.get()
    assert (lead.owner.full_name, lead.score, lead.priority) == ("فهد", 60, "high")

    work = walk("en")
    work.sign_in(desk["seller"], PASSWORD)
    work.open("/desk/leads/")
    expect(work.page.locator("#rows")).to_contain_text("سعد العتيبي")
    shot(work, "list-en")
    work.click(f'a[href$="/desk/leads/{lead.pk}/"]')
    work.click('form[action$="/do/take/"] button')
    work.click("#questions button")
    expect(work.page.locator("#score")).to_contain_text("90")
    work.page.fill("#plan [name=step]", "Call after the visit")
    work.page.fill("#plan [name=on]", "2030-01-15")
    work.click("#plan button[data-v=primary]")
    work.page.fill("#comment-body", "He called: wants ten pumps")
    work.click('form.composer[action$="/comment/"] button[data-v=primary]')
    shot(work, "lead-en")
    work.click(f'a[href$="/desk/leads/{lead.pk}/do/convert/"]')
    shot(work, "convert-en")
    work.page.fill("[name=value]", "45,000")
    work.click(".sticky-cta button[data-v=primary]")
    lead.refresh_from_db()
    deal = Opportunity.objects.get()
    assert (lead.state, deal.value, deal.customer) == ("converted", 45_000_00, lead.customer)
    shot(work, "converted-en")

    for page_of in (f"/desk/customers/{lead.customer_id}/", f"/desk/opportunities/{deal.pk}/"):
        work.open(page_of)
        expect(work.page.locator("#past")).to_contain_text("He called: wants ten pumps")
    shot(work, "opportunity-en")

    back = walk("ar", width=390)
    back.sign_in(desk["seller"], PASSWORD)
    back.open(f"/desk/leads/{lead.pk}/")
    shot(back, "lead-phone")


def test_the_warning_appears_while_typing(walk, desk):
    makers.make_lead("نورة الشهري", owner=None)
    work = walk("en", width=390)
    work.sign_in(desk["seller"], PASSWORD)
    work.open("/desk/leads/new/")
    work.page.locator("[name=name]").press_sequentially("نوره الشهري")
    expect(work.page.locator("#twins")).to_contain_text("نورة الشهري")
    shot(work, "twins-phone")
    work.check()
