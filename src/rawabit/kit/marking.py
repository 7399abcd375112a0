"""Marking words for translation, so that pure modules need not know Django."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

__all__ = ["_", "ngettext_lazy", "pgettext_lazy"]
