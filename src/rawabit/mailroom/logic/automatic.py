"""Mail that no person wrote to us: told by its headers, its sender and its subject. Pure.

The first reason that fits is the answer; ``""`` for mail that somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

MOST_HOPS = 25
LOOP, OWN, BOUNCE, AUTO, LIST, NO_REPLY = "loop", "own", "bounce", "automatic", "list", "no_reply"

_NO_REPLY = re.compile(r"^(?:no|do[._-]?not|dont)[._-]?reply\b|^(?:mailer-daemon|postmaster|bounces?|notifications?)\b")
_AWAY = re.compile(
    r"^\W*(?:(?:re|رد|پاسخ)\s*:\s*)?(?:out of (?:the )?office|automatic reply|auto[- ]?reply|autoreply|on vacation"
    r"|away from (?:the )?office|رد تلقائي|رد آلي|الرد التلقائي|إجابة تلقائية|خارج المكتب|في إجازة|أنا في إجازة"
    r"|پاسخ خودکار|پاسخ اتوماتیک|در مرخصی|خارج از دفتر|بیرون از دفتر)",
    re.IGNORECASE,
)
Headers = Mapping[str, Sequence[str]]


def why_automatic(headers: Headers, sender: str, subject: str, own: Collection[str]) -> str:
    """Why nobody is to be answered, as one of the codes above."""
    if len(headers.get("received", ())) > MOST_HOPS:
        return LOOP
    if sender and sender.lower() in own:
        return OWN
    if _is_bounce(headers, sender):
        return BOUNCE
    if _is_automatic(headers) or _AWAY.match(subject[:200]):
        return AUTO
    if _is_list(headers):
        return LIST
    return NO_REPLY if _NO_REPLY.match(sender.lower()) else ""


def _is_bounce(headers: Headers, sender: str) -> bool:
    kind = _first(headers, "content-type")
    report = kind.startswith("multipart/report") and "delivery-status" in kind
    return report or (
        _first(headers, "return-path").strip() == "<>" and sender.startswith(("mailer-daemon", "postmaster"))
    )


def _is_automatic(headers: Headers) -> bool:
    told = _first(headers, "auto-submitted").split(";")[0].strip()
    if told and told != "no":
        return True
    if _first(headers, "precedence").strip() == "auto_reply":
        return True
    return any(name in headers for name in ("x-autoreply", "x-autorespond", "x-auto-response"))


def _is_list(headers: Headers) -> bool:
    if any(name in headers for name in ("list-id", "list-unsubscribe", "feedback-id", "x-campaign", "x-mailgun-tag")):
        return True
    return _first(headers, "precedence").strip() in ("bulk", "list", "junk")


def _first(headers: Headers, name: str) -> str:
    found = headers.get(name) or ("",)
    return found[0].lower()
