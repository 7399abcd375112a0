"""One-time codes by e-mail for anything that needs a second proof: six digits, ten minutes, five attempts, once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from rawabit.identity.mailing import message
from rawabit.identity.models import OneTimeCode
from rawabit.kit.marking import _
from rawabit.kit.states import Refused
from rawabit.kit.text import latn

DIGITS = 6
VALID = timedelta(minutes=10)
MOST_ATTEMPTS = 5
MOST_PER_PURPOSE = 3  # in the time that a code is valid
MOST_PER_ADDRESS = 10  # in an hour, whatever for
KEPT = timedelta(days=2)


class TooManyCodes(Refused):
    """Codes were asked for too often."""


def issue_code(*, purpose: str, email: str, name: str, language: str, at: datetime) -> OneTimeCode:
    """A new code for ``purpose``, sent to ``email``; older ones for the same purpose and address end.

    Without an address everything goes the same way but for the message, so that the answer tells nobody whether there
    is one. ``purpose`` names the thing itself ("link:…", "step:7"), for codes are limited by it.
    Raises :class:`TooManyCodes`."""
    email, code = email.strip().lower(), _six_digits()
    with transaction.atomic():
        _require_patience(purpose, email, at)
        OneTimeCode.objects.filter(purpose=purpose, email=email, used_at=None).update(expires_at=at)
        kept = OneTimeCode(purpose=purpose, email=email, made_at=at, expires_at=at + VALID)
        kept.code_hash = _hash_of(kept.key, code)
        kept.save(force_insert=True)
    if email:
        facts = {"code": code, "name": name, "minutes": int(VALID.total_seconds() // 60)}
        message("one_time_code", email, language, facts).send()
    return kept


def redeem_code(key: UUID, typed: str, *, purpose: str, at: datetime) -> OneTimeCode | None:
    """The code that was typed rightly, used up by this; None for a wrong, old, used or foreign one. Every try counts,
    before it is compared, so that many at once do not get more than one after the other."""
    alive = OneTimeCode.objects.filter(key=key, purpose=purpose, used_at=None, expires_at__gt=at)
    if not alive.filter(attempts__lt=MOST_ATTEMPTS).update(attempts=F("attempts") + 1):
        return None
    found = alive.filter(key=key).first()
    if found is None or not constant_time_compare(found.code_hash, _hash_of(key, _plain(typed))):
        return None
    return found if alive.update(used_at=at) else None


def forget_codes(before: datetime) -> int:
    """Drop codes made before a moment; answers how many."""
    return OneTimeCode.objects.filter(made_at__lt=before).delete()[0]


def forget_old_codes(at: datetime) -> None:
    """What the clock calls once a day."""
    forget_codes(at - KEPT)


def _require_patience(purpose: str, email: str, at: datetime) -> None:
    recent = OneTimeCode.objects.filter(purpose=purpose, made_at__gt=at - VALID).count()
    to_address = OneTimeCode.objects.filter(email=email, made_at__gt=at - timedelta(hours=1)).count() if email else 0
    if recent >= MOST_PER_PURPOSE or to_address >= MOST_PER_ADDRESS:
        raise TooManyCodes(_("Too many attempts. Wait a few minutes and try again."))


def _six_digits() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _plain(typed: str) -> str:
    """The digits as they were sent, typed in any script, with spaces or dashes."""
    return "".join(latn(typed[:40]).split()).replace("-", "")


def _hash_of(key: UUID, code: str) -> str:
    """Bound to the installation's secret: six digits alone would be found by trying."""
    return salted_hmac("rawabit.identity.code", f"{key}:{code}", algorithm="sha256").hexdigest()
