"""Cells as text, numbers, dates and yes or no: three scripts, three calendars, exact, never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from rawabit.kit.importing.dates import BadPattern, compile_pattern
from rawabit.kit.importing.problems import ValueProblem
from rawabit.kit.importing.sentences import SENTENCES
from rawabit.kit.importing.values import (
    as_text,
    read_bool,
    read_choice,
    read_date,
    read_datetime,
    read_decimal,
    read_exact,
    read_integer,
    read_text,
    shown,
    unguarded,
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def code_of(call: object, *args: object, **options: object) -> str:
    with pytest.raises(ValueProblem) as problem:
        call(*args, **options)  # type: ignore[operator]
    assert "%(" not in str(problem.value)
    return problem.value.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.55", "2.55"), ("-6", "-6"), ("1,234.50", "1234.50"), ("١٬٢٣٤٫٥٦", "1234.56"), ("۱۲۳٫۵", "123.5"),
        ("(1,234.50)", "-1234.50"), ("1234.5-", "-1234.5"), ("  7 ", "7"), ("0.00", "0.00"),
    ],
)  # fmt: skip
def test_numbers_of_three_scripts(text: str, value: str) -> None:
    read = read_decimal(text, "Price")
    assert (read, str(read)) == (Decimal(value), value)


@pytest.mark.parametrize("text", ["1,23", "abc", "1.2.3", "1e3", "NaN", "Infinity", "--1", "0x10", "١,٢"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueProblem) as problem:
        read_decimal(text, "Price")
    assert (problem.value.code, problem.value.column, problem.value.shown_value) == (
        "value.not_a_number",
        "Price",
        text,
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,50", "1234.50"), ("2,5", "2.5"), ("-1.000", "-1000"), ("۱۲", "12"), ("1 234,5", "1234.5")],
)
def test_decimal_commas_when_the_map_says_so(text: str, value: str) -> None:
    assert read_decimal(text, "Price", decimal=",") == Decimal(value)


def test_a_decimal_comma_column_refuses_the_other_form() -> None:
    assert code_of(read_decimal, "1,234.50", "Price", decimal=",") == "value.not_a_number"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_every_written_decimal_reads_back(number: Decimal) -> None:
    assert read_decimal(f"{number:f}", "n") == number
    assert read_decimal(f"{number:,f}", "n") == number
    swapped = f"{number:,f}".translate(str.maketrans(",.", ".,"))
    assert read_decimal(swapped, "n", decimal=",") == number


def test_nothing_is_rounded_on_the_way_in() -> None:
    assert read_exact("1.500000", "q", places=3) == Decimal("1.5")
    assert code_of(read_exact, "1.2345", "q", places=3) == "value.too_many_places"
    assert code_of(read_exact, "9" * 14, "q") == "value.too_large"


def test_text_is_cleaned_and_export_guards_are_taken_off() -> None:
    assert read_text(" a\u202eb\x07 ", "Name") == "ab"
    assert [unguarded(cell) for cell in ("'=1+1", "'-6", "'tis", "x", None)] == ["=1+1", "-6", "'tis", "x", None]


def test_whole_numbers() -> None:
    assert [read_integer(cell, "n") for cell in ("12", "٣", Decimal("2.0"))] == [12, 3, 2]
    assert code_of(read_integer, "2.5", "n") == "value.not_whole"


@pytest.mark.parametrize(
    ("text", "format_", "calendar", "day"),
    [
        ("01/12/2010 08:26", "%d/%m/%Y %H:%M", "gregorian", date(2010, 12, 1)),
        ("12/01/2010", "%m/%d/%Y", "gregorian", date(2010, 12, 1)),
        ("1-Dec-10", "%d-%b-%y", "gregorian", date(2010, 12, 1)),
        ("20240229", "%Y%m%d", "gregorian", date(2024, 2, 29)),
        ("١٤٤٧/٠٩/٠١", "%Y/%m/%d", "hijri", date(2026, 2, 18)),
        ("۱۴۰۳/۱۲/۳۰", "%Y/%m/%d", "jalali", date(2025, 3, 20)),
        ("30.12.03", "%d.%m.%y", "jalali", date(2025, 3, 20)),
        ("45351", "excel", "gregorian", date(2024, 2, 29)),
        ("2024-02-29", None, "gregorian", date(2024, 2, 29)),
        ("29/02/2024", None, "gregorian", date(2024, 2, 29)),
        ("2024-02-29T23:59:59Z", None, "gregorian", date(2024, 2, 29)),
        ("١٤٠٣/١٢/٣٠", None, "jalali", date(2025, 3, 20)),
        ("1445/09/01", None, "hijri", date(2024, 3, 11)),
        ("29 فبراير 2024", None, "gregorian", date(2024, 2, 29)),
    ],
)
def test_dates_of_three_calendars(text: str, format_: str | None, calendar: str, day: date) -> None:
    assert read_date(text, "Date", pattern=compile_pattern(format_, calendar)) == day


@pytest.mark.parametrize(
    ("text", "format_", "calendar"),
    [
        ("31/02/2024", "%d/%m/%Y", "gregorian"),
        ("2024-02-29", "%d/%m/%Y", "gregorian"),
        ("1404/12/30", "%Y/%m/%d", "jalali"),
        ("1447/13/01", "%Y/%m/%d", "hijri"),
        ("0", "excel", "gregorian"),
        ("60", "excel", "gregorian"),
        ("25:00", "%d/%m/%Y", "gregorian"),
        ("01/12/2010 25:26", "%d/%m/%Y %H:%M", "gregorian"),
    ],
)
def test_days_that_never_were_are_refused(text: str, format_: str, calendar: str) -> None:
    assert code_of(read_date, text, "Date", pattern=compile_pattern(format_, calendar)) == "value.date_format"


@pytest.mark.parametrize("text", ["", "soon", "1/2/3/4", "99/99/9999", "1" * 5_000, "(" * 5_000, "0000-00-00"])
def test_no_date_without_a_format(text: str) -> None:
    assert code_of(read_date, text, "Date") == "value.not_a_date"


def test_moments_are_local_unless_they_say_otherwise() -> None:
    london, riyadh = ZoneInfo("Europe/London"), ZoneInfo("Asia/Riyadh")
    pattern = compile_pattern("%d/%m/%Y %H:%M")
    assert read_datetime("01/07/2010 08:26", "At", pattern=pattern, zone=london) == datetime(
        2010, 7, 1, 7, 26, tzinfo=UTC
    )
    assert read_datetime("2024-01-02 03:04:05", "At", zone=riyadh) == datetime(2024, 1, 2, 0, 4, 5, tzinfo=UTC)
    assert read_datetime("2024-01-02T03:04:05+03:30", "At", zone=london) == datetime(2024, 1, 1, 23, 34, 5, tzinfo=UTC)
    assert read_datetime("2024-01-02", "At", zone=riyadh) == datetime(2024, 1, 1, 21, 0, tzinfo=UTC)
    assert read_datetime("1:05 pm 1/2/2024", "At", pattern=compile_pattern("%H:%M %p %d/%m/%Y")) == datetime(
        2024, 2, 1, 13, 5, tzinfo=UTC
    )


def test_workbook_cells_are_taken_as_they_are() -> None:
    hijri = compile_pattern(None, "hijri")
    assert read_date(datetime(2024, 2, 29, 8), "Date", pattern=hijri) == date(2024, 2, 29)
    assert read_datetime(date(2024, 2, 29), "At") == datetime(2024, 2, 29, tzinfo=UTC)
    assert read_text(Decimal("1E+3"), "Code") == "1000"
    assert read_decimal(Decimal("2.50"), "n") == Decimal("2.5")
    assert as_text(datetime(2024, 2, 29, 8, 30)) == "2024-02-29 08:30:00"


@pytest.mark.parametrize("text", ["%d/%m", "%d/%m/%Y/%Y", "%Q", "hello", "%", "%d%m%Y%"])
def test_bad_patterns(text: str) -> None:
    with pytest.raises(BadPattern):
        compile_pattern(text)


def test_yes_and_no_in_three_languages() -> None:
    assert [read_bool(word, "On") for word in ("Yes", "TRUE", "١", "نعم", "بله")] == [True] * 5
    assert [read_bool(word, "On") for word in ("no", "False", "0", "لا", "خیر")] == [False] * 5
    assert code_of(read_bool, "maybe", "On") == "value.not_a_bool"


def test_choices_and_limits() -> None:
    assert read_choice(" Company ", "Kind", choices=("company", "individual")) == "company"
    assert code_of(read_choice, "robot", "Kind", choices=("company", "individual")) == "value.not_a_choice"
    assert code_of(read_text, "x" * 11, "Name", limit=10) == "value.too_long"


def test_long_cells_are_shown_short() -> None:
    assert shown("a\nb " + "x" * 100) == "a b " + "x" * 55 + "…"


def test_every_sentence_can_be_filled() -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return f"<{key}>"

    for code, text in SENTENCES.items():
        assert str(text) % Anything(), code
