"""Payments: the history, and the receipt of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rawabit.billing.logic.asking import PLANNED, REFUSED, REPORTED
from rawabit.billing.logic.states import PaymentFacts, payment_situation
from rawabit.billing.models import Payment
from rawabit.crm.policies import PAYING
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.portal.account import Account, account_of
from rawabit.portal.addresses import url_to
from rawabit.portal.columns import PAYMENTS
from rawabit.portal.contact import contact_of
from rawabit.portal.listing import after_of, list_context
from rawabit.portal.pages import anywhere, page, within
from rawabit.portal.queries import invoices as asked
from rawabit.portal.queries.files import files_on
from rawabit.portal.queries.transfers import latest_reports, report_of_payment
from rawabit.portal.views.transfers import report_row

SHOWN = (PLANNED, REPORTED, REFUSED)
METHODS = dict(Payment.METHODS)
# A customer is told what became of his money, not how far the books have caught up with it.
RECEIVED = {"allocated": _("Received"), "partly_allocated": _("Received"), "unallocated": _("Received")}


@access("portal")
@require_safe
@within(PAYING)
def payments(request: HttpRequest, account: Account) -> HttpResponse:
    """Payments and refunds, twenty at a time."""
    found = asked.payments_of(account.actor, after_of(request))
    context = list_context(request, {"": ""}, found.after)
    rows = [payment_row(row) for row in found.rows]
    told = [report_row(row) for row in latest_reports(account.actor) if row["state"] in SHOWN]
    context["reports"] = told if "after" not in request.GET else []
    context |= {"rows": rows, "columns": PAYMENTS, "nothing": _("No payment has been recorded yet.")}
    return page(request, account, "portal/payments.html", context)


def payment_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One payment in a list."""
    words, tone = situation_of(row["direction"], row["state"], row["amount"], row["unallocated"])
    return {
        "url": url_to("portal-payment", row["uid"]),
        "number": row["number"],
        "date": row["date"],
        "method": METHODS.get(row["method"], row["method"]),
        "reference": row["reference"],
        "amount": Money(row["amount"], row["currency"]),
        "tag": words,
        "tone": tone,
    }


def situation_of(direction: str, state: str, amount: int, unallocated: int) -> tuple[Any, str]:
    """(words, tone) of a payment for the customer."""
    status = payment_situation(PaymentFacts(direction, state, amount, unallocated))
    words = RECEIVED.get(status.code)
    return (words, "ok") if words else (status.label, status.tone)


@access("portal")
@require_safe
@anywhere(PAYING)
def payment(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The receipt: amount, words, and the invoices it settled."""
    payment = asked.payment_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if payment is None:
        raise Http404
    account = account_of(payment, request.actor)  # type: ignore[attr-defined]
    words, tone = situation_of(payment.direction, payment.state, payment.amount, payment.unallocated)
    refund = payment.direction == "out"
    told = report_of_payment.first(account.actor, payment_id=payment.pk)
    context = {
        "payment": payment,
        "paper_title": _("Refund") if refund else _("Receipt voucher"),
        "refund": refund,
        "tag": words,
        "tone": tone,
        "method": METHODS.get(payment.method, payment.method),
        "amount": payment.money("amount"),
        "unallocated": payment.money("unallocated") if payment.unallocated and not refund else None,
        "rows": in_sight(request, payment, settled(account, payment)),
        "files": files_on(payment),
        "report_url": url_to("portal-transfer", told[0]) if told else "",
        "contact": contact_of(request, account, payment.number),
    }
    return page(request, account, "portal/payment.html", context)


def in_sight(request: HttpRequest, payment: Payment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whoever came by a link to one invoice reads of that invoice alone what its receipt settled."""
    link = getattr(request, "link", None)
    return rows if link is None or link.record == payment else [row for row in rows if row["url"]]


def settled(account: Account, payment: Payment) -> list[dict[str, Any]]:
    return [
        {"url": url_to("portal-invoice", row["uid"]), "number": row["number"], "date": row["date"],
         "amount": Money(row["settled"], payment.currency)}
        for row in asked.settled_from(account.actor, payment_id=payment.pk)
    ]  # fmt: skip
