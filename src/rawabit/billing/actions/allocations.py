"""Setting payments and credit notes against invoices, and taking that back.

Locks, always in this order: payment, then invoices and credit notes by their keys. Each amount moves by conditional
update, so that nothing is ever settled twice, whatever the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from rawabit.billing.logic.sharing import Open, oldest_first
from rawabit.billing.models import Allocation, Invoice, Payment
from rawabit.billing.queries.invoices import open_invoices
from rawabit.crm.models import Customer
from rawabit.crm.policies import require_on
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import fsi
from rawabit.ledger.actions import settle, unsettle

Shares = Mapping[int, Money]


@transaction.atomic
def allocate_payment(payment: Payment, shares: Shares | None = None, *, actor: Actor, at: datetime) -> Payment:
    """Set what is left of a payment against invoices: ``{invoice key: amount}``, or the oldest due first."""
    payment = lock(payment)
    require_on(actor, "billing.allocate_payment", payment)
    if payment.state != "posted" or payment.direction != "in":
        raise Refused(_("This payment cannot be allocated."))
    spread(payment, lock_invoices(payment.customer, payment.currency, shares), shares, at)
    payment.refresh_from_db()
    emit("payment.allocated", payment, actor=actor, at=at, number=payment.number, unallocated=payment.unallocated)
    return payment


def lock_invoices(customer: Customer, currency: str, shares: Shares | None) -> list[Invoice]:
    """The invoices that money will be set against, held until the commit in the order of their keys."""
    rows = Invoice.objects.filter(pk__in=shares) if shares is not None else open_invoices(customer, currency)
    keys = list(rows.values_list("pk", flat=True))
    return list(Invoice.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def spread(payment: Payment, invoices: list[Invoice], shares: Shares | None, at: datetime) -> None:
    """Give a payment out over locked invoices."""
    if shares is None:
        debts = [Open(one.pk, one.open_amount, one.due_date) for one in invoices]
        given = oldest_first(payment.unallocated, debts)
        shares = {key: Money(amount, payment.currency) for key, amount in given.items()}
    _require_possible(payment.customer_id, payment.money("unallocated"), invoices, shares)
    for invoice in invoices:
        if share := shares.get(invoice.pk):
            _settle_payment(payment, invoice, share, at)


def _require_possible(customer_id: int, left: Money, invoices: Iterable[Invoice], shares: Shares) -> None:
    """All that speaks against these shares, at once."""
    found = {invoice.pk: invoice for invoice in invoices}
    wrong = [words for key, share in shares.items() if (words := _objection(found.get(key), customer_id, left, share))]
    if not wrong and sum(share.minor for share in shares.values()) > left.minor:
        wrong.append(str(_("Only %(left)s is left to allocate.")) % {"left": fsi(active().money_text(left))})
    if wrong:
        raise Refused("\n".join(wrong))


def _objection(invoice: Invoice | None, customer_id: int, left: Money, share: Money) -> str:
    if invoice is None or invoice.customer_id != customer_id or invoice.kind != Invoice.INVOICE:
        return str(_("Choose invoices of this customer."))
    if invoice.state != "posted":
        return str(_("Only issued invoices are settled."))
    if invoice.currency != left.currency or share.currency != left.currency:
        return str(_("%(number)s is in another currency.")) % {"number": fsi(invoice.number)}
    if not 0 < share.minor <= invoice.open_amount:
        shown = {"number": fsi(invoice.number), "open": fsi(active().money_text(invoice.money("open_amount")))}
        return str(_("%(number)s: only %(open)s is open.")) % shown
    return ""


def _settle_payment(payment: Payment, invoice: Invoice, share: Money, at: datetime) -> None:
    _take_from_invoice(invoice, share)
    rows = Payment.objects.filter(pk=payment.pk, state="posted", unallocated__gte=share.minor)
    if rows.update(unallocated=F("unallocated") - share.minor) != 1:
        raise Refused(_("This amount is no longer left of the payment."))
    Allocation.objects.create(invoice=invoice, payment=payment, amount=share.minor, at=at)
    settle(invoice.uid, payment.uid, share)


def _take_from_invoice(invoice: Invoice, share: Money) -> None:
    rows = Invoice.objects.filter(pk=invoice.pk, state="posted", open_amount__gte=share.minor)
    if rows.update(open_amount=F("open_amount") - share.minor) != 1:
        raise Refused(_("This amount is no longer open."))


# Credit notes


@transaction.atomic
def allocate_credit_note(note: Invoice, shares: Shares | None = None, *, actor: Actor, at: datetime) -> Invoice:
    """Set what is left of a credit note against other invoices: ``{invoice key: amount}``, or the oldest due first."""
    locked = lock_invoices_with(note, shares)
    note = next(one for one in locked if one.pk == note.pk)
    require_on(actor, "billing.allocate_payment", note)
    if note.kind != Invoice.CREDIT_NOTE or note.state != "posted":
        raise Refused(_("Only an issued credit note is allocated."))
    invoices = [one for one in locked if one.pk != note.pk]
    if shares is None:
        debts = [Open(one.pk, one.open_amount, one.due_date) for one in invoices]
        given = oldest_first(note.open_amount, debts)
        shares = {key: Money(amount, note.currency) for key, amount in given.items()}
    _require_possible(note.customer_id, note.money("open_amount"), invoices, shares)
    for invoice in invoices:
        settle_note(note, invoice, shares.get(invoice.pk, Money.zero(note.currency)), at)
    note.refresh_from_db()
    emit("credit_note.allocated", note, actor=actor, at=at, number=note.number, open=note.open_amount)
    return note


def lock_invoices_with(note: Invoice, shares: Shares | None) -> list[Invoice]:
    """The note and the invoices it is set against, held in the order of their keys."""
    rows = Invoice.objects.filter(pk__in=shares) if shares is not None else open_invoices(note.customer, note.currency)
    keys = {note.pk, *rows.values_list("pk", flat=True)}
    return list(Invoice.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def settle_note(note: Invoice, invoice: Invoice, share: Money, at: datetime) -> None:
    """Set a part of a posted credit note against an invoice; nothing happens for nothing."""
    if not share:
        return
    _take_from_invoice(invoice, share)
    _take_from_invoice(note, share)
    Allocation.objects.create(invoice=invoice, credit_note=note, amount=share.minor, at=at)
    settle(invoice.uid, note.uid, share)


# Taking back


@transaction.atomic
def unallocate(source: Payment | Invoice, invoice: Invoice, *, actor: Actor, at: datetime) -> Money:
    """Take back all that a payment or credit note settled of an invoice; answers how much that was."""
    source = lock(source) if isinstance(source, Payment) else source
    keys = [invoice.pk] if isinstance(source, Payment) else [invoice.pk, source.pk]
    locked = {one.pk: one for one in Invoice.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")}
    require_on(actor, "billing.allocate_payment", source)
    back = give_back(source, locked[invoice.pk], at)
    if not back:
        raise Refused(_("Nothing was allocated here."))
    emit("allocation.taken_back", source, actor=actor, at=at, invoice=invoice.number, invoice_id=invoice.pk,
         amount=back.minor, currency=back.currency)  # fmt: skip
    return back


def give_back(source: Payment | Invoice, invoice: Invoice, at: datetime) -> Money:
    """Undo what ``source`` settled of ``invoice``; both are locked by the caller."""
    by = {"payment": source} if isinstance(source, Payment) else {"credit_note": source}
    settled = Allocation.objects.filter(invoice=invoice, **by).aggregate(sum=Sum("amount"))["sum"] or 0
    if not settled:
        return Money.zero(invoice.currency)
    Allocation.objects.create(invoice=invoice, amount=-settled, at=at, **by)
    Invoice.objects.filter(pk=invoice.pk).update(open_amount=F("open_amount") + settled)
    field = "unallocated" if isinstance(source, Payment) else "open_amount"
    type(source).objects.filter(pk=source.pk).update(**{field: F(field) + settled})
    back = Money(settled, invoice.currency)
    unsettle(invoice.uid, source.uid, back)
    return back
