"""Quotations: the list, the paper, and the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rawabit.crm.policies import BUYING
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.records.queries import files_on
from rawabit.kit.states import State
from rawabit.portal.account import Account, account_of, anywhere, page, within
from rawabit.portal.addresses import url_to
from rawabit.portal.contact import contact_of
from rawabit.portal.listing import after_of, list_context, tab_of, words_of
from rawabit.portal.queries import quotations as asked
from rawabit.portal.views.invoices import rates_of, today_of
from rawabit.portal.words import left_words
from rawabit.sales.logic.states import EXPIRED, QUOTATION_FOR_CUSTOMER, SENT
from rawabit.sales.models import Quotation

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
    context |= {"rows": [quotation_row(row, today) for row in found.rows], "nothing": NOTHING[show]}
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
    """The offer with its lines, terms and versions."""
    found = quotation_or_404(request, uid)
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    return page(request, account, "portal/quotation.html", quotation_context(request, account, found))


def quotation_or_404(request: HttpRequest, uid: UUID) -> Quotation:
    found = asked.quotation_for(request.actor, uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def quotation_context(request: HttpRequest, account: Account, found: Quotation) -> dict[str, Any]:
    today = today_of(request)
    status = status_of(found.state, found.valid_until, today)
    waiting = status.code == SENT
    left, tone = left_words(found.valid_until, today) if waiting else ("", "")
    lines = line_rows(found)
    return {
        "quotation": found,
        "tag": status.label,
        "tone": status.tone,
        "left": left,
        "left_tone": tone,
        "lines": lines,
        "any_optional": any(line["optional"] for line in lines),
        "any_discount": any(line["discount_percent"] for line in lines),
        "totals": {name: found.money(name) for name in ("net", "discount", "tax", "total")},
        "rates": rates_of(found),
        "versions": version_rows(account, found),
        "order": order_link(account, found),
        "files": list(files_on(found, account.actor)),
        "contact": contact_of(request, account, found.number, found.owner),
    }


def line_rows(found: Quotation) -> Sequence[dict[str, Any]]:
    return [{**line, "net": Money(line["net"], found.currency)} for line in asked.lines_of(found)]


def version_rows(account: Account, found: Quotation) -> Sequence[dict[str, Any]]:
    """The other versions of the offer that were sent."""
    return [
        {"url": url_to("portal-quotation", row["uid"]), "number": row["number"], "edition": row["edition"],
         "tag": QUOTATION_FOR_CUSTOMER[row["state"]].label}
        for row in asked.other_versions(account.actor, found)
    ]  # fmt: skip


def order_link(account: Account, found: Quotation) -> dict[str, Any] | None:
    """The order it became."""
    row = asked.order_of(account.actor, found)
    return {"url": url_to("portal-order", row["uid"]), "number": row["number"]} if row else None
