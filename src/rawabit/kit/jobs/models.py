"""Work to be done later, kept as rows: claimed by a conditional update and leased, so that kill -9 loses nothing."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One piece of background work. ``key`` makes enqueueing twice the same as once."""

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=160, unique=True, null=True)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="waiting")  # waiting, done, failed
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run_at", "id"], name="job_waiting", condition=models.Q(state="waiting"))]


class Tick(models.Model):
    """When a task of the schedule last ran; claimed by conditional update, so two workers run it once."""

    name = models.CharField(max_length=80, primary_key=True)
    last_run = models.DateTimeField()


class Heartbeat(models.Model):
    """A worker is alive."""

    worker = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()
