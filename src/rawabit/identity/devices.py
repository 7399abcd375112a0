"""The devices on which a person is signed in: shown to him, and signed out one by one or all but this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from rawabit.identity.actions import end_sessions
from rawabit.identity.logic.devices import device_name, is_phone
from rawabit.identity.models import User
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import Actor


@dataclass(frozen=True, slots=True)
class Device:
    """One browser that holds a session."""

    pk: int
    name: str
    address: str
    since: datetime
    phone: bool
    here: bool


def devices_of(user: User, session_key: str | None) -> list[Device]:
    """Newest first; sessions that have ended meanwhile are left out."""
    rows = sorted(UserSession.objects.purge_and_list(user), key=lambda row: row.created_at, reverse=True)
    return [
        Device(
            row.pk, device_name(row.user_agent), row.ip, row.created_at, is_phone(row.user_agent),
            row.session_key == session_key,
        )
        for row in rows
    ]  # fmt: skip


@transaction.atomic
def sign_out_device(user: User, device: int, *, actor: Actor, at: datetime) -> None:
    """End one session of the person; one of somebody else, or none, changes nothing."""
    if user.pk != actor.user_id:
        actor.require("identity.change_user")
    session = UserSession.objects.filter(pk=device, user=user).first()
    if session is not None:
        session.end()
        emit("user.device_signed_out", user, actor=actor, at=at, device=device_name(session.user_agent))


@transaction.atomic
def sign_out_others(user: User, session_key: str | None, *, actor: Actor, at: datetime) -> int:
    """End every session of the person but the one he is in; answers how many."""
    if user.pk != actor.user_id:
        actor.require("identity.change_user")
    others = UserSession.objects.filter(user=user).exclude(session_key=session_key or "")
    for session in others:
        session.end()
    emit("user.devices_signed_out", user, actor=actor, at=at, count=len(others))
    return len(others)


@transaction.atomic
def sign_out_everywhere(user: User, *, actor: Actor, at: datetime) -> User:
    """End every session of a person at once."""
    actor.require("identity.change_user")
    end_sessions([user.pk])
    emit("user.signed_out_everywhere", user, actor=actor, at=at, name=user.full_name)
    return user
