"""The customer says that he has paid, or when he will; and reads what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.billing.actions import AlreadyReported, promise_transfer, report_transfer, withdraw_transfer
from rawabit.billing.logic.asking import PLANNED, REPORTED, TRANSFER
from rawabit.billing.models import Invoice, TransferReport
from rawabit.crm.policies import PAYING
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.states import Refused
from rawabit.ledger.queries import currencies_of
from rawabit.portal.account import Account, account_of
from rawabit.portal.addresses import url_to
from rawabit.portal.contact import contact_of
from rawabit.portal.money_forms import METHODS, PromiseForm, ReportForm, SharesForm
from rawabit.portal.pages import anywhere, page, within
from rawabit.portal.queries import transfers as asked
from rawabit.portal.queries.files import files_on
from rawabit.portal.queries.invoices import invoice_for
from rawabit.portal.views.invoices import today_of

READ_OR_SEND = ["GET", "HEAD", "POST"]
# Said word for word wherever a transfer waits.
UNDER_REVIEW = _("We received your transfer receipt and are reviewing it.")


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(PAYING)
def invoice_paid(request: HttpRequest, uid: UUID) -> HttpResponse:
    """I have paid this invoice."""
    account, chosen = one_invoice(request, uid)
    return reported(request, account, chosen, back=url_to("portal-invoice", uid))


@access("portal")
@require_http_methods(READ_OR_SEND)
@anywhere(PAYING)
def invoice_later(request: HttpRequest, uid: UUID) -> HttpResponse:
    """I will pay this invoice on a day."""
    account, chosen = one_invoice(request, uid)
    return promised(request, account, chosen, back=url_to("portal-invoice", uid))


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(PAYING)
def paid(request: HttpRequest, account: Account) -> HttpResponse:
    """I have paid the invoices that are ticked; without a tick, what it is for stays to be said."""
    return reported(request, account, ticked(request, account))


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(PAYING)
def later(request: HttpRequest, account: Account) -> HttpResponse:
    """I will pay the invoices that are ticked on a day."""
    return promised(request, account, ticked(request, account))


def one_invoice(request: HttpRequest, uid: UUID) -> tuple[Account, list[Invoice]]:
    found = invoice_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if found is None or found.kind != Invoice.INVOICE:
        raise Http404
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    return account, asked.payable(account.actor, [uid])


def ticked(request: HttpRequest, account: Account) -> list[Invoice]:
    """The invoices named in the address or the form. One that is not the account's does not exist."""
    try:
        uids = {UUID(text) for text in [*request.GET.getlist("invoice"), *request.POST.getlist("invoice")][:100]}
    except ValueError:
        raise Http404 from None
    found = asked.payable(account.actor, uids) if uids else []
    if uids and not found:
        raise Http404
    if {one.uid for one in found} != uids and not all(invoice_for.first(account.actor, uid=uid) for uid in uids):
        raise Http404
    return found


def reported(request: HttpRequest, account: Account, chosen: list[Invoice], back: str = "") -> HttpResponse:
    """The form, or what came of it."""
    currency, invoices, others = in_one_currency(request, account, chosen)
    iran = currency == "IRR" or request.company.country == "IR"  # type: ignore[attr-defined]
    sent = request.POST if request.method == "POST" else None
    form = ReportForm(currency, invoices, ticked=bool(chosen), iran=iran, today=today_of(request), data=sent,
                      files=request.FILES if sent is not None else None)  # fmt: skip
    if sent is not None and form.is_valid():
        try:
            report = report_transfer(
                account.customer, form.told(sheet=sent.get("once", "")), form.cleaned_data["shares"],
                slip=form.cleaned_data["slip"], actor=account.actor, at=request.now,  # type: ignore[attr-defined]
            )  # fmt: skip
        except AlreadyReported as known:
            messages.info(request, str(known))
            return redirect(back or url_to("portal-transfer", known.report.uid))
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, UNDER_REVIEW)
            return redirect(back or url_to("portal-transfer", report.uid))
    return form_page(request, account, form, chosen, others, back, "portal/transfer_form.html")


