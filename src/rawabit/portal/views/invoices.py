"""Invoices and credit notes: the list, and the paper itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from rawabit.billing.logic.asking import UNDER_QUESTION
from rawabit.billing.logic.states import InvoiceFacts, invoice_situation
from rawabit.billing.models import Invoice, Payment
from rawabit.billing.papers import qr_of
from rawabit.crm.policies import BUYING, PAYING
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.paper.pictures import qr_svg
from rawabit.kit.screens.exports import csv_lines
from rawabit.portal.account import Account, account_of
from rawabit.portal.addresses import url_to
from rawabit.portal.columns import INVOICES, INVOICES_TO_TICK
from rawabit.portal.contact import contact_of
from rawabit.portal.listing import after_of, list_context, tab_of, words_of
from rawabit.portal.pages import anywhere, page, within
from rawabit.portal.queries import invoices as asked
from rawabit.portal.queries import transfers as said
from rawabit.portal.queries.files import files_on
from rawabit.portal.switches import may
from rawabit.portal.words import due_words
from rawabit.trade.models import Document

TABS = {
    "all": pgettext_lazy("invoices", "All"),
    "open": pgettext_lazy("invoices", "Open"),
    "paid": pgettext_lazy("invoices", "Paid"),
    "credit": _("Credit notes"),
}
NOTHING = {
    "all": _("No invoice has been issued yet."),
    "open": _("Nothing is due. Thank you."),
    "paid": _("No invoice has been paid yet."),
    "credit": _("There are no credit notes."),
}
TITLES = {Invoice.INVOICE: _("Invoice"), Invoice.CREDIT_NOTE: _("Credit note")}
METHODS = dict(Payment.METHODS)


def today_of(request: HttpRequest) -> date:
    return request.display.local(request.now).date()  # type: ignore[attr-defined]


@access("portal")
@require_safe
@within(PAYING)
def invoices(request: HttpRequest, account: Account) -> HttpResponse:
    """All, open, paid invoices and credit notes, twenty at a time."""
    show = tab_of(request, TABS)
    found = asked.invoices_of(account.actor, show, words_of(request), after_of(request))
    today = today_of(request)
    context = list_context(request, TABS, found.after)
    rows = [invoice_row(row, today) for row in found.rows]
    doubted = {uid for (uid,) in said.questioned_invoices(account.actor)} if rows else set()
    for row in rows:
        row["question"] = str(UNDER_QUESTION.label) if row["uid"] in doubted else ""
    payable = show in ("all", "open") and may(request, "report_transfer", account)
    context |= {
        "rows": rows, "columns": INVOICES_TO_TICK if payable else INVOICES, "nothing": NOTHING[show],
        "payable": payable and any(row["open"] for row in rows),
        "sums": [due_sum(row) for row in asked.dues_of(account.actor, today=today)] if rows else [],
    }  # fmt: skip
    return page(request, account, "portal/invoices.html", context)


@access("portal")
@require_safe
@within(PAYING)
def export(request: HttpRequest, account: Account) -> HttpResponse:
    """The tab, narrowed by the same words, as CSV."""
    show = tab_of(request, TABS)
    heads = [gettext("Number"), gettext("Kind"), gettext("Status"), gettext("Date"), gettext("Due date"),
             gettext("Total including VAT"), gettext("Amount due"), gettext("Currency")]  # fmt: skip
    today = today_of(request)
    rows = (file_row(invoice_row(row, today)) for row in asked.exported(account.actor, show, words_of(request)))
    response = HttpResponse("".join(csv_lines(heads, rows)), content_type="text/csv; charset=utf-8")
    name = f"invoices-{account.customer.code}-{today}.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def file_row(row: Mapping[str, Any]) -> list[Any]:
    left = row["open"].amount if row["open"] else 0
    return [row["number"], str(row["kind"]), str(row["tag"]), row["date"], row["due"] or "", row["total"].amount, left,
            row["total"].currency]  # fmt: skip


def due_sum(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is unpaid in one currency, and how much of it is overdue."""
    late = row["overdue_amount"] or 0
    return {
        "amount": Money(row["amount"], row["currency"]), "count": row["count"],
        "late": Money(late, row["currency"]) if late else None,
    }  # fmt: skip


