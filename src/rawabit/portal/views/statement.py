"""The statement of account: any range, any calendar, on the screen and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from rawabit.billing.papers import statement_paper
from rawabit.billing.sheets import KINDS, XLSX, statement_csv, statement_xlsx
from rawabit.crm.models import Customer
from rawabit.crm.policies import PAYING
from rawabit.kit.access import access
from rawabit.kit.calendars import Span
from rawabit.kit.marking import _
from rawabit.kit.paper.doors import paper_response
from rawabit.kit.screens.templatetags.kit import money
from rawabit.kit.text import fsi
from rawabit.ledger.logic.statement import Ageing, Row, Statement
from rawabit.ledger.queries import ageing, currencies_of
from rawabit.ledger.queries import statement as statement_of
from rawabit.portal.account import Account
from rawabit.portal.actions.mailing import mail_statement, want_monthly, wants_monthly
from rawabit.portal.addresses import url_to
from rawabit.portal.forms import DaysForm
from rawabit.portal.logic.ranges import CHIPS, USUAL, chip_span, typed_span
from rawabit.portal.pages import page, within
from rawabit.portal.queries.transfers import pending_reports
from rawabit.portal.switches import may
from rawabit.portal.views.invoices import today_of
from rawabit.portal.views.transfers import report_row

PAGES = {
    "invoice": "portal-invoice", "credit_note": "portal-invoice", "debit_note": "portal-invoice",
    "payment": "portal-payment", "refund": "portal-payment",
}  # fmt: skip
ASKED_AT = {
    "invoice": "portal-invoice-question", "credit_note": "portal-invoice-question",
    "debit_note": "portal-invoice-question", "payment": "portal-payment-question",
    "refund": "portal-payment-question",
}  # fmt: skip
DAYS = "days"
CHIP_LABELS = [*((code, label) for code, (label, _span) in CHIPS.items()), (DAYS, _("Choose the days"))]
PAGE, MOST = 20, 2000  # movements on a page, and on a page to be printed
MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: ``[start, end]`` in days, currency, the chip (DAYS for typed ones), the form to type
    in when it is wanted."""

    start: date
    end: date
    currency: str
    currencies: Sequence[str]
    chip: str
    form: DaysForm | None

    @property
    def in_currency(self) -> dict[str, str]:
        """The currency as a part of addresses, where the customer has several."""
        return {"currency": self.currency} if len(self.currencies) > 1 else {}

    @property
    def range(self) -> dict[str, str]:
        """The range as a part of addresses."""
        if self.chip in CHIPS:
            return {"range": self.chip}
        return {"first": self.start.isoformat(), "last": self.end.isoformat()}


def asked_for(request: HttpRequest, customer: Customer) -> Asked:
    """Typed days when both can be read, else a chip; the customer's own currency unless another of his is named."""
    currencies = currencies_of(customer)
    wanted = request.GET.get("currency", "")
    currency = wanted if wanted in currencies else currencies[0]
    chip = DAYS if "first" in request.GET else request.GET.get("range", USUAL)
    span = chip_span(chip, today_of(request), request.display.calendar)  # type: ignore[attr-defined]
    form = None
    if chip == DAYS:
        form, span = days_form(request, span)
    start, end = span[0], span[1] - timedelta(days=1)
    return Asked(start, end, currency, currencies, chip if chip in (DAYS, *CHIPS) else USUAL, form)


