"""Documents in both directions, read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from rawabit.crm.models import PortalAccess
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Attachment
from rawabit.portal.models import Agreement, ReceivedDocument, Registration, SharedDocument

SHOWN = 100


def attachments_of(document: SharedDocument) -> QuerySet[Attachment]:
    """The files of a document that customers may see."""
    kind = ContentType.objects.get_for_model(SharedDocument)
    return Attachment.objects.filter(subject_type=kind, subject_id=document.pk, for_customer=True).order_by("pk")


def documents_for(actor: Actor) -> Sequence[SharedDocument]:
    """What we share with the customers the actor stands for, what is to be confirmed first."""
    rows = SharedDocument.objects.visible_to(actor).order_by("-must_agree", "-published_at", "-pk")
    return list(rows[:SHOWN])


def document_for(actor: Actor, uid: Any) -> SharedDocument | None:
    return SharedDocument.objects.visible_to(actor).filter(uid=uid).first()


def files_by_record(model: type[Any], keys: Sequence[int]) -> dict[int, list[Attachment]]:
    """The files meant for customers on many records of a kind, in one query."""
    kind = ContentType.objects.get_for_model(model)
    found: dict[int, list[Attachment]] = {}
    rows = Attachment.objects.filter(subject_type=kind, subject_id__in=keys, for_customer=True)
    for file in rows.only("uid", "name", "size", "subject_id", "sha256").order_by("pk"):
        found.setdefault(file.subject_id, []).append(file)
    return found


def agreed_digests(actor: Actor) -> dict[tuple[int, str], Agreement]:
    """What has been confirmed for these customers, by document and version."""
    rows = Agreement.objects.filter(customer__in=actor.customer_ids or ()).order_by("-pk")[:1000]
    return {(row.document_id, row.digest): row for row in rows}


def sent_by_customer(actor: Actor) -> Sequence[ReceivedDocument]:
    """What the customer sent us, newest first."""
    rows = ReceivedDocument.objects.visible_to(actor).select_related("sent_by").order_by("-pk")
    return list(rows[:SHOWN])


def owners_meant(document: SharedDocument) -> list[PortalAccess]:
    """The account owners at every customer that a document for groups or for all is meant for."""
    rows = PortalAccess.objects.filter(
        role="owner", is_active=True, user__is_active=True, customer__is_active=True
    ).select_related("user", "customer")
    if document.audience == SharedDocument.GROUPS:
        rows = rows.filter(customer__group__in=document.groups.all())
    return list(rows.order_by("pk"))


def is_over(document: SharedDocument, today: date) -> bool:
    return document.valid_until is not None and document.valid_until < today


def agreements_on(document: SharedDocument, actor: Actor) -> QuerySet[Agreement]:
    """Who confirmed a document, as far as the colleague sees the customers."""
    rows = Agreement.objects.visible_to(actor).filter(document=document).select_related("customer", "user")
    return rows.order_by("-pk")


def documents_unseen(actor: Actor) -> int:
    """How many documents customers sent that nobody has looked at."""
    return ReceivedDocument.objects.visible_to(actor).filter(state=ReceivedDocument.RECEIVED).count()


def registrations_waiting(actor: Actor) -> int:
    return Registration.objects.visible_to(actor).filter(state=Registration.WAITING).count()
