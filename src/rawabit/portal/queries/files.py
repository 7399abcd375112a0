"""Files that hang on a customer's own records."""

from __future__ import annotations

from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from rawabit.kit.records.actor import Actor, rule_of
from rawabit.kit.records.models import Attachment
from rawabit.kit.records.prepared import prepared


def files_on(record: Model) -> list[Attachment]:
    """The files that colleagues marked for the customer, on a record that the caller has been shown."""
    kind = ContentType.objects.get_for_model(record)
    return _files(kind=kind.pk, record=record.pk)


@prepared
def _files(*, kind: int, record: int) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(subject_type_id=kind, subject_id=record, for_customer=True)
    return rows.only("uid", "name", "size").order_by("-id")[:50]


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
