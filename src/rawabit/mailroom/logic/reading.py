"""A raw message taken apart. Runs in a child process with limits (:mod:`rawabit.mailroom.child`), for everything here
is written by strangers. Pure: bytes in, plain values out.

Only the old, lazy parser of the standard library is used: the new one reads headers with a grammar that nested
parentheses, unknown charsets and a few megabytes bring down.
"""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from typing import Any

from rawabit.kit.links.logic import strip_links
from rawabit.mailroom.logic.charsets import clean, header_text, text_of
from rawabit.mailroom.logic.quotes import split_quote
from rawabit.mailroom.logic.sanitise import as_text, harmless, too_deep, without_tags

TEXT, HTML, HEAD = 200_000, 400_000, 20_000
PARTS, FILES, ADDRESSES, VALUES = 400, 30, 60, 60
KEPT = (
    "auto-submitted", "content-type", "delivered-to", "envelope-to", "feedback-id", "list-id", "list-unsubscribe",
    "precedence", "received", "return-path", "x-autorespond", "x-auto-response", "x-autoreply", "x-campaign",
    "x-mailgun-tag", "x-original-to",
)  # fmt: skip
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:\\]{1,64}@[^\s<>()\[\]\",;:\\@]{1,190}")
_IDS = re.compile(r"<[^<>\s]{3,250}>")
Read = dict[str, Any]


def read_message(raw: bytes) -> tuple[Read, list[tuple[str, str, bytes]]]:
    """(facts and texts of the message, its files as name, declared type and content)."""
    message = BytesParser(policy=compat32).parsebytes(raw)
    read = read_head(message, raw)
    plain, rich, files = _bodies(message, read)
    page = clean("".join(rich), HTML)
    words = without_tags(page) if too_deep(page) else None
    page = "" if words is not None else page
    text = "\n".join(plain) if any(part.strip() for part in plain) else words or as_text(page)
    read["fresh"], quoted = split_quote(clean(text, TEXT).strip())
    read["quoted"] = strip_links(quoted)
    read["html"] = strip_links(harmless(page)) if page else ""
    if read["bounce"] is not None:
        read["bounce"] |= _original(message)
    return read, files


def read_start(raw: bytes) -> Read:
    """The head alone, of a message that could not be read."""
    message = BytesHeaderParser(policy=compat32).parsebytes(raw[:65536])
    return read_head(message, raw) | {"fresh": "", "quoted": "", "html": "", "left_out": []}


def read_head(message: Message, raw: bytes) -> Read:
    name, sender = _sender(message)
    own_id = _IDS.findall(str(message.get("Message-ID", ""))[:2000])
    before = _IDS.findall(f"{message.get('References', '')} {message.get('In-Reply-To', '')}"[:20_000])
    reached = [*_addresses(message, "To"), *_addresses(message, "Cc")]
    return {
        "name": name, "sender": sender, "subject": header_text(_first(message, "Subject"), 300),
        "message_id": own_id[0] if own_id else "", "references": list(dict.fromkeys(before))[-40:],
        "sent_at": _moment(str(message.get("Date", ""))[:200]), "to": reached[:ADDRESSES],
        "reached": len(re.findall("@", f"{message.get('To', '')}{message.get('Cc', '')}")),
        "headers": {
            name: [header_text(value) for value in found[:VALUES]] for name in KEPT if (found := _all(message, name))
        },
        "head": clean(text_of(raw[:HEAD].split(b"\r\n\r\n")[0].split(b"\n\n")[0]), HEAD), "bounce": None, "left_out": [],  # noqa: E501
    }  # fmt: skip


def _all(message: Message, name: str) -> list[str]:
    """Every value of a header as it came, also with letters that have no place in one."""
    return [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]


def _first(message: Message, name: str) -> str:
    return next(iter(_all(message, name)), "")


def _sender(message: Message) -> tuple[str, str]:
    """Name and address of whoever claims to have written."""
    value = header_text(_first(message, "From") or _first(message, "Sender"), 1000)
    try:
        name, address = email.utils.parseaddr(value)
    except Exception:  # RecursionError included: nested comments
        name, address = "", ""
    if not _ADDRESS.fullmatch(address):
        found = _ADDRESS.search(value)
        address = found.group() if found else ""
        name = value.split("<")[0] if found else value
    return clean(name, 200).strip(" \"'()<>"), address.lower()[:254]


