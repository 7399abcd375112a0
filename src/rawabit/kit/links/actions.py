"""Give out, take back, renew and open links; find the link of a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from rawabit.kit.links.logic import Holder, hash_of, may_be_used_again, token_of, uid_of
from rawabit.kit.links.models import Link, random_uid
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text

MOST_DAYS = 366
ONE_VISIT = timedelta(minutes=30)  # pages opened within this time of each other are one opening
KEPT = timedelta(days=365)
RENEW_AGAIN = timedelta(minutes=15)

__all__ = [
    "Holder", "address_of", "addresses_begin_with", "forget_expired", "opened", "renew", "resolve", "revoke", "share",
]  # fmt: skip
_BASE: list[Callable[[], str]] = [lambda: settings.BASE_URL.rstrip("/")]


def addresses_begin_with(base: Callable[[], str]) -> None:
    """Register who knows what absolute addresses begin with. Called once at start, by the module that knows it."""
    _BASE[0] = base


def _secrets() -> list[str | bytes]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@transaction.atomic
def share(record: models.Model, *, purpose: str, holder: Holder, days: int, actor: Actor, at: datetime) -> Link:
    """A link to ``record`` for ``holder``, valid for ``days``. The same holder gets the same link again while it is
    valid long enough, so that a second message does not make a second address."""
    record = lock(record)  # type: ignore[type-var]
    days = max(1, min(days, MOST_DAYS))
    if found := _usable(record, purpose, holder, timedelta(days=days), at):
        return found
    link = _new(record, purpose, holder, at + timedelta(days=days), actor, at)
    emit("link.made", record, actor=actor, at=at, link=link.pk, holder=str(link), purpose=purpose)
    return link


def _new(record: models.Model, purpose: str, holder: Holder, until: datetime, actor: Actor, at: datetime) -> Link:
    uid = random_uid()
    return Link.objects.create(
        **_on(record), uid=uid, purpose=purpose, token_hash=hash_of(token_of(uid, settings.SECRET_KEY)),
        holder_key=holder.key[:300], holder_name=clean_user_text(holder.name)[:200], holder_email=holder.email.strip(),
        holder_phone=holder.phone[:20], holder_language=holder.language[:2], contact_id=holder.contact_id,
        user_id=holder.user_id, made_by_id=actor.user_id, made_at=at, expires_at=until,
    )  # fmt: skip


def _usable(record: models.Model, purpose: str, holder: Holder, valid: timedelta, at: datetime) -> Link | None:
    """The holder's link, unless his address has changed since: the old one may be in other hands."""
    rows = Link.objects.filter(
        **_on(record), purpose=purpose, holder_key=holder.key[:300], holder_email=holder.email.strip(),
        holder_phone=holder.phone[:20], revoked_at=None,
    )  # fmt: skip
    link: Link | None = rows.order_by("-expires_at", "-pk").first()
    if link is None or not may_be_used_again(link.expires_at - at, valid) or not _token(link):
        return None
    if holder.language and link.holder_language != holder.language:
        link.holder_language = holder.language[:2]
        link.save(update_fields=["holder_language"])
    return link


def _on(record: models.Model) -> dict[str, Any]:
    return {"subject_type": ContentType.objects.get_for_model(record), "subject_id": record.pk}


def address_of(link: Link) -> str:
    """The whole address, reckoned anew each time. Refused when the secret that it was made with is gone."""
    if not (token := _token(link)):
        raise Refused(_("This link was made with a secret key that is gone. Make a new one."))
    return f"{_BASE[0]()}/l/{token}/"


def _token(link: Link) -> str:
    """The token that the link was made with: by the present secret, or by one from before it was changed."""
    tokens = (token_of(link.uid, secret) for secret in _secrets())
    return next((token for token in tokens if hash_of(token) == link.token_hash), "")


def resolve(token: str, at: datetime) -> Link | None:
    """The link of a token, valid or not (ask :meth:`Link.is_valid`); None for a token that we never gave out. What is
    malformed or forged costs no question to the database."""
    del at
    uid = uid_of(token, _secrets())
    if uid is None:
        return None
    return Link.objects.filter(uid=uid, token_hash=hash_of(token)).select_related("subject_type").first()


@transaction.atomic
def revoke(link: Link, *, actor: Actor, at: datetime) -> Link:
    """From now on the address shows nothing. Twice is once."""
    found: Link = Link.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if found.revoked_at is None:
        found.revoked_at = at
        found.save(update_fields=["revoked_at"])
        if found.subject is not None:
            emit("link.revoked", found.subject, actor=actor, at=at, link=found.pk, holder=str(found))
    return found


@transaction.atomic
def renew(link: Link, *, days: int, actor: Actor, at: datetime) -> Link | None:
    """A new link of the same record for the same holder, asked for from the page of an expired one; the event's
    subscriber sends it to the address on file. None when it was withdrawn, or was asked for a moment ago."""
    found = Link.objects.select_for_update(of=("self",)).get(pk=link.pk)
    recent = found.renewed_at is not None and at - found.renewed_at < RENEW_AGAIN
    if found.revoked_at is not None or recent or found.subject is None:
        return None
    found.renewed_at = at
    found.save(update_fields=["renewed_at"])
    fresh = share(found.subject, purpose=found.purpose, holder=found.holder, days=days, actor=actor, at=at)
    emit("link.renewal", found.subject, actor=actor, at=at, link=fresh.pk, holder=str(fresh), purpose=found.purpose)
    return fresh


@transaction.atomic
def opened(link: Link, *, actor: Actor, at: datetime) -> bool:
    """Count a visit; pages opened soon after one another are one. Called by the page's own script and by what people
    do there, never by looking at it: mail scanners look at every address."""
    fresh = Q(last_opened_at=None) | Q(last_opened_at__lte=at - ONE_VISIT)
    counted = Link.objects.filter(fresh, pk=link.pk).update(
        opened_count=F("opened_count") + 1, last_opened_at=at, first_opened_at=Coalesce("first_opened_at", at)
    )
    first = counted and Link.objects.filter(pk=link.pk, opened_count=1).exists()
    if first and link.subject is not None:
        emit("link.opened", link.subject, actor=actor, at=at, link=link.pk, holder=str(link))
    return bool(counted)


def forget_expired(at: datetime) -> int:
    """Drop links that ended more than a year ago; answers how many."""
    return Link.objects.filter(expires_at__lt=at - KEPT).delete()[0]
