"""Invoices: drafted by hand or from an order, and issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm

from rawabit.billing.logic.states import INVOICE
from rawabit.billing.models import Invoice, InvoiceLine
from rawabit.billing.queries.invoices import Billable, invoiceable_lines
from rawabit.company.actions import next_document_number
from rawabit.company.models import Company
from rawabit.company.queries import company_now, local_day
from rawabit.crm.models import Customer
from rawabit.crm.policies import may_on, require_on
from rawabit.crm.queries import due_date_for
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, save_form
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.ledger.actions import Paper, lock_balance, post_entry
from rawabit.sales.actions import register_invoiced, too_much
from rawabit.sales.models import Order
from rawabit.trade.actions import (
    TOTAL_FIELDS,
    add_up_again,
    change_permission,
    document_key,
    freeze,
    replace_lines,
    save_header,
    set_totals,
    write_lines,
)
from rawabit.trade.logic.lines import LineInput, with_sections
from rawabit.trade.queries import price_rows

COPIED = (
    "item_id", "sku", "title", "details", "kind", "unit", "unit_price", "discount_percent", "tax_rule_id",
    "tax_category", "tax_percent", "tax_reason", "tax_reason_code",
)  # fmt: skip


@transaction.atomic
def start_invoice(
    customer: Customer, *, actor: Actor, at: datetime, rows: Sequence[LineInput] = (), day: date | None = None
) -> Invoice:
    """A draft invoice by hand, without an order."""
    invoice = Invoice(customer=customer, date=day or local_day(at), language=customer.language)
    _require_add(invoice, actor)
    begin(invoice, actor, at)
    invoice.save()
    write_lines(invoice, price_rows(invoice, rows))
    invoice.save(update_fields=TOTAL_FIELDS)
    emit("invoice.created", invoice, actor=actor, at=at, customer=customer.name, total=invoice.total)
    return invoice


def _require_add(invoice: Invoice, actor: Actor) -> None:
    actor.require("billing.add_invoice")
    if not may_on(actor, "crm.view_customer", invoice.customer):
        raise PermissionDenied("crm.view_customer")


def begin(invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Fill in what a new invoice takes from customer and company."""
    company = company_now()
    invoice.owner_id = invoice.owner_id or invoice.customer.owner_id or actor.user_id
    invoice.currency = invoice.currency or invoice.customer.currency
    invoice.date = invoice.date or local_day(at, company)
    invoice.terms = invoice.terms or company.terms
    invoice.search_text = document_key(invoice)
    invoice.created_at = invoice.updated_at = at


