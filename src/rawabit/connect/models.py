"""What was imported, and what each record of another program became here."""

from __future__ import annotations

from django.db import models

from rawabit.kit.marking import _


class ImportRun(models.Model):
    """One import of one file by one map. ``cursor`` is the last row whose fate is committed."""

    RUNNING, DONE, UNDOING, UNDONE = "running", "done", "undoing", "undone"
    STATES = [
        (RUNNING, _("Running")), (DONE, _("Done")), (UNDOING, _("Being taken back")), (UNDONE, _("Taken back")),
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
