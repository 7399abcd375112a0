"""Historical payments and refunds, set against invoices where the source says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from rawabit.billing.models import Allocation, Invoice, Payment
from rawabit.connect.logic.amounts import exact_minor
from rawabit.connect.logic.reasons import Reason, Rejected
from rawabit.connect.logic.units import UNCHANGED, Unit
from rawabit.connect.targets.accounts import Posting, post_all
from rawabit.connect.targets.base import Batch, Found, Writer, day_in, digest_of, given, text
from rawabit.connect.targets.lookups import by_key, label_of, one_of, values_of
from rawabit.crm.models import Customer
from rawabit.kit.importing import EntitySpec, FieldSpec
from rawabit.kit.text import search_key
from rawabit.ledger.models import Entry

SPEC = EntitySpec(
    "payment",
    (
        FieldSpec("number", required=True, limit=60),
        FieldSpec("customer", required=True, limit=200),
        FieldSpec("date", "date", required=True),
        FieldSpec("amount", "decimal", required=True, places=3),
        FieldSpec("currency", required=True, limit=3),
        FieldSpec("direction", "choice", choices=("in", "out")),
        FieldSpec("method", "choice", choices=tuple(code for code, _label in Payment.METHODS)),
        FieldSpec("reference", limit=60),
        FieldSpec("note", limit=10_000),
        FieldSpec("invoices", limit=1_000),
    ),
    key=("number",),
)
_BETWEEN = re.compile(r"[;,،؛|\s]+")


@dataclass(slots=True)
class _Desk:
    customers: dict[str, int]
    invoices: dict[tuple[int, str], Invoice]
    taken: set[str]


class PaymentWriter(Writer):
    entity = SPEC
    model = Payment
    permission = "billing.import_payment"

    def write(self, units: Sequence[Unit], batch: Batch) -> None:
        for unit in units:
            try:
                currency = text(unit.values, "currency")
                minor = exact_minor(unit.values["amount"], currency, label_of(unit, "amount"))
                if minor <= 0:
                    column = label_of(unit, "amount")
                    raise Rejected("record.invalid", column=column, value=unit.values["amount"], reason="> 0")
                unit.amount = (currency, -minor if unit.values.get("direction") == "out" else minor)
            except Rejected as rejected:
                unit.fail(rejected.reason)
        super().write([unit for unit in units if unit.reason is None], batch)

    def fingerprint(self, unit: Unit) -> str:
        return digest_of(sorted(unit.values.items(), key=str))

    def meet_again(self, again: list[tuple[Unit, Found]], batch: Batch) -> None:
        for unit, found in again:
            if found.fingerprint == self.fingerprint(unit):
                unit.outcome = UNCHANGED
            else:
                unit.fail(Reason("document.changed", {"document": unit.name}))

    def prepare(self, units: list[Unit], batch: Batch) -> _Desk:
        customers = by_key(batch, "customer", Customer, "code", values_of(units, "customer"))
        numbers = {number for unit in units for number in invoice_numbers(unit)}
        rows = Invoice.objects.select_for_update().filter(
            number__in=numbers, customer__in=set(customers.values()), kind=Invoice.INVOICE, state="posted"
        )
        there = Payment.objects.filter(source=batch.run.source, number__in=[text(u.values, "number") for u in units])
        invoices = {(row.customer_id, row.number): row for row in rows}
        return _Desk(customers, invoices, set(there.values_list("number", flat=True)))

    def build(self, unit: Unit, batch: Batch, desk: _Desk) -> Payment:
        values = unit.values
        number = text(values, "number")
        if number in desk.taken:
            raise Rejected("document.number_taken", document=number)
        customer_id = one_of(desk.customers, unit, "customer", Customer._meta.verbose_name)
        assert unit.amount is not None
        currency, minor = unit.amount
        unit.work = _shares(unit, customer_id, abs(minor), desk) if minor > 0 else []
        return Payment(
            number=number, state="posted", direction="in" if minor > 0 else "out", customer_id=customer_id,
            date=day_in(values, "date") or batch.as_of, currency=currency, amount=abs(minor),
            unallocated=abs(minor) - sum(share for _invoice, share in unit.work) if minor > 0 else 0,
            posted_at=batch.at, origin="imported", source=batch.run.source,
            search_text=search_key(number, text(values, "reference")), created_at=batch.at, updated_at=batch.at,
            **given(values, "method", "reference", "note"),
        )  # fmt: skip

    def attach(self, made: list[tuple[Unit, Any]], batch: Batch, desk: _Desk) -> None:
        post_all((_posting(payment) for _unit, payment in made), batch.at)
        rows = []
        for unit, payment in made:
            for invoice, share in unit.work:
                rows.append(Allocation(invoice=invoice, payment=payment, amount=share, at=batch.at))
                move_open(invoice.pk, invoice.uid, payment.uid, -share)
        Allocation.objects.bulk_create(rows)


def invoice_numbers(unit: Unit) -> list[str]:
    """The numbers that a cell names, separated by commas, semicolons or blanks."""
    return [number for number in _BETWEEN.split(text(unit.values, "invoices")) if number]


def _shares(unit: Unit, customer_id: int, left: int, desk: _Desk) -> list[tuple[Invoice, int]]:
    """What of the payment goes to which invoice: in the order named, never more than is open; the rest stays."""
    shares = []
    for number in dict.fromkeys(invoice_numbers(unit)):
        invoice = desk.invoices.get((customer_id, number))
        if invoice is None or invoice.currency != text(unit.values, "currency"):
            what = Invoice._meta.verbose_name
            raise Rejected("reference.unknown", column=label_of(unit, "invoices"), entity=what, value=number)
        share = min(left, invoice.open_amount)
        if share > 0:
            shares.append((invoice, share))
            invoice.open_amount -= share
            left -= share
    return shares


def move_open(invoice_id: int, invoice_uid: object, payment_uid: object, by: int) -> None:
    """What is still open on an invoice and on a payment, in the documents and in the ledger."""
    Invoice.objects.filter(pk=invoice_id).update(open_amount=F("open_amount") + by)
    Entry.unsettled.filter(document_uid__in=[invoice_uid, payment_uid]).update(open=F("open") + by)


def _posting(payment: Payment) -> Posting:
    kind = "payment" if payment.direction == "in" else "refund"
    return Posting(
        payment.customer_id, kind, payment.number, payment.uid, payment.date, payment.currency, payment.amount
    )  # fmt: skip
