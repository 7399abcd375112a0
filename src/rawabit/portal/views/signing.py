"""Accepting an offer: the sheet, the code, the signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.crm.policies import BUYING
from rawabit.identity.codes import issue_code, redeem_code
from rawabit.identity.stepping import is_fresh
from rawabit.kit.access import access
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.states import Refused
from rawabit.kit.text import masked_email
from rawabit.portal.account import account_of
from rawabit.portal.forms import AcceptForm, CodeForm
from rawabit.portal.pages import anywhere, page
from rawabit.portal.room import above_limit, address_for, link_of, signer_of
from rawabit.portal.views.quotations import chosen_lines, offer_context, quotation_or_404
from rawabit.sales.actions import accept_held, ask_approval, hold_acceptance, note_opening, set_code
from rawabit.sales.actions.signing import AlreadySigned, needs_code
from rawabit.sales.logic.signing import Signing
from rawabit.sales.models import PendingAcceptance, Quotation
from rawabit.sales.queries import pending_for

READ_OR_SEND = ["GET", "HEAD", "POST"]


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(BUYING)
def accept(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sheet: name, signature, terms. Sent, it is kept; then a code is asked for, or it takes effect at once."""
    found = quotation_or_404(request, uid)
    if request.method != "POST":
        return sheet(request, found, None)
    form = AcceptForm(request.POST, request.FILES, terms=bool(found.terms))
    if not form.is_valid():
        if form.cleaned_data.get("stamp"):
            keep(request, found, form)  # a file cannot be shown again in its field
        return sheet(request, found, form)
    try:
        pending = keep(request, found, form)
    except AlreadySigned:
        return redirect("portal-quotation", uid=uid)
    if needs_code(found) and not is_fresh(request):
        return send_code(request, found, pending)
    return signed(request, found, pending, address_for(request) if needs_code(found) else "")


def keep(request: HttpRequest, found: Quotation, form: AcceptForm) -> PendingAcceptance:
    """What was typed, and the stamp, with this person's name on it."""
    typed = form.cleaned_data
    link = link_of(request)
    signing = Signing(
        signer_of(request), typed.get("name", ""), typed.get("title", ""), typed.get("customer_reference", ""),
        form.method(), typed.get("strokes") or [], bool(typed.get("agreed")), fresh=is_fresh(request),
        ip=str(request.META.get("REMOTE_ADDR") or ""), user_agent=request.headers.get("User-Agent", ""),
        contact_id=link.contact_id if link else None, link=str(link.uid) if link else "",
    )  # fmt: skip
    return hold_acceptance(
        found, signing=signing, chosen=chosen_lines(request.POST), stamp=typed.get("stamp"),
        address=address_for(request), actor=request.actor, at=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip


def sheet(request: HttpRequest, found: Quotation, form: AcceptForm | None) -> HttpResponse:
    """What is about to be signed, with the form below it. Nothing to sign leads back to the offer."""
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    context = offer_context(request, account, found)
    if not context["waiting"] or context["mine"] or above_limit(request, found):
        return redirect("portal-quotation", uid=found.uid)
    pending = pending_for(found, signer_of(request))
    if form is None:
        start = {"name": request.actor.name, "customer_reference": found.customer_reference}  # type: ignore[attr-defined]
        form = AcceptForm(initial=start | remembered(pending), terms=bool(found.terms))
    chosen = chosen_lines(request.POST if form.is_bound else request.GET)
    context |= {
        "form": form, "kept_stamp": pending.stamp_name if pending and pending.stamp else "",
        "code_to": masked_email(address_for(request)) if needs_code(found) and not is_fresh(request) else "",
        "chosen": None if chosen is None else sorted(chosen),
    }  # fmt: skip
    return page(request, account, "portal/accept.html", context, status=422 if form.is_bound else 200)


def remembered(pending: PendingAcceptance | None) -> dict[str, Any]:
    """What this person typed last time, without his signature and his tick."""
    if pending is None:
        return {}
    return {name: pending.typed.get(name, "") for name in ("name", "title", "customer_reference")}


def send_code(request: HttpRequest, found: Quotation, pending: PendingAcceptance) -> HttpResponse:
    """A code to the person's own address; the next page takes it."""
    address = address_for(request)
    if not address:
        raise Refused(_("We have no e-mail address of yours to send a code to. Please call us."))
    code = issue_code(
        purpose=purpose_of(pending), email=address, name=request.actor.name, language=(get_language() or "en")[:2],  # type: ignore[attr-defined]
        at=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    set_code(pending, code.key)
    return redirect("portal-quotation-code", uid=found.uid)


def purpose_of(pending: PendingAcceptance) -> str:
    return f"accept:{pending.quotation_id}:{pending.signer}"[:80]


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(BUYING)
def code(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The code that was sent; typed rightly, the offer is accepted with what was typed before."""
    found = quotation_or_404(request, uid)
    pending = pending_for(found, signer_of(request))
    if pending is None or pending.code is None:
        return redirect("portal-quotation", uid=uid)
    if "again" in request.POST:
        return send_code(request, found, pending)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        right = redeem_code(pending.code, typed, purpose=purpose_of(pending), at=request.now)  # type: ignore[attr-defined]
        if right is not None:
            return signed(request, found, pending, right.email)
        form.add_error("code", _("This code is wrong or too old. Look again, or have a new one sent."))
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    context = {"quotation": found, "form": form, "code_to": masked_email(pending.address), "pending": pending}
    return page(request, account, "portal/accept_code.html", context, status=422 if form.is_bound else 200)


def signed(request: HttpRequest, found: Quotation, pending: PendingAcceptance, verified: str) -> HttpResponse:
    """It takes effect; what comes next is said in a sentence."""
    done = accept_held(pending, verified=verified, actor=request.actor, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, done_words(done, bool(address_for(request))))
    return redirect("portal-quotation", uid=found.uid)


def done_words(done: Quotation, mailed: bool) -> str:
    if done.state != "accepted":
        left = done.signatures_needed - done.acceptances.count()
        return gettext("Signed. Signatures still needed: %(n)s") % {"n": active().number(left)}
    if mailed:
        return gettext("Quotation accepted and signed. A copy is in your e-mail.")
    return gettext("Quotation accepted and signed.")


@access("portal")
@require_POST
@anywhere(BUYING)
def approval(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A buyer above his limit asks the account owners."""
    found = quotation_or_404(request, uid)
    if ask_approval(found, actor=request.actor, at=request.now):  # type: ignore[attr-defined]
        messages.success(request, _("Your colleagues have been asked to approve this quotation."))
    return redirect("portal-quotation", uid=uid)


@access("portal")
@require_POST
@anywhere(BUYING)
def opened(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The page tells that a person has it before him: sent by its script, so that machines which only look do not
    count."""
    found = quotation_or_404(request, uid)
    note_opening(found, signer=signer_of(request), actor=request.actor, at=request.now)  # type: ignore[attr-defined]
    return HttpResponse(status=204)
