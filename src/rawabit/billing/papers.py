"""Documents on paper. :func:`paper_of` is the one door to the paper of any document, :func:`statement_paper` to that of
an account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from rawabit.billing.logic.sample import sample_lines, sample_words
from rawabit.billing.logic.zatca_qr import payload
from rawabit.billing.models import Allocation, Invoice, InvoiceLine, Payment
from rawabit.company.models import Company
from rawabit.company.queries import company_now, local_day
from rawabit.crm.models import Customer
from rawabit.kit.identifiers import sa_vat_problem
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.paper.pictures import qr_svg
from rawabit.kit.paper.sheet import Cell, Column, Fact, Paper, Row, Sheet, Total
from rawabit.kit.paper.writing import Writer, ltr, user
from rawabit.ledger.papers import ageing_box, statement_columns, statement_rows
from rawabit.ledger.queries import ageing, statement
from rawabit.sales.models import Order, Quotation
from rawabit.sales.papers import order_paper, quotation_paper
from rawabit.shipping.models import Delivery
from rawabit.shipping.papers import delivery_paper
from rawabit.trade.papers import (
    bank_box,
    buyers_of,
    currency_fact,
    day_fact,
    fact,
    finished,
    key_of,
    languages_of,
    line_columns,
    line_rows,
    party_group,
    sellers_of,
    sheet_of,
    text_blocks,
    toman_rows,
    total_rows,
    with_arabic,
    writer_of,
)
from rawabit.trade.queries import buyer_of, seller_of

METHODS = dict(Payment.METHODS)
Languages = Sequence[str] | None


def paper_of(record: Any, *, languages: tuple[str, ...] | None = None, at: datetime) -> Paper:
    """The PDF of a quotation, an order, a delivery, an invoice, a credit note or a payment, from the cache where it was
    made before. ``languages``: one or two codes; without them the company's choice. TypeError for other records."""
    build = BUILDERS.get(type(record))
    if build is None:
        raise TypeError(f"no paper for {type(record).__name__}")
    return build(record, company_now(), languages, at)


# Invoices and credit notes


def invoice_paper(record: Invoice, company: Company, languages: Languages, at: datetime) -> Paper:
    """The tax invoice or the credit note, with its code for Saudi sellers."""
    chosen = with_arabic(languages_of(company, record.customer, languages), company, languages)
    writer = writer_of(company, chosen)
    lines = list(record.lines.order_by("position"))
    sheet = invoice_sheet(writer, record, company, lines, settled_with(record))
    return finished(sheet, writer, key=key_of(record))


def invoice_sheet(
    writer: Writer, record: Invoice, company: Company, lines: Sequence[Any], settled: Sequence[Total] = ()
) -> Sheet:
    """What stands on it; without a query, so that a sample can be made of rows that were never saved."""
    seller = sellers_of(record, company)
    note = record.kind == Invoice.CREDIT_NOTE
    qr = qr_of(record, seller)
    return sheet_of(
        writer, company, seller, heading=title_of(record, seller), number=record.number, day=record.date,
        draft=record.state == "draft", facts=_invoice_facts(writer, record),
        parties=[party_group(_("Seller"), seller, writer), party_group(_("Buyer"), buyers_of(record), writer)],
        columns=line_columns(writer, lines, taxes=True), rows=line_rows(writer, lines, record.currency, taxes=True),
        totals=[*total_rows(writer, record), *_due_rows(writer, record, settled)],
        words_label=writer.label(_("Amount in words")), words=writer.in_words(record.money("total")),
        boxes=[] if note else bank_box(seller, writer, record.number),
        blocks=text_blocks(
            writer, (_("Reason"), record.reason), (_("Note"), record.note), (_("Terms and conditions"), record.terms)
        ),
        qr=qr_svg(qr) if qr else "", qr_alt=writer.label(_("Code of the tax invoice"))[0],
    )  # fmt: skip


def title_of(record: Invoice, seller: dict[str, Any]) -> Any:
    """Called a tax document when the seller charges the tax."""
    taxed = bool(seller.get("vat_number"))
    if record.kind == Invoice.CREDIT_NOTE:
        return _("Tax credit note") if taxed else _("Credit note")
    return _("Tax invoice") if taxed else _("Invoice")


