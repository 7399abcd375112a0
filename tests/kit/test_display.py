from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from rawabit.kit.display import PRESETS, Display, active, using
from rawabit.kit.money import Money

DAY = date(2026, 3, 5)
MOMENT = datetime(2026, 3, 5, 13, 7, tzinfo=UTC)
SA, IR, GB = PRESETS["SA"], PRESETS["IR"], PRESETS["GB"]
SA_EN = replace(SA, language="en")


def test_presets() -> None:
    assert {code: (p.calendar, p.digits, p.first_weekday) for code, p in PRESETS.items()} == {
        "SA": ("gregorian", "latn", 6),
        "AE": ("gregorian", "latn", 0),
        "KW": ("gregorian", "latn", 5),
        "QA": ("gregorian", "latn", 5),
        "BH": ("gregorian", "latn", 5),
        "OM": ("gregorian", "latn", 5),
        "IR": ("jalali", "arabext", 5),
        "GB": ("gregorian", "latn", 0),
    }
    assert all(p.local(MOMENT).tzinfo is not None for p in PRESETS.values())


def test_the_active_display_is_scoped() -> None:
    assert active() == SA
    with using(IR), using(GB):
        assert active() is GB
    assert active() == SA


def test_numbers() -> None:
    assert SA.number(Decimal("1234.5"), 2) == "1,234.50"
    assert IR.number(1234567) == "۱٬۲۳۴٬۵۶۷"
    assert IR.percent(15) == "۱۵٪"


@pytest.mark.parametrize(
    ("display", "money", "text"),
    [
        (SA, Money.of("1250", "SAR"), "1,250.00 ر.س"),
        (SA, Money.of("-1250", "SAR"), "−1,250.00 ر.س"),
        (SA, Money.of("12345.678", "KWD"), "12,345.678 د.ك"),
        (replace(SA, money_style="code"), Money.of("1250", "SAR"), "1,250.00 SAR"),
        (SA_EN, Money.of("1250", "SAR"), "SAR 1,250.00"),
        (IR, Money.of("1250000", "IRR"), "۱٬۲۵۰٬۰۰۰ ریال"),
        (IR, Money.of("1250", "SAR"), "۱٬۲۵۰٫۰۰ ریال سعودی"),
        (replace(IR, rial_unit="toman"), Money.of("1250000", "IRR"), "۱۲۵٬۰۰۰ تومان"),
        (replace(IR, rial_unit="toman"), Money.of("1250005", "IRR"), "۱۲۵٬۰۰۰٫۵ تومان"),
        (SA, Money.of("5", "XYZ"), "5.00 XYZ"),
    ],
)
def test_money_as_plain_text(display: Display, money: Money, text: str) -> None:
    assert display.money_text(money) == text
    assert "⃁" not in text


@pytest.mark.parametrize(
    ("display", "money", "parts"),
    [
        (SA, Money.of("1250", "SAR"), ("⃁", "1,250.00", "before", "ريال سعودي")),
        (SA_EN, Money.of("1250", "SAR"), ("⃁", "1,250.00", "before", "Saudi riyal")),
        (replace(SA, money_style="abbr"), Money.of("1250", "SAR"), ("ر.س", "1,250.00", "after", "ريال سعودي")),
        (replace(SA, money_style="code"), Money.of("1250", "SAR"), ("SAR", "1,250.00", "after", "ريال سعودي")),
        (SA, Money.of("5", "AED"), ("د.إ", "5.00", "after", "درهم إماراتي")),
        (IR, Money.of("1250", "IRR"), ("ریال", "۱٬۲۵۰", "after", "ریال")),
        (replace(IR, money_style="code"), Money.of("1250", "IRR"), ("IRR", "۱٬۲۵۰", "after", "ریال")),
        (GB, Money.of("5", "GBP"), ("£", "5.00", "before", "pound sterling")),
        (GB, Money.of("5", "KWD"), ("KWD", "5.000", "before", "Kuwaiti dinar")),
        (SA, Money.of("5", "XYZ"), ("XYZ", "5.00", "after", "XYZ")),
    ],
)
def test_money_in_parts(display: Display, money: Money, parts: tuple[str, str, str, str]) -> None:
    assert display.money_parts(money) == parts


