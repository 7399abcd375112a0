"""Invoices and credit notes of the time before, posted in bulk with the numbers they had."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from rawabit.billing.models import Invoice, InvoiceLine
from rawabit.crm.models import Customer
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import Actor
from rawabit.ledger.actions import Paper, lock_balance, sides
from rawabit.ledger.models import Balance, Entry
from rawabit.trade.actions import document_key, line_of, set_totals
from rawabit.trade.logic.lines import PricedLine


@dataclass(frozen=True, slots=True)
class HistoricPaper:
    """An old invoice or credit note. Quantities of lines are positive on both; ``reason`` is needed on credit notes."""

    kind: str
    number: str
    customer: Customer
    date: dt.date
    currency: str
    lines: Sequence[PricedLine]
    due_date: dt.date | None = None
    reason: str = ""


@transaction.atomic
def post_history(papers: Sequence[HistoricPaper], *, source: str, actor: Actor, at: datetime) -> list[Invoice]:
    """Post old papers under the name of their ``source``; what it has posted before is left out, so that importing
    twice changes nothing. Eight queries or so per call, whatever their number: give it some hundreds at a time."""
    actor.require("billing.import_invoice")
    fresh = _unknown(papers, source)
    if not fresh:
        return []
    for customer, currency in sorted({(one.customer.pk, one.currency) for one in fresh}):
        lock_balance(Customer(pk=customer), currency)
    invoices = [_invoice_of(one, source, at) for one in fresh]
    lines = [_lines_of(invoice, one) for invoice, one in zip(invoices, fresh, strict=True)]
    Invoice.objects.bulk_create(invoices)
    InvoiceLine.objects.bulk_create([line for made in lines for line in made], batch_size=500)
    _post(invoices, at)
    emit("history.posted", invoices[0], actor=actor, at=at, source=source, count=len(invoices))
    return invoices


def _unknown(papers: Sequence[HistoricPaper], source: str) -> list[HistoricPaper]:
    numbers = [one.number for one in papers]
    known = set(Invoice.objects.filter(source=source, number__in=numbers).values_list("number", flat=True))
    fresh: dict[str, HistoricPaper] = {}
    for one in papers:
        if one.number not in known:
            fresh.setdefault(one.number, one)
    return list(fresh.values())


def _invoice_of(paper: HistoricPaper, source: str, at: datetime) -> Invoice:
    customer = paper.customer
    invoice = Invoice(
        kind=paper.kind, state="posted", number=paper.number, customer=customer, owner_id=customer.owner_id,
        date=paper.date, supply_date=paper.date, due_date=paper.due_date or paper.date, currency=paper.currency,
        language=customer.language, reason=paper.reason, origin="imported", source=source, posted_at=at,
        buyer={"name": customer.name, "name_en": customer.name_en, "code": customer.code}, created_at=at,
        updated_at=at,
    )  # fmt: skip
    invoice.search_text = document_key(invoice)
    return invoice


def _lines_of(invoice: Invoice, paper: HistoricPaper) -> list[InvoiceLine]:
    lines = [line_of(InvoiceLine, invoice, position, line) for position, line in enumerate(paper.lines, 1)]
    set_totals(invoice, lines)
    invoice.open_amount = invoice.total
    return lines  # type: ignore[return-value]


def _post(invoices: Sequence[Invoice], at: datetime) -> None:
    sums: dict[tuple[int, str], int] = defaultdict(int)
    entries = []
    for one in invoices:
        paper = Paper(one.kind, one.number, one.uid, one.date, one.money("total"), one.due_date)
        debit, credit = sides(paper)
        sums[one.customer_id, one.currency] += debit - credit
        entries.append(
            Entry(
                customer_id=one.customer_id, currency=one.currency, date=one.date, due_date=one.due_date,
                kind=one.kind, number=one.number, document_uid=one.uid, debit=debit, credit=credit,
                open=debit + credit, at=at,
            )
        )  # fmt: skip
    Entry.objects.bulk_create(entries, batch_size=500)
    for (customer, currency), moved in sums.items():
        Balance.objects.filter(customer=customer, currency=currency).update(amount=F("amount") + moved)
