"""Do the books agree? For ``doctor``, the kill harness and the tests: every rule that must hold at any moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from rawabit.billing.models import Allocation, Invoice, InvoiceLine, Payment, TransferReport
from rawabit.company.logic.numbering import count_in
from rawabit.kit.records.models import Counter
from rawabit.ledger.models import Entry
from rawabit.ledger.queries import verify_ledger
from rawabit.sales.models import Order, OrderLine, Quotation
from rawabit.shipping.models import Delivery
from rawabit.shipping.queries import verify_deliveries


def verify_books() -> list[str]:
    """Everything that does not agree, in words for an operator; empty when the books are right."""
    return [
        *verify_ledger(),
        *verify_deliveries(),
        *_invoice_sums(),
        *_payment_sums(),
        *_entries_of_documents(),
        *_line_sums(),
        *_invoiced_quantities(),
        *_number_gaps(),
        *_accepted_reports(),
    ]


def _sums(rows: Any, key: str, field: str = "amount") -> dict[int, int]:
    return {pk: total or 0 for pk, total in rows.values_list(key).annotate(total=Sum(field))}


def _invoice_sums() -> Iterator[str]:
    """Open = total − allocated; on a credit note open = total − given − refunded."""
    received = _sums(Allocation.objects.all(), "invoice_id")
    given = _sums(Allocation.objects.filter(credit_note__isnull=False), "credit_note_id")
    refunded = _sums(Payment.objects.filter(state="posted", refund_note__isnull=False), "refund_note_id")
    fields = ("pk", "kind", "number", "total", "open_amount")
    for pk, kind, number, total, left in Invoice.objects.filter(state="posted").values_list(*fields).iterator():
        used = received.get(pk, 0) if kind == Invoice.INVOICE else given.get(pk, 0) + refunded.get(pk, 0)
        if left != total - used:
            yield f"{number}: open {left}, total {total} less {used} settled"


def _payment_sums() -> Iterator[str]:
    """Amount = allocated + refunded + not yet allocated; a reversed payment has nothing left."""
    allocated = _sums(Allocation.objects.filter(payment__isnull=False), "payment_id")
    refunded = _sums(Payment.objects.filter(state="posted", refund_of__isnull=False), "refund_of_id")
    fields = ("pk", "number", "state", "direction", "amount", "unallocated")
    for pk, number, state, direction, amount, left in Payment.objects.exclude(state="draft").values_list(*fields):
        used = allocated.get(pk, 0) + refunded.get(pk, 0)
        expected = amount - used if state == "posted" and direction == "in" else 0
        if left != expected or (state == "reversed" and used):
            yield f"{number}: not yet allocated {left}, should be {expected}"


def _entries_of_documents() -> Iterator[str]:
    """Each posted document has its one entry, with its amount and its open part; no entry stands without a document."""
    entries = {
        (uid, kind): (debit, credit, left)
        for uid, kind, debit, credit, left in Entry.objects.exclude(kind="opening").values_list(
            "document_uid", "kind", "debit", "credit", "open"
        )
    }
    for key, number, expected in _expected_entries():
        if (found := entries.pop(key, None)) != expected:
            yield f"{number}: entry {found}, should be {expected} (debit, credit, open)"
    for uid, kind in entries:
        yield f"entry of {kind} {uid} has no document"


def _expected_entries() -> Iterator[tuple[tuple[Any, str], str, tuple[int, int, int]]]:
    papers = Invoice.objects.filter(state="posted")
    columns = papers.values_list("uid", "kind", "number", "total", "open_amount")
    for uid, kind, number, total, left in columns.iterator():
        sides = (total, 0, left) if kind == Invoice.INVOICE else (0, total, left)
        yield (uid, kind), number, sides
    fields = ("uid", "number", "state", "direction", "amount", "unallocated")
    for uid, number, state, direction, amount, left in Payment.objects.exclude(state="draft").values_list(*fields):
        if direction == "out":
            yield (uid, "refund"), number, (amount, 0, 0)
            continue
        yield (uid, "payment"), number, (0, amount, left)
        if state == "reversed":
            yield (uid, "reversal"), number, (amount, 0, 0)


def _line_sums() -> Iterator[str]:
    """Lines add up to their document's net and tax; net + tax = total."""
    lines = InvoiceLine.objects.values_list("document_id").annotate(net=Sum("net"), tax=Sum("tax"))
    sums = {pk: (net, tax) for pk, net, tax in lines}
    rows = Invoice.objects.filter(state="posted").values_list("pk", "number", "net", "tax", "total")
    for pk, number, net, tax, total in rows.iterator():
        if sums.get(pk, (0, 0)) != (net, tax) or net + tax != total:
            yield f"{number}: lines {sums.get(pk)}, document net {net} tax {tax} total {total}"
    for row in Order.objects.exclude(state="draft").exclude(total=F("net") + F("tax")):
        yield f"{row.number}: total {row.total} is not net {row.net} plus tax {row.tax}"


