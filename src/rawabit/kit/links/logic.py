"""Signed addresses: how a token is made and read, and how addresses are kept out of text and sight. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

HALF = 16  # bytes: 128 bits that name the link, 128 bits that prove who made it
LENGTH = 43  # letters of base64url for both, without padding
USED_AGAIN = timedelta(days=14)  # a link with this much time left is given out again

_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{LENGTH}}}")
# Of any host, also percent-encoded (as scanners of mail rewrite addresses), also broken over quoted lines.
_ADDRESS = re.compile(
    r"(?:/|%2F)l(?:/|%2F)(?:=?\r?\n(?:> ?)*)?(?:[A-Za-z0-9_-](?:=?\r?\n(?:> ?)*)?){43}(?![A-Za-z0-9_-])"
    r"(?:(?:/|%2F)[^\s<>\"'\])]*)?",
    re.IGNORECASE,
)
_AROUND = frozenset(" \t\r\n<>\"'()[]{}|،؛«»")
_LONGEST_HOST = 400  # letters before the path that are looked at


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a link is given to: a contact, a person who signs in, or an address typed by hand."""

    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    contact_id: int | None = None
    user_id: int | None = None

    @property
    def key(self) -> str:
        """Who it is, as one text: links of one holder are found by it."""
        if self.contact_id:
            return f"contact:{self.contact_id}"
        if self.user_id:
            return f"user:{self.user_id}"
        if self.email:
            return f"email:{self.email.strip().lower()}"
        return f"phone:{self.phone}" if self.phone else f"name:{self.name.strip().lower()}"


def token_of(uid: UUID, secret: str | bytes) -> str:
    """The token of a link: its uid and the proof that this installation made it."""
    return _text(uid.bytes + _proof(uid, secret))


def uid_of(token: str, secrets: Sequence[str | bytes]) -> UUID | None:
    """The uid in a token that was made with one of the secrets; None for anything else."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=")
    except (binascii.Error, ValueError):
        return None
    if _text(raw) != token:  # several spellings of the last letter mean the same bytes; one of them is the token
        return None
    uid = UUID(bytes=raw[:HALF])
    # Every secret is compared, so that the time tells nothing.
    proven = [hmac.compare_digest(raw[HALF:], _proof(uid, secret)) for secret in secrets]
    return uid if any(proven) else None


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("ascii", "replace")).hexdigest()


def _proof(uid: UUID, secret: str | bytes) -> bytes:
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(key, b"rawabit.links\x00" + uid.bytes, hashlib.sha256).digest()[:HALF]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def may_be_used_again(left: timedelta, valid: timedelta) -> bool:
    """Whether a link with ``left`` of its time is given out again: two weeks, or half of the time of a short one."""
    return left >= min(USED_AGAIN, valid / 2) > timedelta(0)


def strip_links(text: str) -> str:
    """``text`` without the addresses of links: what is quoted from a received message must not pass them on."""
    kept, done = [], 0
    for found in _ADDRESS.finditer(text):
        start = found.start()
        while start > max(done, found.start() - _LONGEST_HOST) and text[start - 1] not in _AROUND:
            start -= 1
        kept += [text[done:start], "[…]"]
        done = found.end()
    return "".join([*kept, text[done:]])
