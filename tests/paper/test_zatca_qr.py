"""The code of Saudi invoices, byte by byte."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone

import pytest

from rawabit.billing.logic.zatca_qr import moment, payload, tlv, values, whole_letters
from rawabit.billing.models import Invoice
from rawabit.billing.papers import qr_of
from tests.makers import NOW, make_company, make_credit_note, posted_invoice

# The example that the authority published.
PUBLISHED = "AQxCb2JzIFJlY29yZHMCDzMxMDEyMjM5MzUwMDAwMwMUMjAyMi0wNC0yNVQxNTozMDowMFoEBzEwMDAuMDAFBjE1MC4wMA=="
AT = datetime(2022, 4, 25, 15, 30, tzinfo=UTC)


def of(seller: str) -> bytes:
    return b64decode(payload(seller=seller, vat_number="310122393500003", at=AT, total="1000.00", vat="150.00"))


def test_the_published_example_comes_out_byte_by_byte():
    made = payload(seller="Bobs Records", vat_number="310122393500003", at=AT, total="1000.00", vat="150.00")
    assert made == PUBLISHED


def test_by_hand():
    """م is d9 85: one letter, two bytes."""
    assert tlv(1, "مم") == bytes.fromhex("0104d985d985")
    assert tlv(5, "150.00") == bytes.fromhex("0506") + b"150.00"
    assert values(bytes.fromhex("0104d985d985") + b"\x05\x06150.00") == [(1, "مم"), (5, "150.00")]


@pytest.mark.parametrize(("letters", "length"), [(63, 0x7E), (64, 0x80), (100, 0xC8), (127, 0xFE)])
def test_lengths_count_bytes_also_beyond_127(letters, length):
    name = "م" * letters
    content = of(name)
    assert content[0] == 1 and content[1] == length
    assert values(content) == [
        (1, name), (2, "310122393500003"), (3, "2022-04-25T15:30:00Z"), (4, "1000.00"), (5, "150.00"),
    ]  # fmt: skip


def test_a_name_beyond_255_bytes_ends_at_a_whole_letter():
    assert whole_letters(("م" * 200).encode()) == ("م" * 127).encode()
    found = values(of("م" * 200))
    assert found[0] == (1, "م" * 127) and found[1] == (2, "310122393500003")


def test_the_moment_is_told_in_utc():
    assert moment(datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=3)))) == "2025-12-31T22:30:00Z"


# On invoices

SAUDI = {"vat_number": "310122393500003", "name": "شركة الروابط"}


def payload_of(invoice: Invoice) -> list[tuple[int, str]]:
    return [*values(b64decode(qr_of(invoice, invoice.seller)))]


def test_invoices_and_credit_notes_of_saudi_sellers_carry_it(db):
    make_company(**SAUDI)
    invoice = posted_invoice()
    assert payload_of(invoice) == [
        (1, "شركة الروابط"), (2, "310122393500003"), (3, "2026-03-05T09:00:00Z"), (4, "230.00"), (5, "30.00"),
    ]  # fmt: skip
    assert invoice.posted_at == NOW
    assert payload_of(make_credit_note(invoice))[3:] == [(4, "230.00"), (5, "30.00")]


def test_others_carry_none(db):
    make_company(**SAUDI)
    invoice = posted_invoice()
    assert qr_of(invoice, {**invoice.seller, "country": "IR"}) == ""
    assert qr_of(invoice, {**invoice.seller, "vat_number": "12"}) == ""
    invoice.currency = "USD"
    assert qr_of(invoice, invoice.seller) == ""  # the code tells riyals alone
    invoice.currency, invoice.state = "SAR", "draft"
    assert qr_of(invoice, invoice.seller) == ""
