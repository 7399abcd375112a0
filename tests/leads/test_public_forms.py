"""The form on the web site: what it shows, keeps and refuses, and what a hostile visitor gets."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from rawabit.crm.models import Contact
from rawabit.kit.records.models import Event
from rawabit.leads.models import Arrival, AssignmentRule, Criterion, FormField, Lead, WebForm
from rawabit.leads.portal import forms as door
from tests import makers
from tests.makers import make_contact, make_customer, make_lead, make_web_form

pytestmark = pytest.mark.django_db
GOOD = {"name": "سعد", "phone": "٠٥٠١٢٣٤٥٦٧", "email": "saad@new.example", "interest": "مضخة"}


@pytest.fixture
def visitor(db):
    cache.clear()
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def url(form: WebForm, query: str = "") -> str:
    return f"/forms/{form.key}/{query}"


def sheet(page) -> str:
    return re.search(r'name="sheet" value="([^"]+)"', page.content.decode())[1]


def opened(visitor, form: WebForm, monkeypatch, ago: int = 10) -> str:
    """The sheet of a page that was opened some seconds ago."""
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() - timedelta(seconds=ago))
    page = visitor.get(url(form))
    monkeypatch.setattr(timezone, "now", now)
    assert page.status_code == 200
    return sheet(page)


def send(visitor, web_form: WebForm, monkeypatch, **values):
    values.setdefault("sheet", opened(visitor, web_form, monkeypatch))
    return visitor.post(url(web_form), values)


def test_what_is_sent_becomes_a_lead_with_score_and_owner(visitor, monkeypatch):
    form = make_web_form(source_detail="Home page")
    person = makers.make_user("sales")
    Criterion.objects.create(name="Phone", field="phone", test="filled", points=60)
    AssignmentRule.objects.create(name="All", way="person", person=person, min_score=50)

    response = send(visitor, form, monkeypatch, **GOOD)

    assert (response.status_code, response.headers["Location"]) == (302, f"/forms/{form.key}/thanks/?lang=en")
    lead = Lead.objects.get()
    assert (lead.name, lead.phone, lead.email, lead.interest) == ("سعد", "+966501234567", "saad@new.example", "مضخة")
    assert (lead.score, lead.owner, lead.form, lead.source_detail) == (60, person, form, "Home page")
    assert (lead.priority, lead.state, lead.language) == ("high", "new", "en")
    arrival = Arrival.objects.get()
    assert (arrival.lead, arrival.is_first, arrival.given[0]) == (lead, True, ["name", "سعد"])
    created = Event.objects.get(name="lead.created")
    assert (created.door, created.actor_id, created.actor_name) == ("form", None, "سعد")
    assert visitor.get(response.headers["Location"]).status_code == 200


def test_no_cookie_is_needed(visitor, monkeypatch):
    """Browsers keep cookies from frames of other sites."""
    form = make_web_form()
    mark = opened(visitor, form, monkeypatch)
    assert Client(enforce_csrf_checks=True).post(url(form), {**GOOD, "sheet": mark}).status_code == 302
    assert Lead.objects.count() == 1


def test_a_sheet_takes_effect_once(visitor, monkeypatch):
    form = make_web_form()
    mark = opened(visitor, form, monkeypatch)
    assert [send(visitor, form, monkeypatch, sheet=mark, **GOOD).status_code for _ in range(3)] == [302] * 3
    assert Lead.objects.count() == Arrival.objects.count() == 1
    again = send(visitor, form, monkeypatch, sheet=mark, **{**GOOD, "name": "Other", "email": "o@x.example"})
    assert again.status_code == 409 and sheet(again) != mark
    assert b"o@x.example" in again.content, "what was typed stays"
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"owner": "1", "owner_id": "1", "score": "999", "state": "converted", "customer": "1", "priority": "high"},
        {"number": "L-1", "uid": "x", "form": "2", "score_facts": "[]", "given": "{}", "source": "1"},
        {"own999": "x", "official_number": "123", "city": "Riyadh"},
    ],
)
def test_what_the_form_does_not_ask_is_never_read(visitor, monkeypatch, forged):
    form = make_web_form()
    response = send(visitor, form, monkeypatch, **GOOD, **forged)
    assert response.status_code == 302
    lead = Lead.objects.get()
    assert (lead.owner, lead.score, lead.state, lead.customer, lead.source) == (None, 0, "new", None, None)
    assert (lead.official_number, lead.city, lead.priority) == ("", "", "normal")
    assert {label for label, _words in Arrival.objects.get().given} == {"name", "phone", "email", "interest"}


@pytest.mark.parametrize("mark", ["", "x", "1:2:3"])
def test_without_a_sheet_of_ours_nothing_is_kept_and_nothing_told(visitor, monkeypatch, mark):
    form = make_web_form()
    assert send(visitor, form, monkeypatch, sheet=mark, **GOOD).status_code == 302
    assert not Lead.objects.exists()


def test_traps(visitor, monkeypatch):
    form, other = make_web_form(), make_web_form()
    assert send(visitor, form, monkeypatch, site="http://spam", **GOOD).status_code == 302
    assert send(visitor, form, monkeypatch, sheet=opened(visitor, form, monkeypatch, 0), **GOOD).status_code == 302
    assert send(visitor, form, monkeypatch, sheet=opened(visitor, other, monkeypatch), **GOOD).status_code == 302
    assert not Lead.objects.exists()
    late = send(visitor, form, monkeypatch, sheet=opened(visitor, form, monkeypatch, 7 * 3600), **GOOD)
    assert late.status_code == 409 and "سعد" in late.content.decode() and not Lead.objects.exists()
    assert send(visitor, form, monkeypatch, **{**GOOD, "interest": "http://a.b " * 5}).status_code == 422
    assert send(visitor, form, monkeypatch, **GOOD).status_code == 302
    assert Lead.objects.count() == 1


@pytest.mark.parametrize("limit", ["MOST_PER_PLACE", "MOST_PER_FORM"])
def test_too_many(visitor, monkeypatch, limit):
    form = make_web_form()
    monkeypatch.setattr(door, limit, 2)
    answers = [send(visitor, form, monkeypatch, **{**GOOD, "email": f"{n}@x.example"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Retry-After" in answers[-1].headers
    assert Arrival.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [({"email": "no"}, "email"), ({"phone": "abc"}, "phone"), ({"name": "n" * 201}, "name")],
)
def test_wrong_answers_are_told_beside_their_fields(visitor, monkeypatch, values, field):
    form = make_web_form()
    response = send(visitor, form, monkeypatch, **{**GOOD, **values})
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not Lead.objects.exists()


@pytest.mark.parametrize("nobody", [{}, {"interest": "pumps"}, {"name": "\u200f \u202e"}])
def test_somebody_must_be_told(visitor, monkeypatch, nobody):
    form = make_web_form()
    assert send(visitor, form, monkeypatch, **nobody).status_code == 422
    assert not Lead.objects.exists()


HOSTILE = "<script>alert(1)</script>\u202egpj.exe{{7*7}}'\"😀"


def test_hostile_words_are_kept_clean_and_shown_as_words(visitor, monkeypatch, manager):
    form = make_web_form()
    send(visitor, form, monkeypatch, **{**GOOD, "name": HOSTILE, "interest": HOSTILE})
    lead = Lead.objects.get()
    assert "\u202e" not in lead.name + lead.interest and "😀" in lead.name
    staff = Client()
    staff.force_login(manager.user, backend="django.contrib.auth.backends.ModelBackend")
    for page in (f"/desk/leads/{lead.pk}/", "/desk/leads/", f"/desk/leads/{lead.pk}/do/convert/"):
        body = staff.get(page).content.decode()
        assert "<script>alert" not in body and "&lt;script&gt;alert" in body, page


def test_ten_megabytes_are_refused(visitor, monkeypatch):
    form = make_web_form()
    body = {**GOOD, "sheet": opened(visitor, form, monkeypatch), "interest": "x" * 10_000_000}
    assert visitor.post(url(form), body).status_code in (400, 413, 422)
    assert not Lead.objects.exists()


def test_files_are_not_read(visitor, monkeypatch):
    form = make_web_form()
    mark = opened(visitor, form, monkeypatch)
    response = visitor.post(url(form), {**GOOD, "sheet": mark, "file": makers.make_upload()})
    assert response.status_code == 302 and Lead.objects.count() == 1


def test_an_open_lead_and_a_known_contact_are_not_doubled(visitor, monkeypatch, seller):
    form = make_web_form()
    mine = make_lead(email="Saad@New.example", owner=seller.user)
    strange = send(visitor, form, monkeypatch, **GOOD)
    contact = make_contact(make_customer(), email="known@c.example", owner=seller.user)
    known = send(visitor, form, monkeypatch, **{**GOOD, "email": "known@c.example", "phone": ""})
    fresh = send(visitor, form, monkeypatch, **{**GOOD, "email": "new@c.example", "phone": ""})
    assert strange.headers["Location"] == known.headers["Location"] == fresh.headers["Location"], "tells nothing"
    first, second, third = Arrival.objects.order_by("pk")
    assert (first.lead, first.is_first) == (mine, False)
    assert (second.lead, second.contact, second.is_first) == (None, contact, False)
    assert third.is_first and Lead.objects.count() == 2 and Contact.objects.count() == 1
    told = Event.objects.filter(name__in=("lead.wrote_again", "contact.wrote")).values_list("name", "subject_id")
    assert list(told) == [("lead.wrote_again", mine.pk), ("contact.wrote", contact.pk)]


def policy_of(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in parts}


def test_only_its_web_sites_may_show_it(visitor, monkeypatch):
    form = make_web_form(hosts="https://shop.example\nhttps://x.example; script-src *")
    other = make_web_form()
    for response in (visitor.get(url(form)), send(visitor, form, monkeypatch), visitor.get(url(form, "thanks/"))):
        assert policy_of(response)["frame-ancestors"] == "'self' https://shop.example"
        assert "X-Frame-Options" not in response.headers
        assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert policy_of(visitor.get(url(other)))["frame-ancestors"] == "'self'"


@pytest.mark.parametrize(
    ("origin", "told"), [("https://shop.example", "https://shop.example"), ("https://evil.example", "")]
)
def test_the_frame_talks_to_nobody_else(visitor, origin, told):
    form = make_web_form(hosts="https://shop.example")
    assert f'data-origin="{told}"' in visitor.get(url(form, f"?origin={origin}")).content.decode()


def test_what_is_closed_or_unknown_is_not_there(visitor):
    form = make_web_form(is_active=False)
    assert visitor.get(url(form)).status_code == visitor.post(url(form), GOOD).status_code == 404
    assert visitor.get("/forms/00000000-0000-0000-0000-000000000001/").status_code == 404


@pytest.mark.parametrize(
    ("language", "way", "label"), [("ar", "rtl", "الاسم"), ("fa", "rtl", "نام"), ("en", "ltr", "Name")]
)
def test_in_three_languages(visitor, language, way, label):
    form = make_web_form("own_choice", language="fa")
    FormField.objects.create(form=form, key="name", name="Who", name_ar="الاسم", name_fa="نام", name_en="Name")
    FormField.objects.filter(key="own_choice").update(options="now\nlater", options_ar="الآن\nلاحقاً", options_fa="فقط")
    page = visitor.get(url(form, f"?lang={language}")).content.decode()
    assert f'<html lang="{language}" dir="{way}"' in page and label in page
    assert ("الآن" in page) is (language == "ar") and 'value="later"' in page
    assert 'lang="fa" dir="rtl"' in visitor.get(url(form)).content.decode(), "the form's own without a wish"


def test_every_kind_of_question(visitor, monkeypatch):
    form = make_web_form(
        "name", "country", "own_text", "own_long", "own_choice", "own_yes", "website", "official_number"
    )
    FormField.objects.filter(key="own_choice").update(options="red\nblue")
    own = {row.key: f"own{row.pk}" for row in form.fields.all()}
    values = {
        "name": "A", "country": "IR", own["own_text"]: "t", own["own_long"]: "l\nm", own["own_choice"]: "blue",
        own["own_yes"]: "on", "website": "https://a.example", "official_number": "١٢٣",
    }  # fmt: skip
    assert send(visitor, form, monkeypatch, **values).status_code == 302
    lead, given = Lead.objects.get(), dict(Arrival.objects.get().given)
    assert (lead.country, lead.website, lead.official_number) == ("IR", "https://a.example", "123")
    assert (given["own_text"], given["own_long"], given["own_choice"], given["own_yes"]) == ("t", "l\nm", "blue", "Yes")
    assert send(visitor, form, monkeypatch, **{**values, own["own_choice"]: "green"}).status_code == 422


def test_the_page_is_light_and_the_script_is_a_script(visitor):
    form = make_web_form()
    page = visitor.get(url(form))
    assert len(page.content) < 60_000 and "no-store" in page.headers["Cache-Control"]
    script = visitor.get("/forms.js")
    assert (
        script.headers["Content-Type"].startswith("text/javascript")
        and b"event.origin !== home.origin" in script.content
    )
