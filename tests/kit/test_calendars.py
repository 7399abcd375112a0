import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.kit.calendars import (
    CALENDARS,
    MONTHS,
    WEEKDAYS,
    NotADate,
    add_months,
    fiscal_year_label,
    format_date,
    from_calendar,
    from_hijri,
    from_jalali,
    in_other_calendars,
    jalali_leap,
    month_grid,
    month_length,
    month_name,
    month_of,
    months_between,
    parse_date,
    quarter_of,
    shift_month,
    to_calendar,
    to_hijri,
    to_jalali,
    weekday_name,
    year_of,
)

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"
DAY = date(2026, 3, 5)  # 16 Ramadan 1447, 14 Esfand 1404, a Thursday

HIJRI = """
1343-05-15 1924-12-12, 1343-06-14 1925-01-09, 1356-01-01 1937-03-14, 1370-09-01 1951-06-06, 1385-01-01 1965-05-01,
1390-01-01 1970-03-09, 1400-01-01 1979-11-20, 1405-09-01 1985-05-20, 1410-01-01 1989-08-02, 1411-09-01 1991-03-17,
1431-01-01 2009-12-18, 1433-09-01 2012-07-20, 1436-10-01 2015-07-17, 1438-01-01 2016-10-02, 1440-09-01 2019-05-06,
1442-09-01 2021-04-13, 1443-10-01 2022-05-02, 1444-01-01 2022-07-30, 1445-09-01 2024-03-11, 1445-12-01 2024-06-07,
1446-01-01 2024-07-07, 1446-09-01 2025-03-01, 1446-10-01 2025-03-30, 1446-12-01 2025-05-28, 1447-01-01 2025-06-26,
1447-09-01 2026-02-18, 1447-10-01 2026-03-20, 1447-12-01 2026-05-18, 1448-01-01 2026-06-16, 1448-09-01 2027-02-08,
1449-01-01 2027-06-06, 1450-01-01 2028-05-25, 1451-01-01 2029-05-14, 1451-04-01 2029-08-11, 1452-01-01 2030-05-03,
1460-01-01 2038-02-05, 1500-01-01 2076-11-27, 1448-06-11 2026-11-21
"""
JALALI = """
1300-01-01 1921-03-21, 1309-01-01 1930-03-21, 1342-01-01 1963-03-21, 1343-01-01 1964-03-21, 1357-01-01 1978-03-21,
1358-01-01 1979-03-21, 1370-01-01 1991-03-21, 1375-01-01 1996-03-20, 1379-01-01 2000-03-20, 1383-01-01 2004-03-20,
1387-01-01 2008-03-20, 1391-01-01 2012-03-20, 1395-01-01 2016-03-20, 1399-01-01 2020-03-20, 1400-01-01 2021-03-21,
1401-01-01 2022-03-21, 1402-01-01 2023-03-21, 1403-01-01 2024-03-20, 1404-01-01 2025-03-21, 1405-01-01 2026-03-21,
1406-01-01 2027-03-21, 1407-01-01 2028-03-20, 1408-01-01 2029-03-20, 1409-01-01 2030-03-21, 1412-01-01 2033-03-20,
1441-01-01 2062-03-20, 1474-01-01 2095-03-20, 1403-12-30 2025-03-20, 1404-12-29 2026-03-20, 1408-12-30 2030-03-20,
1405-08-30 2026-11-21
"""


def pairs(table: str) -> list[tuple[tuple[int, int, int], date]]:
    rows = [row.split() for row in table.replace("\n", " ").split(",")]
    return [(ymd(there), date.fromisoformat(here)) for there, here in rows]


def ymd(text: str) -> tuple[int, int, int]:
    year, month, day = map(int, text.split("-"))
    return year, month, day


def reference(name: str) -> Path:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"the shared reference table {name} is absent")
    return path


# ---------------------------------------------------------------- conversion
@pytest.mark.parametrize(("hijri", "gregorian"), pairs(HIJRI))
def test_umm_al_qura(hijri: tuple[int, int, int], gregorian: date) -> None:
    assert to_hijri(gregorian) == hijri
    assert from_hijri(*hijri) == gregorian


@pytest.mark.parametrize(("jalali", "gregorian"), pairs(JALALI))
def test_solar_hijri(jalali: tuple[int, int, int], gregorian: date) -> None:
    assert to_jalali(gregorian) == jalali
    assert from_jalali(*jalali) == gregorian


