"""Permissions as data: ``(code, label)`` pairs, which the roles page shows and roles hold with a scope."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy

from rawabit.kit.marking import pgettext_lazy
from rawabit.kit.records.actor import EVERYTHING, NOTHING, Actor

Permission = tuple[str, Any]
VERBS: dict[str, Any] = {
    "view": pgettext_lazy("permission", "View"),
    "add": pgettext_lazy("permission", "Add"),
    "change": pgettext_lazy("permission", "Edit"),
    "delete": pgettext_lazy("permission", "Delete"),
    "export": pgettext_lazy("permission", "Export"),
    "import": pgettext_lazy("permission", "Import"),
}


def verbs_on(model: type[models.Model], *verbs: str) -> list[Permission]:
    """``("crm.view_customer", "Customers: View")`` and so on, for each verb of :data:`VERBS`."""
    meta = model._meta
    return [
        (
            f"{meta.app_label}.{verb}_{meta.model_name}",
            format_lazy("{things}: {verb}", things=meta.verbose_name_plural, verb=VERBS[verb]),
        )
        for verb in verbs
    ]


def shared_rows(actor: Actor, permission: str) -> Q:
    """Rows that belong to nobody in particular (units, taxes, roles): whoever holds the permission sees them all."""
    return EVERYTHING if actor.may(permission) else NOTHING
