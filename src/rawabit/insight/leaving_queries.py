"""What a colleague looks after, read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Count, QuerySet

from rawabit.crm.actions.moving import place
from rawabit.crm.merging_queries import words_for
from rawabit.crm.models import Customer, Handover, Territory
from rawabit.identity.models import User
from rawabit.insight.logic.leaving import SHARES
from rawabit.kit.records.actor import Actor


def held(label: str, person: User) -> QuerySet[Any]:
    """The rows of one place that are to be handed over."""
    model, column = place(label)
    rows: QuerySet[Any] = model._base_manager.filter(**{column: person.pk})
    return rows.filter(**SHARES[label].narrow).order_by("pk")


def counts(person: User) -> list[tuple[Any, int]]:
    """(words for the kind of record, how many), what is none left out."""
    found: dict[type[models.Model], int] = {}
    for label in SHARES:
        model = _owner_of(label)
        found[model] = found.get(model, 0) + held(label, person).count()
    return [(words_for(model), count) for model, count in found.items() if count]


def _owner_of(label: str) -> type[models.Model]:
    """Members of a team or territory are counted as such."""
    model, _column = place(label)
    if model._meta.auto_created:
        first: Any = next(f for f in model._meta.fields if f.is_relation and f.related_model is not User)
        return first.related_model
    return model


def territories_held(person: User) -> list[tuple[Territory, int]]:
    """Where his customers are: (territory, how many)."""
    rows = Customer.objects.filter(owner=person, merged_into=None).exclude(territory=None).order_by()
    found: Mapping[int, int] = dict(rows.values_list("territory_id").annotate(count=Count("pk")))
    places = Territory.objects.filter(pk__in=list(found)).order_by("name", "pk")
    return [(one, found[one.pk]) for one in places]


def handovers_of(person: User, actor: Actor) -> QuerySet[Handover]:
    return Handover.objects.visible_to(actor).filter(person=person).order_by("-pk")


def handover_seen(key: int, actor: Actor) -> QuerySet[Handover]:
    return Handover.objects.visible_to(actor).filter(pk=key)
