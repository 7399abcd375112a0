from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.kit.numbers import NotANumber, format_number, format_percent, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("١٬٢٣٤٫٥٦", "1234.56"),
        ("۱٬۲۳۴٫۵۶", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1234", "1234"),
        ("١٢٣٤٫٥", "1234.5"),
        ("(1,234.50)", "-1234.50"),
        ("1234.5-", "-1234.5"),
        ("\u200f-١٢", "-12"),
        ("−1,250.00", "-1250.00"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1،234", "1234"),
        ("1٬234.5", "1234.5"),
        ("1 234 567", "1234567"),
        ("1\u202f234", "1234"),
        ("+12", "12"),
        ("\u2066−1,250\u2069", "-1250"),
        ("١٬٢٥٠ ريال", "1250"),
        ("۱٬۲۵۰٬۰۰۰ ریال", "1250000"),
        ("⃁ 1,250.00", "1250.00"),
        ("1,250.00 ر.س", "1250.00"),
        ("SAR -5", "-5"),
        ("-SAR 5", "-5"),
        ("12 ريال سعودي", "12"),
        ("-0", "0"),
    ],
)
def test_reads_what_people_type(text: str, value: str) -> None:
    assert str(parse_number(text)) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("abc", "letters"),
        ("12 متر", "letters"),
        ("1,23", "grouping"),
        ("12,34.5", "grouping"),
        ("1,2345", "grouping"),
        ("12 34", "grouping"),
        ("1.2.3", "decimals"),
        (".", "decimals"),
        ("9" * 41, "too_long"),
        ("1e5", "letters"),
        ("--5", "letters"),
        ("NaN", "letters"),
    ],
)
def test_refuses_what_it_would_have_to_guess(text: str, code: str) -> None:
    with pytest.raises(NotANumber) as caught:
        parse_number(text)
    assert caught.value.code == code
    assert caught.value.text == text


@pytest.mark.parametrize(
    ("value", "system", "places", "shown"),
    [
        (Decimal("1234.5"), "latn", 2, "1,234.50"),
        (Decimal("1234.5"), "arabext", 2, "۱٬۲۳۴٫۵۰"),
        (Decimal("1234.5"), "arab", 2, "١٬٢٣٤٫٥٠"),
        (Decimal(-1250), "latn", 2, "\u22121,250.00"),
        (Decimal("2.000"), "latn", None, "2"),
        (Decimal("2.50"), "latn", None, "2.5"),
        (Decimal(100), "latn", None, "100"),
        (Decimal("1E+3"), "latn", None, "1,000"),
        (Decimal("2.5"), "latn", 0, "3"),
        (Decimal("0.125"), "latn", 2, "0.13"),
        (Decimal("-0.001"), "latn", 2, "0.00"),
        (1250000, "arabext", None, "۱٬۲۵۰٬۰۰۰"),
        (5, "latn", 2, "5.00"),
        (Decimal("123456789012345678901234567890.125"), "latn", 2, "123,456,789,012,345,678,901,234,567,890.13"),
    ],
)
def test_formats(value: Decimal | int, system: str, places: int | None, shown: str) -> None:
    assert format_number(value, system=system, places=places) == shown


def test_formats_without_groups_and_percent() -> None:
    assert format_number(1250, group=False) == "1250"
    assert format_percent(15) == "15%"
    assert format_percent(Decimal("12.5"), system="arabext") == "۱۲٫۵٪"


@given(st.decimals(-(10**12), 10**12, places=4), st.sampled_from(["latn", "arab", "arabext"]), st.booleans())
def test_what_is_shown_can_be_typed_back(value: Decimal, system: str, group: bool) -> None:
    assert parse_number(format_number(value, system=system, group=group)) == value
