"""Receivables of all customers, and the statement of one, for staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from rawabit.company.queries import local_day
from rawabit.crm.models import Customer
from rawabit.kit.access import access
from rawabit.kit.calendar_math import year_of
from rawabit.kit.display import active
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import all_screens, screens_of
from rawabit.kit.screens.exports import csv_lines
from rawabit.kit.screens.fields import DateField3
from rawabit.kit.screens.listing import cut, kept_query
from rawabit.kit.screens.templatetags.kit import money
from rawabit.ledger.logic.statement import BUCKET_LABELS, BUCKETS, Ageing, Statement
from rawabit.ledger.models import Entry
from rawabit.ledger.queries import ageing, currencies_of, statement
from rawabit.ledger.receivables import ageing_of, by_currency, by_customer, customers_in, of_customers, open_entries

KIND_LABELS = dict(Entry.KINDS)
PAGE = 50
MOST_ROWS = 10_000
LATE = {"overdue": {"late__gt": 0}, "old": {"older__gt": 0}}
SLUG_OF = {"invoice": "invoices", "credit_note": "invoices", "payment": "payments", "refund": "payments",
           "reversal": "payments"}  # fmt: skip


def ledger_urls() -> list[URLPattern]:
    """Addresses of these pages, below the desk's."""
    return [
        path("receivables/", require_GET(receivables), name="receivables"),
        path("receivables/<int:customer>/", require_GET(customer_statement), name="customer-statement"),
    ]


def allowed(request: Request) -> Actor:
    actor: Actor = request.actor
    if actor.is_customer or not actor.may("ledger.view_entry"):
        raise PermissionDenied("ledger.view_entry")
    return actor


# Receivables


@access("staff")
def receivables(request: Request) -> HttpResponse:
    """Ageing per customer, with the sums of all that are shown."""
    actor = allowed(request)
    today = local_day(request.now, request.company)
    chosen = {name: request.GET.get(name, "") for name in ("q", "is", "currency", "owner")}
    entries = narrowed(of_customers(open_entries(actor), chosen["q"][:200]), chosen)
    own = request.company.currency
    rows = by_customer(entries, today, own).filter(**LATE.get(chosen["is"], {}))
    if request.GET.get("as") == "csv":
        return csv_of(actor, rows)
    page = cut(rows, request.GET.get("page", ""), PAGE)
    known = [currency for currency, _aged in by_currency(open_entries(actor), today, own)]
    context = {
        "rows": [line_of(row, customers) for customers in [customers_of(page.rows)] for row in page.rows], "page": page,
        "blocks": [block(currency, aged) for currency, aged in by_currency(entries, today, own)], "today": today,
        "heads": [BUCKET_LABELS[code] for code in BUCKETS], "q": chosen["q"], "query": kept_query(request.GET),
        "choices": choices(chosen, known), "filtered": any(chosen.values()),
        "may_export": actor.may("ledger.export_entry"), "section": "receivables",
    }  # fmt: skip
    return render(request, "ledger/receivables.html", context)


def narrowed(entries: Any, chosen: dict[str, str]) -> Any:
    if chosen["currency"]:
        entries = entries.filter(currency=chosen["currency"])
    return entries


def choices(chosen: dict[str, str], currencies: Sequence[str]) -> list[tuple[str, Any, list[tuple[str, Any]], str]]:
    """(parameter, label, options, value) of the selects; currencies are offered when there are several."""
    found: list[tuple[str, Any, list[tuple[str, Any]], str]] = [
        ("is", _("Situation"), [("overdue", _("Overdue")), ("old", BUCKET_LABELS["older"])], chosen["is"])
    ]
    if len(currencies) > 1:
        found.append(("currency", _("Currency"), [(code, code) for code in currencies], chosen["currency"]))
    return found


def customers_of(rows: Sequence[dict[str, Any]]) -> dict[int, Customer]:
    return customers_in({row["customer_id"] for row in rows})


def line_of(row: dict[str, Any], customers: dict[int, Customer]) -> dict[str, Any]:
    aged, customer = ageing_of(row), customers[row["customer_id"]]
    address = reverse("customer-statement", args=[customer.pk])
    return {
        "customer": customer, "owner": customer.owner, "url": f"{address}?{urlencode({'currency': row['currency']})}",
        "cells": [
            {"label": label, "amount": amount or None, "late": code in ("d90", "older")}
            for code, label, amount in aged.bars()
        ],
        "open": aged.owed, "balance": aged.owed - aged.unallocated,
    }  # fmt: skip


def block(currency: str, aged: Ageing) -> dict[str, Any]:
    return {"currency": currency, "total": aged.owed, "ageing": bars(aged), "label": bars_in_words(aged)}


def bars(aged: Ageing) -> list[dict[str, Any]]:
    """For ``kit/parts/ageing.html``: each bucket's share of what is owed."""
    whole, start, found = aged.owed.minor, 0.0, []
    for _code, label, amount in aged.bars():
        share = 100 * amount.minor / whole if whole else 0.0
        found.append({"label": label, "amount": money(amount), "share": share, "start": start})
        start += share
    return found


