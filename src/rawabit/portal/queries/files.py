"""Files that hang on a customer's own records."""

from __future__ import annotations

from uuid import UUID

from rawabit.kit.records.actor import Actor, rule_of
from rawabit.kit.records.models import Attachment


def file_for(actor: Actor, uid: UUID) -> Attachment | None:
    """A file marked for the customer, on a record whose row rule lets the actor in."""
    found = Attachment.objects.filter(uid=uid, for_customer=True).select_related("subject_type").first()
    if found is None:
        return None
    model = found.subject_type.model_class()
    if model is None or rule_of(model) is None:
        return None
    seen = model.objects.visible_to(actor).filter(pk=found.subject_id)  # type: ignore[attr-defined]
    return found if seen.exists() else None
