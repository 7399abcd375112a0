"""What a person does with a file on the import pages: brings it, maps it, has it checked, run, stopped, undone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from rawabit.connect.logic.guessing import fingerprint
from rawabit.connect.logic.plans import Plan
from rawabit.connect.models import ImportFile
from rawabit.connect.places import LARGEST_FILE, folder_of, path_of, put_away, throw_away
from rawabit.connect.policies import IMPORTS, UNDO, may_import
from rawabit.connect.targets import ENTITIES
from rawabit.kit.importing import ImportMap, ImportProblem, parse_map
from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text

WORK = "connect.import"
MAX_BYTES = LARGEST_FILE
MAX_MAP_BYTES = 256 << 10
MOST_KEPT = 40  # files of one person that lie in the data folder at a time
UNDO_WITHIN = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)
ENDINGS = {".csv": ".csv", ".tsv": ".csv", ".txt": ".csv", ".xlsx": ".xlsx", ".xlsm": ".xlsx"}
IN_USE = (ImportFile.RUNNING, ImportFile.UNDOING)


def receive(upload: UploadedFile[Any], *, actor: Actor, at: datetime) -> ImportFile:
    """Keep an uploaded table; Refused with words when it cannot be one."""
    _require(actor)
    assert actor.user_id is not None
    name = clean_user_text(upload.name or "").strip()[-200:] or "table.csv"
    ending = ENDINGS.get(Path(name).suffix.lower())
    if ending is None:
        raise Refused(_("Import takes tables as XLSX, CSV or TSV. Save the file as one of these."))
    if not upload.size:
        raise Refused(_("The file is empty."))
    if upload.size > MAX_BYTES:
        raise Refused(_("The file is too large: %(limit)s MB at most.") % {"limit": MAX_BYTES >> 20})
    kept = ImportFile.objects.filter(owner=actor.user_id, removed_at=None).count()
    if kept >= MOST_KEPT:
        raise Refused(_("You have %(n)s files here already. Remove one of them first.") % {"n": kept})
    file = ImportFile(owner_id=actor.user_id, name=name, ending=ending, size=upload.size, created_at=at)
    try:
        file.digest = put_away(file, upload)
        with transaction.atomic():
            file.save()
            emit("import.uploaded", file, actor=actor, at=at, file=file.name)
    except BaseException:
        throw_away(file)
        raise
    return file


def _require(actor: Actor) -> None:
    if not may_import(actor):
        actor.require(IMPORTS["customer"])


@transaction.atomic
def _held(file: ImportFile, actor: Actor) -> ImportFile:
    """The file's row, locked; for its owner alone, whoever else may look at it."""
    held: ImportFile = ImportFile.objects.select_for_update().get(pk=file.pk)
    if held.owner_id != actor.user_id:
        raise Refused(_("Only the person who brought this file can go on with it."))
    return held


def _open(file: ImportFile, actor: Actor) -> ImportFile:
    """As :func:`_held`, and nothing is being done with the file just now."""
    held = _held(file, actor)
    if held.busy:
        raise Refused(_("This file is being worked on. Wait for the end or cancel."))
    if held.removed_at is not None:
        raise Refused(_("This file has been removed. Upload it again."))
    return held


@transaction.atomic
def read_as(file: ImportFile, reading: Mapping[str, Any], *, actor: Actor) -> ImportFile:
    """How the file is to be read: encoding, delimiter, sheet, row of the column names. Begins the mapping anew."""
    held = _for_mapping(file, actor)
    held.reading = {key: value for key, value in reading.items() if value not in ("", None)}
    held.choices, held.map_text, held.checked = {}, "", {}
    held.state = ImportFile.MAPPING
    held.save(update_fields=["reading", "choices", "map_text", "checked", "state"])
    return held


def _for_mapping(file: ImportFile, actor: Actor) -> ImportFile:
    held = _open(file, actor)
    if held.state in (ImportFile.DONE, ImportFile.UNDONE) or held.run_id is not None:
        raise Refused(_("This file has been imported. Upload it again to import it in another way."))
    return held


@transaction.atomic
def map_by_choices(
    file: ImportFile, plan: Plan, text: str, columns: tuple[str, ...], *, actor: Actor, at: datetime
) -> ImportFile:
    """Keep the choices of the page and the map that they make, and have the file checked."""
    held = _for_mapping(file, actor)
    _allowed(parse_map(text, ENTITIES), actor)
    held.choices, held.map_text, held.header = plan.as_json(), text, header_mark(columns)
    return _begin(held, ImportFile.CHECKING, at)