def qr_of(record: Invoice, seller: dict[str, Any]) -> str:
    """The payload for Saudi sellers; nothing on drafts, and nothing where amounts are not in riyals, which alone the
    code can tell."""
    vat_number = str(seller.get("vat_number", ""))
    saudi = seller.get("country") == "SA" and not sa_vat_problem(vat_number)
    if not saudi or record.state == "draft" or record.posted_at is None or record.currency != "SAR":
        return ""
    total, vat = record.money("total"), record.money("tax")
    return payload(
        seller=str(seller["name"]), vat_number=vat_number, at=record.posted_at, total=f"{total.amount:.2f}",
        vat=f"{vat.amount:.2f}",
    )  # fmt: skip


def _invoice_facts(writer: Writer, record: Invoice) -> list[Fact]:
    note = record.kind == Invoice.CREDIT_NOTE
    corrects = record.corrects if record.corrects_id else None
    return [
        *day_fact(writer, _("Date"), record.date),
        *day_fact(writer, _("Supply date"), record.supply_date),
        *([] if note else day_fact(writer, _("Due date"), record.due_date)),
        *(fact(writer, _("Corrects invoice"), ltr(corrects.number)) if corrects else []),
        *(fact(writer, _("Sales order"), ltr(record.order.number)) if record.order_id and record.order else []),
        *fact(writer, _("Customer purchase order"), user(record.customer_reference)),
        *currency_fact(writer, record.currency),
    ]  # fmt: skip


def settled_with(record: Invoice) -> list[Total]:
    """Payments and credit notes set against an invoice, each with its number. Their sum is what was paid."""
    if record.state == "draft" or record.kind == Invoice.CREDIT_NOTE or record.open_amount == record.total:
        return []
    rows = Allocation.objects.filter(invoice=record).values_list(
        "payment__number", "payment__date", "credit_note__number", "credit_note__date"
    )
    found = rows.annotate(sum=Sum("amount")).exclude(sum=0).order_by("payment__date", "credit_note__date")
    return [
        Total([ltr(paid or note or "")], str(amount), below=[str(day or note_day or "")])
        for paid, day, note, note_day, amount in found
    ]


def _due_rows(writer: Writer, record: Invoice, settled: Sequence[Total]) -> list[Total]:
    """What was paid and what is still to be paid."""
    if record.kind == Invoice.CREDIT_NOTE or record.state == "draft":
        return []
    due = Total(writer.label(_("Amount due")), writer.money(record.money("open_amount")), "due")
    if not record.paid:
        return [due]
    below = [
        f"{row.label[0]}  ·  {writer.short_day(date.fromisoformat(row.below[0]))}  ·  "
        f"{writer.amount(Money(int(row.value), record.currency))}"
        for row in settled
    ]
    return [Total(writer.label(_("Paid and credited")), writer.money(record.paid), below=below), due]


# Receipts


def payment_paper(record: Payment, company: Company, languages: Languages, at: datetime) -> Paper:
    """The receipt for money that came in, or that was given back."""
    writer = writer_of(company, languages_of(company, record.customer, languages))
    sums = Allocation.objects.filter(payment=record).values_list("invoice__number", "invoice__date")
    rows = [*sums.annotate(sum=Sum("amount")).exclude(sum=0).order_by("invoice__date")]
    return finished(_receipt(writer, record, company, rows), writer, key=key_of(record))


