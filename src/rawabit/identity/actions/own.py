"""What a person changes of his own way in: the address he signs in with, and whether a password is one more way."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from rawabit.identity.actions.people import person_key
from rawabit.identity.models import User
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused

TAKEN = _("This address cannot be used. Use another one.")


@transaction.atomic
def change_own_email(user: User, email: str, *, actor: Actor, at: datetime) -> tuple[str, str]:
    """Sign in with another address from now on; call it only after a code came back from there. Answers the address
    before and after, both of which must be told."""
    if user.pk != actor.user_id:
        raise PermissionDenied("identity.change_user")
    user = lock(user)
    before, after = user.email, email.strip().lower()
    if after == before:
        raise Refused(_("You sign in with this address already."))
    if User.objects.filter(email=after).exists():
        raise Refused(TAKEN)
    user.email = after
    user.search_text = person_key(user)
    touch(user, at)
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "search_text", "version", "updated_at"])
    except IntegrityError:  # somebody else was given the address in the same moment
        raise Refused(TAKEN)
    emit("user.email_changed", user, actor=actor, at=at, before=before, after=after)
    return before, after


@transaction.atomic
def remove_own_password(user: User, *, actor: Actor, at: datetime) -> User:
    """Sign in by one-time codes alone. The sessions of a password end with it: the caller keeps the present one."""
    if user.pk != actor.user_id:
        raise PermissionDenied("identity.change_user")
    user = lock(user)
    if not user.has_usable_password():
        return user
    user.set_unusable_password()
    touch(user, at)
    user.save(update_fields=["password", "version", "updated_at"])
    emit("user.password_removed", user, actor=actor, at=at)
    return user