@pytest.mark.parametrize("name", ["ummalqura_month_starts_1356_1411.csv", "ummalqura_month_starts_1431_1500.csv"])
def test_umm_al_qura_month_starts(name: str) -> None:
    with reference(name).open(encoding="utf-8") as lines:
        rows = [(ymd(row["hijri"]), date.fromisoformat(row["gregorian"])) for row in csv.DictReader(lines)]
    assert len(rows) in (672, 840)
    assert [to_hijri(day) for _, day in rows] == [parts for parts, _ in rows]
    assert [from_hijri(*parts) for parts, _ in rows] == [day for _, day in rows]


def test_every_nowruz_of_the_university_of_tehran() -> None:
    lines = reference("jalali_new_years_ut.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    assert len(rows) == 293
    for year, nowruz in rows:
        number = int(year.rstrip("*"))
        assert from_jalali(number, 1, 1) == date.fromisoformat(nowruz)
        assert to_jalali(date.fromisoformat(nowruz)) == (number, 1, 1)
        assert jalali_leap(number) == ("*" in year)


@given(st.dates(date(1924, 8, 1), date(2077, 11, 16)))
def test_hijri_round_trip(day: date) -> None:
    parts = to_hijri(day)
    assert parts is not None
    assert from_hijri(*parts) == day


@given(st.dates(date(1799, 3, 22), date(2123, 3, 20)))
def test_jalali_round_trip(day: date) -> None:
    parts = to_jalali(day)
    assert parts is not None
    assert from_jalali(*parts) == day


def test_outside_the_tables() -> None:
    assert to_hijri(date(1924, 7, 31)) is None
    assert to_hijri(date(2077, 11, 17)) is None
    assert to_jalali(date(1700, 1, 1)) is None
    assert to_jalali(date(2200, 1, 1)) is None
    assert to_jalali(date.min) is None
    assert to_jalali(date.max) is None


@pytest.mark.parametrize(
    ("calendar", "parts", "code"),
    [
        ("jalali", (1404, 12, 30), "no_such_day"),
        ("jalali", (1404, 7, 31), "no_such_day"),
        ("jalali", (1404, 13, 1), "no_such_day"),
        ("jalali", (1502, 1, 1), "out_of_range"),
        ("hijri", (1447, 13, 1), "no_such_day"),
        ("hijri", (1447, 9, 31), "no_such_day"),
        ("hijri", (1342, 1, 1), "out_of_range"),
        ("hijri", (1501, 1, 1), "out_of_range"),
        ("gregorian", (2026, 2, 29), "no_such_day"),
    ],
)
def test_days_that_do_not_exist(calendar: str, parts: tuple[int, int, int], code: str) -> None:
    with pytest.raises(NotADate) as caught:
        from_calendar(calendar, *parts)
    assert caught.value.code == code


# ---------------------------------------------------------------- reading
@pytest.mark.parametrize(
    "text",
    [
        "05/03/2026", "5/3/2026", "5-3-2026", "5.3.2026", "5 3 2026", "2026-03-05", "2026/3/5", "٠٥/٠٣/٢٠٢٦",
        "20260305",
        "05032026", "5 مارس 2026", "٥ آذار ٢٠٢٦", "الخميس، 5 مارس 2026", "5 March 2026", "March 5, 2026", "Mar 5 2026",
        "Thursday 5 March 2026", "5 مارس 2026 م", "05/03/2026 م", "\u206705/03/2026\u2069", "۵ مارس ۲۰۲۶",
        "۱۴۰۴/۱۲/۱۴", "1404-12-14", "14/12/1404", "14041214", "14121404", "۱۴ اسفند ۱۴۰۴", "پنجشنبه ۱۴ اسفند ۱۴۰۴",
        "پنج‌شنبه ۱۴ اسفند ۱۴۰۴", "14 Esfand 1404", "14/12/1404 هـ.ش", "١٤/١٢/١٤٠٤ ش",
        "16/09/1447", "1447/9/16", "١٦ رمضان ١٤٤٧", "16 رمضان 1447 هـ", "16 رمضان المبارك 1447", "16/09/1447 هـ",
        "۱۶ رمضان ۱۴۴۷ ه‍.ق", "16 Ramadan 1447", "16091447",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(text: str) -> None:
    assert parse_date(text, prefer="jalali") == DAY


def test_the_year_decides_the_calendar_and_the_preference_where_two_share_it() -> None:
    assert parse_date("1/9/1405", prefer="hijri") == date(1985, 5, 20)
    assert parse_date("1/9/1405", prefer="jalali") == date(2026, 11, 22)
    assert parse_date("1/1/1330", prefer="hijri") == date(1951, 3, 22)
    assert parse_date("1/1/1447", prefer="jalali") == date(2025, 6, 26)
    assert parse_date("1/9/1405 هـ", prefer="jalali") == date(1985, 5, 20)
    assert parse_date("1 ربيع الثاني 1405", prefer="jalali") == from_hijri(1405, 4, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("-", "empty"),
        ("tomorrow", "unreadable"),
        ("5/3/26", "no_year"),
        ("5/3", "unreadable"),
        ("2026", "unreadable"),
        ("5/2026/3", "unreadable"),
        ("1/9/1405", "which_calendar"),
        ("1/1/1200", "out_of_range"),
        ("1/1/2101", "out_of_range"),
        ("30/2/2026", "no_such_day"),
        ("03/15/2026", "no_such_day"),
        ("5 مارس آذر 2026", "unreadable"),
        ("30 اسفند 1404", "no_such_day"),
        ("99999999", "unreadable"),
    ],
)
def test_refuses_what_it_would_have_to_guess(text: str, code: str) -> None:
    with pytest.raises(NotADate) as caught:
        parse_date(text, prefer="gregorian")
    assert caught.value.code == code


@given(
    st.dates(date(1930, 1, 1), date(2041, 1, 1)),
    st.sampled_from(CALENDARS),
    st.sampled_from(["ar", "fa", "en"]),
    st.sampled_from(["short", "medium", "long"]),
)
def test_what_is_shown_can_be_typed_back(day: date, calendar: str, language: str, style: str) -> None:
    assert parse_date(format_date(day, calendar=calendar, language=language, style=style), prefer=calendar) == day


# ---------------------------------------------------------------- writing
@pytest.mark.parametrize(
    ("calendar", "language", "style", "shown"),
    [
        ("gregorian", "ar", "short", "05/03/2026"),
        ("gregorian", "ar", "medium", "5 مارس 2026"),
        ("gregorian", "ar", "long", "الخميس، 5 مارس 2026"),
        ("gregorian", "ar", "month", "مارس 2026"),
        ("hijri", "ar", "medium", "16 رمضان 1447 هـ"),
        ("hijri", "ar", "short", "16/09/1447 هـ"),
        ("jalali", "ar", "medium", "14 اسفند 1404"),
        ("jalali", "fa", "short", "۱۴۰۴/۱۲/۱۴"),
        ("jalali", "fa", "medium", "۱۴ اسفند ۱۴۰۴"),
        ("jalali", "fa", "long", "پنجشنبه ۱۴ اسفند ۱۴۰۴"),
        ("jalali", "fa", "month", "اسفند ۱۴۰۴"),
        ("gregorian", "fa", "medium", "۵ مارس ۲۰۲۶"),
        ("hijri", "fa", "medium", "۱۶ رمضان ۱۴۴۷ ه‍.ق"),
        ("gregorian", "en", "short", "5 Mar 2026"),
        ("gregorian", "en", "long", "Thursday 5 March 2026"),
        ("gregorian", "en", "month", "March 2026"),
        ("hijri", "en", "medium", "16 Ramadan 1447"),
        ("jalali", "en", "medium", "14 Esfand 1404"),
    ],
)
def test_display_formats(calendar: str, language: str, style: str, shown: str) -> None:
    assert format_date(DAY, calendar=calendar, language=language, style=style) == shown


def test_digits_may_be_chosen_and_strange_dates_fall_back_to_gregorian() -> None:
    assert format_date(DAY, calendar="gregorian", language="ar", digits="arab") == "٠٥/٠٣/٢٠٢٦"
    assert format_date(date(1900, 1, 1), calendar="hijri", language="ar") == "01/01/1900"


def test_other_calendars() -> None:
    assert in_other_calendars(DAY, "gregorian", "ar") == ["16 رمضان 1447 هـ", "14 اسفند 1404"]
    assert in_other_calendars(DAY, "jalali", "fa") == ["۵ مارس ۲۰۲۶", "۱۶ رمضان ۱۴۴۷ ه‍.ق"]
    assert in_other_calendars(date(2100, 1, 1), "gregorian", "en") == ["12 Dey 1478"]


def test_names() -> None:
    assert all(len(MONTHS[c, lang]) == 12 for c in CALENDARS for lang in WEEKDAYS)
    assert month_name("hijri", 4, "ar") == "ربيع الآخر"
    assert month_name("jalali", 1, "ar") == "فروردین"
    assert weekday_name(DAY.weekday(), "ar") == "الخميس"


# ---------------------------------------------------------------- periods
def test_periods_of_an_iranian_organisation() -> None:
    assert month_of(DAY, "jalali") == (date(2026, 2, 20), date(2026, 3, 21))
    assert quarter_of(DAY, "jalali") == (from_jalali(1404, 10, 1), date(2026, 3, 21))
    assert year_of(DAY, "jalali") == (date(2025, 3, 21), date(2026, 3, 21))
    assert fiscal_year_label(DAY, "jalali") == 1404
    assert fiscal_year_label(date(2026, 3, 21), "jalali") == 1405


def test_periods_of_other_calendars() -> None:
    assert month_of(DAY, "gregorian") == (date(2026, 3, 1), date(2026, 4, 1))
    assert month_of(date(2026, 12, 31), "gregorian") == (date(2026, 12, 1), date(2027, 1, 1))
    assert quarter_of(date(2026, 11, 21), "gregorian") == (date(2026, 10, 1), date(2027, 1, 1))
    assert month_of(DAY, "hijri") == (date(2026, 2, 18), date(2026, 3, 20))
    assert year_of(date(2077, 11, 16), "hijri")[1] == date(2077, 11, 17)
    assert month_of(date(1900, 5, 5), "hijri") == (date(1900, 5, 1), date(1900, 6, 1))


@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(0, 900), st.sampled_from(CALENDARS))
def test_months_follow_each_other_without_gap(start: date, days: int, calendar: str) -> None:
    end = start + timedelta(days=days)
    spans = months_between(start, end, calendar)
    assert bool(spans) == (days > 0)
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    if spans:
        assert spans[0][0] <= start < spans[0][1]
        assert spans[-1][0] < end <= spans[-1][1]


def test_months_of_a_year() -> None:
    start, end = year_of(DAY, "jalali")
    lengths = [(b - a).days for a, b in months_between(start, end, "jalali")]
    assert lengths == [31] * 6 + [30] * 5 + [29]


def test_month_arithmetic() -> None:
    assert shift_month("jalali", 1404, 12, 1) == (1405, 1)
    assert shift_month("hijri", 1447, 1, -13) == (1445, 12)
    assert add_months(date(2026, 1, 31), 1, "gregorian") == date(2026, 2, 28)
    assert add_months(from_jalali(1404, 6, 31), 6, "jalali") == from_jalali(1404, 12, 29)
    assert add_months(from_hijri(1447, 9, 1), 12, "hijri") == from_hijri(1448, 9, 1)
    with pytest.raises(NotADate):
        add_months(from_hijri(1500, 12, 1), 1, "hijri")


@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.sampled_from(CALENDARS), st.integers(0, 6))
def test_grid_shows_a_month_once_in_whole_weeks(day: date, calendar: str, first_weekday: int) -> None:
    parts = to_calendar(day, calendar)
    assert parts is not None
    year, month, _ = parts
    weeks = month_grid(calendar, year, month, first_weekday)
    days = [one for week in weeks for one in week]
    assert all(len(week) == 7 and week[0].weekday() == first_weekday for week in weeks)
    assert sum(1 for one in days if to_calendar(one, calendar)[:2] == (year, month)) == month_length(
        calendar, year, month
    )  # type: ignore[index]
    assert 4 <= len(weeks) <= 6


def test_grid_at_the_edges() -> None:
    assert month_grid("hijri", 1500, 12, 6)[-1][-1] >= date(2077, 11, 16)
    assert month_grid("gregorian", 2026, 3, 6)[0][0] == date(2026, 3, 1)
    for calendar, year, month in (
        ("gregorian", 0, 1),
        ("gregorian", 9999, 12),
        ("hijri", 1501, 1),
        ("jalali", 1404, 13),
    ):
        with pytest.raises(NotADate):
            month_grid(calendar, year, month, 0)
