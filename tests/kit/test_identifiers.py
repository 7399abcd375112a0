import pytest

from rawabit.kit.identifiers import (
    BLOCK,
    IDENTIFIERS,
    PROBLEMS,
    WARN,
    check_identifier,
    sa_cr_form,
    sa_national_id_holder,
    sa_vat_is_group,
)

GOOD = [
    ("sa_vat", "300000000000003"),
    ("sa_vat", "3000 0000 0000 003"),
    ("sa_vat", "٣١٠١٢٢٣٩٣٥٠٠٠٠٣"),
    ("sa_cr", "1010123456"),
    ("sa_cr", "7001234567"),
    ("sa_unified", "7001234567"),
    ("sa_national_id", "1000000008"),
    ("sa_national_id", "١٠٠٠٠٠٠٠٠٨"),
    ("sa_short_address", "rrrd2929"),
    ("sa_short_address", "RRRD 2929"),
    ("sa_iban", "SA03 8000 0000 6080 1016 7519"),
    ("iban", "SA03 8000 0000 6080 1016 7519"),
    ("ir_iban", "IR820540102680020817909002"),
    ("ir_iban", "IR062960000000100324200001"),
    ("iban", "GB82 WEST 1234 5698 7654 32"),
    ("ir_national_code", "0076229645"),
    ("ir_national_code", "1583250689"),
    ("ir_national_code", "0959744487"),
    ("ir_national_code", "۰۰۷۶۲۲۹۶۴۵"),
    ("ir_national_code", "007-622964-5"),
    ("ir_legal_id", "10380284790"),
    ("ir_legal_id", "۱۰۳۸۰۲۸۴۷۹۰"),
    ("ir_postal_code", "1619735744"),
    ("ir_postal_code", "16197-35744"),
    ("ir_postal_code", "۱۶۱۹۷۳۵۷۴۴"),
    ("ir_economic_code", "411111111111"),
    ("ir_card", "6037701689095443"),
    ("ir_sayad", "1234567890123456"),
    ("zatca_pas", "A1234567"),
    ("zatca_oth", "x" * 30),
]

BAD = [
    ("sa_vat", "310122393500004", "format"),
    ("sa_vat", "30000000000003", "length"),
    ("sa_vat", "", "empty"),
    ("sa_cr", "70012345", "length"),
    ("sa_unified", "1010123456", "format"),
    ("sa_national_id", "1000000000", "checksum"),
    ("sa_national_id", "100000000", "length"),
    ("sa_national_id", "3000000004", "format"),
    ("sa_national_id", "abc", "length"),
    ("sa_short_address", "RRR2929", "length"),
    ("sa_short_address", "RR292929", "format"),
    ("sa_iban", "SA0380000000608010167518", "checksum"),
    ("sa_iban", "SA038000000060801016751", "length"),
    ("sa_iban", "IR820540102680020817909002", "country"),
    ("ir_iban", "IR012345678901234567890123", "checksum"),
    ("ir_national_code", "1234567890", "checksum"),
    ("ir_national_code", "0000000000", "format"),
    ("ir_national_code", "9999999999", "format"),
    ("ir_national_code", "12345", "length"),
    ("ir_legal_id", "10380284792", "checksum"),
    ("ir_legal_id", "11111111111", "format"),
    ("ir_legal_id", "123000000", "length"),
    ("ir_postal_code", "1111111111", "format"),
    ("ir_postal_code", "0234567891", "format"),
    ("ir_postal_code", "161973574", "length"),
    ("ir_economic_code", "4111111111", "length"),
    ("ir_card", "6037701689095444", "checksum"),
    ("zatca_oth", "x" * 31, "length"),
    ("zatca_oth", "a/b", "format"),
]


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_valid_samples(kind: str, text: str) -> None:
    checked = check_identifier(kind, text)
    assert checked.ok
    assert checked.problem_code == ""
    assert checked.value.isascii()
    assert " " not in checked.value


@pytest.mark.parametrize(("kind", "text", "problem"), BAD)
def test_invalid_samples(kind: str, text: str, problem: str) -> None:
    checked = check_identifier(kind, text)
    assert not checked.ok
    assert checked.problem_code == problem
    assert problem in PROBLEMS


@pytest.mark.parametrize(("kind", "text"), [("sa_national_id", "1000000008"), ("ir_card", "6037701689095443")])
def test_one_wrong_digit_is_caught(kind: str, text: str) -> None:
    for i, digit in enumerate(text):
        wrong = text[:i] + str((int(digit) + 1) % 10) + text[i + 1 :]
        assert not check_identifier(kind, wrong).ok


def test_what_the_numbers_tell() -> None:
    assert sa_vat_is_group("300000000010003")
    assert not sa_vat_is_group("300000000000003")
    assert sa_cr_form("1010123456") == "legacy"
    assert sa_cr_form("7001234567") == "unified"
    assert sa_cr_form("70012345") is None
    assert sa_national_id_holder("1000000008") == "citizen"
    assert sa_national_id_holder("2000000006") == "resident"
    assert sa_national_id_holder("1000000000") is None


@pytest.mark.parametrize(
    ("kind", "value", "shown", "masked"),
    [
        ("sa_iban", "SA0380000000608010167519", "SA03 8000 0000 6080 1016 7519", "SA03 **** **** **** **** 7519"),
        (
            "ir_iban",
            "IR820540102680020817909002",
            "IR82 0540 1026 8002 0817 9090 02",
            "IR82 **** **** **** **** **90 02",
        ),
        ("ir_card", "6037701689095443", "6037-7016-8909-5443", "6037-****-****-5443"),
        ("ir_postal_code", "1619735744", "16197-35744", "1******744"),
        ("sa_national_id", "1000000008", "1000000008", "1******008"),
        ("ir_national_code", "0076229645", "007-622964-5", "0******645"),
    ],
)
def test_shown_and_masked(kind: str, value: str, shown: str, masked: str) -> None:
    assert IDENTIFIERS[kind].format_for_display(value) == shown
    assert IDENTIFIERS[kind].mask(value) == masked
    assert IDENTIFIERS[kind].mask("12") == "**"


def test_the_table() -> None:
    assert {k.strictness for k in IDENTIFIERS.values()} == {BLOCK, WARN}
    assert IDENTIFIERS["ir_postal_code"].strictness == WARN
    assert IDENTIFIERS["sa_national_id"].personal
    schemes = {k.scheme for k in IDENTIFIERS.values() if k.scheme}
    assert schemes == {"CRN", "700", "MOM", "MLS", "SAG", "TIN", "NAT", "GCC", "IQA", "PAS", "OTH"}
    with pytest.raises(KeyError):
        check_identifier("nothing", "1")
