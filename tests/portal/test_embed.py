"""The widget for other web sites, tracking an order from outside, help, and when somebody is there."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.core.cache import cache
from django.test import Client

from rawabit.company.logic.hours import Opening, open_until, opens_next
from rawabit.company.models import Company, WorkingHours
from rawabit.company.queries import portal_base
from rawabit.kit.jobs.models import Job
from rawabit.kit.links.models import Link
from rawabit.kit.records.models import Event
from rawabit.portal.actions.tracking import send_track_link
from tests.makers import NOW, confirmed_order, make_company, make_contact, make_customer, make_order


@pytest.fixture
def site(db):
    cache.clear()
    make_company(embed_hosts="https://shop.example\nhttps://www.shop.example")
    return Client(headers={"accept-language": "en"})


def policy_of(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in parts}


def test_only_the_owners_web_sites_may_show_it(site):
    response = site.get("/embed/")

    assert policy_of(response)["frame-ancestors"] == "'self' https://shop.example https://www.shop.example"
    assert "X-Frame-Options" not in response.headers
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert policy_of(response)["form-action"] == "'self'"


def test_every_other_page_stays_out_of_frames(site):
    for url in ("/track/", "/account/sign-in/", "/register/", "/portal/", "/nowhere/", "/embed.js"):
        response = site.get(url)
        assert policy_of(response)["frame-ancestors"] == "'none'", url
        assert response.headers["X-Frame-Options"] == "DENY", url


def test_without_web_sites_there_is_no_widget(site):
    Company.objects.update(embed_hosts="")

    assert site.get("/embed/").status_code == 404


@pytest.mark.parametrize("kept", ["https://a.example; script-src *", "https://*.example", "*"])
def test_what_slipped_into_the_list_never_reaches_the_header(site, kept):
    Company.objects.update(embed_hosts=f"https://shop.example\n{kept}")

    policy = policy_of(site.get("/embed/"))

    assert policy["frame-ancestors"] == "'self' https://shop.example"
    assert policy["script-src"] == "'self'"


def test_it_sends_nothing_that_needs_a_cookie(site):
    """Browsers keep cookies from frames of other sites: the forms only open pages of ours in a new window."""
    page = site.get("/embed/").content.decode()

    assert 'method="post"' not in page
    assert page.count('target="_blank"') >= 2


@pytest.mark.parametrize(
    ("origin", "told"), [("https://shop.example", "https://shop.example"), ("https://evil.example", "")]
)
def test_the_frame_talks_to_nobody_else(site, origin, told):
    assert f'data-origin="{told}"' in site.get("/embed/", {"origin": origin}).content.decode()


@pytest.mark.parametrize(("language", "way"), [("ar", "rtl"), ("fa", "rtl"), ("en", "ltr")])
def test_in_the_language_of_the_web_site(site, language, way):
    page = site.get("/embed/", {"lang": language, "theme": "dark"}).content.decode()

    assert f'<html lang="{language}" dir="{way}"' in page
    assert 'data-theme="dark"' in page


def test_the_script_is_a_script(site):
    response = site.get("/embed.js")

    assert response.headers["Content-Type"].startswith("text/javascript")
    assert b"event.origin !== home.origin" in response.content


# Tracking


def track(site, order: str, contact: str):
    return site.post("/track/", {"order": order, "contact": contact})


def test_the_answer_is_the_same_whatever_is_known(site):
    order = confirmed_order(make_customer(email="office@horizon.example"))

    answers = [
        track(site, number, contact)
        for number, contact in [
            (order.number, "office@horizon.example"), (order.number, "else@x.example"), ("SO-9", "a@b.example"),
        ]
    ]  # fmt: skip

    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(302, "/track/sent/")}
    assert Job.objects.filter(name="portal.track").count() == 3
    assert not Link.objects.exists(), "the work is done later"


def told() -> list[str]:
    return [
        Link.objects.get(pk=event.facts["link"]).holder_email for event in Event.objects.filter(name="link.renewal")
    ]


def test_the_link_goes_to_the_address_on_file(site):
    customer = make_customer()
    make_contact(customer, "Huda", email="huda@horizon.example", mobile="+966501234567")
    order = confirmed_order(customer)

    send_track_link({"order": order.number.lower(), "contact": "0501234567"}, NOW)
    send_track_link({"order": order.number, "contact": "HUDA@horizon.example"}, NOW)

    assert told() == ["huda@horizon.example"] * 2
    assert Link.objects.get().subject == order


@pytest.mark.parametrize("contact", ["other@horizon.example", "", "%", "x", "0509999999", "@", "' OR 1=1 --"])
def test_who_does_not_know_what_is_on_file_gets_nothing(site, contact):
    order = confirmed_order(make_customer(email="office@horizon.example"))
    make_contact(make_customer(), "Stranger", email="stranger@x.example", mobile="+966509999999")

    send_track_link({"order": order.number, "contact": contact}, NOW)

    assert not Link.objects.exists()


def test_another_customers_contact_gets_nothing(site):
    order = confirmed_order(make_customer(email="office@horizon.example"))
    make_contact(make_customer(), "Stranger", email="stranger@x.example")

    send_track_link({"order": order.number, "contact": "stranger@x.example"}, NOW)

    assert not Link.objects.exists()


def test_a_draft_does_not_exist(site):
    draft = make_order(make_customer(email="office@horizon.example"))

    send_track_link({"order": draft.number or "", "contact": "office@horizon.example"}, NOW)

    assert not Link.objects.exists()


def test_so_many_tries_and_no_more(site):
    statuses = [track(site, f"SO-{n}", "a@b.example").status_code for n in range(12)]

    assert statuses == [302] * 10 + [429] * 2


# Help and hours


def test_help_speaks_of_what_is_offered(noura, as_role):
    everything, support = noura.read("help"), as_role("support").read("help")

    assert "Where is my order?" in everything
    assert "What do I have to pay" in everything
    assert "What do I have to pay" not in support
    assert "/portal/help/" in noura.open("home").content.decode()


WEEK = [Opening(day, time(8), time(12)) for day in range(5)] + [Opening(day, time(13), time(17)) for day in range(5)]
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "until", "again"),
    [
        (7, 59, None, (2, 8)), (8, 0, 12, (2, 13)), (11, 59, 12, (2, 13)), (12, 0, None, (2, 13)), (16, 0, 17, (3, 8)),
        (17, 0, None, (3, 8)),
    ],
)  # fmt: skip
def test_open_now_and_next(hour, minute, until, again):
    now = MONDAY.replace(hour=hour, minute=minute)
    closes, opens = open_until(now, WEEK, ()), opens_next(now, WEEK, ())

    assert (closes.hour if closes else None) == until
    assert opens is not None
    assert (opens.day, opens.hour) == again


def test_after_a_holiday_and_a_weekend():
    friday = MONDAY.replace(day=6, hour=20)

    assert opens_next(friday, WEEK, {MONDAY.replace(day=9).date()}) == MONDAY.replace(day=10, hour=8)
    assert opens_next(friday, [], ()) is None
    assert open_until(MONDAY.replace(hour=9), [Opening(0, time(8), time(12)), Opening(0, time(12), time(17))], ()) == (
        MONDAY.replace(hour=17)
    )


def test_the_contact_block_says_when(noura):
    WorkingHours.objects.all().delete()
    assert "We are" not in noura.read("help")
    WorkingHours.objects.create(weekday=NOW.weekday(), opens=time(8), closes=time(18))
    assert "We are here now, until" in noura.read("help")
    WorkingHours.objects.update(opens=time(1), closes=time(2))
    assert "We are closed at the moment, and here again" in noura.read("help")


def test_absolute_addresses_begin_with_the_owners(db, settings):
    settings.BASE_URL = "https://base.example/"
    make_company()
    assert portal_base() == "https://base.example"
    make_company(portal_address="https://portal.example")
    assert portal_base() == "https://portal.example"
