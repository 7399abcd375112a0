"""The statement of account: any range, any calendar, on the screen and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from rawabit.crm.models import Customer
from rawabit.crm.policies import PAYING
from rawabit.kit.access import access
from rawabit.kit.calendars import Span
from rawabit.kit.marking import _
from rawabit.kit.screens.exports import csv_lines, xlsx_bytes
from rawabit.kit.screens.templatetags.kit import money
from rawabit.ledger.logic.statement import Ageing, Row, Statement
from rawabit.ledger.models import Entry
from rawabit.ledger.queries import ageing, currencies_of
from rawabit.ledger.queries import statement as statement_of
from rawabit.portal.account import Account
from rawabit.portal.addresses import url_to
from rawabit.portal.forms import DaysForm
from rawabit.portal.logic.ranges import CHIPS, USUAL, chip_span, typed_span
from rawabit.portal.pages import page, within
from rawabit.portal.views.invoices import today_of

KINDS = dict(Entry.KINDS)
PAGES = {
    "invoice": "portal-invoice", "credit_note": "portal-invoice", "debit_note": "portal-invoice",
    "payment": "portal-payment", "refund": "portal-payment",
}  # fmt: skip
DAYS = "days"
CHIP_LABELS = [*((code, label) for code, (label, _span) in CHIPS.items()), (DAYS, _("Choose the days"))]
PAGE, MOST = 20, 2000  # movements on a page, and on a page to be printed
MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
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
    context = frame(asked, found) | rows_context(request, asked, found)
    return page(request, account, "portal/statement.html", context | {"ageing": bars(aged), "aged": aged})


def frame(asked: Asked, found: Statement) -> dict[str, Any]:
    """Range, sums and the ways to other ranges."""
    return {
        "first": asked.start,
        "last": asked.end,
        "opening": found.opening,
        "closing": found.closing,
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


def rows_context(request: HttpRequest, asked: Asked, found: Statement) -> dict[str, Any]:
    """Twenty movements of the range, or (``all=1``, for printing) as good as all."""
    text = request.GET.get("row", "")
    at = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    page_size = MOST if request.GET.get("all") == "1" else PAGE
    rows = found.rows[at : at + page_size]
    kept = urlencode(asked.range | asked.in_currency)
    more = at + page_size < len(found.rows)
    return {
        "rows": [shown(row) for row in rows],
        "brought": found.rows[at - 1].balance if 0 < at <= len(found.rows) else None,
        "more_query": f"{kept}&row={at + page_size}" if more else "",
        "all_query": f"{kept}&all=1" if more and page_size < MOST else "",
        "row_count": len(found.rows),
        "first_query": kept,
        "resumed": at > 0,
    }


def shown(row: Row) -> dict[str, Any]:
    """One movement; its number leads to its document."""
    name = PAGES.get(row.kind)
    return {
        "date": row.date,
        "kind": KINDS.get(row.kind, row.kind),
        "number": row.number,
        "url": url_to(name, row.document_uid) if name and isinstance(row.document_uid, UUID) else "",
        "debit": row.debit or None,
        "credit": row.credit or None,
        "balance": row.balance,
    }


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
    """The same statement as CSV or XLSX, whole."""
    if kind not in MIME:
        raise Http404
    asked = asked_for(request, account.customer)
    found = statement_of(account.customer, asked.currency, asked.start, asked.end)
    heads = [
        gettext("Date"), gettext("Document"), gettext("Number"), gettext("Due date"),
        pgettext("statement", "Debit"), pgettext("statement", "Credit"), gettext("Balance"), gettext("Currency"),
    ]  # fmt: skip
    name = f"statement-{account.customer.code}-{asked.start}-{asked.end}.{kind}"
    body = as_csv(heads, found) if kind == "csv" else as_xlsx(heads, found)
    response = HttpResponse(body, content_type=MIME[kind])
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def as_csv(heads: Sequence[str], found: Statement) -> bytes:
    return "".join(csv_lines(heads, file_rows(found))).encode()


def as_xlsx(heads: Sequence[str], found: Statement) -> bytes:
    return xlsx_bytes(gettext("Statement of account"), heads, file_rows(found))


def file_rows(found: Statement) -> Iterator[list[Any]]:
    """Opening balance, movements, closing balance."""
    code = found.opening.currency
    yield [found.start, gettext("Opening balance"), "", "", "", "", found.opening.amount, code]
    for row in found.rows:
        sides = [row.debit.amount if row.debit else "", row.credit.amount if row.credit else ""]
        kind = str(KINDS.get(row.kind, row.kind))
        yield [row.date, kind, row.number, row.due_date or "", *sides, row.balance.amount, code]
    yield [
        found.end,
        gettext("Closing balance"),
        "",
        "",
        found.debit.amount,
        found.credit.amount,
        found.closing.amount,
        code,
    ]
