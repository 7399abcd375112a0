"""Accepting an offer: signature, evidence, order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction

from rawabit.company.queries import company_now, local_day
from rawabit.crm import policies as crm_policies
from rawabit.crm.models import Customer
from rawabit.crm.policies import BUYING, require_on
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import attach, emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.sniff import check_upload
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, fsi
from rawabit.sales.actions.making import order_of
from rawabit.sales.logic.signing import RECORDED, TYPED, Signing, digest_of
from rawabit.sales.logic.states import QUOTATION, WHY_CLOSED
from rawabit.sales.models import Acceptance, PendingAcceptance, Quotation, QuotationLine
from rawabit.sales.queries import content_digest, pending_before
from rawabit.trade.actions import add_up_again, document_key

STAMP_KINDS = ("application/pdf", "image/png", "image/jpeg", "image/webp")
STAMP_MOST = 5 * 2**20


class AlreadySigned(Refused):
    """This person has signed before; nothing is left to do."""


class AboveLimit(Refused):
    """The offer is worth more than this buyer may accept alone."""


@transaction.atomic
def accept_quotation(
    quotation: Quotation,
    *,
    name: str,
    actor: Actor,
    at: datetime,
    chosen: Collection[int] | None = None,
    customer_reference: str = "",
    signing: Signing | None = None,
    stamp: UploadedFile[Any] | None = None,
) -> Quotation:
    """The customer says yes, with the optional lines he chose (keys of lines; None leaves the choice as it is). With
    the last signature that is needed the offer is accepted, and a draft order is made of it at once. What staff write
    down counts as the last one. Signing twice, even at the same moment, is signing once."""
    quotation = lock(quotation)
    require_on(actor, "sales.accept_quotation", quotation, roles=BUYING)
    signing = signing or _plain(name, customer_reference, actor)
    if quotation.state == "accepted":
        return quotation
    if quotation.acceptances.filter(signer=signing.signer).exists():
        return quotation
    _require_open(quotation, actor, at)
    _choose(quotation, chosen)
    if actor.is_customer:
        require_limit(actor, quotation)
        _require_proof(signing, quotation)
    _reference(quotation, signing)
    given = _evidence(quotation, signing, stamp, actor, at)
    count = quotation.acceptances.count()
    emit("quotation.signed", quotation, actor=actor, at=at, number=str(quotation), by=given.name, count=count,
         needed=quotation.signatures_needed, method=given.method)  # fmt: skip
    if count < quotation.signatures_needed and given.method != RECORDED:
        touch(quotation, at)
        quotation.save()
        return quotation
    return _accepted(quotation, given, actor, at)


def _plain(name: str, customer_reference: str, actor: Actor) -> Signing:
    """A yes without more: what staff wrote down, or a typed name."""
    written = not actor.is_customer
    signer = "staff" if written else f"user:{actor.user_id}"
    return Signing(
        signer, clean_user_text(name).strip() or actor.name, customer_reference=customer_reference.strip(),
        method=RECORDED if written else TYPED, agreed=True,
    )  # fmt: skip


def _accepted(quotation: Quotation, given: Acceptance, actor: Actor, at: datetime) -> Quotation:
    quotation.state, quotation.decided_at = QUOTATION.require(quotation, "accept").target, at
    quotation.decided_by = given.name
    touch(quotation, at)
    quotation.save()
    order = order_of(quotation, at)
    PendingAcceptance.objects.filter(quotation=quotation).delete()
    emit("quotation.accepted", quotation, actor=actor, at=at, number=str(quotation), by=quotation.decided_by,
         total=quotation.total, order=order.pk)  # fmt: skip
    emit("order.created", order, actor=actor, at=at, customer=order.customer.name, total=order.total)
    return quotation


def _require_open(quotation: Quotation, actor: Actor, at: datetime) -> None:
    if actor.is_customer and (words := WHY_CLOSED.get(quotation.state)) is not None:
        raise Refused(words)
    QUOTATION.require(quotation, "accept")
    if quotation.valid_until is not None and quotation.valid_until < local_day(at):
        raise Refused(_("This quotation has expired. Ask for a new one."))


def _choose(quotation: Quotation, chosen: Collection[int] | None) -> None:
    """The first who signs chooses; whoever signs after him signs the same."""
    if chosen is None:
        return
    lines = list(quotation.lines.all())
    wanted = {line.pk: not line.optional or line.pk in chosen for line in lines}
    if all(line.chosen == wanted[line.pk] for line in lines):
        return
    if quotation.acceptances.exists():
        raise Refused(_("A colleague has signed with other optional items. Look at the quotation again."))
    for line in lines:
        line.chosen = wanted[line.pk]
    QuotationLine.objects.bulk_update(lines, ["chosen"])
    add_up_again(quotation)


def require_limit(actor: Actor, quotation: Quotation) -> None:
    """A buyer with a limit accepts no more than that; the words name who may."""
    limit = limit_of(actor, quotation.customer)
    if limit is None or (limit.currency == quotation.currency and quotation.total <= limit.minor):
        return
    names = "، ".join(fsi(name) for name in owners_of(quotation.customer))
    if names:
        raise AboveLimit(
            _("This is above the limit of your orders. It can be accepted by: %(names)s") % {"names": names}
        )
    raise AboveLimit(_("This is above the limit of your orders."))


def limit_of(actor: Actor, customer: Customer) -> Money | None:
    """How much this person may order for the customer at once; None without a limit."""
    find = getattr(crm_policies, "buying_limit", None)
    found: Money | None = find(actor, customer) if find else None
    return found


def owners_of(customer: Customer) -> list[str]:
    """The names of the account owners, who accept without a limit."""
    rows = customer.portal_access.filter(role="owner", is_active=True, user__is_active=True)
    return list(rows.order_by("pk").values_list("user__full_name", flat=True)[:5])


def needs_code(quotation: Quotation) -> bool:
    """Whether the company asks for a code before this amount is accepted. 0: always."""
    company = company_now()
    above = company.accept_code_above
    return not above or quotation.currency != company.currency or quotation.total > above


def _require_proof(signing: Signing, quotation: Quotation) -> None:
    if not signing.agreed:
        raise Refused(_("Read the terms and agree to them first."))
    if needs_code(quotation) and not (signing.verified or signing.fresh):
        raise Refused(_("Confirm with the code that was sent to you first."))


def _reference(quotation: Quotation, signing: Signing) -> None:
    quotation.customer_reference = signing.customer_reference.strip()[:60] or quotation.customer_reference
    quotation.search_text = document_key(quotation)


def _evidence(
    quotation: Quotation, signing: Signing, stamp: UploadedFile[Any] | None, actor: Actor, at: datetime
) -> Acceptance:
    kept = None
    if stamp is not None:
        check_stamp(stamp)
        kept = attach(quotation, stamp, for_customer=True, actor=actor, at=at)
    return Acceptance.objects.create(
        quotation=quotation, customer=quotation.customer, edition=quotation.edition, number=quotation.number,
        total=quotation.total, currency=quotation.currency, digest=content_digest(quotation),
        terms_digest=digest_of(quotation.terms), signer=signing.signer[:80], name=signing.name.strip()[:200],
        title=signing.title.strip()[:100], customer_reference=quotation.customer_reference, method=signing.method,
        strokes=signing.strokes, stamp=kept, verified_address=signing.verified[:254], ip=signing.ip[:45],
        user_agent=clean_user_text(signing.user_agent)[:300], user_id=actor.user_id, contact_id=signing.contact_id,
        link=signing.link[:40], door=actor.door, at=at,
    )  # fmt: skip


def check_stamp(upload: UploadedFile[Any]) -> None:
    """A stamp is a picture or a PDF of moderate size."""
    if (upload.size or 0) > STAMP_MOST:
        raise Refused(_("The file is too large: %(limit)s MB at most.") % {"limit": STAMP_MOST // 2**20})
    if check_upload(upload) not in STAMP_KINDS:
        raise Refused(_("Send the stamp as a picture or a PDF."))


# What was typed, kept while the code is fetched


@transaction.atomic
def hold_acceptance(
    quotation: Quotation,
    *,
    signing: Signing,
    chosen: Collection[int] | None,
    stamp: UploadedFile[Any] | None,
    address: str,
    actor: Actor,
    at: datetime,
) -> PendingAcceptance:
    """Keep what somebody typed until he has his code; what he typed before is forgotten. A stamp sent before stays
    unless another one comes."""
    quotation = lock(quotation)
    require_on(actor, "sales.accept_quotation", quotation, roles=BUYING)
    if quotation.acceptances.filter(signer=signing.signer).exists():
        raise AlreadySigned(_("You have signed this quotation already."))
    _require_open(quotation, actor, at)
    require_limit(actor, quotation)
    pending, _fresh = PendingAcceptance.objects.get_or_create(
        quotation=quotation, signer=signing.signer, defaults={"at": at}
    )
    pending.typed, pending.at, pending.address = asdict(signing), at, address
    pending.chosen = None if chosen is None else sorted(chosen)
    pending.code = None
    if stamp is not None:
        check_stamp(stamp)
        if pending.stamp:
            pending.stamp.delete(save=False)
        pending.stamp_name = clean_user_text(stamp.name or "stamp")[-200:]
        pending.stamp.save(pending.stamp_name, ContentFile(stamp.read()), save=False)
    pending.save()
    return pending


@transaction.atomic
def set_code(pending: PendingAcceptance, code: UUID) -> None:
    """The code that was sent for it."""
    PendingAcceptance.objects.filter(pk=pending.pk).update(code=code)


@transaction.atomic
def accept_held(pending: PendingAcceptance, *, verified: str, actor: Actor, at: datetime) -> Quotation:
    """Accept with what was typed before, now that the code was right."""
    signing = Signing(**{**pending.typed, "verified": verified})
    stamp = None
    if pending.stamp:
        with pending.stamp.open("rb") as file:
            stamp = SimpleUploadedFile(pending.stamp_name, file.read())
    done = accept_quotation(
        pending.quotation, name=signing.name, chosen=pending.chosen, customer_reference=signing.customer_reference,
        signing=signing, stamp=stamp, actor=actor, at=at,
    )  # fmt: skip
    _drop(pending)
    return done


def _drop(pending: PendingAcceptance) -> None:
    if pending.stamp:
        storage, name = pending.stamp.storage, str(pending.stamp.name)
        transaction.on_commit(lambda: storage.delete(name))
    PendingAcceptance.objects.filter(pk=pending.pk).delete()


def forget_pending(before: datetime) -> int:
    """Drop what was typed and never confirmed; answers how many."""
    found = list(pending_before(before))
    for one in found:
        _drop(one)
    return len(found)
