"""Bytes of strangers as text, whatever they claim to be written in. Pure; never raises."""

from __future__ import annotations

import codecs
import re
from email.header import decode_header

# Declared names that are text, and are read in time that grows with their length alone.
_TEXTUAL = re.compile(
    r"(ascii|utf-8(-sig)?|utf-16(-[lb]e)?|utf-32(-[lb]e)?|iso8859-\d+|latin-1|cp\d+|koi8-[rtu]|mac-[a-z-]+|big5(hkscs)?"
    r"|gb2312|gbk|gb18030|hz|euc_[a-z]+|iso2022_[a-z0-9_]+|shift_jis[a-z0-9_]*|johab|ptcp154|kz1048|tis-620)"
)
_OTHER_NAMES = {
    "iso-8859-6-i": "iso8859-6", "iso-8859-6-e": "iso8859-6", "arabic": "iso8859-6", "x-windows-1256": "cp1256",
    "ansi_x3.110-1983": "latin-1", "unicode": "utf-16", "utf8mb4": "utf-8", "x-mac-arabic": "mac-arabic",
}  # fmt: skip
_BREAKS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LINES = re.compile(r"\r\n?|\u2028|\u2029|\u0085")
_ARABIC = re.compile("[\u0621-\u064a]")


def codec_of(name: str) -> str:
    """The codec for a declared charset, or "" when there is none that is safe to use."""
    wanted = name.strip().strip("'\"").lower()[:40]
    wanted = _OTHER_NAMES.get(wanted, wanted)
    try:
        found = codecs.lookup(wanted).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return found if _TEXTUAL.fullmatch(found) else ""


def text_of(raw: bytes, declared: str = "") -> str:
    """``raw`` as text: as declared when that fits, else as UTF-8, else as the Arabic of Windows, else anyhow."""
    codec = codec_of(declared)
    tries = [codec] if codec and codec != "ascii" else []
    for name in [*tries, "utf-8"]:
        try:
            return raw.decode(name)
        except (UnicodeError, ValueError):
            continue
    if codec.startswith(("utf-16", "utf-32")):
        return raw.decode(codec, "replace")
    arabic = raw.decode("cp1256", "replace")
    return arabic if len(_ARABIC.findall(arabic)) * 4 > len(arabic) or codec == "utf-8" else raw.decode("latin-1")


def clean(text: str, most: int) -> str:
    """Without control characters and lone surrogates, lines ended in one way, at most so long."""
    return _BREAKS.sub("", _LINES.sub("\n", text[: most * 2]))[:most]


def header_text(value: object, most: int = 1000) -> str:
    """A header as a person reads it, on one line."""
    raw = str(value)[: most * 12]
    try:
        parts = decode_header(raw)
    except Exception:  # a header of nonsense is shown as it came
        parts = [(raw, None)]
    whole = "".join(text_of(part, charset or "") if isinstance(part, bytes) else part for part, charset in parts)
    whole = text_of(whole.encode("utf-8", "surrogateescape"), "") if _has_raw_bytes(whole) else whole
    return " ".join(clean(whole, most).split())


def _has_raw_bytes(text: str) -> bool:
    return any("\udc80" <= letter <= "\udcff" for letter in text)
