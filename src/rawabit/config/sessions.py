"""Sessions in the database, as Django's, read with a statement that is compiled once.

The signature of a session's text is checked once per process, not with every request: the same text says the same.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone

from rawabit.kit.records.prepared import prepared


class _AsItIs:
    """Stands where the reader of the text stands, and hands it on."""

    def dumps(self, obj: bytes) -> bytes:
        return obj

    def loads(self, data: bytes) -> bytes:
        return data


@lru_cache(maxsize=2048)
def _signed_text(data: str, salt: str) -> bytes:
    """The text under the signature; BadSignature for a forged one, which is not remembered."""
    text: bytes = signing.loads(data, salt=salt, serializer=_AsItIs)
    return text


@prepared
def _alive(*, key: str, now: datetime) -> QuerySet[Session, tuple[str]]:
    return Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data")


class SessionStore(DatabaseSessions):
    """What ``SESSION_ENGINE`` names."""

    def load(self) -> dict[str, Any]:
        found = _alive.first(key=self.session_key, now=timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            text = _signed_text(str(session_data), self.key_salt)
        except Exception:
            # Django's own answer to a forged or unreadable text: an empty session, and a line in the log.
            return super().decode(session_data)
        data: dict[str, Any] = JSONSerializer().loads(text)
        return data
