"""Passwords of mailboxes at rest: sealed with a key derived from the program's secret key."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from rawabit.kit.marking import _
from rawabit.kit.states import Refused


def _box() -> Fernet:
    key = hashlib.scrypt(settings.SECRET_KEY.encode(), salt=b"rawabit.mailroom.mailbox", n=2**12, r=8, p=1, dklen=32)
    return Fernet(base64.urlsafe_b64encode(key))


def seal(password: str) -> str:
    return _box().encrypt(password.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """The password; :class:`Refused` in words when the secret key has changed since."""
    try:
        return _box().decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, ValueError):
        raise Refused(
            _("The password cannot be read any more because the program's secret key was changed. Type it anew.")
        )
