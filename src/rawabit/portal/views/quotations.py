"""Quotations: the list, the paper, and the decision."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from rawabit.crm.policies import BUYING
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.states import State
from rawabit.portal.account import Account, account_of
from rawabit.portal.addresses import url_to
from rawabit.portal.columns import QUOTATIONS
from rawabit.portal.contact import contact_of
from rawabit.portal.forms import AskForm, DeclineForm
from rawabit.portal.listing import after_of, list_context, tab_of, words_of
from rawabit.portal.pages import anywhere, page, within
from rawabit.portal.queries import quotations as asked
from rawabit.portal.queries.files import files_on
from rawabit.portal.room import above_limit, changes_since, needed_words, offer_thread, signatures, signer_of
from rawabit.portal.views.invoices import rates_of, today_of
from rawabit.portal.words import left_words
from rawabit.sales.actions import decline_quotation
from rawabit.sales.logic.states import ACCEPTED, EXPIRED, QUOTATION_FOR_CUSTOMER, SENT
from rawabit.sales.models import Quotation
from rawabit.trade.logic.lines import SECTION
from rawabit.trade.logic.totals import LineAmounts, add_up

READ_OR_SEND = ["GET", "HEAD", "POST"]
AMOUNTS = (
    "quantity", "unit_price", "discount_percent", "tax_percent", "tax_category", "tax_reason_code", "tax_reason",
)  # fmt: skip

TABS = {
    "waiting": pgettext_lazy("quotations", "Waiting"),
    "accepted": pgettext_lazy("quotations", "Accepted"),
    "past": pgettext_lazy("quotations", "Past"),
}
NOTHING = {
    "waiting": _("No quotation waits for your decision."),
    "accepted": _("No quotation has been accepted yet."),
    "past": _("There are no past quotations."),
}


@access("portal")
@require_safe
@within(BUYING)
def quotations(request: HttpRequest, account: Account) -> HttpResponse:
    """Waiting, accepted and past quotations, twenty at a time."""
    show = tab_of(request, TABS)
    found = asked.quotations_of(account.actor, show, words_of(request), after_of(request))
    today = today_of(request)
    context = list_context(request, TABS, found.after)
    rows = [quotation_row(row, today) for row in found.rows]
    context |= {"rows": rows, "columns": QUOTATIONS, "nothing": NOTHING[show]}
    return page(request, account, "portal/quotations.html", context)


def status_of(state: str, valid_until: date | None, today: date) -> State:
    """What the customer reads; an offer whose term has passed is expired before the clock has written it down."""
    if state == SENT and valid_until is not None and valid_until < today:
        return QUOTATION_FOR_CUSTOMER[EXPIRED]
    return QUOTATION_FOR_CUSTOMER[state]


def quotation_row(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """One quotation in a list."""
    status = status_of(row["state"], row["valid_until"], today)
    return {
        "url": url_to("portal-quotation", row["uid"]),
        "number": row["number"],
        "date": row["date"],
        "valid_until": row["valid_until"],
        "total": Money(row["total"], row["currency"]),
        "tag": status.label,
        "tone": status.tone,
    }


@access("portal")
@require_safe
@anywhere(BUYING)
def quotation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The offer with its lines, terms, versions, questions and signatures; ``?chosen=1&line=…`` shows the total with
    other optional lines ticked."""
    found = quotation_or_404(request, uid)
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    return page(request, account, "portal/quotation.html", quotation_context(request, account, found))


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(BUYING)
def decline(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say no, with a reason."""
    found = quotation_or_404(request, uid)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        if status_of(found.state, found.valid_until, today_of(request)).code != SENT:
            return redirect("portal-quotation", uid=uid)
        account = account_of(found, request.actor)  # type: ignore[attr-defined]
        context = {"quotation": found, "form": form, "contact": contact_of(request, account, found.number, found.owner)}
        return page(request, account, "portal/decline.html", context, status=422 if request.method == "POST" else 200)
    decline_quotation(
        found, reason=form.words(), code=form.cleaned_data["reason"], actor=request.actor, at=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    messages.success(request, _("Quotation declined. Thank you for telling us why."))
    return redirect("portal-quotation", uid=uid)


def chosen_lines(data: QueryDict) -> set[int] | None:
    """The optional lines ticked; None when the page had none to tick."""
    if "chosen" not in data:
        return None
    return {int(key) for key in data.getlist("line") if key.isascii() and key.isdigit() and len(key) < 19}


def quotation_or_404(request: HttpRequest, uid: UUID) -> Quotation:
    found = asked.quotation_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def quotation_context(request: HttpRequest, account: Account, found: Quotation) -> dict[str, Any]:
    context = offer_context(request, account, found)
    versions = version_rows(account, found)
    return context | {
        "any_discount": any(line["discount_percent"] for line in context["lines"]),
        "changes": changes_since(account, found, context["lines"]),
        "versions": versions,
        "newer": versions[0] if found.state == "superseded" and versions else None,
        "thread": offer_thread(found),
        "ask_form": AskForm(),
        "renewable": context["status"].code == EXPIRED,
        "above": above_limit(request, found) if context["waiting"] and not context["mine"] else None,
        "order": order_link(account, found),
        "files": files_on(found),
        "unopened": context["waiting"] and account.actor.is_customer,
    }


def offer_context(request: HttpRequest, account: Account, found: Quotation) -> dict[str, Any]:
    """What the offer and the sheet to accept it both show."""
    today = today_of(request)
    status = status_of(found.state, found.valid_until, today)
    waiting = status.code == SENT
    left, tone = left_words(found.valid_until, today) if waiting else ("", "")
    signed = signatures(found) if found.state in (SENT, ACCEPTED) else []
    chosen = chosen_lines(request.GET) if waiting and not signed else None
    lines = line_rows(found, chosen)
    return {
        "quotation": found,
        "status": status,
        "waiting": waiting,
        "tag": status.label,
        "tone": status.tone,
        "left": left,
        "left_tone": tone,
        "lines": lines,
        "choose": waiting and not signed and any(line["optional"] for line in lines),
        "signatures": signed,
        "needed": needed_words(found, len(signed)),
        "mine": any(one["signer"] == signer_of(request) for one in signed),
        **figures(found, lines, chosen),
        "contact": contact_of(request, account, found.number, found.owner),
    }


def line_rows(found: Quotation, chosen: Collection[int] | None) -> Sequence[dict[str, Any]]:
    """The lines, with the optional ones chosen as saved or as ticked just now."""
    lines = [{**line, "net": Money(line["net"], found.currency)} for line in asked.lines_of(quotation_id=found.pk)]
    for line in lines:
        if chosen is not None:
            line["chosen"] = not line["optional"] or line["pk"] in chosen
    return lines


def figures(found: Quotation, lines: Sequence[Mapping[str, Any]], chosen: Collection[int] | None) -> dict[str, Any]:
    """The frozen totals; with other optional lines ticked, what they would be."""
    if chosen is None:
        frozen = {name: found.money(name) for name in ("net", "discount", "tax", "total")}
        return {"totals": frozen, "rates": rates_of(found)}
    counted = [line for line in lines if line["chosen"] and line["kind"] != SECTION]
    totals = add_up([LineAmounts(**{name: line[name] for name in AMOUNTS}) for line in counted], found.currency)
    return {"totals": totals, "rates": totals.rates}


def version_rows(account: Account, found: Quotation) -> Sequence[dict[str, Any]]:
    """The other versions of the offer that were sent."""
    return [
        {"url": url_to("portal-quotation", row["uid"]), "edition": row["edition"],
         "tag": QUOTATION_FOR_CUSTOMER[row["state"]].label}
        for row in asked.other_versions(account.actor, first_id=found.family_id or found.pk, besides=found.pk)
    ]  # fmt: skip


def order_link(account: Account, found: Quotation) -> dict[str, Any] | None:
    """The order it became."""
    rows = asked.orders_from(account.actor, quotation_id=found.pk)
    return {"url": url_to("portal-order", rows[0]["uid"]), "number": rows[0]["number"]} if rows else None
