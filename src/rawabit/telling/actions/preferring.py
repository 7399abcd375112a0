"""What a person wants to be told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from rawabit.identity.models import User
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor
from rawabit.telling.logic.kinds import OFF_AT_FIRST
from rawabit.telling.models import Preference
from rawabit.telling.queries import matrix_of


@transaction.atomic
def set_preferences(wanted: Collection[tuple[str, str]], *, actor: Actor, at: datetime) -> None:
    """Keep which (group, channel) the person wants, of those that he is ever told of. What equals the usual leaves no
    row, so that a better usual reaches those who never chose."""
    user = lock(User(pk=actor.user_id))
    before = matrix_of(user)
    for group, channels in before.items():
        for channel in channels:
            _keep(user, group, channel, (group, channel) in wanted)
    if (after := matrix_of(user)) != before:
        changes = {group: [before[group], after[group]] for group in after if after[group] != before[group]}
        emit("user.preferences_changed", user, actor=actor, at=at, changes=changes)


def _keep(user: User, group: str, channel: str, wanted: bool) -> None:
    rows = Preference.objects.filter(user=user, group=group, channel=channel)
    if wanted == ((group, channel) not in OFF_AT_FIRST):
        rows.delete()
    else:
        Preference.objects.update_or_create(user=user, group=group, channel=channel, defaults={"wanted": wanted})
