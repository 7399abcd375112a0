"""What somebody has written anew, apart from what he quotes. Pure; works line by line, so no text makes it slow."""

from __future__ import annotations

import re

LONGEST_LINE = 400
NEAR = 5  # lines in which a copied head shows a second name of a header

_MARKERS = re.compile(
    r"^[\s>*—–_-]*(?:الرد أعلى هذا السطر|پاسخ را بالای این خط بنویسید|reply above this line|original message"
    r"|forwarded message|الرسالة الأصلية|رسالة أصلية|رسالة معاد توجيهها|رسالة محوّلة|پیام اصلی|پیام ارسال‌شده"
    r"|پیام هدایت‌شده|پیام بازارسال‌شده)[\s>*—–_:-]*$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^[\s>*\u200e\u200f\u202a-\u202e\u2066-\u2069]*(?:"
    r"on\b.*\bwrote\s*:"
    r"|.*<[^<>]*@[^<>]*>.*\bwrote\s*:"
    r"|(?:في|بتاريخ|يوم|كتب|كتبت)\b.*(?:كتب|كتبت|في|بتاريخ).*:"
    r"|.*\bكتبت?\b.*\bفي\b.*[:：]?"
    r"|.*تمت كتابة ما يلي بواسطة.*"
    r"|.*(?:نوشت|نوشته‌?\s?است|نوشته‌?\s?اند|نوشتند)\s*[:：]"
    r")[\s*\u200e\u200f\u202a-\u202e\u2066-\u2069]*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^[\s>*_]*(?:from|من|از|فرستنده)\s*[:：]\**\s*\S", re.IGNORECASE)
_SENT = re.compile(
    r"^[\s>*_]*(?:sent|date|to|subject|تم الإرسال|تاريخ الإرسال|أُرسلت|أرسلت|التاريخ|إلى|الموضوع|ارسال شده|ارسال‌شده"
    r"|تاریخ|تاریخ ارسال|به|گیرنده|موضوع)\s*[:：]",
    re.IGNORECASE,
)
_OPENS = re.compile(r"^[\s>*\u200e\u200f]*(?:on|في|بتاريخ|يوم|كتب|كتبت|در تاریخ)\b", re.IGNORECASE)
_VERBS = ("wrote", "كتب", "نوشت", "تمت كتابة")


def split_quote(text: str) -> tuple[str, str]:
    """(what is new, what is quoted). A message that is nothing but a quote is new as a whole."""
    lines = text.split("\n")
    at = _first_quoted(lines)
    fresh, quoted = "\n".join(lines[:at]).rstrip(), "\n".join(lines[at:]).strip("\n")
    return (fresh, quoted) if fresh.strip(" \n\u200f\u200e") else (text.strip("\n"), "")


def _first_quoted(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        short = line[:LONGEST_LINE]
        if short.lstrip().startswith(">") and _only_quotes(lines, number):
            return number
        if _begins(lines, number, short):
            return number
    return len(lines)


def _begins(lines: list[str], number: int, short: str) -> bool:
    """Whether a quotation begins at this line: a marker, "… wrote:", or a copied head."""
    if len(short) < 3:
        return False
    if _MARKERS.match(short):
        return True
    follows = lines[number + 1][:LONGEST_LINE] if number + 1 < len(lines) else ""
    lowered = f"{short} {follows}".lower()
    if any(verb in lowered for verb in _VERBS):
        if _WROTE.match(short) and _looks_dated(short):
            return True
        # The programs break the line of "… wrote:" where it grows long.
        if follows and short.strip() and _WROTE.match(f"{short.rstrip()} {follows.strip()}"[:LONGEST_LINE]):
            return _looks_dated(short) and (bool(_OPENS.match(short)) or not _WROTE.match(follows))
    if _FROM.match(short):
        return any(_SENT.match(near[:LONGEST_LINE]) for near in lines[number + 1 : number + 1 + NEAR])
    return False


def _looks_dated(line: str) -> bool:
    """Programs name a moment or an address in that line; people who merely say that somebody wrote do not."""
    return "@" in line or any(letter.isdigit() for letter in line)


def _only_quotes(lines: list[str], number: int) -> bool:
    """Whether nothing of one's own follows: answers between the lines of a quotation are not cut off."""
    return all(not line.strip() or line.lstrip().startswith(">") for line in lines[number : number + 2000])
