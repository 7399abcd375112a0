"""Questions about offers and orders, and what the two sides say to them. Never edited, never taken away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from rawabit.company.queries import local_day
from rawabit.crm.policies import BUYING, require_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, latn
from rawabit.sales.actions.signing import limit_of, owners_of
from rawabit.sales.logic.states import EXPIRED
from rawabit.sales.models import Order, Question, Quotation, QuotationOpening, Reply
from rawabit.sales.queries import has_asked_approval, questions_on_offer, root_of
from rawabit.trade.logic.lines import SECTION

LONGEST = 2000
MOST_OPEN = 50  # questions without an answer on one document; more is no conversation


@transaction.atomic
def ask(
    document: Quotation | Order,
    body: str,
    *,
    actor: Actor,
    at: datetime,
    kind: str = "question",
    line: int | None = None,
    link: str = "",
) -> Question:
    """A customer asks about an offer or an order, or about one of its lines (``line`` is its key). The same words
    asked again while they wait for an answer are one question."""
    document = lock(document)
    verb = f"sales.answer_{document._meta.model_name}"
    require_on(actor, verb, document, roles=BUYING)
    _require_kind(document, kind)
    text = words_of(body)
    waiting = document.questions.filter(answered_at=None)
    same: Question | None = waiting.filter(body=text, line=line, kind=kind).first()
    if same is not None:
        return same
    if waiting.count() >= MOST_OPEN:
        raise Refused(_("Your earlier questions have not been answered yet. Please call us."))
    asked = _write(document, actor, at, kind=kind, line=line, about=_title_of(document, line), body=text, link=link)
    _tell_asked(document, asked, actor, at)
    return asked


def _require_kind(document: Quotation | Order, kind: str) -> None:
    if kind not in (("question", "problem") if isinstance(document, Order) else ("question", "change")):
        raise Refused(_("This cannot be asked here."))


def words_of(body: str) -> str:
    """What was written, cleaned; :class:`Refused` for nothing and for too much."""
    text: str = clean_user_text(body).strip()
    if not latn(text).strip():
        raise Refused(_("Write something first."))
    if len(text) > LONGEST:
        raise Refused(_("This is too long. Write it shorter or call us."))
    return text


def _title_of(document: Quotation | Order, line: int | None) -> str:
    if line is None:
        return ""
    found = document.lines.exclude(kind=SECTION).filter(pk=line).first()
    if found is None:
        raise Refused(_("This line is not on the document."))
    return str(found.title)


def _write(document: Quotation | Order, actor: Actor, at: datetime, **fields: object) -> Question:
    about = {"order": document} if isinstance(document, Order) else {"quotation": document}
    return Question.objects.create(
        **about, customer=document.customer, asked_by=actor.name[:200], user_id=actor.user_id, at=at, created_at=at,
        updated_at=at, **fields,
    )  # fmt: skip


def _tell_asked(document: Quotation | Order, question: Question, actor: Actor, at: datetime) -> None:
    if isinstance(document, Order):
        emit("order.question_asked", document, actor=actor, at=at, **_facts(document, question))
    else:
        emit("quotation.question_asked", document, actor=actor, at=at, **_facts(document, question))


def _tell_answered(document: Quotation | Order, question: Question, actor: Actor, at: datetime) -> None:
    if isinstance(document, Order):
        emit("order.question_answered", document, actor=actor, at=at, **_facts(document, question))
    else:
        emit("quotation.question_answered", document, actor=actor, at=at, **_facts(document, question))


def _facts(document: Quotation | Order, question: Question) -> dict[str, Any]:
    """What others may know: never the words themselves."""
    return {"number": str(document), "question": question.pk, "kind": question.kind, "line": question.about}


@transaction.atomic
def say(question: Question, body: str, *, actor: Actor, at: datetime) -> Reply:
    """Either side says more to a question: the company's word answers it, the customer's opens it again. The same
    words twice in a row are said once."""
    question = lock(question)
    document = question.document
    require_on(actor, f"sales.answer_{document._meta.model_name}", document, roles=BUYING)
    text = words_of(body)
    last = question.replies.last()
    if last is not None and (last.body, last.by_customer, last.user_id) == (text, actor.is_customer, actor.user_id):
        return last
    said = Reply.objects.create(
        question=question, by_customer=actor.is_customer, body=text, name=actor.name[:200], user_id=actor.user_id, at=at
    )
    question.answered_at = None if actor.is_customer else at
    touch(question, at)
    question.save(update_fields=["answered_at", "version", "updated_at"])
    tell = _tell_asked if actor.is_customer else _tell_answered
    tell(document, question, actor, at)
    return said


@transaction.atomic
def ask_renewal(quotation: Quotation, *, actor: Actor, at: datetime, note: str = "", link: str = "") -> Question:
    """The customer wants an expired offer again. Asked for twice, it is asked for once."""
    quotation = lock(quotation)
    require_on(actor, "sales.answer_quotation", quotation, roles=BUYING)
    if not _is_past(quotation, at):
        raise Refused(_("This quotation can still be accepted; nothing needs to be renewed."))
    before: Question | None = quotation.questions.filter(kind="renewal").first()
    if before is not None:
        return before
    text = clean_user_text(note).strip()[:LONGEST]
    asked = _write(quotation, actor, at, kind="renewal", body=text, link=link)
    emit("quotation.renewal_requested", quotation, actor=actor, at=at, number=str(quotation), question=asked.pk)
    return asked


def _is_past(quotation: Quotation, at: datetime) -> bool:
    over = quotation.valid_until is not None and quotation.valid_until < local_day(at)
    return quotation.state == EXPIRED or (quotation.state == "sent" and over)


@transaction.atomic
def ask_approval(quotation: Quotation, *, actor: Actor, at: datetime) -> bool:
    """A buyer whose limit is too small asks the account owners to accept; answers whether they were told now."""
    quotation = lock(quotation)
    require_on(actor, "sales.accept_quotation", quotation, roles=BUYING)
    limit = limit_of(actor, quotation.customer)
    if quotation.state != "sent" or limit is None or quotation.total <= limit.minor or actor.user_id is None:
        raise Refused(_("You may accept this quotation yourself."))
    if has_asked_approval(quotation, actor):
        return False
    if not owners_of(quotation.customer):
        raise Refused(_("Nobody of your company may accept this here. Please call us."))
    emit("quotation.approval_asked", quotation, actor=actor, at=at, number=str(quotation), by=actor.name,
         total=quotation.total, currency=quotation.currency)  # fmt: skip
    return True


@transaction.atomic
def note_opening(quotation: Quotation, *, signer: str, actor: Actor, at: datetime) -> None:
    """Somebody on the customer's side has the offer before him. The first time is told."""
    require_on(actor, "sales.accept_quotation", quotation, roles=BUYING)
    row, fresh = QuotationOpening.objects.get_or_create(
        quotation=quotation, signer=signer[:80], defaults={"name": actor.name[:200], "first_at": at, "last_at": at}
    )
    if fresh:
        emit("quotation.opened", quotation, actor=actor, at=at, number=str(quotation), by=actor.name)
    else:
        QuotationOpening.objects.filter(pk=row.pk).update(last_at=at, times=F("times") + 1)


def settle_changes(quotation: Quotation, at: datetime) -> None:
    """A newer version answers the wishes for change and renewal that were open on the versions before it."""
    for question in questions_on_offer(root=root_of(quotation)):
        if question.answered_at is None and question.kind in ("change", "renewal"):
            question.answered_at = at
            question.save(update_fields=["answered_at"])
