import pytest

from rawabit.kit.phones import NotAPhone, format_phone, national_digits, parse_phone, whatsapp_link


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("0501234567", "SA", "+966501234567"),
        ("٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567"),
        ("501234567", "SA", "+966501234567"),
        ("00966501234567", "SA", "+966501234567"),
        ("966501234567", "SA", "+966501234567"),
        ("+9660501234567", "SA", "+966501234567"),
        ("\u2066+966 50 123 4567\u2069", "IR", "+966501234567"),
        ("09121234567", "IR", "+989121234567"),
        ("۰۹۱۲۱۲۳۴۵۶۷", "IR", "+989121234567"),
        ("+98 0912 123 4567", "SA", "+989121234567"),
        ("920012345", "SA", "+966920012345"),
        ("0501234567", "AE", "+971501234567"),
    ],
)
def test_reads_what_people_type(text: str, region: str, e164: str) -> None:
    assert parse_phone(text, region) == e164


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("abc", "unreadable"),
        ("0501", "too_short"),
        ("05012345678901", "too_long"),
        ("011111111", "unassigned"),
    ],
)
def test_refuses(text: str, code: str) -> None:
    with pytest.raises(NotAPhone) as caught:
        parse_phone(text, "SA")
    assert caught.value.code == code


def test_shown_as_the_reader_dials() -> None:
    assert format_phone("+966501234567", "SA") == "050 123 4567"
    assert format_phone("+966501234567", "IR") == "+966 50 123 4567"
    assert format_phone("not a number", "SA") == "not a number"


def test_digits_for_search() -> None:
    assert national_digits("+966501234567") == "0501234567"
    assert national_digits("+989121234567") == "09121234567"
    assert national_digits("12-3") == "123"


def test_whatsapp_has_digits_only() -> None:
    assert whatsapp_link("+966501234567", "") == "https://wa.me/966501234567"
    assert whatsapp_link("+966501234567", "مرحبا & 1") == (
        "https://wa.me/966501234567?text=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7%20%26%201"
    )
