"""Chats as WhatsApp exports them, from Android and iOS, in Arabic, Persian and English. Pure.

A message begins on a line with date and time; every other line goes on with the message before it. Dates come in three
calendars and, in Gregorian, in two orders; which one is meant is told by the whole file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from itertools import pairwise

from rawabit.kit.calendar_math import NotADate, from_calendar

MOST_BYTES = 5 * 1024 * 1024
MOST_MESSAGES = 50_000
_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_SPACES = re.compile("[\u00a0\u202f\u2009]")
_AM = r"am|a\.m\.|ص|صباحا|صباحاً|ق\.ظ\.?|قبل ?از ?ظهر|قبل\u200cازظهر"
_PM = r"pm|p\.m\.|م|مساء|مساءً|ب\.ظ\.?|بعد ?از ?ظهر|بعدازظهر"
_DATE = r"(\d{1,4})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{1,4})"
_CLOCK = rf"(?:(?P<before>{_AM}|{_PM})\s?)?(\d{{1,2}}):(\d{{2}})(?::(\d{{2}}))?\s?(?P<after>{_AM}|{_PM})?"
_HEAD = re.compile(
    rf"^(?P<bracket>\[)?{_DATE}\s?[,،]?\s{{0,2}}{_CLOCK}(?(bracket)\]\s?|\s[-–]\s)(?P<rest>.*)$", re.IGNORECASE
)
_SENDER = re.compile(r"^([^:\n]{1,120}?):(?:\s|$)(.*)$", re.DOTALL)
_MEDIA = re.compile(
    r"<[^<>]*(omitted|attached:|استبعاد|مرفق|حذف|پیوست)[^<>]*>|"
    r"(image|video|audio|sticker|GIF|document|contact card) omitted|"
    r"تم استبعاد (الصورة|الفيديو|الملف|الصوت|الملصق|المستند)|\((file attached|الملف مرفق|فایل پیوست شد)\)",
    re.IGNORECASE,
)
_IS_AM = re.compile(_AM, re.IGNORECASE)


class NotAChat(ValueError):
    """``code``: empty | too_big | no_text | not_a_zip | encoding | no_messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Said:
    """One message: when (wall clock of the telephone), by whom, what; ``media`` for what was left out."""

    at: datetime
    sender: str
    text: str
    media: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """All messages in the order of the file; ``notices`` counts lines of the program itself."""

    said: Sequence[Said]
    notices: int = 0

    @property
    def people(self) -> list[str]:
        return list(dict.fromkeys(one.sender for one in self.said))

    def days(self) -> dict[date, list[Said]]:
        found: dict[date, list[Said]] = {}
        for one in self.said:
            found.setdefault(one.at.date(), []).append(one)
        return found


def text_of(name: str, content: bytes) -> str:
    """The text of an exported file: ``.txt``, or the one text in a ``.zip``. What unpacks to more than
    :data:`MOST_BYTES` is refused before it is unpacked."""
    if not content:
        raise NotAChat("empty")
    if content[:2] == b"PK" or name.lower().endswith(".zip"):
        content = _unpacked(content)
    if len(content) > MOST_BYTES:
        raise NotAChat("too_big")
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAChat("encoding") from error
    if "\x00" in text:
        raise NotAChat("encoding")
    return text


def _unpacked(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            texts = [one for one in box.infolist()[:2000] if one.filename.lower().endswith(".txt")]
            if not texts:
                raise NotAChat("no_text")
            chosen = next((one for one in texts if "chat" in one.filename.lower()), texts[0])
            if chosen.file_size > MOST_BYTES:
                raise NotAChat("too_big")
            with box.open(chosen) as stream:  # the size in the directory may lie: never read more
                found = stream.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise NotAChat("not_a_zip") from error
    if len(found) > MOST_BYTES:
        raise NotAChat("too_big")
    return found


@dataclass(slots=True)
class _Raw:
    numbers: tuple[int, int, int]
    clock: time
    rest: str


def read_chat(text: str) -> Chat:
    """The messages of an exported chat. :class:`NotAChat` when there is none."""
    raws = _raws(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if not raws:
        raise NotAChat("no_messages")
    order = _order([raw.numbers for raw in raws])
    said, notices = [], 0
    for raw in raws[:MOST_MESSAGES]:
        day = _day(raw.numbers, order)
        match = _SENDER.match(raw.rest)
        if day is None or match is None:
            notices += 1
            continue
        sender, words = match[1].strip(), match[2].strip()
        said.append(Said(datetime.combine(day, raw.clock), sender, words, bool(_MEDIA.search(words))))
    if not said:
        raise NotAChat("no_messages")
    return Chat(said, notices)


def _raws(lines: Iterable[str]) -> list[_Raw]:
    raws: list[_Raw] = []
    for line in lines:
        plain = _SPACES.sub(" ", _MARKS.sub("", line))
        head = _HEAD.match(plain.translate(_DIGITS))  # digit for digit: places stay
        if head is None:
            if raws:
                raws[-1].rest += "\n" + plain
            continue
        clock = _clock(head)
        if clock is None:
            continue
        raws.append(_Raw((int(head[2]), int(head[3]), int(head[4])), clock, plain[head.start("rest") :]))
    return raws


def _clock(head: re.Match[str]) -> time | None:
    hour, minute, second = int(head[6]), int(head[7]), int(head[8] or 0)
    mark = head["before"] or head["after"]
    if mark:
        hour = hour % 12 + (0 if _IS_AM.fullmatch(mark) else 12)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _order(dates: Sequence[tuple[int, int, int]]) -> str:
    """ "ymd", "dmy" or "mdy": by the place of the year, by what is above twelve, else by which one runs forward."""
    if dates[0][0] > 31:
        return "ymd"
    if any(first > 12 for first, _second, _year in dates):
        return "dmy"
    if any(second > 12 for _first, second, _year in dates):
        return "mdy"

    def backwards(order: str) -> int:
        days = [day for day in (_day(one, order) for one in dates) if day]
        return sum(later < earlier for earlier, later in pairwise(days))

    return "mdy" if backwards("mdy") < backwards("dmy") else "dmy"


def _day(numbers: tuple[int, int, int], order: str) -> date | None:
    """The day in whichever calendar its year belongs to; None for a day that does not exist."""
    first, second, third = numbers
    year, month, day = {"ymd": (first, second, third), "dmy": (third, second, first), "mdy": (third, first, second)}[
        order
    ]
    year += 2000 if year < 100 else 0
    calendar = "jalali" if 1380 <= year < 1430 else "hijri" if 1430 <= year < 1500 else "gregorian"
    try:
        return from_calendar(calendar, year, month, day)
    except (NotADate, ValueError, OverflowError):
        return None


def transcript(messages: Sequence[Said], omitted: str) -> str:
    """A day's messages as they are kept: hour, name, words; what was left out is said once."""
    lines = []
    for one in messages:
        words = omitted if one.media and not _MEDIA.sub("", one.text).strip() else one.text
        lines.append(f"{one.at:%H:%M} {one.sender}: {words}")
    return "\n".join(lines)


def begun(messages: Sequence[Said], zone: tzinfo) -> datetime:
    return messages[0].at.replace(tzinfo=zone)
