"""What an open page watches, as a signed text in the page itself: to listen no session is needed, and none counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import models

SALT = "rawabit.live"
HOURS = 12  # a page left open longer asks for itself again before it listens on


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches, and what: everything of ``customer``, one ``record`` (kind, key), or a ``kind`` of record.

    ``user`` is a person's key and ``stamp`` the beginning of his session stamp, so that signing out everywhere ends the
    watch too; ``link`` is the key of a link to one document."""

    user: int = 0
    stamp: str = ""
    link: int = 0
    customer: int = 0
    record: tuple[int, int] = (0, 0)
    kind: int = 0

    def concerns(self, kind: int, key: int, customer: int) -> bool:
        """Whether a change of this record is worth a word to this page."""
        if self.customer and customer == self.customer:
            return True
        return kind != 0 and (kind == self.kind or (kind, key) == self.record)


def kind_of(model: type[models.Model] | models.Model) -> int:
    """The key by which tables are told apart."""
    return int(ContentType.objects.get_for_model(model).pk)


def signed(watch: Watch, at: datetime) -> str:
    """The watch as text for the page. The same within an hour, so that it is reckoned once for many pages."""
    return _signed(watch, int(at.timestamp()) // 3600)


@lru_cache(maxsize=4096)
def _signed(watch: Watch, hour: int) -> str:
    facts = [watch.user, watch.stamp, watch.link, watch.customer, list(watch.record), watch.kind, hour]
    return signing.dumps(facts, salt=SALT)


def read(text: str, at: datetime) -> Watch | None:
    """The watch of a signed text; None when it is not ours, or too old."""
    try:
        user, stamp, link, customer, record, kind, hour = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not 0 <= int(at.timestamp()) // 3600 - hour <= HOURS:
        return None
    return Watch(user, stamp, link, customer, (record[0], record[1]), kind)


def customer_of(subject: Any) -> int:
    """The customer a record belongs to, 0 for none: a customer himself, or what has one."""
    if subject is None:
        return 0
    if subject._meta.model_name == "customer":
        return int(subject.pk)
    return int(getattr(subject, "customer_id", 0) or 0)


def watching(request: Any, *, customer: int = 0, record: models.Model | None = None, kind: Any = None) -> str:
    """The signed watch for a page that this request shows; "" for somebody who is not known."""
    link = getattr(request, "link", None)
    if link is None and not request.user.is_authenticated:
        return ""
    owner = {"link": link.pk} if link else {"user": request.user.pk, "stamp": request.user.session_stamp.hex[:8]}
    key = (kind_of(record), record.pk) if record is not None else (0, 0)
    watch = Watch(**owner, customer=customer, record=key, kind=kind_of(kind) if kind else 0)
    return signed(watch, request.now)


def any_concern(watch: Watch, changes: Iterable[tuple[int, int, int]]) -> bool:
    return any(watch.concerns(*change) for change in changes)