@transaction.atomic
def map_by_text(file: ImportFile, text: str, *, actor: Actor, at: datetime) -> ImportFile:
    """Take a map in the language of the command line, and have the file checked."""
    held = _for_mapping(file, actor)
    _allowed(parse_map(text, ENTITIES, place=str(_("The map"))), actor)
    held.choices, held.map_text, held.header = {}, text, ""
    return _begin(held, ImportFile.CHECKING, at)


def _allowed(plan: ImportMap, actor: Actor) -> None:
    for target in plan.targets:
        if not actor.may(IMPORTS[target.entity.name]):
            raise Refused(_("You may not import this kind of record: %(kind)s.") % {"kind": target.entity.name})


@transaction.atomic
def begin_run(file: ImportFile, *, actor: Actor, at: datetime) -> ImportFile:
    """Import for good what was checked, or go on with what was stopped. A second click finds it running."""
    held = _held(file, actor)
    if held.state == ImportFile.RUNNING:
        return held
    held = _open(held, actor)
    if held.state not in (ImportFile.CHECKED, ImportFile.STOPPED) and not (held.state == "failed" and held.checked):
        raise Refused(_("Have the file checked first."))
    _allowed(parse_map(held.map_text, ENTITIES), actor)
    others = ImportFile.objects.filter(digest=held.digest, state__in=IN_USE).exclude(pk=held.pk)
    if others.exists():
        raise Refused(_("The same file is being imported just now. Wait until that is over."))
    try:
        return _begin(held, ImportFile.RUNNING, at)
    except IntegrityError as error:
        raise Refused(_("The same file is being imported just now. Wait until that is over.")) from error


def _begin(held: ImportFile, state: str, at: datetime) -> ImportFile:
    held.state, held.began_at, held.finished_at = state, at, None
    held.done = held.total = held.tries = 0
    held.stop_asked, held.error, held.worker, held.lease_until = False, "", "", None
    held.turn += 1
    held.save()
    ask_for_work(held, at)
    return held


def ask_for_work(file: ImportFile, at: datetime) -> None:
    """Put the next piece of background work aside. One for each turn: a page loaded twice asks once."""
    args = {"file": file.pk, "turn": file.turn}
    enqueue(WORK, key=f"import-{file.pk}-{file.turn}", args=args, at=at)


@transaction.atomic
def ask_to_stop(file: ImportFile, *, actor: Actor) -> ImportFile:
    """The background work ends after the rows that it is writing."""
    held = _held(file, actor)
    if held.state in (ImportFile.CHECKING, ImportFile.RUNNING):
        held.stop_asked = True
        held.save(update_fields=["stop_asked"])
    return held


def may_undo(file: ImportFile, actor: Actor, at: datetime) -> bool:
    """Whether the button is there: the owner, within a day, with the permission."""
    ended = file.finished_at
    return (
        file.state in (ImportFile.DONE, ImportFile.STOPPED, ImportFile.FAILED) and file.run_id is not None
        and actor.may(UNDO)
        and file.owner_id == actor.user_id and ended is not None and at - ended <= UNDO_WITHIN
    )  # fmt: skip


@transaction.atomic
def begin_undo(file: ImportFile, *, actor: Actor, at: datetime) -> ImportFile:
    """Take the import back, in the background. A second click finds it going on."""
    actor.require(UNDO)
    held = _held(file, actor)
    if held.state in (ImportFile.UNDOING, ImportFile.UNDONE):
        return held
    if not may_undo(held, actor, at):
        raise Refused(_("An import can be taken back here within 24 hours of its end."))
    return _begin(held, ImportFile.UNDOING, at)


@transaction.atomic
def discard(file: ImportFile, *, actor: Actor, at: datetime) -> None:
    """Remove the stored file now. The line in the log stays."""
    held = _open(file, actor)
    held.removed_at = at
    held.save(update_fields=["removed_at"])
    transaction.on_commit(lambda: throw_away(held))


def forget_old_files(at: datetime) -> int:
    """Remove stored files after thirty days; answers how many. Called by the clock."""
    old = ImportFile.objects.filter(removed_at=None, created_at__lt=at - KEPT_FOR).exclude(state__in=ImportFile.BUSY)
    count = 0
    for file in old.iterator():
        throw_away(file)
        count += ImportFile.objects.filter(pk=file.pk, removed_at=None).update(removed_at=at)
    return count


def header_mark(columns: tuple[str, ...]) -> str:
    """What files of the same make share: their column names."""
    return hashlib.sha256(fingerprint(columns).encode()).hexdigest()


def problem_words(problem: ImportProblem, file: ImportFile) -> str:
    """A problem in words that call the file as its owner does, not as it is stored."""
    stored = {path_of(file).name, str(path_of(file)), str(folder_of(file))}
    for key in ("path", "table", "place"):
        if problem.facts.get(key) in stored:
            problem.facts[key] = file.name
    return str(problem)
