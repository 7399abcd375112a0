"""Historical invoices, credit notes and payments: exact sums, own numbers, accounts that agree."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from rawabit.billing.models import Allocation, Invoice, InvoiceLine, Payment
from rawabit.catalog.models import Item
from rawabit.crm.models import Customer, PaymentTerms
from rawabit.ledger.models import Balance, Entry
from rawabit.ledger.queries import verify_ledger
from tests.connect.makers import do, table

pytestmark = pytest.mark.django_db

LINES = ["No", "Code", "Text", "Qty", "At", "Price", "Customer", "Country"]
PLAN = """
name = "shop"
[source]
timezone = "Asia/Riyadh"
[defaults]
currency = "SAR"
[[target]]
entity = "customer"
when = [{column="Customer", blank=false}]
columns = {external_id="Customer", name="Customer", country="Country"}
[[target]]
entity = "item"
columns = {external_id="Code", name="Text"}
[[target]]
entity = "invoice"
when = [{column="No", not_starts_with="C"}]
columns = {number="No", customer="Customer", country="Country", issued_at="At"}
lines = {item="Code", title="Text", quantity="Qty", unit_price="Price", tax_rate={constant=15}}
[[target]]
entity = "credit_note"
when = [{column="No", starts_with="C"}]
columns = {number="No", customer="Customer", country="Country", issued_at="At"}
[target.lines]
item = "Code"
title = "Text"
quantity = {column="Qty", transform="negate"}
unit_price = "Price"
tax_rate = {constant=15}
"""
ROWS = [
    LINES,
    ["1", "A", "Lamp", "3", "2024-02-28 23:30", "10.005", "K1", "SA"],
    ["1", "B", "Vase", "1", "2024-02-28 23:31", "0", "K1", "SA"],
    ["2", "A", "Lamp", "-2", "2024-03-01", "0", "", "AE"],
    ["C3", "A", "Lamp", "-1", "2024-03-02", "10", "K1", "SA"],
    ["1", "A", "", "1", "2024-02-28 23:30", "5", "K1", "SA"],
]


def test_documents_keep_numbers_dates_prices_and_quantities(tmp_path: Path) -> None:
    done = do(table(tmp_path, ROWS), PLAN)
    assert done.reported == []
    assert done.facts["created"] == {"credit_note": 1, "customer": 1, "invoice": 2, "item": 2}
    one = Invoice.objects.get(number="1")
    assert (one.kind, one.state, one.origin, one.source) == ("invoice", "posted", "imported", "shop")
    # Half past eleven at night in Riyadh is the same day there, and still the day before in UTC's morning.
    assert (one.date, one.posted_at) == (date(2024, 2, 28), datetime(2024, 2, 28, 20, 30, tzinfo=UTC))
    # 3 × 10.005 = 30.015 → 30.02, 0.00, 5.00; 15 % of 35.02 = 5.253 → 5.25
    assert (one.net, one.tax, one.total, one.open_amount, one.discount) == (3502, 525, 4027, 4027, 0)
    assert list(one.lines.values_list("position", "sku", "title", "quantity", "unit_price", "net", "tax")) == [
        (1, "A", "Lamp", Decimal(3), Decimal("10.005"), 3002, 450),
        (2, "B", "Vase", Decimal(1), Decimal(0), 0, 0),
        (3, "A", "A", Decimal(1), Decimal(5), 500, 75),
    ]
    assert one.tax_summary == [
        {"category": "S", "percent": "15", "reason_code": "", "reason": "", "net": 3502, "tax": 525}
    ]
    assert one.buyer["name"] == "K1"
    two = Invoice.objects.get(number="2")
    assert (two.total, two.customer.is_walk_in, two.customer.country) == (0, True, "AE")
    assert [line.quantity for line in two.lines.all()] == [Decimal(-2)]
    note = Invoice.objects.get(number="C3")
    assert (note.kind, note.total, note.open_amount, note.due_date) == ("credit_note", 1150, 1150, None)
    assert note.reason
    assert done.facts["totals"] == {"invoice": {"SAR": "40.27"}, "credit_note": {"SAR": "-11.50"}}
    assert done.facts["documents"] == {"invoice": {"SAR": 2}, "credit_note": {"SAR": 1}}


def test_the_accounts_agree(tmp_path: Path) -> None:
    do(table(tmp_path, ROWS), PLAN)
    rows = Entry.objects.order_by("pk").values_list("kind", "number", "debit", "credit", "open", "date")
    assert list(rows) == [
        ("invoice", "1", 4027, 0, 4027, date(2024, 2, 28)),
        ("credit_note", "C3", 0, 1150, 1150, date(2024, 3, 2)),
    ]
    assert Balance.objects.get(customer__code="K1", currency="SAR").amount == 2877
    assert verify_ledger() == []


def test_the_walk_in_customer_of_a_country_is_made_once(tmp_path: Path) -> None:
    rows = [LINES, *([str(n), "A", "Lamp", "1", "2024-03-01", "1", "", "SA" if n % 2 else ""] for n in range(6))]
    do(table(tmp_path, rows), PLAN)
    do(table(tmp_path, [LINES, ["9", "A", "Lamp", "1", "2024-03-01", "1", "", "SA"]], "u.csv"), PLAN)
    walk_in = Customer.objects.get()
    assert (walk_in.code, walk_in.is_walk_in, walk_in.invoice_set.count()) == ("WALK-IN-SA", True, 7)


def test_one_bad_row_leaves_its_whole_document_out_and_says_so(tmp_path: Path) -> None:
    rows = [
        LINES,
        ["1", "A", "Lamp", "1", "2024-03-01", "10", "K1", "SA"],
        ["1", "A", "Lamp", "many", "2024-03-01", "10", "K1", "SA"],
        ["2", "A", "Lamp", "1", "2024-03-01", "10", "K1", "SA"],
        ["1", "B", "Vase", "1.2345", "2024-03-01", "10", "K1", "SA"],
    ]
    done = do(table(tmp_path, rows), PLAN)
    assert [invoice.number for invoice in Invoice.objects.all()] == ["2"]
    assert sorted(done.reported) == [
        (2, ["document.row_failed"]),
        (3, ["value.not_a_number"]),
        (5, ["value.too_many_places", "document.row_failed"]),
    ]
    assert any("row 3" in words for words in done.report.said)


def test_rows_of_one_document_must_name_one_customer(tmp_path: Path) -> None:
    rows = [
        LINES,
        ["1", "A", "Lamp", "1", "2024-03-01 10:00", "10", "K1", "SA"],
        ["1", "A", "Lamp", "1", "2024-03-01 10:01", "10", "K2", "SA"],
    ]
    done = do(table(tmp_path, rows), PLAN)
    assert sorted(done.reported) == [(2, ["document.row_failed"]), (3, ["document.rows_disagree"])]
    assert Invoice.objects.count() == 0


def test_a_posted_document_is_never_changed_by_a_later_import(tmp_path: Path) -> None:
    do(table(tmp_path, ROWS), PLAN)
    changed = [list(row) for row in ROWS]
    changed[2][5] = "1"
    done = do(table(tmp_path, changed), PLAN)
    assert sorted(done.reported) == [(2, ["document.changed"]), (3, ["document.changed"]), (6, ["document.changed"])]
    assert Invoice.objects.get(number="1").total == 4027
    assert "other contents" in done.report.said[0]


def test_what_refers_to_nothing_is_reported(tmp_path: Path) -> None:
    plan = PLAN.split("[[target]]")[0] + "[[target]]" + PLAN.split("[[target]]")[3]
    done = do(table(tmp_path, [LINES, ["1", "A", "x", "1", "2024-03-01", "1", "K1", "SA"], ROWS[4]]), plan)
    assert done.reported == [(3, ["row.not_taken"]), (2, ["reference.unknown"])]
    Customer.objects.create(code="K1", name="x")
    done = do(table(tmp_path, [LINES, ["1", "A", "x", "1", "2024-03-01", "1", "K1", "SA"]]), plan)
    assert done.reported == [(2, ["reference.unknown"])]
    Item.objects.all()
    done = do(table(tmp_path, [LINES, ["1", "A", "x", "1", "2024-03-01", "1", "K1", "Arabia"]]), plan)
    assert done.reported == [(2, ["value.too_long"])]


def test_two_documents_of_one_number_cannot_both_stand(tmp_path: Path) -> None:
    plan = PLAN.replace('not_starts_with="C"', 'equals="1"').replace('starts_with="C"', 'equals="1"')
    plan = plan.replace(', transform="negate"', "")
    done = do(table(tmp_path, [LINES, ["1", "A", "x", "1", "2024-03-01", "1", "K1", "SA"]]), plan)
    assert done.reported == [(2, ["document.number_taken"])]
    assert Invoice.objects.get().kind == "invoice"


INVOICE_HEADS = [
    "Invoice", "Customer No", "Date", "Due", "PO", "Total", "SKU", "Description", "Qty", "Price", "Discount %", "VAT %",
]  # fmt: skip


def test_totals_that_the_source_printed_are_checked(tmp_path: Path) -> None:
    terms = PaymentTerms.objects.create(name="30", days=30)
    Customer.objects.create(code="C-1", name="النخيل", payment_terms=terms)
    rows = [
        INVOICE_HEADS,
        ["F-1", "C-1", "28/02/2024", "", "PO 7", "1,035.00", "", "Consulting", "10", "100", "10", ""],
        ["F-2", "C-1", "28/02/2024", "15/03/2024", "", "٢٠٠٫٠٠", "X", "", "2", "100", "", "0"],
        ["F-3", "C-1", "28/02/2024", "", "", "999", "X", "", "1", "100", "", ""],
        ["F-4", "C-1", "28/02/2024", "", "", "115.001", "X", "", "1", "100", "", ""],
        ["F-5", "C-1", "28/02/2024", "", "", "", "X", "", "1", "100", "101", ""],
    ]
    done = do(table(tmp_path, rows), "invoices")
    assert done.reported == [(4, ["document.total_differs"]), (5, ["document.inexact"]), (6, ["record.invalid"])]
    one, two = Invoice.objects.order_by("number")
    assert (one.net, one.discount, one.tax, one.total, one.due_date) == (
        90_000,
        10_000,
        13_500,
        103_500,
        date(2024, 3, 29),
    )
    assert (one.customer_reference, one.lines.get().item) == ("PO 7", None)
    assert (two.total, two.due_date, two.lines.get().tax_category) == (20_000, date(2024, 3, 15), "O")


def test_an_invoice_below_zero_is_no_invoice(tmp_path: Path) -> None:
    Customer.objects.create(code="C-1", name="x")
    rows = [INVOICE_HEADS, ["F-1", "C-1", "28/02/2024", "", "", "", "", "Bad debt", "1", "-50", "", "0"]]
    done = do(table(tmp_path, rows), "invoices")
    assert (done.reported, done.facts["totals"]) == ([(2, ["document.below_zero"])], {})
    assert "-50.00" in done.report.said[0]


RECEIPTS = ["Receipt", "Customer No", "Date", "Amount", "Method", "Reference", "Invoices"]


def test_payments_with_hijri_dates_settle_invoices_in_order(tmp_path: Path) -> None:
    Customer.objects.create(code="C-1", name="x")
    Customer.objects.create(code="C-2", name="y")
    invoices = [[n, "C-1", "28/02/2024", "", "", "", "", "x", "1", "100", "", "0"] for n in ("F-1", "F-2", "F-3")]
    do(table(tmp_path, [INVOICE_HEADS, *invoices]), "invoices")
    rows = [
        RECEIPTS,
        ["R-1", "C-1", "1445/09/01", "١٥٠٫٠٠", "نقد", "77", "F-1, F-2"],
        ["R-2", "C-1", "1445/09/02", "100", "", "", "F-2; F-3"],
        ["R-3", "C-2", "1445/09/02", "10", "", "", "F-3"],
        ["R-4", "C-2", "1445/09/02", "10", "", "", ""],
        ["R-5", "C-1", "1445/09/02", "-10", "", "", ""],
        ["R-6", "C-1", "1445/13/02", "10", "", "", ""],
        ["R-7", "C-1", "1445/09/02", "10.005", "", "", ""],
    ]
    done = do(table(tmp_path, rows, "p.csv"), "payments")
    assert sorted(done.reported) == [
        (4, ["reference.unknown"]), (6, ["record.invalid"]), (7, ["value.date_format"]), (8, ["document.inexact"]),
    ]  # fmt: skip
    one = Payment.objects.get(number="R-1")
    assert (one.date, one.amount, one.method, one.unallocated, one.state) == (
        date(2024, 3, 11),
        15_000,
        "cash",
        0,
        "posted",
    )
    shares = Allocation.objects.order_by("pk").values_list("payment__number", "invoice__number", "amount")
    assert list(shares) == [("R-1", "F-1", 10_000), ("R-1", "F-2", 5_000), ("R-2", "F-2", 5_000), ("R-2", "F-3", 5_000)]
    assert list(Invoice.objects.order_by("number").values_list("open_amount", flat=True)) == [0, 0, 5_000]
    assert list(Payment.objects.order_by("number").values_list("unallocated", flat=True)) == [0, 0, 1_000]
    assert verify_ledger() == []
    assert done.facts["totals"] == {"payment": {"SAR": "260.00"}}


def test_currencies_without_and_with_three_decimals(tmp_path: Path) -> None:
    Customer.objects.create(code="C-1", name="x")
    plan = (Path(__file__).resolve().parents[2] / "demo/maps/invoices.toml").read_text()
    rows = [INVOICE_HEADS, ["F-1", "C-1", "28/02/2024", "", "", "1.0005", "", "x", "1", "1.0005", "", "0"]]
    assert do(table(tmp_path, rows), plan.replace('"SAR"', '"KWD"')).reported == [(2, ["value.too_many_places"])]
    rows[1][5] = ""
    do(table(tmp_path, rows), plan.replace('"SAR"', '"KWD"'))
    assert InvoiceLine.objects.get().net == 1001
    rows[1][:1], rows[1][5] = ["F-2"], "2"
    assert do(table(tmp_path, rows), plan.replace('"SAR"', '"IRR"')).reported == [(2, ["document.total_differs"])]