def _addresses(message: Message, name: str) -> list[str]:
    values = [value[:20_000] for value in _all(message, name)[:5]]
    found = [match.group().lower() for value in values for match in _ADDRESS.finditer(value)]
    return list(dict.fromkeys(found))[:ADDRESSES]


def _moment(written: str) -> str:
    try:
        moment = email.utils.parsedate_to_datetime(written)
    except Exception:
        return ""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.isoformat() if datetime(1990, 1, 1, tzinfo=UTC) < moment else ""


def parts_of(message: Message) -> Iterator[Message]:
    """The leaves, in their order, without recursion. A message within the message is a leaf."""
    stack, seen = [message], 0
    while stack and seen < PARTS:
        part, seen = stack.pop(), seen + 1
        inside: Any = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            stack.extend(reversed(inside))
        else:
            yield part


def _bodies(message: Message, read: Read) -> tuple[list[str], list[str], list[tuple[str, str, bytes]]]:
    plain: list[str] = []
    rich: list[str] = []
    files: list[tuple[str, str, bytes]] = []
    for part in parts_of(message):
        kind, name = part.get_content_type(), _file_name(part)
        if kind == "message/delivery-status":
            read["bounce"] = _status(part)
        elif kind in ("text/plain", "text/html") and not name and part.get_content_disposition() != "attachment":
            (plain if kind == "text/plain" else rich).append(_words(part))
        elif len(files) >= FILES:
            read["left_out"].append(name or kind)
        else:
            files.append((name or _usual_name(part, len(files)), kind, _content(part)))
    return plain, rich, files


def _words(part: Message) -> str:
    raw = _content(part)
    try:
        declared = part.get_content_charset() or ""
    except Exception:
        declared = ""
    return text_of(raw[: TEXT * 4], declared)


def _content(part: Message) -> bytes:
    """The bytes of a part, whatever its encoding claims."""
    try:
        if part.get_content_maintype() == "message" or part.is_multipart():
            inside: Any = part.get_payload()
            return bytes(inside[0]) if isinstance(inside, list) and inside else b""
        found = part.get_payload(decode=True)
        return found if isinstance(found, bytes) else b""
    except Exception:  # RecursionError included: a file that cannot be unwrapped is empty, the rest is kept
        return b""


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename("") or ""
    except Exception:
        name = ""
    return header_text(name, 150).replace("/", "_").replace("\\", "_") if name else ""


def _usual_name(part: Message, number: int) -> str:
    ending = {"message": "eml", "text": "txt"}.get(part.get_content_maintype(), "bin")
    return f"{number + 1}.{ending}"


# Reports of mail that did not arrive


def _status(part: Message) -> dict[str, str]:
    """What a report says of the recipient (RFC 3464)."""
    found: dict[str, str] = {}
    inside: Any = part.get_payload()
    blocks = inside if isinstance(inside, list) else []
    for block in blocks[:20]:
        for name in ("Action", "Status", "Final-Recipient", "Diagnostic-Code"):
            if block.get(name) and name.lower() not in found:
                found[name.lower()] = header_text(block[name], 300)
    recipient = _ADDRESS.search(found.get("final-recipient", ""))
    return {
        "action": found.get("action", "").lower(), "status": found.get("status", ""),
        "words": found.get("diagnostic-code", ""), "address": recipient.group().lower() if recipient else "",
    }  # fmt: skip


def _original(message: Message) -> dict[str, str]:
    """The Message-ID of the mail that came back."""
    for part in parts_of(message):
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inside: Any = part.get_payload()
            text = (
                str(inside[0].get("Message-ID", "")) if isinstance(inside, list) and inside else _words(part)[:20_000]
            )
            line = re.search(r"^message-id:\s*(<[^<>\s]{3,250}>)", text, re.IGNORECASE | re.MULTILINE)
            ids = [line.group(1)] if line else _IDS.findall(text[:500]) if isinstance(inside, list) else []
            if ids:
                return {"message_id": ids[0]}
    return {"message_id": ""}
