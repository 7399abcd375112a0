"""Logos, stamps and codes as SVG that we wrote ourselves, so that nothing but pixels and squares comes onto paper.

Pictures are told apart by their bytes and measured before anything reads them: a small file can promise a picture that
fills the memory. SVG of others can carry scripts, fonts and addresses; it is refused.
"""

from __future__ import annotations

import base64
import struct
from functools import lru_cache
from typing import Final

import segno

LARGEST_BYTES: Final = 1024 * 1024
LARGEST_SIDE: Final = 4000


class NotAPicture(ValueError):
    """Not PNG, JPEG or WebP, damaged, or too large. ``code``: kind | size | damaged."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def measure(content: bytes) -> tuple[str, int, int]:
    """(MIME type, width, height). NotAPicture for what does not come onto paper."""
    if len(content) > LARGEST_BYTES:
        raise NotAPicture("size")
    try:
        kind, width, height = _measured(content)
    except (struct.error, IndexError):
        raise NotAPicture("damaged") from None
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise NotAPicture("size")
    return kind, width, height


def _measured(content: bytes) -> tuple[str, int, int]:
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        width, height = struct.unpack_from(">II", content, 16)
        return "image/png", width, height
    if content.startswith(b"\xff\xd8\xff"):
        return ("image/jpeg", *_jpeg(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ("image/webp", *_webp(content))
    raise NotAPicture("kind")


def _jpeg(content: bytes) -> tuple[int, int]:
    """From the first frame header; segments are skipped by their lengths."""
    at = 2
    while at < len(content):
        if content[at] != 0xFF:
            raise NotAPicture("damaged")
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        (length,) = struct.unpack_from(">H", content, at + 2)
        if length < 2:
            raise NotAPicture("damaged")
        at += 2 + length
    raise NotAPicture("damaged")


def _webp(content: bytes) -> tuple[int, int]:
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise NotAPicture("kind")


def picture_svg(content: bytes) -> str:
    """A checked picture within an SVG of its size. NotAPicture for everything else."""
    kind, width, height = measure(content)
    data = base64.b64encode(content).decode("ascii")
    size = f'width="{width}" height="{height}"'
    href = f"data:{kind};base64,{data}"
    box = f'viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}><image {size} href="{href}"/></svg>'


def strokes_svg(path: str, width: int, height: int) -> str:
    """A drawing of lines, given as the ``d`` of a path that we wrote ourselves from whole numbers."""
    line = f'<path d="{path}" fill="none" stroke="#111" stroke-width="5" stroke-linecap="round"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{line}</svg>'


@lru_cache(maxsize=256)
def qr_svg(payload: str) -> str:
    """A QR code of a text, black on white, with its quiet zone."""
    # Every mask can be read; to try all eight would take longer than the whole rest of the paper.
    code = segno.make(payload, error="m", micro=False, boost_error=False, mask=3)
    return code.svg_inline(scale=4, border=2, dark="#000", light="#fff").replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1
    )
