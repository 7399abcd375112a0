from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Engine

from rawabit.kit.display import PRESETS, using
from rawabit.kit.money import Money

DAY = date(2026, 3, 5)
MOMENT = datetime(2026, 3, 5, 13, 7, tzinfo=UTC)
SA, IR, GB = PRESETS["SA"], PRESETS["IR"], PRESETS["GB"]
ENGINE = Engine(libraries={"kit": "rawabit.kit.screens.templatetags.kit"}, builtins=[])


def shown(expression: str, **values: object) -> str:
    return ENGINE.from_string("{% load kit %}{{ " + expression + " }}").render(Context(values))


def test_money_carries_its_sign_for_the_eye_and_its_name_for_the_ear() -> None:
    with using(SA):
        assert shown("x|money", x=Money.of(1250, "SAR")) == (
            '<span class="money"><span class="cur" aria-hidden="true">⃁</span>1,250.00</span>'
            '<span class="sr">ريال سعودي</span>'
        )
    with using(IR):
        assert shown("x|money", x=Money.of(1250, "IRR")) == (
            '<span class="money-after"><bdi dir="ltr">۱٬۲۵۰</bdi> '
            '<span class="cur" aria-hidden="true">ریال</span></span>'
            '<span class="sr">ریال</span>'
        )


def test_a_currency_code_is_escaped() -> None:
    assert "<script" not in shown("x|money", x=Money(1, "<script>"))


def test_numbers() -> None:
    with using(IR):
        assert shown("x|num:2", x=Decimal("1234.5")) == '<bdi dir="ltr">۱٬۲۳۴٫۵۰</bdi>'
        assert shown("x|pct", x=15) == '<bdi dir="ltr">۱۵٪</bdi>'
    assert shown("x|num", x="<b>") == '<bdi dir="ltr">&lt;b&gt;</bdi>'


def test_dates_are_machine_readable_and_tell_the_other_calendars() -> None:
    with using(SA):
        assert shown("x|date_l", x=DAY) == (
            '<time datetime="2026-03-05" title="16 رمضان 1447 هـ · 14 اسفند 1404">05/03/2026</time>'
        )
        assert ">5 مارس 2026 (16 رمضان 1447 هـ)<" in shown('x|date_l:"dual"', x=DAY)
        assert ">06/03/2026<" in shown("x|date_l", x=MOMENT.replace(hour=22))
        assert shown("x|datetime_l", x=MOMENT) == (
            '<time datetime="2026-03-05T13:07:00+00:00" title="16 رمضان 1447 هـ · 14 اسفند 1404">'
            "05/03/2026، 4:07 م</time>"
        )
        assert shown("x|time_l", x=MOMENT).endswith(">4:07 م</time>")
    with using(GB):
        assert ">5 min ago<" in shown("x|ago:now", x=MOMENT.replace(minute=2), now=MOMENT)


def test_text_is_isolated_and_escaped() -> None:
    assert shown("x|bdi", x="<b>&") == "<bdi>&lt;b&gt;&amp;</bdi>"
    assert shown("x|ltr", x="SO-1 <") == '<bdi dir="ltr">SO-1 &lt;</bdi>'
    assert shown("x|fsi", x="<b>") == "\u2068&lt;b&gt;\u2069"
    assert shown("x|iban", x="SA0380000000608010167519") == (
        '<bdi class="iban" dir="ltr">SA03 8000 0000 6080 1016 7519</bdi>'
    )


def test_phones_can_be_called() -> None:
    link = '<bdi class="phone" dir="ltr"><a href="tel:+966501234567">{}</a></bdi>'
    with using(SA):
        assert shown("x|phone", x="+966501234567") == link.format("050 123 4567")
    with using(IR):
        assert shown("x|phone", x="+966501234567") == link.format("+966 50 123 4567")
    assert "<script" not in shown("x|phone", x='"><script>')


def test_words_follow_the_reader_or_the_argument() -> None:
    with using(replace(IR, rial_unit="toman")):
        assert shown("x|words", x=Money.of(1000, "IRR")) == "یکصد تومان تمام"
        assert shown('x|words:"en"', x=Money.of(1, "USD")) == "Only one US dollar"
    assert shown("x|words", x=Money.of(1, "XYZ")) == ""
    assert shown("x|words", x=Money.of(-1, "SAR")) == ""


@pytest.mark.parametrize(
    "name", ["money", "num", "pct", "date_l", "datetime_l", "time_l", "phone", "iban", "ltr", "bdi", "fsi", "words"]
)
def test_nothing_is_shown_as_nothing(name: str) -> None:
    assert shown(f"x|{name}", x=None) == ""
    assert shown("x|ago:now", x=None, now=MOMENT) == ""
