"""Names in three languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language

from rawabit.kit.marking import _


class Named(models.Model):
    """``name`` as its owner writes it, with optional names in Arabic, Persian and English."""

    name = models.CharField(_("Name"), max_length=200)
    name_ar = models.CharField(_("Arabic name"), max_length=200, blank=True, default="")
    name_fa = models.CharField(_("Persian name"), max_length=200, blank=True, default="")
    name_en = models.CharField(_("English name"), max_length=200, blank=True, default="")

    class Meta:
        abstract = True

    def name_in(self, language: str | None) -> str:
        """The name in a language, else the name as written."""
        return getattr(self, f"name_{(language or '')[:2]}", "") or self.name

    def __str__(self) -> str:
        return self.name_in(get_language())
