"""Which characters our fonts can draw. A character without a glyph would leave a hole on the paper that nobody sees
before the customer does; it is replaced by what looks alike, else by a mark."""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent / "fonts"
REPLACEMENT: Final = "▯"
# Alike, and always there. Bidi marks and joiners draw nothing and stay.
_ALIKE: Final = {
    0x00AD: "", 0x2010: "-", 0x2011: "-", 0x2012: "–", 0x2015: "—", 0x2007: "\u00a0", 0x2009: " ", 0x200A: " ",
    0x2002: " ", 0x2003: " ", 0x2004: " ", 0x2005: " ", 0x2006: " ", 0x3000: " ", 0xFE0E: "", 0xFE0F: "", 0xFEFF: "",
    0x2028: "\n", 0x2029: "\n", 0x0009: " ", 0xFDFC: "ریال", 0x2044: "/", 0x2215: "/", 0x2217: "*", 0x25CF: "•",
    0x25AA: "•", 0x2713: "✓", 0x2714: "✓", 0x06D5: "ه",
}  # fmt: skip
_UNSEEN: Final = {0x0A, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A)}


def drawn(text: str) -> str:
    """The text with a glyph for every character."""
    return text if _all_known(text) else "".join(map(_drawn, text))


def missing(text: str) -> set[str]:
    """The characters that would be replaced by a mark."""
    return {char for char in set(text) if char != missing_mark() and _drawn(char) == missing_mark()}


@lru_cache(maxsize=1)
def missing_mark() -> str:
    return REPLACEMENT if ord(REPLACEMENT) in known() else "?"


def _all_known(text: str) -> bool:
    have = known()
    return all(ord(char) in have or ord(char) in _UNSEEN for char in text)


@lru_cache(maxsize=4096)
def _drawn(char: str) -> str:
    code = ord(char)
    if code in known() or code in _UNSEEN:
        return char
    alike = _ALIKE.get(code)
    if alike is not None and _all_known(alike):
        return alike
    if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me"):
        return ""
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and _all_known(plain):
        return plain
    bare = "".join(one for one in unicodedata.normalize("NFKD", char) if not unicodedata.combining(one))
    return bare if bare and bare != char and _all_known(bare) else missing_mark()


@lru_cache(maxsize=1)
def known() -> frozenset[int]:
    """What both weights of the text font have, and the riyal sign."""
    names = ("Vazirmatn-Regular", "Vazirmatn-Bold", "RawabitRiyal-Regular", "RawabitRiyal-Bold")
    regular, bold, riyal, riyal_bold = (characters((FONTS / f"{name}.ttf").read_bytes()) for name in names)
    return frozenset((regular & bold) | (riyal & riyal_bold))


def characters(font: bytes) -> set[int]:
    """The code points of a TrueType font: the tables ``cmap`` of formats 4 and 12."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for place in range(12, 12 + 16 * tables, 16):
        tag, _sum, start, _length = struct.unpack_from(">4sIII", font, place)
        if tag == b"cmap":
            return _cmap(font, start)
    raise ValueError("a font without a cmap")


def _cmap(font: bytes, start: int) -> set[int]:
    (count,) = struct.unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for number in range(count):
        (offset,) = struct.unpack_from(">I", font, start + 8 + 8 * number)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if form == 4:
            found |= _format_4(font, start + offset)
        elif form == 12:
            found |= _format_12(font, start + offset)
    return found


def _format_4(font: bytes, at: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", font, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 2 * doubled)
    offsets_at = at + 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", font, offsets_at)
    found = set()
    for number, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, last + 1):
            glyph = code + delta
            if offset:
                place = offsets_at + 2 * number + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, place)
                glyph = glyph + delta if glyph else 0
            if glyph & 0xFFFF and code != 0xFFFF:
                found.add(code)
    return found


def _format_12(font: bytes, at: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", font, at + 12)
    found: set[int] = set()
    for number in range(groups):
        first, last, glyph = struct.unpack_from(">III", font, at + 16 + 12 * number)
        found.update(code for code in range(first, last + 1) if glyph + code - first)
    return found
