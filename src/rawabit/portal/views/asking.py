"""Questions about an offer or an order, wishes for a change, and the wish to have an expired offer again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.crm.policies import BUYING
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.portal.account import account_of
from rawabit.portal.addresses import url_to
from rawabit.portal.contact import contact_of
from rawabit.portal.forms import AskForm
from rawabit.portal.pages import anywhere, page
from rawabit.portal.queries import orders as orders_asked
from rawabit.portal.room import link_of
from rawabit.portal.views.quotations import quotation_or_404
from rawabit.sales import actions as sales
from rawabit.sales.models import Order, Quotation
from rawabit.sales.queries import line_of, question_on

READ_OR_SEND = ["GET", "HEAD", "POST"]


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(BUYING)
def ask_quotation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A question about the offer or one of its lines, or what should be changed in it."""
    return ask(request, quotation_or_404(request, uid), "portal-quotation")


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(BUYING)
def ask_order(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A question about the order, or a problem with it."""
    found = orders_asked.order_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return ask(request, found, "portal-order")


def ask(request: HttpRequest, found: Quotation | Order, back: str) -> HttpResponse:
    """The form; sent, the question stands in the thread of the document."""
    if request.method != "POST":
        form = AskForm(initial={name: request.GET.get(name, "")[:40] for name in ("kind", "line")})
        return ask_page(request, found, form, back)
    form = AskForm(request.POST)
    if not form.is_valid():
        return ask_page(request, found, form, back)
    send(request, found, form.cleaned_data)
    messages.success(request, _("Sent. You will be told when we have answered."))
    return redirect(f"{url_to(back, found.uid)}#questions")


def send(request: HttpRequest, found: Quotation | Order, typed: dict[str, Any]) -> None:
    who: dict[str, Any] = {"actor": request.actor, "at": request.now}  # type: ignore[attr-defined]
    link = link_of(request)
    if typed["re"] is None:
        where = {"kind": typed["kind"] or "question", "line": typed["line"], "link": str(link.uid) if link else ""}
        sales.ask(found, typed["body"], **where, **who)
        return
    question = question_on(found, typed["re"])
    if question is None:
        raise Http404
    sales.say(question, typed["body"], **who)


def ask_page(request: HttpRequest, found: Quotation | Order, form: AskForm, back: str) -> HttpResponse:
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    context = {
        "document": found, "form": form, "about": line_of(found, form["line"].value()),
        "kind": form["kind"].value() or "question", "back": url_to(back, found.uid),
        "contact": contact_of(request, account, found.number, found.owner),
    }  # fmt: skip
    return page(request, account, "portal/ask.html", context, status=422 if form.is_bound else 200)


@access("portal")
@require_POST
@anywhere(BUYING)
def renewal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An expired offer is wanted again."""
    link = link_of(request)
    sales.ask_renewal(
        quotation_or_404(request, uid), note=request.POST.get("note", ""), link=str(link.uid) if link else "",
        actor=request.actor, at=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    messages.success(request, _("We have been asked to renew this quotation. You will be told when it is ready."))
    return redirect(f"{url_to('portal-quotation', uid)}#questions")
