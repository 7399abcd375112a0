"""Everything that happened, newest first: the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from rawabit.kit.records.models import Event

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; None and "" mean everything. ``since`` and ``until`` are moments, ``until`` excluded."""

    user_id: int | None = None
    name: str = ""
    kind: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def events(wanted: Wanted) -> Sequence[Event]:
    """At most :data:`SHOWN` events; the page after them is asked for with ``before`` the last one's key."""
    rows: QuerySet[Event] = Event.objects.select_related("actor", "subject_type")
    conditions = {
        "actor_id": wanted.user_id, "name": wanted.name or None, "subject_type_id": wanted.kind,
        "at__gte": wanted.since, "at__lt": wanted.until, "id__lt": wanted.before,
    }  # fmt: skip
    rows = rows.filter(**{path: value for path, value in conditions.items() if value is not None})
    return list(rows.prefetch_related("subject").order_by("-id")[:SHOWN])


def event_names() -> list[str]:
    """The names of all events that ever happened here."""
    return list(Event.objects.order_by("name").values_list("name", flat=True).distinct())


def event_kinds() -> list[ContentType]:
    """The kinds of records that events are about."""
    keys = Event.objects.order_by().values_list("subject_type_id", flat=True).distinct()
    return sorted(ContentType.objects.filter(pk__in=list(keys)), key=lambda kind: str(kind.name))