def _receipt(writer: Writer, record: Payment, company: Company, rows: Sequence[Any]) -> Sheet:
    seller, label, head = seller_of(company), writer.label, writer.head
    back = record.direction == "out"
    amount = record.money("amount")
    left = [] if back or not record.unallocated else [
        Total(label(_("Not yet set against an invoice")), writer.money(record.money("unallocated")))
    ]  # fmt: skip
    return sheet_of(
        writer, company, seller, heading=_("Refund") if back else _("Receipt voucher"), number=record.number,
        day=record.date, draft=record.state == "draft",
        mark=pgettext_lazy("payment", "Reversed") if record.state == "reversed" else None,
        facts=[
            *day_fact(writer, _("Date"), record.date),
            *fact(writer, _("Method"), label(METHODS.get(record.method, record.method))),
            *fact(writer, _("Reference"), ltr(record.reference)), *currency_fact(writer, record.currency),
        ],
        parties=[
            party_group(_("Paid to") if back else _("Received from"), buyer_of(record.customer), writer),
            party_group(_("Paid by") if back else pgettext_lazy("payment", "Received by"), seller, writer),
        ],
        columns=[
            Column(head(_("Invoice")), share=1), Column(head(_("Date")), share=1),
            Column(head(_("Amount")), "number"),
        ] if rows else [],
        rows=[
            Row([Cell(ltr(number)), Cell(writer.day(day)[0]), Cell(writer.amount(Money(share, record.currency)))])
            for number, day, share in rows
        ],
        totals=[Total(label(_("Amount")), writer.money(amount), "grand"), *toman_rows(writer, amount), *left],
        words_label=label(_("Amount in words")), words=writer.in_words(amount),
        blocks=text_blocks(writer, (_("Note"), record.note if back else "")),
    )  # fmt: skip


# Statements


def statement_paper(
    customer: Customer, first: date, last: date, *, languages: tuple[str, ...] | None = None, at: datetime,
    currency: str = "",
) -> Paper:  # fmt: skip
    """The account from ``first`` to ``last``, both included, in the customer's own currency unless another is named."""
    company = company_now()
    writer = writer_of(company, languages_of(company, customer, languages))
    code = currency or customer.currency
    found = statement(customer, code, first, last)
    seller, today = seller_of(company), local_day(at, company)
    sheet = sheet_of(
        writer, company, seller, heading=_("Statement of account"), number="", day=today,
        facts=[
            *day_fact(writer, _("From"), first), *day_fact(writer, _("To"), last),
            *day_fact(writer, _("Issued on"), today), *currency_fact(writer, code),
        ],
        parties=[party_group(_("Customer"), buyer_of(customer), writer)],
        columns=statement_columns(writer), rows=statement_rows(writer, found),
        totals=[
            Total(writer.label(_("Closing balance")), writer.money(found.closing), "grand"),
            *toman_rows(writer, found.closing),
        ],
        boxes=[*bank_box(seller, writer, customer.code), *ageing_box(writer, ageing(customer, today, code))],
    )  # fmt: skip
    paper = finished(sheet, writer, key=f"statement-{customer.uid}-{first}-{last}")
    return Paper(f"{paper.name.removesuffix('.pdf')} {customer.code} {first} {last}.pdf", paper.content, paper.kept)


# A sample for the settings


def sample_paper(company: Company, languages: tuple[str, ...], at: datetime) -> Paper:
    """An invoice that nobody owes, to see how papers look."""
    writer = writer_of(company, languages)
    day = local_day(at, company)
    words = sample_words(languages[0])
    lines = [InvoiceLine(**values) for values in sample_lines(languages[0])]
    net, tax = 0, 0
    for line in lines:
        line.net = Money.of(line.quantity * line.unit_price, company.currency).minor
        line.tax = Money(line.net, company.currency).times(line.tax_percent / Decimal(100)).minor
        net, tax = net + line.net, tax + line.tax
    rate = {"category": "S", "percent": "15", "reason": "", "reason_code": "", "net": net, "tax": tax}
    record = Invoice(
        number="SAMPLE-00001", state="posted", date=day, due_date=day, supply_date=day, currency=company.currency,
        net=net, tax=tax, total=net + tax, open_amount=net + tax, tax_summary=[rate], posted_at=at,
        terms=company.terms, seller=seller_of(company), buyer={"name": words, "country": company.country},
    )  # fmt: skip
    return finished(invoice_sheet(writer, record, company, lines), writer, key="sample")


BUILDERS: dict[type[Any], Callable[[Any, Company, Languages, datetime], Paper]] = {
    Quotation: quotation_paper, Order: order_paper, Delivery: delivery_paper, Invoice: invoice_paper,
    Payment: payment_paper,
}  # fmt: skip
