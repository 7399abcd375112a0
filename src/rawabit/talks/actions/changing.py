"""What was written is corrected, with its history; what matters is pinned."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.kit.records.actions import emit, save_form, touch
from rawabit.kit.records.actor import Actor
from rawabit.talks.actions.keeping import change, key_of
from rawabit.talks.models import Activity


@transaction.atomic
def edit_activity(
    form: ModelForm[Activity], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Activity:
    """Correct what was written: one's own at any time, a colleague's only within a day. The history keeps both."""
    activity = form.instance
    change(Activity(pk=activity.pk), actor, at)
    activity.search_text = key_of(activity)
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


@transaction.atomic
def pin(activity: Activity, *, actor: Actor, at: datetime) -> Activity:
    """Keep it on top of the timelines it stands on; twice is once."""
    return _pin(activity, at, actor, at)


@transaction.atomic
def unpin(activity: Activity, *, actor: Actor, at: datetime) -> Activity:
    return _pin(activity, None, actor, at)


def _pin(activity: Activity, pinned: datetime | None, actor: Actor, at: datetime) -> Activity:
    """Pinning changes no word, so whoever sees it and may write may do it, however old it is."""
    from django.core.exceptions import PermissionDenied

    from rawabit.kit.records.actions import lock

    actor.require("talks.add_activity")
    activity = lock(activity)
    if not Activity.objects.visible_to(actor).filter(pk=activity.pk).exists():
        raise PermissionDenied("talks.add_activity")
    if (activity.pinned_at is None) == (pinned is None):
        return activity
    activity.pinned_at = pinned
    touch(activity, at)
    activity.save(update_fields=["pinned_at", "version", "updated_at"])
    emit("activity.pinned" if pinned else "activity.unpinned", activity, actor=actor, at=at)
    return activity
