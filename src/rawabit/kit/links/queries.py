"""Links that were given out, read."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, QuerySet

from rawabit.kit.links.models import Link


def links_of(record: models.Model) -> QuerySet[Link]:
    """The links of a record that the caller has been shown, newest first."""
    kind = ContentType.objects.get_for_model(record)
    return Link.objects.filter(subject_type=kind, subject_id=record.pk).select_related("made_by").order_by("-pk")


def links_among(rows: Iterable[QuerySet[models.Model]]) -> QuerySet[Link]:
    """The links of all records in ``rows`` (a queryset per kind), newest first."""
    wanted = Q(pk__in=())
    for kind in rows:
        subject_type = ContentType.objects.get_for_model(kind.model)
        wanted |= Q(subject_type=subject_type, subject_id__in=kind.order_by().values("pk"))
    return Link.objects.filter(wanted).select_related("made_by", "subject_type").order_by("-pk")


def link_of(record: models.Model, key: int) -> Link | None:
    """One link of a record that the caller has been shown."""
    return links_of(record).filter(pk=key).first()
