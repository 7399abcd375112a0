"""Who may take imports back; who may import what stands with each entity."""

from __future__ import annotations

from django.db.models import Q

from rawabit.connect.models import ImportedRef, ImportRun
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor, visible
from rawabit.kit.records.permissions import Permission, shared_rows

PERMISSIONS: list[Permission] = [
    ("connect.view_importrun", _("Imports: View")),
    ("connect.undo_import", _("Imports: take back")),
]


@visible(ImportRun, ImportedRef)
def run_rows(actor: Actor) -> Q:
    return shared_rows(actor, "connect.view_importrun")