def days_form(request: HttpRequest, usual: Span) -> tuple[DaysForm, Span]:
    """The form with what was typed and the range that it means; the usual range where it means none."""
    if "first" not in request.GET:
        return DaysForm(initial={"first": usual[0], "last": usual[1] - timedelta(days=1)}), usual
    form = DaysForm(request.GET)
    return form, typed_span(form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else usual


@access("portal")
@require_safe
@within(PAYING)
def statement(request: HttpRequest, account: Account) -> HttpResponse:
    """Opening balance, movements with the running balance, closing balance, and the age of what is open."""
    asked = asked_for(request, account.customer)
    found = statement_of(account.customer, asked.currency, asked.start, asked.end)
    aged = ageing(account.customer, today_of(request), asked.currency)
    context = frame(asked, found) | rows_context(request, account, asked, found) | beside(request, account, asked)
    return page(request, account, "portal/statement.html", context | {"ageing": bars(aged), "aged": aged})


def frame(asked: Asked, found: Statement) -> dict[str, Any]:
    """Range, sums and the ways to other ranges."""
    return {
        "first": asked.start,
        "last": asked.end,
        "opening": found.opening,
        "closing": found.closing,
        "owes": found.closing.minor > 0,
        "debits": found.debit,
        "credits": found.credit,
        "chips": [
            (urlencode({"range": code, **asked.in_currency}), label, code == asked.chip) for code, label in CHIP_LABELS
        ],
        "currencies": [
            (urlencode({**asked.range, "currency": code}), code, code == asked.currency) for code in asked.currencies
        ]
        if asked.in_currency
        else [],
        "in_currency": asked.in_currency,
        "range_query": urlencode(asked.range | asked.in_currency),
        "form": asked.form,
    }


def beside(request: HttpRequest, account: Account, asked: Asked) -> dict[str, Any]:
    """What is reported and not booked, which the balance knows nothing of; and the ways to have it mailed."""
    pending = [row for row in pending_reports(account.actor) if row["currency"] == asked.currency]
    user: Any = request.user
    person = user.is_authenticated and not getattr(request, "link", None)
    return {
        "pending": [report_row(row) for row in pending], "person": person, "once": uuid4().hex,
        "monthly": person and wants_monthly(user),
    }  # fmt: skip


def rows_context(request: HttpRequest, account: Account, asked: Asked, found: Statement) -> dict[str, Any]:
    """Twenty movements of the range, or (``all=1``, for printing) as good as all."""
    text = request.GET.get("row", "")
    at = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    page_size = MOST if request.GET.get("all") == "1" else PAGE
    rows = found.rows[at : at + page_size]
    kept, asks = urlencode(asked.range | asked.in_currency), may(request, "dispute", account)
    more = at + page_size < len(found.rows)
    return {
        "rows": [shown(row, asks) for row in rows],
        "brought": found.rows[at - 1].balance if 0 < at <= len(found.rows) else None,
        "more_query": f"{kept}&row={at + page_size}" if more else "",
        "all_query": f"{kept}&all=1" if more and page_size < MOST else "",
        "row_count": len(found.rows),
        "first_query": kept,
        "resumed": at > 0,
    }


def shown(row: Row, asks: bool = False) -> dict[str, Any]:
    """One movement; its number leads to its document. ``asks``: with the way to a question about it."""
    name = PAGES.get(row.kind)
    return {
        "ask": ask_url(row) if asks else "",
        "date": row.date,
        "kind": KINDS.get(row.kind, row.kind),
        "number": row.number,
        "url": url_to(name, row.document_uid) if name and isinstance(row.document_uid, UUID) else "",
        "debit": row.debit or None,
        "credit": row.credit or None,
        "balance": row.balance,
    }


def ask_url(row: Row) -> str:
    """Where to ask about a movement: at its paper, else by its words."""
    name = ASKED_AT.get(row.kind)
    if name and isinstance(row.document_uid, UUID):
        return url_to(name, row.document_uid)
    words = " ".join(filter(None, (str(KINDS.get(row.kind, row.kind)), row.number, row.date.isoformat())))
    return f"{reverse('portal-statement-question')}?{urlencode({'row': words})}"


def bars(aged: Ageing) -> list[dict[str, Any]]:
    """The ageing bar: each bucket's share of what is owed and where it begins, in per cent. Empty when nothing is."""
    total, start, parts = aged.owed.minor, 0.0, []
    for _code, label, amount in aged.bars() if total > 0 else ():
        share = 100 * amount.minor / total
        parts.append({"label": label, "amount": money(amount), "share": share, "start": start})
        start += share
    return parts


@access("portal")
@require_safe
@within(PAYING)
def download(request: HttpRequest, account: Account, kind: str) -> HttpResponse:
    """The same statement as PDF, CSV or XLSX, whole."""
    if kind not in (*MIME, "pdf"):
        raise Http404
    asked = asked_for(request, account.customer)
    if kind == "pdf":
        span = (asked.start, asked.end)
        return paper_response(statement_paper(account.customer, *span, at=request.now, currency=asked.currency))  # type: ignore[attr-defined]
    found = statement_of(account.customer, asked.currency, asked.start, asked.end)
    name = f"statement-{account.customer.code}-{asked.start}-{asked.end}.{kind}"
    body = statement_csv(found) if kind == "csv" else statement_xlsx(found)
    response = HttpResponse(body, content_type=MIME[kind])
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@access("portal")
@require_POST
@within(PAYING)
def send(request: HttpRequest, account: Account) -> HttpResponse:
    """Send this very statement to the person's own address."""
    asked = asked_for(request, account.customer)
    found = statement_of(account.customer, asked.currency, asked.start, asked.end)
    user: Any = request.user
    mail_statement(
        account.customer, found, user, sheet=request.POST.get("once", ""), actor=account.actor,
        at=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    messages.success(request, gettext("It is on its way to %(email)s.") % {"email": fsi(user.email)})
    return redirect(f"{reverse('portal-statement')}?{urlencode(asked.range | asked.in_currency)}")


@access("portal")
@require_POST
@within(PAYING)
def monthly(request: HttpRequest, account: Account) -> HttpResponse:
    """Send it every month from now on, or no more."""
    user: Any = request.user
    wanted = request.POST.get("wanted") == "1"
    want_monthly(user, wanted, actor=request.actor, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, _("Saved"))
    return redirect("portal-statement")
