"""Documents in both directions: ours for customers, and what customers send us."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.forms import ModelForm

from rawabit.crm.models import Customer
from rawabit.crm.policies import EVERY_ROLE, may_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import attach, emit, lock, save_form, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Attachment
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, search_key
from rawabit.portal.models import Agreement, ReceivedDocument, SharedDocument
from rawabit.portal.queries.documents import attachments_of

MOST_BYTES = 200 * 2**20  # of one customer altogether, as long as nobody has cleared up
MOST_A_DAY = 20
A_DAY = timedelta(days=1)


@transaction.atomic
def save_document(
    form: ModelForm[SharedDocument], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> SharedDocument:
    """Keep what is said about a document. What customers have confirmed stays with the version that they saw."""
    document = form.instance
    if document.audience != SharedDocument.CUSTOMER:
        document.customer = None
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


@transaction.atomic
def publish_document(document: SharedDocument, *, actor: Actor, at: datetime) -> SharedDocument:
    """Show the document to those it is meant for. Publishing again after a change makes a new version to confirm."""
    found = lock(document)
    actor.require("portal.change_shareddocument")
    files = list(attachments_of(found))
    if not files:
        raise Refused(_("Attach a file that the customer may see first."))
    found.state, found.published_at, found.digest = SharedDocument.PUBLISHED, at, digest_of(files)
    touch(found, at)
    found.save(update_fields=["state", "published_at", "digest", "version", "updated_at"])
    emit("document.shared", found, actor=actor, at=at, **_told(found))
    return found


@transaction.atomic
def withdraw_document(document: SharedDocument, *, actor: Actor, at: datetime) -> SharedDocument:
    """No customer sees it any more; confirmations stay."""
    found = lock(document)
    actor.require("portal.change_shareddocument")
    found.state = SharedDocument.WITHDRAWN
    touch(found, at)
    found.save(update_fields=["state", "version", "updated_at"])
    emit("document.withdrawn", found, actor=actor, at=at, name=found.name)
    return found


def digest_of(files: list[Attachment]) -> str:
    """What exactly was to be read: the contents of all files, in a fixed order."""
    return hashlib.sha256("\n".join(sorted(file.sha256 for file in files)).encode()).hexdigest()


def _told(found: SharedDocument) -> dict[str, Any]:
    return {
        "name": found.name, "kind": found.kind, "audience": found.audience, "customer": found.customer_id,
        "must_agree": found.must_agree,
    }  # fmt: skip


@transaction.atomic
def agree_to_document(
    document: SharedDocument, customer: Customer, *, digest: str, actor: Actor, at: datetime
) -> Agreement:
    """The person confirms for the customer that he has read the version with this digest. Twice is once."""
    found = lock(document)
    if not actor.is_customer or not actor.user_id or customer.pk not in (actor.customer_ids or ()):
        raise PermissionDenied("portal.agree")
    if not SharedDocument.objects.visible_to(actor).filter(pk=found.pk).exists() or not found.must_agree:
        raise Refused(_("There is nothing to confirm here any more."))
    if not digest or digest != digest_of(list(attachments_of(found))):
        raise Refused(_("The document has changed since you opened it. Read the new version first."))
    kept, fresh = Agreement.objects.get_or_create(
        document=found, customer=customer, user_id=actor.user_id, digest=digest,
        defaults={"name": actor.name[:200], "at": at},
    )  # fmt: skip
    if fresh:
        emit("document.agreed", found, actor=actor, at=at, customer=customer.pk, digest=digest, name=found.name)
    return kept


@transaction.atomic
def receive_document(
    customer: Customer, upload: UploadedFile[Any], *, kind: str, note: str, actor: Actor, at: datetime
) -> ReceivedDocument:
    """Keep what a customer sends us. The customer's row is held, so many at once cannot pass the limit together."""
    customer = lock(customer)
    if not may_on(actor, "portal.change_receiveddocument", customer, roles=EVERY_ROLE):
        raise PermissionDenied("portal.send")
    if kind not in dict(ReceivedDocument.KINDS):
        raise Refused(_("Choose what it is."))
    _require_room(customer, upload.size or 0, at)
    name = clean_user_text(upload.name or "").strip()[-200:] or "file"
    kept = ReceivedDocument.objects.create(
        customer=customer, kind=kind, name=name, note=clean_user_text(note).strip()[:300], size=upload.size or 0,
        sent_by_id=actor.user_id, at=at, created_at=at, updated_at=at, search_text=search_key(f"{name} {note}"[:600]),
    )  # fmt: skip
    attach(kept, upload, for_customer=True, actor=actor, at=at)
    emit("document.received", kept, actor=actor, at=at, customer=customer.pk, name=name, kind=kind)
    return kept


def _require_room(customer: Customer, size: int, at: datetime) -> None:
    rows = ReceivedDocument.objects.filter(customer=customer)
    if rows.filter(at__gt=at - A_DAY).count() >= MOST_A_DAY:
        raise Refused(_("You have sent many files today. Send the others tomorrow, or write to us."))
    if (rows.aggregate(sum=Sum("size"))["sum"] or 0) + size > MOST_BYTES:
        raise Refused(_("There is no room for more files. Write to us, and we make some."))


@transaction.atomic
def see_document(received: ReceivedDocument, *, actor: Actor, at: datetime) -> ReceivedDocument:
    """A colleague has looked at it; the customer is shown that. Twice is once."""
    found = lock(received)
    if not may_on(actor, "portal.change_receiveddocument", found):
        raise PermissionDenied("portal.change_receiveddocument")
    if found.state == ReceivedDocument.RECEIVED:
        found.state, found.seen_by_id, found.seen_at = ReceivedDocument.SEEN, actor.user_id, at
        touch(found, at)
        found.save(update_fields=["state", "seen_by", "seen_at", "version", "updated_at"])
        emit("document.seen", found, actor=actor, at=at, customer=found.customer_id, name=found.name)
    return found
