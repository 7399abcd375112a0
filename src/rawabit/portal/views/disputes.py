"""Questions about an invoice, one of its lines, a payment or a row of the statement: asked, read, followed up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.billing.actions import About, ask_again, open_dispute, withdraw_dispute
from rawabit.billing.logic.asking import CLOSED, DISPUTE
from rawabit.billing.models import Dispute, InvoiceLine
from rawabit.crm.policies import PAYING
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.text import clean_user_text
from rawabit.portal.account import Account, account_of
from rawabit.portal.addresses import url_to
from rawabit.portal.contact import contact_of
from rawabit.portal.money_forms import DisputeForm, ReplyForm
from rawabit.portal.pages import anywhere, page, within
from rawabit.portal.queries import transfers as asked
from rawabit.portal.queries.invoices import invoice_for, payment_for

READ_OR_SEND = ["GET", "HEAD", "POST"]
TOPICS, OUTCOMES = dict(Dispute.TOPICS), dict(Dispute.OUTCOMES)


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(PAYING)
def about_invoice(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask about an invoice or (``?line=``, its place on the paper) about one line of it."""
    found = invoice_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    line = line_of(request, account, found.pk)
    return asking(request, account, About(found, line), back=url_to("portal-invoice", uid))


def line_of(request: HttpRequest, account: Account, invoice_id: int) -> InvoiceLine | None:
    text = request.GET.get("line", "")
    if not text:
        return None
    position = whole(text)
    found = asked.line_at.first(account.actor, invoice_id=invoice_id, position=position) if position else None
    if found is None:
        raise Http404
    return found


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(PAYING)
def about_payment(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask about a payment."""
    found = payment_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    return asking(request, account, About(payment=found), back=url_to("portal-payment", uid))


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(PAYING)
def about_row(request: HttpRequest, account: Account) -> HttpResponse:
    """Ask about a row of the statement that has no paper of its own (``?row=`` its words)."""
    row = clean_user_text(request.GET.get("row", "")).strip()[:120]
    if not row:
        raise Http404
    return asking(request, account, About(row=row), back="")


def asking(request: HttpRequest, account: Account, about: About, back: str) -> HttpResponse:
    """The form, or what came of it."""
    form = DisputeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        dispute = open_dispute(
            account.customer, about, topic=form.cleaned_data["topic"], body=form.cleaned_data["body"],
            sheet=request.POST.get("once", ""), actor=account.actor, at=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, _("Your question is with us. No reminder goes out until it is answered."))
        return redirect("portal-dispute", uid=dispute.uid)
    context = {
        "form": form, "about": about, "back": back, "once": request.POST.get("once") or uuid4().hex,
        "contact": contact_of(request, account, about.name),
    }  # fmt: skip
    return page(request, account, "portal/dispute_form.html", context, status=422 if form.is_bound else 200)


@access("portal")
@require_safe
@within(PAYING)
def disputes(request: HttpRequest, account: Account) -> HttpResponse:
    """All questions of the account, newest first."""
    rows = [dispute_row(row) for row in asked.disputes_of(account.actor)]
    return page(request, account, "portal/disputes.html", {"rows": rows})


def dispute_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One question in a list."""
    state = DISPUTE.states[row["state"]]
    return {
        **row,
        "url": url_to("portal-dispute", row["uid"]),
        "tag": OUTCOMES.get(row["outcome"]) or state.label,
        "tone": state.tone,
        "topic": TOPICS.get(row["topic"], row["topic"]),
        "about": row.get("number") or row.get("receipt") or row.get("row") or "",
        "open": row["state"] != CLOSED,
    }


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(PAYING)
def dispute(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The thread; POST writes once more."""
    found = dispute_or_404(request, uid)
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask_again(found, body=form.cleaned_data["body"], actor=account.actor, at=request.now)  # type: ignore[attr-defined]
        return redirect("portal-dispute", uid=uid)
    state = DISPUTE.states[found.state]
    paper = found.invoice or found.payment
    name = "portal-invoice" if found.invoice else "portal-payment"
    context = {
        "dispute": found, "tag": OUTCOMES.get(found.outcome) or state.label, "tone": state.tone,
        "about": str(found), "about_url": url_to(name, paper.uid) if paper else "",
        "topic": TOPICS.get(found.topic, found.topic), "said": asked.messages_of(dispute_id=found.pk),
        "form": form if found.state != CLOSED else None, "contact": contact_of(request, account, str(found)),
    }  # fmt: skip
    return page(request, account, "portal/dispute.html", context, status=422 if form.is_bound else 200)


@access("portal")
@require_POST
@anywhere(PAYING)
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The customer needs no answer any more."""
    found = dispute_or_404(request, uid)
    withdraw_dispute(found, actor=request.actor, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, _("Taken back."))
    return redirect("portal-dispute", uid=uid)


def dispute_or_404(request: HttpRequest, uid: UUID) -> Dispute:
    found = asked.dispute_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
