"""Credit notes: exact to lines, never more than what remains of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from rawabit.billing.actions.allocations import settle_note
from rawabit.billing.actions.invoices import COPIED, enter
from rawabit.billing.models import Invoice, InvoiceLine
from rawabit.billing.queries.invoices import creditable
from rawabit.company.queries import company_now, local_day
from rawabit.crm.policies import require_on
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import fsi
from rawabit.sales.actions import register_invoiced
from rawabit.trade.actions import document_key
from rawabit.trade.logic.parts import Credited, Part, by_amount, by_quantity
from rawabit.trade.logic.totals import RateTotal

Taken = Decimal | Money


@transaction.atomic
def credit_invoice(invoice: Invoice, taken: Mapping[int, Taken], *, reason: str, actor: Actor, at: datetime) -> Invoice:
    """Issue a credit note for ``{invoice line key: quantity, or net amount to take off}``.

    Pieces of a line add up to the line exactly; what exceeds the rest of a line is refused for all lines at once. The
    note is set against what is still open on the invoice; the rest stays as the customer's credit. Locks: order,
    invoice, balance, counter."""
    if invoice.order is not None:
        lock(invoice.order)
    invoice = lock(invoice)
    require_on(actor, "billing.credit_invoice", invoice)
    _require_creditable(invoice, reason)
    parts = _parts(invoice, taken)
    note = _note_of(invoice, reason, actor, at)
    lines = _write_lines(note, invoice, parts)
    enter(note, company_now(), at)
    _take_back_from_order(invoice, lines, actor, at)
    Invoice.objects.filter(pk=invoice.pk).update(credited=invoice.credited + note.total)
    settle_note(note, invoice, Money(min(note.total, invoice.open_amount), note.currency), at)
    emit("credit_note.posted", note, actor=actor, at=at, number=note.number, total=note.total,
         currency=note.currency, invoice=invoice.number, invoice_id=invoice.pk, reason=note.reason)  # fmt: skip
    note.refresh_from_db()
    return note


def credit_in_full(invoice: Invoice, *, reason: str, actor: Actor, at: datetime) -> Invoice:
    """Credit all that is left of an invoice."""
    left: dict[int, Taken] = {
        key: line.quantity_left if line.quantity_left > 0 else line.net_left
        for key, line in creditable(invoice).items()
        if line.quantity_left > 0 or line.net_left
    }
    return credit_invoice(invoice, left, reason=reason, actor=actor, at=at)


def _require_creditable(invoice: Invoice, reason: str) -> None:
    if invoice.kind != Invoice.INVOICE or invoice.state != "posted":
        raise Refused(_("Only an issued invoice is credited."))
    if not reason.strip():
        raise Refused(_("Say why the invoice is credited; the reason is printed on the credit note."))


def _parts(invoice: Invoice, taken: Mapping[int, Taken]) -> dict[int, Part]:
    lines = creditable(invoice)
    if set(taken) - set(lines):
        raise Refused(_("This is no line of the invoice."))
    titles = dict(invoice.lines.values_list("pk", "title"))
    parts, over = {}, []
    for key, amount in taken.items():
        try:
            parts[key] = _part(lines[key], amount)
        except ValueError:
            over.append(_too_much(titles[key], lines[key]))
    if over:
        raise Refused("\n".join(over))
    if not sum(part.net.minor + part.tax.minor for part in parts.values()):
        raise Refused(_("Nothing is left to credit."))
    return parts


def _part(line: Credited, taken: Taken) -> Part:
    return by_amount(line, taken) if isinstance(taken, Money) else by_quantity(line, taken)


def _too_much(title: str, line: Credited) -> str:
    words = _("%(title)s: only %(quantity)s (%(amount)s before VAT) can still be credited.")
    return str(words) % {
        "title": fsi(title),
        "quantity": active().number(line.quantity_left.normalize()),
        "amount": fsi(active().money_text(line.net_left)),
    }


def _note_of(invoice: Invoice, reason: str, actor: Actor, at: datetime) -> Invoice:
    day = max(local_day(at), invoice.date)
    note = Invoice(
        kind=Invoice.CREDIT_NOTE, state="posted", corrects=invoice, order=invoice.order, customer=invoice.customer,
        contact=invoice.contact, owner=invoice.owner, date=day, supply_date=day, currency=invoice.currency,
        language=invoice.language, customer_reference=invoice.customer_reference, reason=reason.strip()[:300],
        created_at=at, updated_at=at,
    )  # fmt: skip
    note.search_text = document_key(note)
    return note


def _write_lines(note: Invoice, invoice: Invoice, parts: Mapping[int, Part]) -> list[InvoiceLine]:
    """The note's lines and sums. The note itself is saved by its posting, so the lines follow it there."""
    originals = {line.pk: line for line in invoice.lines.order_by("position")}
    ordered = _in_order(originals, parts)
    made = [_line(position, originals[key], part) for position, (key, part) in enumerate(ordered, 1)]
    _set_sums(note, made)
    note.open_amount = note.total
    note.state, final = "draft", note.state
    note.save()
    note.state = final
    for line in made:
        line.document = note
    InvoiceLine.objects.bulk_create(made)
    return made


def _in_order(originals: Mapping[int, InvoiceLine], parts: Mapping[int, Part]) -> list[tuple[int, Part]]:
    return [(key, parts[key]) for key in originals if key in parts and (parts[key].net or parts[key].tax)]


def _line(position: int, original: InvoiceLine, part: Part) -> InvoiceLine:
    """By quantity: that many at the invoice's price. By amount: once the amount."""
    copied = {name: getattr(original, name) for name in COPIED}
    line = InvoiceLine(
        position=position, corrects=original, order_line=original.order_line, quantity=part.quantity,
        taken_back=part.quantity, net=part.net.minor, tax=part.tax.minor, **copied,
    )  # fmt: skip
    if not part.quantity:
        line.quantity, line.unit_price, line.discount_percent = Decimal(1), part.net.amount, Decimal(0)
    return line


def _set_sums(note: Invoice, lines: list[InvoiceLine]) -> None:
    note.net, note.tax = sum(line.net for line in lines), sum(line.tax for line in lines)
    note.total = note.net + note.tax
    rates: dict[tuple[str, Decimal, str], RateTotal] = {}
    for line in lines:
        key = (line.tax_category, line.tax_percent, line.tax_reason_code)
        zero = Money.zero(note.currency)
        before = rates.get(key) or RateTotal(*key, line.tax_reason, zero, zero)
        net, tax = before.net + Money(line.net, note.currency), before.tax + Money(line.tax, note.currency)
        rates[key] = replace(before, net=net, tax=tax)
    note.tax_summary = [rate.as_json() for rate in rates.values()]


def _take_back_from_order(invoice: Invoice, lines: list[InvoiceLine], actor: Actor, at: datetime) -> None:
    if invoice.order is None:
        return
    back: dict[int, Decimal] = {}
    for line in lines:
        if line.order_line_id and line.taken_back:
            back[line.order_line_id] = back.get(line.order_line_id, Decimal(0)) - line.taken_back
    if back:
        register_invoiced(invoice.order, back, actor=actor, at=at)
