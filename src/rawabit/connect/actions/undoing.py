"""A whole import taken back: what it made goes, unless somebody has worked on it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rawabit.connect.actions.running import at_work
from rawabit.connect.models import ImportedRef, ImportRun
from rawabit.connect.targets.removal import REMOVERS, Remover
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """How many records of an entity went, and how many stay because they are in use or were changed."""

    entity: str
    removed: int
    kept: int


def undo(run: ImportRun, *, actor: Actor, at: datetime) -> list[Kept]:
    """Take back a run, newest layer first, in batches that commit on their own; called again it goes on.

    What somebody has changed, commented or built upon since stays, and stays known as imported.
    """
    actor.require("connect.undo_import")
    _open(run)
    counts = [_undo_entity(run, remover) for remover in REMOVERS]
    kept = [count for count in counts if count.removed or count.kept]
    _close(run, kept, actor=actor, at=at)
    return kept


@transaction.atomic
def _open(run: ImportRun) -> None:
    held = ImportRun.objects.select_for_update().get(pk=run.pk)
    if held.state == ImportRun.UNDONE:
        raise Refused(_("This import has been taken back already."))
    if at_work(held.worker):
        raise Refused(_("This import is still running."))
    held.state = ImportRun.UNDOING
    held.save(update_fields=["state"])


def _undo_entity(run: ImportRun, remover: Remover) -> Kept:
    """The newest first: what was made later may stand on what was made before (branches on their parents)."""
    removed = kept = 0
    last = 2**62
    while True:
        with transaction.atomic():
            refs = list(
                ImportedRef.objects.filter(run=run, entity=remover.entity, pk__lt=last).order_by("-pk")[:AT_ONCE]
            )
            if not refs:
                return Kept(remover.entity, removed, kept)
            gone = remover.remove(refs)
            ImportedRef.objects.filter(
                pk__in=[ref.pk for ref in refs if ref.record_id in gone or not ref.created]
            ).delete()
        made = [ref for ref in refs if ref.created]
        removed += len(gone)
        kept += len(made) - len(gone)
        last = refs[-1].pk


@transaction.atomic
def _close(run: ImportRun, counts: list[Kept], *, actor: Actor, at: datetime) -> None:
    held = ImportRun.objects.select_for_update().get(pk=run.pk)
    held.state, held.finished_at = ImportRun.UNDONE, at
    held.save(update_fields=["state", "finished_at"])
    facts = {count.entity: {"removed": count.removed, "kept": count.kept} for count in counts}
    emit("import.undone", held, actor=actor, at=at, source=run.source, file=run.file_name, records=facts)
