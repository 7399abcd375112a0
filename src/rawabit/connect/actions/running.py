"""A run from its first row to its last: every batch of units is one transaction together with the run's cursor."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from rawabit.connect.logic.units import Unit
from rawabit.connect.models import ImportedRef, ImportRun
from rawabit.connect.targets import WRITERS
from rawabit.connect.targets.base import Batch
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused


@transaction.atomic
def begin(run: ImportRun, *, actor: Actor, at: datetime) -> ImportRun:
    """Store a new run, or take up the unfinished one of the same file and map: its rows are here already."""
    same = ImportRun.objects.select_for_update().filter(
        source=run.source, file_digest=run.file_digest, map_digest=run.map_digest,
        state__in=(ImportRun.RUNNING, ImportRun.STOPPED),
    )  # fmt: skip
    unfinished = same.order_by("-pk").first()
    if unfinished is not None and at_work(unfinished.worker):
        raise Refused(_("This file is being imported by another process just now."))
    run = unfinished or run
    run.worker, run.actor_name, run.state = here(), actor.name, ImportRun.RUNNING
    run.started_at = run.started_at or at
    run.save()
    return run


@transaction.atomic
def commit(run: ImportRun, units: Sequence[Unit], batch: Batch, *, cursor: int, actor: Actor) -> None:
    """Write a batch of units and say how far the run is. All of it or, when the process dies, nothing."""
    ImportRun.objects.select_for_update().get(pk=run.pk)
    write_units(units, batch, actor)
    ImportRun.objects.filter(pk=run.pk, cursor__lt=cursor).update(cursor=cursor)


def rehearse(run: ImportRun, units: Sequence[Unit], batch: Batch, *, cursor: int, actor: Actor) -> None:
    """The same as :func:`commit` with every check of the database, and then taken back."""
    with transaction.atomic():
        run.pk = None
        run.save(force_insert=True)
        write_units(units, batch, actor)
        transaction.set_rollback(True)
    batch.shelf.clear()  # rows that were made on the way are gone


def write_units(units: Sequence[Unit], batch: Batch, actor: Actor) -> None:
    """Settle the units, entity after entity in the order in which one refers to the other."""
    for writer in WRITERS:
        mine = [unit for unit in units if unit.target.entity is writer.entity and not unit.settled]
        if mine:
            actor.require(writer.permission)
            writer.write(mine, batch)


@transaction.atomic
def finish(run: ImportRun, facts: Mapping[str, Any], *, actor: Actor, at: datetime) -> ImportRun | None:
    """Close a run and tell it. A run that brought nothing new leaves nothing behind: None."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if not ImportedRef.objects.filter(run=run).exists():
        run.delete()
        return None
    run.state, run.finished_at, run.worker, run.facts = ImportRun.DONE, at, "", dict(facts)
    run.save()
    emit("import.finished", run, actor=actor, at=at, source=run.source, file=run.file_name, **facts)
    return run


@transaction.atomic
def stop(run: ImportRun, *, actor: Actor, at: datetime) -> ImportRun | None:
    """End a run before the end of its file. What it has written stays and can be taken back, or continued by the same
    file; None when it had written nothing."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if not ImportedRef.objects.filter(run=run).exists():
        run.delete()
        return None
    run.state, run.finished_at, run.worker = ImportRun.STOPPED, at, ""
    run.save(update_fields=["state", "finished_at", "worker"])
    emit("import.stopped", run, actor=actor, at=at, source=run.source, file=run.file_name, rows=run.cursor)
    return run


def here() -> str:
    """This process, as a run remembers who works on it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def at_work(worker: str) -> bool:
    """Whether another living process of this machine holds the run. What died (kill -9, power) holds nothing."""
    host, _colon, pid = worker.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