def bars_in_words(aged: Ageing) -> str:
    return " · ".join(f"{label}: {active().money_text(amount)}" for _code, label, amount in aged.bars())


def csv_of(actor: Actor, rows: Any) -> HttpResponse:
    if not actor.may("ledger.export_entry"):
        raise PermissionDenied("ledger.export_entry")
    heads = [str(_("Customer number")), str(_("Customer")), str(_("Currency")),
             *(str(BUCKET_LABELS[code]) for code in BUCKETS), str(_("Not yet allocated")),
             str(_("Balance"))]  # fmt: skip
    return as_csv("receivables", heads, _csv_rows(list(rows[:MOST_ROWS])))


def _csv_rows(rows: list[dict[str, Any]]) -> Iterator[list[Any]]:
    customers = customers_of(rows)
    for row in rows:
        aged, customer = ageing_of(row), customers[row["customer_id"]]
        yield [
            customer.code, str(customer), row["currency"], *(amount.amount for _code, _label, amount in aged.bars()),
            aged.unallocated.amount, (aged.owed - aged.unallocated).amount,
        ]  # fmt: skip


def as_csv(name: str, heads: list[str], rows: Iterator[list[Any]]) -> HttpResponse:
    response = HttpResponse("".join(csv_lines(heads, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


# One customer


class Period(forms.Form):
    start = DateField3(label=_("From"), required=False)
    end = DateField3(label=_("To"), required=False)


@access("staff")
def customer_statement(request: Request, customer: int) -> HttpResponse:
    """Opening balance, every posting with the balance after it, closing balance, and the age of what is open."""
    actor = allowed(request)
    screens = screens_of(Customer)
    assert screens is not None
    owner = screens.row(actor, customer)
    today = local_day(request.now, request.company)
    start, end, form = period(request, today)
    known = currencies_of(owner)
    currency = request.GET.get("currency", "")
    currency = currency if currency in known else known[0]
    found = statement(owner, currency, start, end)
    if request.GET.get("as") == "csv":
        return statement_csv(actor, owner, found)
    aged = ageing(owner, today, currency)
    context = {
        "customer": owner, "customer_url": screens.url("detail", owner.pk), "statement": found, "form": form,
        "rows": rows_of(found, actor), "currency": currency, "currencies": known, "query": kept_query(request.GET),
        "ageing": bars(aged) if aged.owed else None, "ageing_label": bars_in_words(aged),
        "may_export": actor.may("ledger.export_entry"), "section": "receivables",
    }  # fmt: skip
    return render(request, "ledger/statement.html", context)


def period(request: Request, today: date) -> tuple[date, date, Period]:
    """The asked days; without them the running year of the company's calendar until today."""
    first = year_of(today, request.company.calendar)[0]
    asked = {name: request.GET[name] for name in ("start", "end") if request.GET.get(name)}
    form = Period({"start": active().date(first), "end": active().date(today), **asked})
    data = form.cleaned_data if form.is_valid() else {}
    start, end = data.get("start") or first, data.get("end") or today
    return min(start, end), max(start, end), form


def rows_of(found: Statement, actor: Actor) -> list[dict[str, Any]]:
    """The postings with the addresses of their documents, as far as the person may open them."""
    pages = document_pages(found, actor)
    return [
        {"entry": row, "debit": row.debit or None, "credit": row.credit or None, "balance": row.balance,
         "kind": KIND_LABELS[row.kind], "url": pages.get(row.document_uid, "")}
        for row in found.rows
    ]  # fmt: skip


def document_pages(found: Statement, actor: Actor) -> dict[object, str]:
    """``{uid: address}``: at most one query per kind of document."""
    wanted: dict[str, set[Any]] = {}
    for row in found.rows:
        if row.kind in SLUG_OF:
            wanted.setdefault(SLUG_OF[row.kind], set()).add(row.document_uid)
    pages: dict[object, str] = {}
    for screens in all_screens():
        if screens.slug in wanted and actor.may(screens.permission("view")):
            rows = screens.rows(actor).filter(uid__in=wanted[screens.slug]).values_list("uid", "pk")
            pages |= {uid: screens.url("detail", pk) for uid, pk in rows}
    return pages


def statement_csv(actor: Actor, owner: Customer, found: Statement) -> HttpResponse:
    if not actor.may("ledger.export_entry"):
        raise PermissionDenied("ledger.export_entry")
    heads = [str(label) for label in (
        _("Date"), _("Kind"), _("Number"), _("Due date"), _("Debit"),
        pgettext_lazy("side of an account", "Credit"), _("Balance"),
    )]  # fmt: skip
    return as_csv(f"statement-{owner.code}", heads, _statement_rows(found))


def _statement_rows(found: Statement) -> Iterator[list[Any]]:
    zero = Money.zero(found.opening.currency).amount
    yield [found.start, str(KIND_LABELS["opening"]), "", "", zero, zero, found.opening.amount]
    for row in found.rows:
        yield [row.date, str(KIND_LABELS[row.kind]), row.number, row.due_date or "", row.debit.amount,
               row.credit.amount, row.balance.amount]  # fmt: skip
