"""What was imported, and what each record of another program became here."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from rawabit.kit.marking import _
from rawabit.kit.records.models import RecordQuerySet


class ImportRun(models.Model):
    """One import of one file by one map. ``cursor`` is the last row whose fate is committed."""

    RUNNING, STOPPED, DONE, UNDOING, UNDONE = "running", "stopped", "done", "undoing", "undone"
    STATES = [
        (RUNNING, _("Running")), (STOPPED, _("Stopped")), (DONE, _("Done")), (UNDOING, _("Being taken back")),
        (UNDONE, _("Taken back")),
    ]  # fmt: skip

    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64)
    map_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=STATES, default=RUNNING)
    as_of = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    actor_name = models.CharField(max_length=200, default="")
    worker = models.CharField(max_length=120, default="")  # host:pid of whoever works on it
    cursor = models.PositiveBigIntegerField(default=0)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        indexes = [models.Index(fields=["source", "file_digest", "map_digest"], name="import_of_file")]


class ImportedRef(models.Model):
    """A record of another program and the row that stands for it here.

    ``created``: the run made the row (else it found it there). ``version`` is the row's version when the run left
    it, so that an undo sees whether somebody has worked on it since.
    """

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="refs")
    source = models.CharField(max_length=60)
    entity = models.CharField(max_length=30)
    key = models.CharField(max_length=300)
    record_id = models.BigIntegerField()
    created = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    fingerprint = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "entity", "key"], name="imported_once")]
        indexes = [models.Index(fields=["run", "entity", "id"], name="ref_of_run")]


class ImportFile(models.Model):
    """A file that somebody brought to the pages of the import, and how far it is. The file itself lies in the data
    folder under ``uid`` until ``removed_at``; its work is done in the background, held by ``worker`` until
    ``lease_until``."""

    MAPPING, CHECKING, CHECKED, RUNNING, DONE = "mapping", "checking", "checked", "running", "done"
    STOPPED, FAILED, UNDOING, UNDONE = "stopped", "failed", "undoing", "undone"
    STATES = [
        (MAPPING, _("Columns are being chosen")), (CHECKING, _("Being checked")), (CHECKED, _("Checked")),
        (RUNNING, _("Running")), (DONE, _("Done")), (STOPPED, _("Stopped")), (FAILED, _("Failed")),
        (UNDOING, _("Being taken back")), (UNDONE, _("Taken back")),
    ]  # fmt: skip
    BUSY = (CHECKING, RUNNING, UNDOING)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    ending = models.CharField(max_length=5)  # of the stored file: .csv or .xlsx
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    reading = models.JSONField(default=dict)  # encoding, delimiter, sheet, header_row as the person says
    header = models.CharField(max_length=64, default="")  # digest of its column names
    choices = models.JSONField(default=dict)  # a logic.plans.Plan; {} when the map came as a file
    map_text = models.TextField(default="")
    state = models.CharField(max_length=8, choices=STATES, default=MAPPING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=120, default="")
    lease_until = models.DateTimeField(null=True)
    turn = models.PositiveIntegerField(default=0)  # which piece of background work is the last one asked for
    tries = models.PositiveSmallIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    checked = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="files")
    error = models.TextField(default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("Imported file")
        verbose_name_plural = _("Imported files")
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=Q(state__in=["running", "undoing"]), name="one_run_of_a_file"
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="import_files_of"),
            models.Index(fields=["header", "-id"], name="import_files_like"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def busy(self) -> bool:
        return self.state in self.BUSY
