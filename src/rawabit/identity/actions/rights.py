"""Keeping the rights on a person's own row true. Every action that changes roles or teams ends here."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from allauth.usersessions.models import UserSession

from rawabit.identity.models import User
from rawabit.identity.queries import rights_of, team_mates_of


def refresh_rights(user_ids: Collection[int]) -> None:
    """Write ``rights`` and ``team_user_ids`` of these people anew, inside the caller's transaction.

    The rows are locked in the order of their keys, so that two changes of the same person add up."""
    for user in User.objects.select_for_update().filter(pk__in=user_ids).order_by("pk"):
        user.rights = rights_of(user)
        user.team_user_ids = team_mates_of(user)
        user.save(update_fields=["rights", "team_user_ids"])


def lock_people(user_ids: Collection[int]) -> None:
    """Hold these people's rows until the commit, in the order of their keys: whoever changes several begins here."""
    list(User.objects.select_for_update().filter(pk__in=user_ids).order_by("pk"))


def end_sessions(user_ids: Collection[int]) -> None:
    """Sign these people out everywhere, at once."""
    for user in User.objects.select_for_update().filter(pk__in=user_ids).order_by("pk"):
        user.session_stamp = uuid.uuid4()
        user.save(update_fields=["session_stamp"])
    UserSession.objects.filter(user_id__in=user_ids).delete()
