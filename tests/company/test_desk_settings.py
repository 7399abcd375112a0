"""The settings pages: who may open them, what they keep, what they refuse."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rawabit.company.models import Company, Holiday, Series, WorkingHours
from rawabit.company.settings_queries import next_ramadan
from rawabit.kit.owner_css import owner_css_problem
from rawabit.kit.records.models import Counter, Event
from tests import makers
from tests.laws.world import client_of

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture
def chief(company):
    return client_of(makers.make_user("administrator", "خالد"))


def cards(client: Client) -> set[str]:
    return {card.url for _title, found in client.get(HOME).context["sections"] for card, _url in found}


# Who


def test_everybody_is_shown_the_settings_he_may_change(chief, manager, clerk, seller):
    everything = cards(chief)
    assert {"settings-legal", "settings-brand", "users-list", "roles-list", "audit", "carriers-list"} <= everything
    managers = cards(client_of(manager.user))
    assert {"settings-holidays", "settings-hours", "teams-list", "territories-tree"} <= managers
    assert not managers & {"settings-legal", "settings-brand", "users-list", "roles-list", "audit"}
    assert cards(client_of(clerk.user)) == {"taxes-list", "payment-terms-list", "settings-series"}
    assert client_of(seller.user).get(HOME).status_code == 403


def test_the_menu_leads_to_the_settings_only_those_who_find_something_there(clerk, seller):
    assert f'href="{HOME}"' in client_of(clerk.user).get("/desk/").content.decode()
    assert f'href="{HOME}"' not in client_of(seller.user).get("/desk/").content.decode()


@pytest.mark.parametrize("page", ["company", "localisation", "rules", "brand", "hours", "holidays", "series", "audit"])
def test_without_the_permission_a_page_neither_opens_nor_saves(seller, page):
    client, before = client_of(seller.user), Company.objects.get()
    assert client.get(f"{HOME}{page}/").status_code == 403
    assert client.post(f"{HOME}{page}/", {"name": "x", "propose": "1"}).status_code in (403, 405)
    assert Company.objects.get().version == before.version and not Holiday.objects.exists()


# Company and legal data

LEGAL = {"name": "شركة الروابط", "name_en": "Rawabit Co.", "country": "SA", "currency": "SAR"}


def save(client: Client, page: str, data: dict, version: int | None = None):
    kept = Company.objects.get().version if version is None else version
    return client.post(f"{HOME}{page}/", {**data, "version": str(kept)})


def test_legal_data_are_checked_by_country(chief):
    wrong = save(chief, "company", {**LEGAL, "vat_number": "12345", "iban": "SA0380000000608010167510"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"vat_number", "iban"}

    done = save(chief, "company", {
        **LEGAL, "vat_number": "٣١٠١٢٢٣٩٣٥٠٠٠٠٣", "iban": "SA03 8000 0000 6080 1016 7519", "phone": "0112345678",
    })  # fmt: skip
    company = Company.objects.get()
    assert done.url == f"{HOME}company/"
    assert (company.vat_number, company.iban) == ("310122393500003", "SA0380000000608010167519")
    assert company.phone == "+966112345678"
    assert Event.objects.filter(name="company.changed").last().facts["changes"]["name_en"] == ["", "Rawabit Co."]


def test_two_windows_of_the_settings(chief):
    seen = Company.objects.get().version
    save(chief, "company", {**LEGAL, "name": "الأول"})
    answer = save(chief, "company", {**LEGAL, "name": "الثاني"}, version=seen)
    assert answer.status_code == 422 and "خالد" in answer.content.decode()
    assert Company.objects.get().name == "الأول"


def test_a_refused_page_keeps_what_was_typed_and_the_frame_as_it_was(chief):
    page = save(chief, "company", {**LEGAL, "name": "اسم جديد", "vat_number": "1"})
    assert 'value="اسم جديد"' in page.content.decode()
    assert page.wsgi_request.company.name == "شركة الروابط"


# Localisation


def test_ways_of_writing_are_saved_and_shown_at_once(chief):
    kept = {"language": "ar", "calendar": "hijri", "second_calendar": "gregorian", "digits": "arab",
            "first_weekday": "5", "timezone": "Asia/Kuwait", "money_style": "abbr", "rial_unit": "rial"}  # fmt: skip
    assert save(chief, "localisation", kept).status_code == 302
    company = Company.objects.get()
    assert (company.calendar, company.first_weekday, company.timezone) == ("hijri", 5, "Asia/Kuwait")
    assert save(chief, "localisation", {**kept, "timezone": "Mars/Base"}).status_code == 422


def test_the_usual_settings_of_a_country_are_taken_over(chief):
    chief.post(f"{HOME}localisation/country/", {"country": "IR"})
    company = Company.objects.get()
    assert (company.calendar, company.digits, company.currency) == ("jalali", "arabext", "IRR")
    assert WorkingHours.objects.filter(weekday=3).get().closes == time(12)
    chief.post(f"{HOME}localisation/country/", {"country": "XX"})
    assert Company.objects.get().country == "IR"


# Brand

BRAND = {"portal_name": "بوابة الروابط", "brand_color": "#F5C400", "custom_css": ".card{border-radius:0}"}


def test_a_colour_becomes_tokens_with_contrast(chief):
    assert save(chief, "brand", BRAND).status_code == 302
    company = Company.objects.get()
    assert company.brand_color == "#f5c400"
    css = Client().get("/brand.css").content.decode()
    assert "--brand-raw:#f5c400" in css and ".card{border-radius:0}" in css
    preview = chief.get(f"{HOME}brand/preview/", {"brand_color": "f5c400"})
    assert [theme["least_text"] >= 4.5 and theme["least_control"] >= 3 for theme in preview.context["themes"]] == [
        True, True,
    ]  # fmt: skip
    assert chief.get(f"{HOME}brand/preview/", {"brand_color": "blue-ish"}).context["not_a_colour"]


def test_a_logo_is_kept_by_what_it_is_and_served_with_care(chief, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage",
                    "OPTIONS": {"location": tmp_path, "base_url": None}},
    }  # fmt: skip
    evil = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for name, content in (("logo.svg", evil), ("logo.png", evil), ("logo.png", b"%PDF-1.7 ")):
        refused = save(chief, "brand", {**BRAND, "new_logo": SimpleUploadedFile(name, content, "image/png")})
        assert "new_logo" in refused.context["form"].errors, name
    assert not Company.objects.get().logo

    assert save(chief, "brand", {**BRAND, "new_logo": SimpleUploadedFile("../../x.svg", PNG)}).status_code == 302
    logo = Company.objects.get().logo
    assert logo.name.startswith("brand/logo-") and logo.name.endswith(".png") and "x.svg" not in logo.name
    answer = Client().get("/logo")
    assert b"".join(answer.streaming_content) == PNG and answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    save(chief, "brand", {**BRAND, "no_logo": "on"})
    assert Client().get("/logo").status_code == 404


@pytest.mark.parametrize(
    ("css", "problem"),
    [
        (".a{color:red}", ""),
        ("@media (min-width:40rem){.a{color:red}}", ""),
        ('.a::after{content:"url(x) }"}', ""),
        ("@import 'https://evil.example/x.css';", "rule"),
        ("@\timport 'x';", "rule"),
        ("@font-face{font-family:x}", "rule"),
        (".a{background:url(https://evil.example/?c)}", "fetch"),
        (".a{background:URL (x)}", "fetch"),
        (".a{background:u/**/rl(x)}", ""),  # two words for every browser: nothing is fetched
        ('.a{background:image-set("https://evil.example/x" 1x)}', "fetch"),
        (r".a{background:\75rl(x)}", "escape"),
        ("</style><script>", "markup"),
        ("}} body{display:none}", "brackets"),
        (".a{color:red", "brackets"),
        (".a{color:red}/* open", "brackets"),
        ('.a{content:"open}', "string"),
        ("a" * 20_001, "long"),
    ],
)
def test_what_owners_may_write(css, problem):
    assert owner_css_problem(css) == problem


def test_refused_css_is_not_kept(chief):
    answer = save(chief, "brand", {**BRAND, "custom_css": "@import 'x';"})
    assert "custom_css" in answer.context["form"].errors
    assert Company.objects.get().custom_css == ""


# Selling rules


def test_selling_rules_are_saved(chief):
    done = save(chief, "rules", {"credit_policy": "block", "invoice_from": "ordered", "quotation_days": "٣٠",
                                 "discount_limit": "12.5"})  # fmt: skip
    company = Company.objects.get()
    assert done.status_code == 302
    assert (company.credit_policy, company.quotation_days, str(company.discount_limit)) == ("block", 30, "12.5000")


# Hours


def week(**changes: str) -> dict[str, str]:
    return {"opens_6_1": "08:00", "closes_6_1": "12:00", "opens_6_2": "13", "closes_6_2": "۱۷:۳۰", **changes}


def test_hours_are_typed_in_any_digits_and_two_spans(chief):
    assert chief.post(f"{HOME}hours/", week()).status_code == 302
    assert [(row.weekday, row.opens, row.closes) for row in WorkingHours.objects.all()] == [
        (6, time(8), time(12)), (6, time(13), time(17, 30)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"closes_6_1": "07:00"}, "closes_6_1"), ({"closes_6_1": ""}, "closes_6_1"), ({"opens_6_2": "11"}, "opens_6_2"),
     ({"opens_6_1": "morning"}, "opens_6_1")],
)  # fmt: skip
def test_impossible_hours_are_refused_beside_their_field(chief, changes, field):
    before = list(WorkingHours.objects.values_list("weekday", "opens"))
    answer = chief.post(f"{HOME}hours/", week(**changes))
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert list(WorkingHours.objects.values_list("weekday", "opens")) == before


def test_ramadan_is_proposed_confirmed_and_taken_away(chief):
    form = chief.get(f"{HOME}hours/dated/?ramadan=1").context["form"]
    assert next_ramadan(date(2026, 11, 22)) == (date(2027, 2, 8), date(2027, 3, 8))
    assert next_ramadan(date(2027, 2, 20)) == (date(2027, 2, 8), date(2027, 3, 8))
    assert form.initial["first"] < form.initial["last"]
    assert form.fields["opens_6_1"].initial == time(10) and form.fields["opens_4_1"].initial is None
    usual = WorkingHours.objects.count()

    asked = {"first": "08/02/2027", "last": "08/03/2027", "opens_6_1": "10:00", "closes_6_1": "16:00"}
    assert chief.post(f"{HOME}hours/dated/", asked).status_code == 302
    row = WorkingHours.objects.get(valid_from=date(2027, 2, 8))
    assert (row.valid_to, row.opens) == (date(2027, 3, 8), time(10))
    assert WorkingHours.objects.count() == usual + 1
    chief.post(f"{HOME}hours/", week())
    assert WorkingHours.objects.filter(valid_from=date(2027, 2, 8)).count() == 1
    chief.post(f"{HOME}hours/dated/2027-02-08/2027-03-08/end/")
    assert not WorkingHours.objects.exclude(valid_from=None).exists()


# Holidays


def test_holidays_are_proposed_ticked_and_kept(chief):
    url = f"{HOME}holidays/?year=2026"
    chief.post(url, {"propose": "1"})
    page = chief.get(url)
    assert date(2026, 9, 23) in [day.date for day in page.context["proposed"]] and not page.context["confirmed"]
    chief.post(url, {"confirm": "1", "day": ["2026-09-23", "nonsense"]})
    page = chief.get(url)
    assert [day.date for day in page.context["confirmed"]] == [date(2026, 9, 23)]
    chief.post(url, {"propose": "1"})
    assert Holiday.objects.filter(date=date(2026, 9, 23)).count() == 1
    day = Holiday.objects.get(date=date(2026, 9, 23))
    assert chief.post(f"{HOME}holidays/{day.pk}/end/").url == url
    assert not Holiday.objects.filter(pk=day.pk).exists()


def test_a_closure_takes_two_taps(chief):
    url = f"{HOME}holidays/?year=2026"
    chief.post(url, {"close": "1", "first": "01/03/2026", "last": "", "name": "جرد"})
    chief.post(url, {"close": "1", "first": "05/04/2026", "last": "07/04/2026", "name": "صيانة"})
    assert [str(day) for day in Holiday.objects.filter(confirmed=True).values_list("date", flat=True)] == [
        "2026-03-01", "2026-04-05", "2026-04-06", "2026-04-07",
    ]  # fmt: skip
    wrong = chief.post(url, {"close": "1", "first": "05/04/2026", "last": "01/04/2026", "name": "س"})
    assert wrong.status_code == 422 and "last" in wrong.context["form"].errors


# Number series


def series_data(**changes: str) -> dict[str, str]:
    page = {row.pk: row for row in Series.objects.all()}
    kept = {f"{kind}-prefix": row.prefix for kind, row in page.items()}
    return {**kept, **{f"{kind}-width": str(row.width) for kind, row in page.items()}, **changes}


def previews(page) -> dict[str, str]:
    return {row.row.kind: row.preview for row in page.context["rows"]}


def test_a_new_prefix_never_touches_the_count(chief):
    invoice = makers.posted_invoice(makers.make_customer())
    counter = dict(Counter.objects.values_list("name", "last"))
    done = chief.post(f"{HOME}series/", series_data(**{"invoice-prefix": "FAT", "invoice-width": "7"}))
    assert done.status_code == 302
    assert dict(Counter.objects.values_list("name", "last")) == counter
    assert makers.Invoice.objects.get(pk=invoice.pk).number == invoice.number
    following = makers.posted_invoice(makers.make_customer())
    assert (following.number[:4], following.number[-7:]) == ("FAT-", "0000002")


def test_the_next_number_is_shown_while_typing_and_not_used_up(chief):
    url, before = f"{HOME}series/", dict(Counter.objects.values_list("name", "last"))
    shown = previews(chief.get(url))
    assert shown["customer"] == "C-00001" and shown["order"].endswith("-00001")
    typed = chief.post(url, {**series_data(**{"order-prefix": "ORD"}), "preview": "1"})
    assert typed.status_code == 200 and previews(typed)["order"].startswith("ORD-")
    assert Series.objects.get(pk="order").prefix == "SO"
    assert dict(Counter.objects.values_list("name", "last")) == before


def test_two_series_never_share_a_prefix(chief):
    answer = chief.post(f"{HOME}series/", series_data(**{"quotation-prefix": "ZZ", "order-prefix": "INV"}))
    assert answer.status_code == 422
    assert list(Series.objects.filter(prefix="ZZ")) == []  # all changes or none
    assert chief.post(f"{HOME}series/", series_data(**{"order-prefix": "طلب"})).status_code == 422
