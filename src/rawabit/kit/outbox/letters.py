"""What a message says, before and after it is put into words; and who knows the words of which kind of message.

The kit sends, the modules above write: each registers the writer of its kinds when the program starts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from rawabit.kit.brand import contrast
from rawabit.kit.outbox.models import Message

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LATIN_FIRST = re.compile(r"^[\u2066-\u2069]*[A-Za-z0-9]")
_DARK_INK, _LIGHT_INK = "#000000", "#ffffff"
RLM = "\u200f"
OWN_COLOUR = "#0e5a6b"


@dataclass(frozen=True, slots=True)
class File:
    """Something attached."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it goes out. ``secret`` stands in the texts and must not be kept (the key of a link). ``answers`` is
    the Message-ID of what it answers; ``personal`` when a person wrote it, and it is not to be told as automatic."""

    headline: str
    text: str
    html: str = ""
    url: str = ""
    files: Sequence[File] = ()
    from_name: str = ""
    reply_to: str = ""
    unsubscribe: str = ""
    secret: str = ""
    answers: str = ""
    personal: bool = False

    def kept(self, text: str) -> str:
        """A text for the log: who reads the log must not be able to use another person's link."""
        return text.replace(self.secret, "…") if self.secret else text


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The sender as he stands above and below the text."""

    name: str
    legal_name: str = ""
    vat_number: str = ""
    colour: str = OWN_COLOUR
    logo: str = ""

    @property
    def ink(self) -> str:
        """Black or white, whichever reads better on the brand colour."""
        return max((_LIGHT_INK, _DARK_INK), key=lambda ink: contrast(ink, self.colour))


Writer = Callable[[Message, datetime], "Written | None"]
_WRITERS: dict[str, Writer] = {}


def write_with(prefix: str, writer: Writer) -> None:
    """Register who writes the kinds that begin with ``prefix``; "" for all others. Called once per module at start."""
    _WRITERS[prefix] = writer


def write(message: Message, at: datetime) -> Written | None:
    """The message in words, or None when nobody needs it any more. LookupError for a kind without a writer."""
    for prefix in sorted(_WRITERS, key=len, reverse=True):
        if message.kind.startswith(prefix):
            return _WRITERS[prefix](message, at)
    raise LookupError(f"nobody writes {message.kind!r}")


def one_line(text: str, most: int = 200) -> str:
    """Text for a header: what could begin another header becomes a space."""
    return " ".join(_BREAKS.sub(" ", text).split())[:most]


def mail_context(language: str, head: Letterhead, **more: Any) -> dict[str, Any]:
    """What ``kit/outbox/mail.html`` and ``.txt`` need of the language and the sender."""
    english = language == "en"
    return {
        "language": language,
        "direction": "ltr" if english else "rtl",
        "side": "left" if english else "right",
        "head": head,
        **more,
    }


def plain(template: str, context: Mapping[str, Any]) -> str:
    """The text part: a line that begins with a Latin word is told that it belongs to a text from right to left.
    Addresses of the web stay as they are, for people copy whole lines."""
    lines = render_to_string(template, dict(context)).strip().splitlines()
    if context["direction"] == "rtl":
        lines = [RLM + line if _LATIN_FIRST.match(line) and "://" not in line[:12] else line for line in lines]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told, where, and how he reads. ``user_id`` for those who sign in; ``subscription_id`` for a browser."""

    name: str
    address: str
    language: str
    user_id: int | None = None
    subscription_id: int | None = None
    reader: Mapping[str, Any] = field(default_factory=dict)
