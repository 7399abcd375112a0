"""The code on Saudi invoices of the first phase: five values, each with its tag and its length in bytes, as base64."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

MOST_BYTES = 255  # what one byte of length can say
SELLER, VAT_NUMBER, MOMENT, TOTAL, VAT = 1, 2, 3, 4, 5


def payload(*, seller: str, vat_number: str, at: datetime, total: str, vat: str) -> str:
    """The text of the code. Amounts come as they are written in the invoice, with two decimals and Latin digits.

    The length is one byte and counts bytes of UTF-8, so that a name of 64 Arabic letters and more (128 bytes) is still
    read to its end; a name beyond 255 bytes ends at the last whole letter."""
    fields = [(SELLER, seller), (VAT_NUMBER, vat_number), (MOMENT, moment(at)), (TOTAL, total), (VAT, vat)]
    return b64encode(b"".join(tlv(tag, value) for tag, value in fields)).decode("ascii")


def moment(at: datetime) -> str:
    """In UTC: 2022-04-25T15:30:00Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tlv(tag: int, value: str) -> bytes:
    """Tag, length, value."""
    content = whole_letters(value.encode("utf-8"))
    return bytes((tag, len(content))) + content


def whole_letters(content: bytes) -> bytes:
    """At most 255 bytes, never a half letter."""
    return content[:MOST_BYTES].decode("utf-8", "ignore").encode("utf-8")


def values(content: bytes) -> Sequence[tuple[int, str]]:
    """What a reader of the code finds: (tag, value) in their order."""
    found, at = [], 0
    while at + 2 <= len(content):
        tag, length = content[at], content[at + 1]
        found.append((tag, content[at + 2 : at + 2 + length].decode("utf-8")))
        at += 2 + length
    return found