@transaction.atomic
def save_invoice(form: ModelForm[Invoice], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Invoice:
    """Begin an invoice from a form, or change the head of a draft."""
    invoice = form.instance
    if invoice.pk is not None:
        return save_header(form, actor=actor, at=at, seen_version=seen_version)
    _require_add(invoice, actor)
    if "language" not in form.fields:
        invoice.language = invoice.customer.language
    begin(invoice, actor, at)
    return save_form(form, actor=actor, at=at)


@transaction.atomic
def save_invoice_lines(
    invoice: Invoice, rows: Sequence[LineInput], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Invoice:
    """Write the lines of a draft that was made by hand anew; one made from an order takes its lines from there."""
    require_on(actor, change_permission(invoice), invoice)
    if invoice.order_id is not None:
        raise Refused(_("The lines of this invoice come from its order. Delete the draft and choose the quantities."))
    lines = price_rows(invoice, rows)
    return replace_lines(invoice, lines, actor=actor, at=at, seen_version=seen_version)


@transaction.atomic
def invoice_order(
    order: Order,
    quantities: Mapping[int, Decimal] | None = None,
    *,
    actor: Actor,
    at: datetime,
    day: date | None = None,
) -> Invoice:
    """A draft invoice of what was delivered or ordered (as the company settled) and is not invoiced yet: all of it, or
    ``{order line key: quantity}``. What would be too much is said for all lines at once."""
    order = lock(order)
    actor.require("billing.add_invoice")
    if not may_on(actor, "sales.view_order", order):
        raise PermissionDenied("sales.view_order")
    if order.state not in ("confirmed", "on_hold", "done"):
        raise Refused(_("Only a confirmed order is invoiced."))
    company = company_now()
    wanted = _wanted(invoiceable_lines(order, company.invoice_from), quantities, company)
    invoice = Invoice(
        order=order, customer=order.customer, contact=order.contact, owner=order.owner, currency=order.currency,
        language=order.language, customer_reference=order.customer_reference, terms=order.terms,
        date=day or local_day(at, company),
    )  # fmt: skip
    begin(invoice, actor, at)
    invoice.save()
    _copy_lines(invoice, wanted)
    facts = {"order": order.number, "order_id": order.pk, "total": invoice.total}
    emit("invoice.created", invoice, actor=actor, at=at, customer=order.customer.name, **facts)
    return invoice


def _wanted(
    lines: Sequence[Billable], quantities: Mapping[int, Decimal] | None, company: Company
) -> list[tuple[Billable, Decimal]]:
    if quantities is None:
        wanted = [(row, row.left) for row in lines if row.left > 0]
    else:
        asked = [(row, quantities.get(row.line.pk, Decimal(0))) for row in lines]
        over = [row for row, quantity in asked if not 0 <= quantity <= row.left]
        if over or set(quantities) - {row.line.pk for row in lines}:
            raise Refused("\n".join(too_much(row.line, row.left) for row in over) or _("This is no line of the order."))
        wanted = [(row, quantity) for row, quantity in asked if quantity]
    if not wanted:
        raise Refused(_nothing_left(lines, company))
    taken = {row.line.pk: quantity for row, quantity in wanted}
    kept = with_sections(lines, lambda row: row.line.pk in taken)
    return [(row, taken.get(row.line.pk, Decimal(0))) for row in kept]


def _nothing_left(lines: Sequence[Billable], company: Company) -> object:
    if any(row.drafted for row in lines):
        return _("A draft invoice of this order holds these quantities already.")
    if company.invoice_from == "delivered" and any(row.line.invoiced < row.line.quantity for row in lines):
        return _("Nothing has been shipped that is not invoiced yet.")
    return _("Everything has been invoiced.")


def _copy_lines(invoice: Invoice, wanted: Sequence[tuple[Billable, Decimal]]) -> None:
    made = [
        InvoiceLine(
            document=invoice, order_line=row.line, position=position, quantity=quantity,
            **{name: getattr(row.line, name) for name in COPIED},
        )
        for position, (row, quantity) in enumerate(wanted, 1)
    ]  # fmt: skip
    set_totals(invoice, made)
    InvoiceLine.objects.bulk_create(made)
    invoice.save(update_fields=TOTAL_FIELDS)


@transaction.atomic
def post_invoice(invoice: Invoice, *, actor: Actor, at: datetime) -> Invoice:
    """Issue an invoice: its number, its frozen words and sums, the order's invoiced quantities and the customer's
    account change in one transaction, or none of them does. Locks: order, invoice, balance, counter."""
    if invoice.order is not None:
        lock(invoice.order)
    invoice = lock(invoice)
    require_on(actor, "billing.post_invoice", invoice)
    move = INVOICE.require(invoice, "post")
    company = company_now()
    add_up_again(invoice)
    if invoice.order is not None:
        register_invoiced(invoice.order, _ordered_quantities(invoice), actor=actor, at=at)
    invoice.supply_date = invoice.supply_date or invoice.date
    invoice.due_date = invoice.due_date or due_date_for(invoice.customer, invoice.date, company)
    invoice.state, invoice.open_amount = move.target, invoice.total
    enter(invoice, company, at)
    emit("invoice.posted", invoice, actor=actor, at=at, number=invoice.number, total=invoice.total,
         currency=invoice.currency, due_date=invoice.due_date)  # fmt: skip
    return invoice


def _ordered_quantities(invoice: Invoice) -> dict[int, Decimal]:
    rows = invoice.lines.filter(order_line__isnull=False).values_list("order_line_id", "quantity")
    return {key: quantity for key, quantity in rows if key is not None}


def enter(invoice: Invoice, company: Company, at: datetime) -> None:
    """Number, freeze, save and post a paper whose sums are ready; inside the caller's transaction."""
    lock_balance(invoice.customer, invoice.currency)
    invoice.number = next_document_number(invoice.kind, invoice.date)
    freeze(invoice, company, at)
    invoice.save()
    paper = Paper(
        invoice.kind, invoice.number, invoice.uid, invoice.date, invoice.money("total"), invoice.due_date
    )  # fmt: skip
    post_entry(invoice.customer, paper, at=at)
