"""Who may take imports back; who may import what stands with each entity; whose uploaded files one sees."""

from __future__ import annotations

from django.db.models import Q

from rawabit.connect.models import ImportedRef, ImportFile, ImportRun
from rawabit.kit.marking import _
from rawabit.kit.records.actor import EVERYTHING, NOTHING, Actor, by_scope, visible
from rawabit.kit.records.permissions import Permission, shared_rows

# What each kind of record asks for; the writers in targets/ ask again when they write.
IMPORTS: dict[str, str] = {
    "colleague": "identity.add_user",
    "customer_group": "crm.import_customer",
    "customer": "crm.import_customer",
    "contact": "crm.import_contact",
    "item_group": "catalog.import_item",
    "item": "catalog.import_item",
    "price": "catalog.import_price",
    "lead": "leads.import_lead",
    "opportunity": "pipeline.import_opportunity",
    "invoice": "billing.import_invoice",
    "credit_note": "billing.import_invoice",
    "payment": "billing.import_payment",
}
ANY = tuple(dict.fromkeys(IMPORTS.values()))
UNDO = "connect.undo_import"
PERMISSIONS: list[Permission] = [
    ("connect.view_importrun", _("Imports: View")),
    (UNDO, _("Imports: take back")),
]


def may_import(actor: Actor) -> bool:
    """Whether the actor may import anything at all."""
    return actor.user_id is not None and any(actor.may(permission) for permission in IMPORTS.values())


@visible(ImportRun, ImportedRef)
def run_rows(actor: Actor) -> Q:
    return shared_rows(actor, "connect.view_importrun")


@visible(ImportFile)
def file_rows(actor: Actor) -> Q:
    """One's own; those of colleagues for whoever may see all imports."""
    if actor.user_id is None or actor.is_customer:
        return NOTHING
    scope = by_scope(actor, "connect.view_importrun")
    return EVERYTHING if scope == EVERYTHING else Q(owner=actor.user_id) | scope  # an empty Q adds nothing to an "or"