def _invoiced_quantities() -> Iterator[str]:
    """Order lines count as invoiced what posted invoices hold less what credit notes took back."""
    posted = InvoiceLine.objects.filter(document__state="posted", order_line__isnull=False)
    truth: dict[int, Decimal] = defaultdict(Decimal)
    for kind, field, sign in ((Invoice.INVOICE, "quantity", 1), (Invoice.CREDIT_NOTE, "taken_back", -1)):
        rows = posted.filter(document__kind=kind).values_list("order_line_id").annotate(Sum(field))
        for key, quantity in rows:
            truth[key] += sign * quantity
    kept = dict(OrderLine.objects.filter(invoiced__gt=0).values_list("pk", "invoiced"))
    for key in sorted({*truth, *kept}):
        if truth.get(key, Decimal(0)) != kept.get(key, Decimal(0)):
            yield f"order line {key}: invoiced {kept.get(key, 0)}, invoices say {truth.get(key, 0)}"


def _accepted_reports() -> Iterator[str]:
    """A transfer report is accepted exactly when the payment made of it stands in the books."""
    made = dict(Payment.objects.filter(idempotency_key__startswith="transfer:").values_list("idempotency_key", "pk"))
    for uid, payment in TransferReport.objects.filter(state="accepted").values_list("uid", "payment_id"):
        if made.pop(f"transfer:{uid}", None) != payment:
            yield f"transfer report {uid}: accepted, but its payment {payment} was not made of it"
    for key in made:
        yield f"payment of {key}, which is not accepted"


def _number_gaps() -> Iterator[str]:
    """In each series and year the numbers run from 1 to the counter, none missing and none twice."""
    counters = dict(Counter.objects.values_list("name", "last"))
    for kind, numbers in _numbers_by_kind():
        found: dict[str, list[int]] = defaultdict(list)
        for number in numbers:
            if parsed := count_in(number):
                found[f"{kind}:{parsed[0]}" if parsed[0] else kind].append(parsed[1])
        for name in {*found, *(name for name in counters if name.partition(":")[0] == kind)}:
            yield from _gaps(name, sorted(found.get(name, [])), counters.get(name, 0))


def _gaps(name: str, counts: list[int], last: int) -> Iterator[str]:
    missing = sorted(set(range(1, last + 1)) - set(counts))
    if missing:
        yield f"series {name}: numbers missing {missing[:10]} of {last}"
    if len(set(counts)) != len(counts):
        yield f"series {name}: a number was given twice"
    if counts and counts[-1] > last:
        yield f"series {name}: number {counts[-1]} is beyond the counter {last}"


def _numbers_by_kind() -> Iterator[tuple[str, Any]]:
    own = Invoice.objects.filter(origin="own").exclude(number="")
    paid = Payment.objects.filter(origin="own").exclude(number="")
    yield "invoice", own.filter(kind=Invoice.INVOICE).values_list("number", flat=True)
    yield "credit_note", own.filter(kind=Invoice.CREDIT_NOTE).values_list("number", flat=True)
    yield "payment", paid.filter(direction="in").values_list("number", flat=True)
    yield "refund", paid.filter(direction="out").values_list("number", flat=True)
    yield "order", Order.objects.exclude(number="").values_list("number", flat=True)
    yield "delivery", Delivery.objects.exclude(number="").values_list("number", flat=True)
    # Versions of an offer share one number.
    yield "quotation", Quotation.objects.exclude(number="").values_list("number", flat=True).distinct()
