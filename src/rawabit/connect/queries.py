"""Imports, read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet

from rawabit.catalog.models import PriceList
from rawabit.connect.models import ImportedRef, ImportFile, ImportRun
from rawabit.connect.targets import WRITERS
from rawabit.connect.targets.colleagues import TEAM
from rawabit.connect.targets.invoices import WALK_IN
from rawabit.connect.targets.opportunities import LOST_REASON
from rawabit.connect.targets.prices import LIST
from rawabit.connect.targets.stages import PIPELINE, STAGE
from rawabit.crm.models import Customer
from rawabit.identity.models import Team
from rawabit.kit.records.actor import Actor
from rawabit.pipeline.models import LostReason, Pipeline, Stage

_OTHERS: dict[str, Any] = {
    LIST: PriceList, WALK_IN: Customer, TEAM: Team, PIPELINE: Pipeline, STAGE: Stage, LOST_REASON: LostReason,
}  # fmt: skip


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


def file_of(uid: object, actor: Actor) -> ImportFile | None:
    """An uploaded file that the actor may see."""
    rows = ImportFile.objects.visible_to(actor).select_related("owner", "run")
    return rows.filter(uid=uid).first()


def files_seen(actor: Actor) -> QuerySet[ImportFile]:
    """The log of imports: the latest first."""
    return ImportFile.objects.visible_to(actor).select_related("owner", "run").order_by("-pk")


def choices_of_like(header: str) -> dict[str, Any]:
    """What was chosen the last time for a file with the same columns; {} when there was none."""
    rows = ImportFile.objects.filter(header=header).exclude(choices={}).order_by("-pk")
    found = rows.values_list("choices", flat=True).first()
    return dict(found) if found else {}


def records_made(run: ImportRun, kind: str, actor: Actor, start: int, count: int) -> tuple[list[Any], bool]:
    """Records of one kind that a run has made and the actor may see, in the order in which they were made; whether
    more come after."""
    model = next((writer.model for writer in WRITERS if writer.entity.name == kind), _OTHERS.get(kind))
    if model is None:
        return [], False
    refs = ImportedRef.objects.filter(run=run, entity=kind, created=True).order_by("pk")
    keys = list(refs.values_list("record_id", flat=True)[start : start + count + 1])
    rows: Any = model._default_manager.all()
    found = {row.pk: row for row in rows.visible_to(actor).filter(pk__in=keys[:count])}
    return [found[key] for key in keys[:count] if key in found], len(keys) > count
