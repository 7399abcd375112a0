"""Addresses for answers: the mailbox's own, with a plus sign and a token that says about what and to whom we wrote.

The token is an HMAC over the record and the recipient, so it is good for that record from that sender alone."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.crypto import salted_hmac

from rawabit.mailroom.models import Mailbox

_TOKEN = re.compile(r"([0-9a-z]{1,6})-([0-9a-z]{1,13})-([a-z2-7]{24})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Claim:
    """A token that stood in an address: about which record; ``proved`` when it was made for this sender."""

    subject: Any
    proved: bool


def reply_address(subject: models.Model, recipient: str) -> str:
    """The address under which ``recipient`` answers about ``subject``; "" when no mailbox takes such answers."""
    box = Mailbox.objects.filter(is_active=True, plus=True).order_by("pk").first()
    if box is None:
        return ""
    local, _at, domain = box.address.partition("@")
    kind = ContentType.objects.get_for_model(subject).pk
    token = f"{_short(kind)}-{_short(subject.pk)}-{_proof(kind, subject.pk, recipient)}"
    return f"{local.split('+')[0]}+{token}@{domain}"


def claims(addresses: Iterable[str], sender: str) -> list[Claim]:
    """What the tokens in these addresses claim; those that name nothing are left out."""
    found = []
    for address in list(dict.fromkeys(address.lower() for address in addresses))[:80]:
        local = address.partition("@")[0]
        match = _TOKEN.fullmatch(local.partition("+")[2]) if "+" in local else None
        if match is None:
            continue
        kind, key = int(match.group(1), 36), int(match.group(2), 36)
        proved = hmac.compare_digest(match.group(3), _proof(kind, key, sender))
        found.append(Claim(_record(kind, key) if proved else None, proved))
    return found


def _proof(kind: int, key: int, recipient: str) -> str:
    value = f"{kind}:{key}:{recipient.strip().lower()}"
    digest = salted_hmac("rawabit.mailroom.reply", value, algorithm="sha256").digest()
    return base64.b32encode(digest[:15]).decode("ascii").lower()


def _short(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return text or "0"


def _record(kind: int, key: int) -> Any:
    found = ContentType.objects.filter(pk=kind).first()
    model: Any = found.model_class() if found else None
    return model._default_manager.filter(pk=key).first() if model is not None and key < 2**63 else None
