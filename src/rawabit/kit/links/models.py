"""An address that shows one record to whoever holds it."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from rawabit.kit.links.logic import HALF, Holder
from rawabit.kit.marking import _
from rawabit.kit.records.models import Subject


def random_uid() -> uuid.UUID:
    """128 random bits; the usual uid has six fewer."""
    return uuid.UUID(bytes=secrets.token_bytes(HALF))


class Link(Subject):
    """A signed, expiring, revocable address of one record, for one holder and one purpose.

    The token itself is never kept: it is reckoned from the uid and the installation's secret when it is needed."""

    uid = models.UUIDField(default=random_uid, unique=True, editable=False)
    purpose = models.CharField(max_length=20)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    holder_key = models.CharField(max_length=300, editable=False)
    holder_name = models.CharField(_("Name"), max_length=200, blank=True, default="")
    holder_email = models.EmailField(_("E-mail"), blank=True, default="")
    holder_phone = models.CharField(_("Mobile"), max_length=20, blank=True, default="")
    holder_language = models.CharField(_("Language"), max_length=2, blank=True, default="")
    contact_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_count = models.PositiveIntegerField(default=0)
    first_opened_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)
    renewed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Link")
        verbose_name_plural = _("Links")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="link_of_subject"),
            models.Index(fields=["expires_at"], name="link_by_end"),
        ]

    def __str__(self) -> str:
        return self.holder_name or self.holder_email or self.holder_phone

    @property
    def holder(self) -> Holder:
        return Holder(
            self.holder_name, self.holder_email, self.holder_phone, self.holder_language, self.contact_id, self.user_id
        )

    def is_valid(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at
