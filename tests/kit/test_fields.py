"""Form fields and their markup: three scripts, three calendars, direction of inputs, errors beside the field."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation

from rawabit.kit.display import PRESETS, Display, using
from rawabit.kit.money import Money
from rawabit.kit.screens.calendar_view import calendar as calendar_view
from rawabit.kit.screens.fields import (
    CodeField,
    ComboboxField,
    DateField3,
    IdentifierField,
    MoneyField,
    NumberField,
    OneTimeCodeField,
    PhoneField,
)
from rawabit.kit.screens.widgets import Combobox, PasswordInput

SA, IR, GB = PRESETS["SA"], PRESETS["IR"], PRESETS["GB"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"), using(GB):
        yield


def refusal(field: forms.Field, text: str) -> str:
    with pytest.raises(ValidationError) as caught:
        field.clean(text)
    return str(caught.value.code)


# ---------------------------------------------------------------- dates
@pytest.mark.parametrize(
    ("display", "text"),
    [
        (SA, "05/03/2026"), (SA, "٠٥/٠٣/٢٠٢٦"), (SA, "16/9/1447"), (SA, "16 رمضان 1447"),
        (IR, "۱۴۰۴/۱۲/۱۴"), (IR, "1404-12-14"), (GB, "5 Mar 2026"), (GB, "2026-03-05"),
    ],
)  # fmt: skip
def test_one_day_in_many_hands(display: Display, text: str) -> None:
    with using(display):
        assert DateField3().clean(text) == date(2026, 3, 5)


def test_dates_are_refused_with_a_reason() -> None:
    assert refusal(DateField3(), "soon") == "unreadable"
    assert refusal(DateField3(), "30/02/2026") == "no_such_day"
    assert refusal(DateField3(earliest=date(2026, 3, 1)), "28/02/2026") == "early"
    assert refusal(DateField3(latest=date(2026, 3, 1)), "02/03/2026") == "late"
    assert refusal(DateField3(), "") == "required"
    assert DateField3(required=False).clean("") is None


def test_a_date_is_shown_the_way_it_may_be_typed_again() -> None:
    for display in (SA, IR, GB):
        with using(display):
            field = DateField3()
            shown = field.widget.format_value(date(2026, 3, 5))
            assert field.clean(shown) == date(2026, 3, 5)
            assert not field.has_changed(date(2026, 3, 5), shown)


# ---------------------------------------------------------------- numbers and money
@pytest.mark.parametrize("text", ["1234.5", "1,234.5", "١٬٢٣٤٫٥", "۱۲۳۴٫۵", " 1234.50 "])
def test_numbers_in_three_scripts(text: str) -> None:
    assert NumberField().clean(text) == Decimal("1234.5")


def test_numbers_are_refused_with_a_reason() -> None:
    assert refusal(NumberField(), "12a") == "letters"
    assert refusal(NumberField(), "1,23") == "grouping"
    assert refusal(NumberField(places=0), "1.5") == "places"
    assert refusal(NumberField(least=1), "0") == "least"
    assert refusal(NumberField(most=10), "11") == "most"
    assert NumberField(places=0).clean("1,000") == 1000


def test_amounts_are_exact_and_never_rounded_away() -> None:
    assert MoneyField(currency="SAR").clean("1,250.00 ر.س") == Money(125000, "SAR")
    assert MoneyField(currency="KWD").clean("15.125") == Money(15125, "KWD")
    assert refusal(MoneyField(currency="SAR"), "1.005") == "places"
    assert refusal(MoneyField(currency="IRR"), "1.5") == "places"


def test_tomans_are_typed_where_tomans_are_shown() -> None:
    from dataclasses import replace

    with using(replace(IR, rial_unit="toman")):
        field = MoneyField(currency="IRR")
        assert field.clean("۱۲۵٬۰۰۰") == Money(1250000, "IRR")
        assert field.clean(field.widget.format_value(Money(1250000, "IRR"))) == Money(1250000, "IRR")


# ---------------------------------------------------------------- phones, codes
def test_phones_are_read_in_the_readers_country() -> None:
    with using(SA):
        assert PhoneField().clean("٠٥٠١٢٣٤٥٦٧") == "+966501234567"
        assert PhoneField().widget.format_value("+966501234567") == "050 123 4567"
    assert PhoneField(region="IR").clean("09121234567") == "+989121234567"
    assert PhoneField(required=False).clean("") == ""
    assert refusal(PhoneField(region="SA"), "0501")


def test_identifiers_block_or_only_clean() -> None:
    assert IdentifierField(kind="sa_vat").clean("٣١٠١٢٢٣٩٣٥٠٠٠٠٣") == "310122393500003"
    assert refusal(IdentifierField(kind="sa_vat"), "123") == "length"
    assert IdentifierField(kind="ir_postal_code").clean("00000") == "00000"


def test_codes_lose_bidi_marks_and_local_digits() -> None:
    assert CodeField().clean("\u202exp-۲۰۰ ") == "xp-200"
    assert OneTimeCodeField().clean("٤٨٢ 913") == "482913"


# ---------------------------------------------------------------- combobox
def test_a_combobox_reads_its_key_and_keeps_typed_words() -> None:
    widget = Combobox(url="/x")
    assert widget.value_from_datadict({"c": "7", "c_label": "Acme"}, {}, "c") == "7"  # type: ignore[arg-type]
    assert widget.value_from_datadict({"c": "", "c_label": " Acme "}, {}, "c") == "text:Acme"  # type: ignore[arg-type]
    assert widget.value_from_datadict({"c": "", "c_label": ""}, {}, "c") == ""  # type: ignore[arg-type]
    assert 'value="Acme"' in widget.render("c", "text:Acme", {"id": "id_c"})


@pytest.mark.django_db
def test_a_combobox_chooses_only_from_its_rows() -> None:
    from django.contrib.contenttypes.models import ContentType

    rows = ContentType.objects.filter(app_label="contenttypes")
    row = rows.get()
    field = ComboboxField(queryset=rows, find=lambda found, text: found.filter(model=text))
    assert field.clean(str(row.pk)) == row
    assert field.clean(f"text:{row.model}") == row
    assert refusal(field, "text:nothing") == "not_found"
    other = ContentType.objects.exclude(pk=row.pk).first()
    assert other is not None
    assert refusal(field, str(other.pk)) == "invalid_choice"


# ---------------------------------------------------------------- markup
class Sample(forms.Form):
    name = forms.CharField(help_text="As on paper")
    email = forms.EmailField()
    count = forms.IntegerField()
    day = forms.DateField(required=False)
    due = DateField3()
    secret = forms.CharField(widget=PasswordInput)
    kind = forms.ChoiceField(choices=[("a", "A")])
    agree = forms.BooleanField()


def test_inputs_have_their_direction_and_never_the_browsers_number_or_date() -> None:
    html = str(Sample())
    assert 'type="number"' not in html and 'type="date"' not in html
    assert 'name="name" class="in" dir="auto"' in html
    assert 'name="email" class="in in-ltr"' in html
    assert 'name="count" class="in in-ltr in-code" inputmode="numeric"' in html
    assert html.count("<label") == 8
    assert html.count('class="opt"') == 1 and 'class="req"' not in html


def test_an_error_stands_beside_its_field_and_is_announced() -> None:
    form = Sample({"name": "", "count": "x"})
    html = form["name"].as_field_group()
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html and 'id="id_name_helptext"' in html
    assert 'value="x"' in form["count"].as_field_group()


# ---------------------------------------------------------------- the month grid
def ask(query: str, display: Display, **options: object) -> str:
    request: HttpRequest = RequestFactory().get(f"/ui/calendar/?{query}")
    request.now = datetime(2026, 3, 5, 21, 30, tzinfo=UTC)  # type: ignore[attr-defined]
    with using(display), translation.override(display.language):
        return calendar_view(request, **options).content.decode()  # type: ignore[arg-type]


def test_today_is_that_of_the_readers_zone() -> None:
    html = ask("", SA)
    assert html.count('aria-current="date"') == 1
    assert 'data-date="2026-03-06" data-text="06/03/2026"' in html.split('aria-current="date"')[0].rpartition("<td>")[2]


@pytest.mark.parametrize(
    ("query", "display", "title", "first"),
    [
        ("c=gregorian&ym=2026-03", SA, "مارس 2026", "2026-03-01"),
        ("c=hijri&ym=1447-09", SA, "رمضان 1447", "2026-02-15"),
        ("c=jalali&ym=1404-12", IR, "اسفند ۱۴۰۴", "2026-02-14"),
        ("c=gregorian&ym=2026-03", GB, "March 2026", "2026-02-23"),
    ],
)
def test_a_month_in_each_calendar(query: str, display: Display, title: str, first: str) -> None:
    html = ask(query, display)
    assert title in html
    assert html.index(f'data-date="{first}"') == html.index("data-date=")


def test_a_typed_day_opens_its_month_and_is_pressed() -> None:
    html = ask("v=16/9/1447", SA)
    assert 'data-date="2026-03-05"' in html.split('tabindex="0"')[0].rpartition("<td>")[2]
    assert 'tabindex="0" aria-pressed="true"' in html


@pytest.mark.parametrize("ym", ["9999-12", "0000-00", "1-1", "x", "2026-13", "1500-12", "99999999-1", ""])
@pytest.mark.parametrize("calendar", ["gregorian", "hijri", "jalali", "<b>"])
def test_no_month_breaks_the_grid(calendar: str, ym: str) -> None:
    html = ask(f"c={calendar}&ym={ym}&v=<script>", SA)
    assert "<table>" in html and "<script>" not in html


def test_days_off_come_from_outside() -> None:
    html = ask("c=gregorian&ym=2026-03", SA, days_off=lambda start, end: {date(2026, 3, 20): "Eid & more"})
    assert html.count("data-holiday") == 1 and "Eid &amp; more" in html


def test_the_echo_reads_a_typed_day_back() -> None:
    assert "16 رمضان 1447" in ask("echo=5/3/2026", SA)
    assert "<bdi>" not in ask("echo=tomorrow", SA)
