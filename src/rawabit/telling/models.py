"""Words that the company has changed, what people want to be told, and which reminders have gone out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from rawabit.billing.models import Invoice
from rawabit.crm.models import LANGUAGES
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.models import Record, RecordQuerySet
from rawabit.telling.logic.kinds import CHANNELS, GROUPS, KINDS

USER = settings.AUTH_USER_MODEL
_KINDS: list[tuple[str, Any]] = [(kind.code, kind.label) for kind in KINDS.values()]


class Template(Record):
    """The company's own words of a kind in a language; the usual ones stand in ``logic``."""

    kind = models.CharField(pgettext_lazy("message", "Kind"), max_length=40, choices=_KINDS)
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES)
    headline = models.CharField(pgettext_lazy("message", "Subject"), max_length=200)
    body = models.TextField(pgettext_lazy("message", "Text"), max_length=4000)
    chat = models.TextField(_("Text for WhatsApp"), max_length=1000, blank=True, default="")

    class Meta:
        verbose_name = _("Message template")
        verbose_name_plural = _("Message templates")
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="template_once")]


class Preference(models.Model):
    """A person wants to be told of something by a channel, or not. What has no row is as usual."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="told")
    group = models.CharField(max_length=12, choices=list(GROUPS.items()))
    channel = models.CharField(max_length=5, choices=list(CHANNELS))
    wanted = models.BooleanField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "group", "channel"], name="preference_once")]


class Reminder(models.Model):
    """An invoice was called to mind, so many days after its due date; once per step."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="reminders")
    step = models.SmallIntegerField()
    at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "step"], name="reminded_once"),
            models.CheckConstraint(condition=Q(step__gte=-60, step__lte=365), name="reminder_step_sane"),
        ]
