"""Making a ZIP of many papers: a few at a time, each time a job of its own, so that the worker does other things in
between, everybody sees how far it is, and a killed worker loses a few papers that the next one makes again."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.marking import _
from rawabit.kit.paper.cache import kept
from rawabit.kit.paper.models import FAILED, OPEN, READY, RUNNING, Bundle
from rawabit.kit.paper.sheet import Paper
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused

JOB = "paper.bundle"
SLICE = 4  # papers of one job: a job holds its transaction open
MOST = 2000
KEPT_FOR = timedelta(days=7)
STUCK_AFTER = timedelta(hours=3)
Part = tuple[str, int]
Maker = Callable[[Any, datetime], Paper]
ActorOf = Callable[[Any, str], Actor]
log = structlog.get_logger()


def start(parts: Sequence[Part], *, name: str, actor: Actor, at: datetime) -> Bundle:
    """Ask for a ZIP of the papers of records that the actor was shown. A person has one in the making: asking again
    answers that one."""
    if actor.user_id is None:
        raise Refused(_("Sign in first."))
    if not parts:
        raise Refused(_("There are no documents to put together."))
    if len(parts) > MOST:
        raise Refused(_("At most %(most)s documents at once. Choose a shorter time.") % {"most": MOST})
    try:
        return running_of(actor) or _started(parts, name=name, actor=actor, at=at)
    except IntegrityError:  # the same person asked twice at the same moment
        found = running_of(actor)
        assert found is not None
        return found


def running_of(actor: Actor) -> Bundle | None:
    return Bundle.objects.filter(user_id=actor.user_id or 0, state__in=OPEN).first()


@transaction.atomic
def _started(parts: Sequence[Part], *, name: str, actor: Actor, at: datetime) -> Bundle:
    assert actor.user_id is not None
    bundle = Bundle.objects.create(
        user_id=actor.user_id, door=actor.door, name=name[:120], parts=[list(part) for part in parts],
        total=len(parts), at=at, touched_at=at, expires_at=at + KEPT_FOR,
    )  # fmt: skip
    _next(bundle, 0, at)
    return bundle


def _next(bundle: Bundle, done: int, at: datetime) -> None:
    enqueue(JOB, key=f"{JOB}:{bundle.uid}:{done}", args={"bundle": bundle.pk, "done": done}, at=at)


def build(args: Mapping[str, Any], at: datetime, *, actor_of: ActorOf, paper_of: Maker) -> None:
    """The job: the next few papers, or the ZIP when all are made. Done again after a crash, it does the same."""
    bundle = Bundle.objects.select_for_update(of=("self",)).filter(pk=args["bundle"], state__in=OPEN).first()
    if bundle is None or bundle.done != args["done"]:
        return
    if bundle.done >= bundle.total:
        _pack(bundle, at)
        return
    parts = bundle.parts[bundle.done : bundle.done + SLICE]
    made = _papers(parts, actor_of(bundle.user, bundle.door), paper_of, at)
    bundle.made = [*bundle.made, *_named(bundle.made, made)]
    bundle.done += len(parts)
    bundle.missing += len(parts) - len(made)
    bundle.state, bundle.touched_at = RUNNING, at
    bundle.save(update_fields=["made", "done", "missing", "state", "touched_at"])
    _next(bundle, bundle.done, at)


def _papers(parts: Sequence[Part], actor: Actor, paper_of: Maker, at: datetime) -> list[Paper]:
    """The papers of what the person may see now. One that cannot be made does not hold up the others."""
    found = []
    for label, pk in parts:
        model: Any = apps.get_model(label)
        record = model.objects.visible_to(actor).filter(pk=pk).first()
        if record is None:
            continue
        try:
            found.append(paper_of(record, at))
        except Exception:
            log.exception("a paper could not be made", record=label, id=pk)
    return found


def _named(before: Sequence[Sequence[str]], papers: Sequence[Paper]) -> list[list[str]]:
    """Names within the ZIP; the same name twice gets a number."""
    taken, named = {name for name, _kept in before}, []
    for paper in papers:
        stem, name, number = paper.name.removesuffix(".pdf"), paper.name, 2
        while name in taken:
            name, number = f"{stem} ({number}).pdf", number + 1
        taken.add(name)
        named.append([name, paper.kept])
    return named


def _pack(bundle: Bundle, at: datetime) -> None:
    """All papers are made: put them into one file. Nothing to put in is a failure, told as such."""
    if not bundle.made:
        Bundle.objects.filter(pk=bundle.pk).update(state=FAILED, touched_at=at)
        return
    name = f"bundles/{bundle.uid}.zip"
    if default_storage.exists(name):  # of a worker that was killed
        default_storage.delete(name)
    with tempfile.TemporaryFile() as target:
        missing = bundle.missing + write_zip(target, bundle.made)
        size = target.tell()
        target.seek(0)
        saved = default_storage.save(name, File(target))
    Bundle.objects.filter(pk=bundle.pk).update(
        state=READY, file=saved, size=size, missing=missing, touched_at=at, expires_at=at + KEPT_FOR
    )


def write_zip(target: Any, made: Sequence[Sequence[str]]) -> int:
    """PDFs are packed already; they are stored as they are. How many were not there any more."""
    gone = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, place in made:
            pdf = kept(place)
            if pdf is None:
                gone += 1
                continue
            archive.writestr(name, pdf)
    return gone


# Read


def bundles_of(actor: Actor) -> list[Bundle]:
    """The person's own, the newest first."""
    rows = Bundle.objects.filter(user_id=actor.user_id or 0).defer("parts", "made")
    return list(rows.order_by("-id")[:20])


def bundle_for(actor: Actor, uid: UUID, at: datetime) -> Bundle | None:
    """A finished ZIP of the person himself; nobody else's, and none that has expired."""
    found = Bundle.objects.filter(user_id=actor.user_id or 0, door=actor.door, uid=uid).defer("parts", "made").first()
    return found if found is not None and found.is_ready(at) else None


# The clock


def sweep(at: datetime) -> None:
    """Delete what has expired, with its file; give up what has not moved for hours, so that a new one can be asked."""
    Bundle.objects.filter(state__in=OPEN, touched_at__lt=at - STUCK_AFTER).update(state=FAILED, touched_at=at)
    for bundle in Bundle.objects.filter(expires_at__lte=at).exclude(state__in=OPEN).defer("parts", "made")[:200]:
        if bundle.file.name:
            default_storage.delete(bundle.file.name)
        bundle.delete()
