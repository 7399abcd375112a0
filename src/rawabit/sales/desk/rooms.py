"""The room of an offer or an order at the desk: open questions first, who opened it, who signed, the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from rawabit.kit.access import access
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.columns import EMPTY, Column
from rawabit.kit.states import Refused
from rawabit.kit.text import masked_email
from rawabit.sales.actions import say
from rawabit.sales.logic.signing import path_of
from rawabit.sales.logic.states import RENEWABLE
from rawabit.sales.models import Order, Question, Quotation
from rawabit.sales.queries import (
    acceptances_of,
    open_questions,
    openings_of,
    questions_on_offer,
    questions_on_order,
    root_of,
    with_replies,
)
from rawabit.trade.editor.documents import DocumentScreens


@dataclass(frozen=True, slots=True)
class Waiting(Column):
    """How many questions of the customer wait for an answer; found by ``prepare``."""

    path: str = "open_questions"
    label: Any = _("Open questions")

    def cell(self, record: Any) -> SafeString:
        count = getattr(record, "open_questions", 0)
        if not count:
            return SafeString("")
        return format_html('<span class="tag" data-s="warn">{}</span>', active().number(count))

    def export(self, record: Any) -> Any:
        return getattr(record, "open_questions", 0)


@dataclass(frozen=True, slots=True)
class OfDeal(Column):
    """The opportunity a document comes from."""

    def cell(self, record: Any) -> SafeString:
        deal = record.opportunity
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url_of(deal), deal) if deal else EMPTY


class RoomScreens(DocumentScreens):
    """A document with a thread between the two sides."""

    def about(self, record: Any) -> Any:
        """The opportunity, above the lines of its document."""
        deal = getattr(record, "opportunity", None)
        return (_("Opportunity"), deal, url_of(deal)) if deal is not None else None

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        super().prepare(rows, request)
        found = open_questions(self.model._meta.model_name or "", [row.pk for row in rows])
        for row in rows:
            row.open_questions = found.get(row.pk, 0)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        context = super().detail_context(request, record)
        thread = thread_of(record)
        waiting = [one for one in thread if one.answered_at is None]
        return context | {
            "thread": [*waiting, *(one for one in thread if one.answered_at is not None)],
            "waiting": len(waiting),
            "may_answer": request.actor.may(self.permission("answer")),
            "renew_url": self.url("do", record.pk, "renew") if may_renew(record, request) else "",
            "room": room_of(record) if isinstance(record, Quotation) else None,
        }

    def more_urls(self) -> list[URLPattern]:
        address = f"{self.slug}/<int:pk>/questions/<int:question>/"
        return [path(address, require_POST(self.answer), name=f"{self.slug}-answer"), *super().more_urls()]

    @access("staff")
    def answer(self, request: Request, pk: int, question: int) -> HttpResponse:
        """Say something to a question; it counts as answered then."""
        record = self.row(self.allow(request, "view"), pk)
        found = next((one for one in thread_of(record) if one.pk == whole(str(question))), None)
        if found is None:
            raise Http404
        try:
            say(found, request.POST.get("body", ""), actor=request.actor, at=request.now)
        except Refused as reason:
            return self.show(request, record, status=409, refusal=str(reason))
        messages.success(request, _("Answer sent"))
        return redirect(f"{self.url('detail', pk)}#questions")


def may_renew(record: Quotation | Order, request: Request) -> bool:
    """Whether a new version can be begun with one press."""
    offer = isinstance(record, Quotation) and record.state in RENEWABLE
    return offer and request.actor.may("sales.change_quotation")


def thread_of(record: Quotation | Order) -> list[Question]:
    """What was asked about a document that the person has been shown, with the replies."""
    if isinstance(record, Order):
        return with_replies(questions_on_order(order=record.pk))
    return with_replies(questions_on_offer(root=root_of(record)))


def room_of(record: Quotation) -> dict[str, Any]:
    """Openings and signatures of an offer."""
    signed = acceptances_of(record)
    for one in signed:
        one.path = path_of(one.strokes)  # type: ignore[attr-defined]
        one.code_to = masked_email(one.verified_address) if one.verified_address else ""  # type: ignore[attr-defined]
    return {"openings": list(openings_of(record)[:20]), "signed": signed}
