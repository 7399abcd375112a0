"""Imports, read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from rawabit.connect.models import ImportedRef, ImportRun


def run_by_number(number: str) -> ImportRun | None:
    """A run as a person names it."""
    return ImportRun.objects.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None


def latest_runs() -> QuerySet[ImportRun]:
    """Imports that can be taken back, the latest first."""
    return ImportRun.objects.exclude(state=ImportRun.UNDONE).order_by("-pk")


def created_by(run: ImportRun) -> dict[str, int]:
    """How many records of each entity a run has made."""
    rows = ImportedRef.objects.filter(run=run, created=True).values_list("entity").annotate(n=Count("pk"))
    return dict(rows.order_by("entity"))


def imported_ids(source: str, entity: str, keys: Iterable[str]) -> dict[str, int]:
    """What external keys of a source stand for here."""
    rows = ImportedRef.objects.filter(source=source, entity=entity, key__in=list(keys))
    return dict(rows.values_list("key", "record_id"))