@pytest.mark.parametrize(
    ("display", "short", "long", "dual"),
    [
        (SA, "05/03/2026", "الخميس، 5 مارس 2026", "5 مارس 2026 (16 رمضان 1447 هـ)"),
        (IR, "۱۴۰۴/۱۲/۱۴", "پنجشنبه ۱۴ اسفند ۱۴۰۴", "۱۴ اسفند ۱۴۰۴ (۵ مارس ۲۰۲۶)"),
        (SA_EN, "5 Mar 2026", "Thursday 5 March 2026", "5 Mar 2026 (16 Ramadan 1447)"),
        (GB, "5 Mar 2026", "Thursday 5 March 2026", "5 Mar 2026"),
        (replace(SA, digits="arab"), "٠٥/٠٣/٢٠٢٦", "الخميس، ٥ مارس ٢٠٢٦", "٥ مارس ٢٠٢٦ (١٦ رمضان ١٤٤٧ هـ)"),
        (replace(IR, digits="latn"), "1404/12/14", "پنجشنبه 14 اسفند 1404", "14 اسفند 1404 (5 مارس 2026)"),
    ],
)
def test_dates(display: Display, short: str, long: str, dual: str) -> None:
    assert (display.date(DAY), display.date_long(DAY), display.date_dual(DAY)) == (short, long, dual)


def test_other_calendars_for_the_tooltip() -> None:
    assert SA.date_title(DAY) == "16 رمضان 1447 هـ · 14 اسفند 1404"
    assert IR.date_title(DAY) == "۵ مارس ۲۰۲۶ · ۱۶ رمضان ۱۴۴۷ ه‍.ق"


def test_a_date_outside_the_second_calendar_stands_alone() -> None:
    assert SA.date_dual(date(1900, 1, 1)) == "1 يناير 1900"


def test_typed_dates_are_read_as_the_reader_means_them() -> None:
    assert SA.parse_date("1/9/1405") == date(1985, 5, 20)
    assert IR.parse_date("۱۴۰۵/۹/۱") == date(2026, 11, 22)
    assert GB.parse_date("5/3/2026") == DAY


def test_moments_are_shown_in_the_readers_zone() -> None:
    assert SA.time(MOMENT) == "4:07 م"
    assert IR.time(MOMENT) == "۱۶:۳۷"
    assert GB.time(MOMENT) == "13:07"
    assert replace(SA, clock=24).time(MOMENT) == "16:07"
    assert SA.time(MOMENT.replace(hour=21)) == "12:07 ص"
    assert SA.datetime(MOMENT) == "05/03/2026، 4:07 م"
    assert IR.datetime(MOMENT) == "۱۴۰۴/۱۲/۱۴، ۱۶:۳۷"
    assert SA.date(MOMENT.replace(hour=22)) == "06/03/2026"
    assert SA.datetime_zoned(MOMENT) == "05/03/2026، 4:07 م بتوقيت الرياض"
    assert replace(GB, timezone="Asia/Karachi").datetime_zoned(MOMENT) == "5 Mar 2026, 18:07 UTC+05:00"


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        SA.time(datetime(2026, 3, 5))


@pytest.mark.parametrize(
    ("seconds", "ar", "fa", "en"),
    [
        (0, "الآن", "هم‌اکنون", "now"),
        (-59, "الآن", "هم‌اکنون", "now"),
        (-60, "قبل دقيقة", "۱ دقیقه پیش", "1 min ago"),
        (-120, "قبل دقيقتين", "۲ دقیقه پیش", "2 min ago"),
        (-300, "قبل 5 دقائق", "۵ دقیقه پیش", "5 min ago"),
        (660, "بعد 11 دقيقة", "تا ۱۱ دقیقه دیگر", "in 11 min"),
        (-3600, "قبل ساعة", "۱ ساعت پیش", "1 hour ago"),
        (7200, "بعد ساعتين", "تا ۲ ساعت دیگر", "in 2 hours"),
        (-5 * 3600, "قبل 5 ساعات", "۵ ساعت پیش", "5 hours ago"),
        (-86400, "أمس", "دیروز", "yesterday"),
        (-20 * 3600, "أمس", "دیروز", "yesterday"),
        (86400, "غداً", "فردا", "tomorrow"),
        (-2 * 86400, "قبل يومين", "۲ روز پیش", "2 days ago"),
        (-3 * 86400, "قبل 3 أيام", "۳ روز پیش", "3 days ago"),
        (11 * 86400, "بعد 11 يوماً", "تا ۱۱ روز دیگر", "in 11 days"),
        (-40 * 86400, "24 يناير 2026", "۴ بهمن ۱۴۰۴", "24 Jan 2026"),
    ],
)
def test_relative_time(seconds: int, ar: str, fa: str, en: str) -> None:
    then = MOMENT + timedelta(seconds=seconds)
    assert (SA.ago(then, MOMENT), IR.ago(then, MOMENT), GB.ago(then, MOMENT)) == (ar, fa, en)


def test_an_hour_ago_stays_an_hour_ago_across_midnight() -> None:
    now = datetime(2026, 3, 5, 21, 30, tzinfo=UTC)  # 00:30 in Riyadh
    assert SA.ago(now - timedelta(hours=1), now) == "قبل ساعة"
