"""Telling a person that his way in was changed: at once, at every address concerned, after the commit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rawabit.company.queries import company_now
from rawabit.identity.mailing import message
from rawabit.identity.models import User


def tell_email_changed(user: User, before: str, after: str, *, ip: str, at: datetime) -> None:
    """Both addresses learn of it: the old one may be the only one that its owner still reads."""
    for address in (before, after):
        _tell(user, "email_changed", address, before=before, after=after, ip=ip, at=at)


def tell_password_removed(user: User, *, ip: str, at: datetime) -> None:
    _tell(user, "password_removed", user.email, ip=ip, at=at)


def _tell(user: User, kind: str, address: str, **facts: object) -> None:
    language = user.language or company_now().language
    letter = message(kind, address, language, facts)
    transaction.on_commit(lambda: letter.send(), robust=True)