def promised(request: HttpRequest, account: Account, chosen: list[Invoice], back: str = "") -> HttpResponse:
    """The form, or what came of it."""
    currency, invoices, others = in_one_currency(request, account, chosen)
    sent = request.POST if request.method == "POST" else None
    form = PromiseForm(currency, invoices, ticked=bool(chosen), data=sent)
    if sent is not None and form.is_valid():
        try:
            report = promise_transfer(
                account.customer, form.told(sheet=sent.get("once", "")), form.cleaned_data["shares"],
                actor=account.actor, at=request.now,  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as reason:
            form.add_error("date", str(reason))
        else:
            messages.success(request, _("Thank you. We will not remind you of it before that day."))
            return redirect(back or url_to("portal-transfer", report.uid))
    return form_page(request, account, form, chosen, others, back, "portal/promise_form.html")


def in_one_currency(
    request: HttpRequest, account: Account, chosen: Sequence[Invoice]
) -> tuple[str, list[Invoice], list[Invoice]]:
    """(currency, its invoices, the ticked ones of other currencies). Without a tick: all that is open."""
    if chosen:
        currency = chosen[0].currency
        return currency, [one for one in chosen if one.currency == currency], [
            one for one in chosen if one.currency != currency
        ]  # fmt: skip
    wanted, known = request.GET.get("currency", ""), currencies_of(account.customer)
    currency = wanted if wanted in known else known[0]
    return currency, asked.all_payable(account.actor, currency), []


def form_page(
    request: HttpRequest, account: Account, form: SharesForm, chosen: Sequence[Invoice], others: Sequence[Invoice],
    back: str, template: str,
) -> HttpResponse:  # fmt: skip
    own = [one for one in chosen if one not in others]
    pending = [report_row(row) for row in asked.pending_reports(account.actor)] if not back else []
    context = {
        "form": form, "chosen": own, "others": others, "once": request.POST.get("once") or uuid4().hex,
        "alone": own[0] if form.alone else None, "back": back or url_of_list(request), "pending": pending,
        "single": bool(back), "query": "&".join(f"invoice={one.uid}" for one in own),
        "contact": contact_of(request, account),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, account, template, context, status=status)


def url_of_list(request: HttpRequest) -> str:
    from django.urls import reverse

    return reverse("portal-invoices")


def report_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One report in a list."""
    state = TRANSFER.states[row["state"]]
    return {
        **row,
        "url": url_to("portal-transfer", row["uid"]),
        "tag": state.label,
        "tone": state.tone,
        "method": METHODS.get(row["method"], row["method"]),
        "name": row["reference"] or row["sayad"],
        "amount": Money(row.get("meant") or row["amount"], row["currency"]),
        "review": row["state"] == REPORTED,
        "planned": row["state"] == PLANNED,
        "withdraw_url": url_to("portal-transfer-withdraw", row["uid"]) if row["state"] in (PLANNED, REPORTED) else "",
    }


@access("portal")
@require_safe
@anywhere(PAYING)
def transfer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A report: what was said, how it stands, and the receipt once it is accepted."""
    report = report_or_404(request, uid)
    account = account_of(report, request.actor)  # type: ignore[attr-defined]
    state = TRANSFER.states[report.state]
    shares = [{**row, "url": url_to("portal-invoice", row["uid"]), "amount": Money(row["amount"], report.currency)}
              for row in asked.shares_of(report_id=report.pk)]  # fmt: skip
    context = {
        "report": report, "tag": state.label, "tone": state.tone, "method": METHODS.get(report.method, report.method),
        "review": UNDER_REVIEW if report.state == REPORTED else "", "amount": report.money("amount"), "rows": shares,
        "planned": report.state == PLANNED, "open": report.state in (PLANNED, REPORTED), "files": files_on(report),
        "paid_query": "&".join(f"invoice={row['uid']}" for row in shares), "contact": contact_of(request, account),
    }  # fmt: skip
    return page(request, account, "portal/transfer.html", context)


@access("portal")
@require_POST
@anywhere(PAYING)
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a report or promise back while nobody has decided on it."""
    report = report_or_404(request, uid)
    shares = asked.shares_of(report_id=report.pk)
    withdraw_transfer(report, actor=request.actor, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, _("Taken back."))
    if getattr(request, "link", None) and shares:
        return redirect("portal-invoice", uid=shares[0]["uid"])
    return redirect("portal-transfer", uid=uid)


def report_or_404(request: HttpRequest, uid: UUID) -> TransferReport:
    found = asked.report_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