def invoice_row(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """One invoice or credit note in a list."""
    note, currency = row["kind"] == Invoice.CREDIT_NOTE, row["currency"]
    facts = (row["kind"], row["state"], row["total"], row["open_amount"], row["credited"], row["due_date"])
    status = invoice_situation(InvoiceFacts(*facts), today)
    return {
        "uid": row["uid"],
        "url": url_to("portal-invoice", row["uid"]),
        "number": row["number"],
        "kind": TITLES[row["kind"]],
        "question": "",
        "date": row["date"],
        "due": None if note else row["due_date"],
        "total": Money(row["total"], currency),
        "open": Money(row["open_amount"], currency) if row["open_amount"] and not note else None,
        "tag": status.label,
        "tone": status.tone,
    }


@access("portal")
@require_safe
@anywhere(PAYING)
def invoice(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The paper: parties, lines, totals, words, bank; beside it what was paid and what is open."""
    invoice = asked.invoice_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if invoice is None:
        raise Http404
    account = account_of(invoice, request.actor)  # type: ignore[attr-defined]
    context = paper_context(invoice, today_of(request))
    context |= beside(account, invoice) | {
        "settled": settled_rows(account, invoice),
        "ask_lines": may(request, "dispute", account),
        "order_url": url_to("portal-order", invoice.order.uid) if invoice.order and account.role in BUYING else "",
        "files": files_on(invoice),
        "contact": contact_of(request, account, invoice.number),
    }
    return page(request, account, "portal/invoice.html", context)


def beside(account: Account, invoice: Invoice) -> dict[str, Any]:
    """What was reported, asked and credited about it, and the square code."""
    from rawabit.portal.views.disputes import dispute_row
    from rawabit.portal.views.transfers import report_row

    questions = [dispute_row(row) for row in said.disputes_of_invoice(account.actor, invoice_id=invoice.pk)]
    note = invoice.kind == Invoice.CREDIT_NOTE
    notes = [] if note else asked.notes_of(account.actor, invoice_id=invoice.pk)
    return {
        "questions": questions,
        "questioned": any(row["open"] for row in questions),
        "reports": [] if note else [
            report_row(row) for row in said.reports_of_invoice(account.actor, invoice_id=invoice.pk)
        ],
        "notes": [{**row, "url": url_to("portal-invoice", row["uid"]), "total": Money(row["total"], row["currency"])}
                  for row in notes],
        "qr": SafeString(qr_picture(code)) if (code := qr_of(invoice, invoice.seller)) else "",
    }  # fmt: skip


@lru_cache(maxsize=256)
def qr_picture(code: str) -> str:
    return qr_svg(code)


def paper_context(invoice: Invoice, today: date) -> dict[str, Any]:
    """The document's own figures."""
    note = invoice.kind == Invoice.CREDIT_NOTE
    status = situation_of(invoice, today)
    lines = [{**line, "net": Money(line["net"], invoice.currency), "tax": Money(line["tax"], invoice.currency)}
             for line in asked.lines_of(invoice_id=invoice.pk)]  # fmt: skip
    due = due_words(invoice.due_date, today) if invoice.open_amount and not note else ""
    return {
        "invoice": invoice,
        "credit_note": note,
        "paper": {"title": title_of(invoice)},
        "situation": {"words": status.label, "tone": status.tone, "due": due},
        "lines": lines,
        "any_discount": any(line["discount_percent"] for line in lines),
        "totals": {name: invoice.money(name) for name in ("net", "discount", "tax", "total")},
        "rates": rates_of(invoice),
        "paid": invoice.paid if invoice.open_amount < invoice.total else None,
        "open": invoice.money("open_amount") if invoice.open_amount and not note else None,
        "corrects": invoice.corrects,
        "order_number": invoice.order.number if invoice.order else "",
    }


def title_of(invoice: Invoice) -> Any:
    """A tax invoice is called so when the seller has a VAT number and charges the tax."""
    taxed = bool(invoice.seller.get("vat_number"))
    if invoice.kind == Invoice.CREDIT_NOTE:
        return _("Tax credit note") if taxed else _("Credit note")
    return _("Tax invoice") if taxed else _("Invoice")


def situation_of(invoice: Invoice, today: date) -> Any:
    facts = InvoiceFacts(
        invoice.kind, invoice.state, invoice.total, invoice.open_amount, invoice.credited, invoice.due_date
    )
    return invoice_situation(facts, today)


def rates_of(document: Document) -> Sequence[dict[str, Any]]:
    """The tax of each rate, as frozen with the totals."""
    currency = document.currency
    return [
        {
            **row,
            "percent": Decimal(row["percent"]),
            "net": Money(row["net"], currency),
            "tax": Money(row["tax"], currency),
        }
        for row in document.tax_summary
    ]


def settled_rows(account: Account, invoice: Invoice) -> Sequence[dict[str, Any]]:
    """Payments and credit notes set against an invoice, or the invoices a credit note was set against."""
    if invoice.kind == Invoice.CREDIT_NOTE:
        return [
            _invoice_settled(row, invoice.currency) for row in asked.settled_with(account.actor, note_id=invoice.pk)
        ]
    return [_source(row, invoice.currency) for row in asked.settled_by(account.actor, invoice_id=invoice.pk)]


def _invoice_settled(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "url": url_to("portal-invoice", row["uid"]), "number": row["number"], "kind": TITLES[Invoice.INVOICE],
        "date": row["date"], "amount": Money(row["settled"], currency),
    }  # fmt: skip


def _source(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    if row["payment_uid"]:
        found = ("portal-payment", row["payment_uid"], row["payment_number"], METHODS.get(row["payment_method"], ""))
        day = row["payment_date"]
    else:
        found = ("portal-invoice", row["note_uid"], row["note_number"], TITLES[Invoice.CREDIT_NOTE])
        day = row["note_date"]
    name, uid, number, kind = found
    return {
        "url": url_to(name, uid),
        "number": number,
        "kind": kind,
        "date": day,
        "amount": Money(row["settled"], currency),
    }
