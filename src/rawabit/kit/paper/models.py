"""Papers of many documents in one file, made in the background."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from rawabit.kit.marking import _, pgettext_lazy

WAITING, RUNNING, READY, FAILED = "waiting", "running", "ready", "failed"
OPEN = (WAITING, RUNNING)


class Bundle(models.Model):
    """A ZIP that one person asked for. ``parts`` are ``[model label, key]`` as they were chosen; what the person may no
    longer see when it is made is left out. ``made`` is what was typeset so far: ``[name in the ZIP, in the cache]``."""

    STATES = [
        (WAITING, pgettext_lazy("bundle", "Waiting")), (RUNNING, pgettext_lazy("bundle", "In preparation")),
        (READY, pgettext_lazy("bundle", "Ready")), (FAILED, pgettext_lazy("bundle", "Failed")),
    ]  # fmt: skip
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bundles")
    door = models.CharField(max_length=10)
    name = models.CharField(_("Name"), max_length=120)
    parts = models.JSONField(default=list)
    made = models.JSONField(default=list)
    state = models.CharField(_("Status"), max_length=8, choices=STATES, default=WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="bundles/", blank=True)
    size = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    touched_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Download")
        verbose_name_plural = _("Downloads")
        indexes = [
            models.Index(fields=["user", "-id"], name="bundle_of_user"),
            models.Index(fields=["expires_at"], name="bundle_expiry"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state__in=OPEN), name="one_running_bundle_per_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def running(self) -> bool:
        return self.state in OPEN

    def is_ready(self, at: datetime) -> bool:
        return self.state == READY and at < self.expires_at
