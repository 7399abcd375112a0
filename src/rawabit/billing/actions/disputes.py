"""Questions of customers about invoices: asked, answered, asked again, closed. What was said is never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from rawabit.billing.logic.asking import CLOSED, DISPUTE
from rawabit.billing.models import Dispute, DisputeMessage, Invoice, InvoiceLine, Payment
from rawabit.crm.models import Customer
from rawabit.crm.policies import PAYING, require_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, search_key

LONGEST = 4000


@dataclass(frozen=True, slots=True)
class About:
    """What a question is about: an invoice, perhaps a line of it, a payment, or a row of the statement in words."""

    invoice: Invoice | None = None
    line: InvoiceLine | None = None
    payment: Payment | None = None
    row: str = ""

    @property
    def name(self) -> str:
        paper = self.invoice or self.payment
        return paper.number if paper else self.row


@transaction.atomic
def open_dispute(
    customer: Customer, about: About, *, topic: str, body: str, actor: Actor, at: datetime, sheet: str = ""
) -> Dispute:
    """Ask. The invoice is under question until the answer closes it. The same form sent twice is one question."""
    require_on(actor, "billing.answer_dispute", customer, roles=PAYING)
    mark = f"{customer.pk}:{sheet[:40]}" if sheet else None
    known: Dispute | None = Dispute.objects.filter(sheet=mark).first() if mark else None
    if known is not None:
        return known
    _require_own(customer, about)
    names = (customer.name, customer.name_ar, customer.name_fa, customer.name_en, customer.code)
    dispute = Dispute(
        customer=customer, topic=topic, invoice=about.invoice, line=about.line, payment=about.payment,
        row=clean_user_text(about.row)[:120], by_id=actor.user_id, by_name=actor.name[:200], sheet=mark, asked_at=at,
        created_at=at, updated_at=at, search_text=search_key(about.name, *names),
    )  # fmt: skip
    said = _words(body)
    try:
        with transaction.atomic():
            dispute.save()
    except IntegrityError:
        twin: Dispute = Dispute.objects.get(sheet=mark)
        return twin
    _say(dispute, said, from_customer=True, actor=actor, at=at)
    emit("dispute.opened", dispute, actor=actor, at=at, **_facts(dispute, said))
    return dispute


def _require_own(customer: Customer, about: About) -> None:
    papers = [paper for paper in (about.invoice, about.payment) if paper is not None]
    wrong = any(paper.customer_id != customer.pk or paper.state == "draft" for paper in papers)
    if about.line is not None:
        wrong = wrong or about.invoice is None or about.line.document_id != about.invoice.pk
    if wrong or not (papers or about.row.strip()):
        raise Refused(_("Choose what the question is about."))


def _words(body: str) -> str:
    said = clean_user_text(body).strip()[:LONGEST]
    if not said:
        raise Refused(_("Write something first."))
    return said


@transaction.atomic
def ask_again(dispute: Dispute, *, body: str, actor: Actor, at: datetime) -> Dispute:
    """The customer writes once more in his question."""
    dispute = lock(dispute)
    require_on(actor, "billing.answer_dispute", dispute, roles=PAYING)
    DISPUTE.require(dispute, "ask")
    said = _words(body)
    if _said_last(dispute, said, from_customer=True):
        return dispute
    _say(dispute, said, from_customer=True, actor=actor, at=at)
    _set(dispute, at, state="open")
    emit("dispute.continued", dispute, actor=actor, at=at, **_facts(dispute, said))
    return dispute


@transaction.atomic
def answer_dispute(dispute: Dispute, *, body: str, actor: Actor, at: datetime) -> Dispute:
    """A colleague answers; the customer reads it. The same answer sent twice is said once."""
    dispute = lock(dispute)
    require_on(actor, "billing.answer_dispute", dispute)
    DISPUTE.require(dispute, "answer")
    said = _words(body)
    if _said_last(dispute, said, from_customer=False):
        return dispute
    _say(dispute, said, from_customer=False, actor=actor, at=at)
    _set(dispute, at, state="answered", answered_at=at)
    emit("dispute.answered", dispute, actor=actor, at=at, **_facts(dispute, said))
    return dispute


@transaction.atomic
def close_dispute(dispute: Dispute, *, outcome: str, actor: Actor, at: datetime, body: str = "") -> Dispute:
    """A colleague ends the question, with a last word if he likes. Closed as it is already, nothing happens."""
    dispute = lock(dispute)
    require_on(actor, "billing.answer_dispute", dispute)
    return _close(dispute, outcome, clean_user_text(body).strip()[:LONGEST], actor, at)


@transaction.atomic
def withdraw_dispute(dispute: Dispute, *, actor: Actor, at: datetime) -> Dispute:
    """The customer needs no answer any more."""
    dispute = lock(dispute)
    require_on(actor, "billing.answer_dispute", dispute, roles=PAYING)
    return _close(dispute, "withdrawn", "", actor, at)


def _close(dispute: Dispute, outcome: str, said: str, actor: Actor, at: datetime) -> Dispute:
    if dispute.state == CLOSED and dispute.outcome == outcome:
        return dispute
    DISPUTE.require(dispute, "close")
    if outcome not in dict(Dispute.OUTCOMES):
        raise Refused(_("Say how the question ends."))
    if said:
        _say(dispute, said, from_customer=False, actor=actor, at=at)
    _set(dispute, at, state=CLOSED, outcome=outcome, closed_at=at)
    emit("dispute.closed", dispute, actor=actor, at=at, **_facts(dispute, said))
    return dispute


def _said_last(dispute: Dispute, said: str, *, from_customer: bool) -> bool:
    last = dispute.messages.order_by("-pk").first()
    return last is not None and last.from_customer == from_customer and last.body == said


def _say(dispute: Dispute, said: str, *, from_customer: bool, actor: Actor, at: datetime) -> None:
    DisputeMessage.objects.create(
        dispute=dispute, from_customer=from_customer, by_id=actor.user_id, by_name=actor.name[:200], body=said, at=at
    )


def _set(dispute: Dispute, at: datetime, **fields: object) -> None:
    for name, value in fields.items():
        setattr(dispute, name, value)
    touch(dispute, at)
    dispute.save(update_fields=[*fields, "version", "updated_at"])


def _facts(dispute: Dispute, said: str) -> dict[str, object]:
    return {
        "about": str(dispute), "invoice": dispute.invoice.number if dispute.invoice else "",
        "invoice_id": dispute.invoice_id, "outcome": dispute.outcome, "text": said[:300],
    }  # fmt: skip
