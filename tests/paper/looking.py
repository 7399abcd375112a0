"""What tests see of a PDF: its text, its pictures, its markers. Pictures are small and grey, so that only real changes
count; PNG is written and read here because no picture library is installed."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import pypdfium2 as pdfium

GOLDEN = Path(__file__).parent / "golden"
WIDTH = 330  # points across; enough to see a line move, too few to see a pixel
RENEW = os.environ.get("RENEW_PAPERS") == "1"


def text_of(content: bytes) -> str:
    document = pdfium.PdfDocument(content)
    return "\n".join(pages_text(document))


def pages_text(document: pdfium.PdfDocument) -> list[str]:
    """pdfium tells a hyphen at some places as U+FFFE."""
    return [page.get_textpage().get_text_range().replace("\ufffe", "-").replace("\r\n", "\n") for page in document]


def words_of(content: bytes) -> set[str]:
    """Words without bidi marks: engines order mixed lines in their own ways, words stay whole."""
    marks = dict.fromkeys((0x200B, 0x200D, 0x2066, 0x2067, 0x2068, 0x2069), "")
    return set(text_of(content).translate(marks).split())


def pages_of(content: bytes) -> int:
    return len(pdfium.PdfDocument(content))


def picture_of(content: bytes, page: int = 0) -> tuple[int, int, bytes]:
    """(width, height, grey bytes) of a page."""
    sheet = pdfium.PdfDocument(content)[page]
    bitmap = sheet.render(scale=WIDTH / sheet.get_width(), grayscale=True)
    raw = bytes(bitmap.buffer)
    rows = (raw[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height))
    return bitmap.width, bitmap.height, b"".join(rows)


def differs(content: bytes, name: str, page: int = 0, *, renew: bool = RENEW) -> float:
    """How far a page is from its golden picture: the share of 6 × 6 fields whose mean grey differs visibly.

    ``RENEW_PAPERS=1`` writes the picture anew instead; look at it before it is checked in."""
    width, height, grey = picture_of(content, page)
    path = GOLDEN / f"{name}.png"
    if renew:
        GOLDEN.mkdir(exist_ok=True)
        path.write_bytes(as_png(width, height, grey))
    known = read_png(path.read_bytes())
    if known[:2] != (width, height):
        return 1.0
    mine, theirs = fields(width, height, grey), fields(*known)
    return sum(abs(one - other) > 14 for one, other in zip(mine, theirs, strict=True)) / len(mine)


def fields(width: int, height: int, grey: bytes, side: int = 6) -> list[int]:
    found = []
    for top in range(0, height - side + 1, side):
        rows = [grey[(top + y) * width : (top + y + 1) * width] for y in range(side)]
        found += [sum(sum(row[x : x + side]) for row in rows) // side**2 for x in range(0, width - side + 1, side)]
    return found


def as_png(width: int, height: int, grey: bytes) -> bytes:
    raw = b"".join(b"\0" + grey[y * width : (y + 1) * width] for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data)) for tag, data in parts
    )


def read_png(content: bytes) -> tuple[int, int, bytes]:
    """Only what :func:`as_png` writes."""
    width, height = struct.unpack_from(">II", content, 16)
    at, data = 8, b""
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        if content[at + 4 : at + 8] == b"IDAT":
            data += content[at + 8 : at + 8 + length]
        at += 12 + length
    raw = zlib.decompress(data)
    return width, height, b"".join(raw[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height))
