"""Transfers that customers report: one report per transfer, one payment per report, to the last halala."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from rawabit.billing.actions import (
    AlreadyReported,
    Told,
    accept_transfer,
    promise_transfer,
    refuse_transfer,
    report_transfer,
    withdraw_transfer,
)
from rawabit.billing.logic.asking import reference_key, suggested
from rawabit.billing.logic.sharing import Open
from rawabit.billing.models import Invoice, Payment, TransferReport
from rawabit.billing.queries import payments_like, reminders_paused, reports_like, suggested_shares, verify_books
from rawabit.kit.money import Money
from rawabit.kit.records.models import Attachment, Event
from rawabit.kit.states import Refused
from rawabit.ledger.queries import balance_of
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    make_customer,
    make_customer_user,
    make_payment,
    make_transfer,
    make_user,
    posted_invoice,
    sar,
)
from tests.makers import actor as acting

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nslip"


def told(amount: str = "100", currency: str = "SAR", **fields) -> Told:
    return Told(Money.of(Decimal(amount), currency), fields.pop("day", TODAY), **{"reference": "FT-1", **fields})


def accepted(report: TransferReport, **fields) -> TransferReport:
    given = {key: Money(minor, report.currency) for key, minor in suggested_shares(report).items()}
    return accept_transfer(report, shares=fields.pop("shares", given), actor=SYSTEM, at=NOW, **fields)


def test_a_report_moves_no_money():
    customer = make_customer()
    invoice = posted_invoice(customer)

    report = make_transfer(customer, "230", invoices=[invoice])

    assert report.state == "reported"
    assert balance_of(customer) == sar(230)
    invoice.refresh_from_db()
    assert invoice.open_amount == 23_000
    assert Payment.objects.count() == 0


def test_accepting_records_one_numbered_payment_on_the_invoices():
    customer = make_customer()
    first, second = posted_invoice(customer), posted_invoice(customer, lines=2)  # 230.00 and 460.00
    report = make_transfer(customer, "690", invoices=[first, second], reference="FT 26064-XYZ")

    done = accepted(report)

    payment = done.payment
    assert (done.state, payment.number, payment.amount, payment.unallocated) == ("accepted", "RC-2026-00001", 69_000, 0)
    assert payment.reference == "FT 26064-XYZ"
    assert sorted(payment.allocations.values_list("invoice_id", "amount")) == [(first.pk, 23_000), (second.pk, 46_000)]
    assert balance_of(customer) == sar(0)
    assert verify_books() == []
    names = list(Event.objects.filter(name__startswith="transfer").values_list("name", flat=True))
    assert names == ["transfer.reported", "transfer.accepted"]
    assert Event.objects.get(name="transfer.accepted").facts["number"] == payment.number


def test_too_much_stays_as_credit_and_too_little_leaves_the_rest_open():
    customer = make_customer()
    invoice, other = posted_invoice(customer), posted_invoice(customer)

    over = accepted(make_transfer(customer, "250.55", invoices=[invoice])).payment
    part = accepted(make_transfer(customer, "29.45", invoices=[other])).payment

    assert (over.unallocated, part.unallocated) == (2_055, 0)
    other.refresh_from_db()
    assert other.open_amount == 23_000 - 2_945
    assert balance_of(customer) == sar("180.00")
    assert verify_books() == []


@pytest.mark.parametrize(
    ("currency", "amount", "minor"), [("KWD", "12.345", 12_345), ("IRR", "1250000", 1_250_000), ("USD", "0.01", 1)]
)
def test_other_currencies_to_the_last_unit(currency, amount, minor):
    customer = make_customer(currency=currency)

    payment = accepted(make_transfer(customer, amount, currency=currency)).payment

    assert (payment.amount, payment.currency, payment.unallocated) == (minor, currency, minor)
    assert balance_of(customer, currency) == Money(-minor, currency)
    assert verify_books() == []


def test_the_accountant_has_the_last_word_on_amount_and_shares():
    customer = make_customer()
    invoice, other = posted_invoice(customer), posted_invoice(customer)
    report = make_transfer(customer, "230", invoices=[invoice])

    payment = accepted(report, amount=sar("225.00"), shares={other.pk: sar("25.00")}).payment

    assert (payment.amount, payment.unallocated) == (22_500, 20_000)
    invoice.refresh_from_db()
    assert invoice.open_amount == 23_000
    report.refresh_from_db()
    assert report.amount == 23_000  # what the customer said stays as he said it


def test_accepted_twice_is_one_payment():
    report = make_transfer()
    first = accepted(report).payment

    assert accepted(report).payment == first
    assert Payment.objects.count() == 1
    assert Event.objects.filter(name="transfer.accepted").count() == 1


def test_shares_beyond_what_is_open_leave_everything_as_it_was():
    customer = make_customer()
    invoice = posted_invoice(customer)
    report = make_transfer(customer, "500", invoices=[invoice])

    with pytest.raises(Refused):
        accepted(report, shares={invoice.pk: sar("230.01")})

    report.refresh_from_db()
    assert (report.state, report.payment, Payment.objects.count()) == ("reported", None, 0)


def test_the_same_reference_and_amount_is_one_report():
    customer = make_customer()
    first = make_transfer(customer, reference="FT-26064 x")

    with pytest.raises(AlreadyReported) as again:
        make_transfer(customer, reference="ft26064X")

    assert again.value.report == first
    assert TransferReport.objects.count() == 1
    make_transfer(customer, "100.01", reference="FT-26064 x")  # another amount is another transfer
    make_transfer(make_customer(), reference="FT-26064 x")  # another customer's may look alike
    assert TransferReport.objects.count() == 3


def test_a_refused_report_may_be_made_anew_and_an_accepted_one_not():
    customer = make_customer()
    refuse_transfer(make_transfer(customer, reference="A1"), reason="Not on our account", actor=SYSTEM, at=NOW)
    report = make_transfer(customer, reference="A1")
    accepted(report)

    with pytest.raises(AlreadyReported):
        make_transfer(customer, reference="A1")


def test_the_same_sheet_sent_twice_is_one_report():
    customer = make_customer()
    one = report_transfer(customer, told(reference="", sheet="abc"), {}, actor=SYSTEM, at=NOW)
    two = report_transfer(customer, told(reference="", sheet="abc"), {}, actor=SYSTEM, at=NOW)

    assert one == two
    assert Event.objects.filter(name="transfer.reported").count() == 1


@pytest.mark.parametrize("bad", ["other customer", "draft", "credit note", "currency", "too much", "negative"])
def test_what_a_report_cannot_be_for(bad):
    from tests.makers import make_credit_note, make_invoice

    customer = make_customer()
    invoice = {
        "other customer": posted_invoice,
        "draft": lambda: make_invoice(customer),
        "credit note": lambda: make_credit_note(posted_invoice(customer)),
    }.get(bad, lambda: posted_invoice(customer))()
    share = {"currency": Money(100, "USD"), "too much": sar("100.01"), "negative": sar("-1")}.get(bad, sar(1))

    with pytest.raises(Refused):
        report_transfer(customer, told("100"), {invoice.pk: share}, actor=SYSTEM, at=NOW)

    assert TransferReport.objects.count() == 0


def test_tomorrows_money_is_a_promise_and_tomorrows_cheque_a_report():
    customer = make_customer()
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(Refused):
        report_transfer(customer, told(day=tomorrow), {}, actor=SYSTEM, at=NOW)

    cheque = told(day=tomorrow, method="cheque", reference="", sayad="1234567890123456")
    assert report_transfer(customer, cheque, {}, actor=SYSTEM, at=NOW).state == "reported"


def test_a_promise_pauses_reminders_until_its_day_and_is_kept_by_a_report():
    customer = make_customer()
    invoice, other = posted_invoice(customer), posted_invoice(customer)
    day = TODAY + timedelta(days=3)
    promise = promise_transfer(customer, told("230", day=day), {invoice.pk: sar(230)}, actor=SYSTEM, at=NOW)

    keys = [invoice.pk, other.pk]
    assert reminders_paused(keys, day) == {invoice.pk}
    assert reminders_paused(keys, day + timedelta(days=1)) == set()

    report = make_transfer(customer, "230", invoices=[invoice])
    promise.refresh_from_db()
    assert promise.state == "kept"
    assert reminders_paused(keys, day + timedelta(days=1)) == {invoice.pk}  # somebody has to look at the report first
    refuse_transfer(report, reason="No money came", actor=SYSTEM, at=NOW)
    assert reminders_paused(keys, TODAY) == set()


def test_a_new_promise_replaces_the_old_one():
    customer = make_customer()
    invoice = posted_invoice(customer)
    days = [TODAY + timedelta(days=2), TODAY + timedelta(days=9)]
    promises = [
        promise_transfer(customer, told("230", day=day), {invoice.pk: sar(230)}, actor=SYSTEM, at=NOW) for day in days
    ]

    states = [TransferReport.objects.get(pk=one.pk).state for one in promises]
    assert states == ["withdrawn", "planned"]


@pytest.mark.parametrize("days", [-1, 91])
def test_promises_are_for_the_near_future(days):
    with pytest.raises(Refused):
        promise_transfer(
            make_customer(), told(day=TODAY + timedelta(days=days)), {}, actor=SYSTEM, at=NOW
        )  # fmt: skip


def test_withdrawn_while_nobody_has_decided():
    report = make_transfer()
    assert withdraw_transfer(report, actor=SYSTEM, at=NOW).state == "withdrawn"
    assert withdraw_transfer(report, actor=SYSTEM, at=NOW).state == "withdrawn"
    assert Event.objects.filter(name="transfer.withdrawn").count() == 1
    with pytest.raises(Refused):
        accepted(report)
    decided = accepted(make_transfer())
    with pytest.raises(Refused):
        withdraw_transfer(decided, actor=SYSTEM, at=NOW)


def test_a_refusal_has_a_reason():
    report = make_transfer()
    with pytest.raises(Refused):
        refuse_transfer(report, reason=" \u202e ", actor=SYSTEM, at=NOW)
    assert refuse_transfer(report, reason="Not on our account", actor=SYSTEM, at=NOW).reason == "Not on our account"


def test_who_may_do_what():
    customer, stranger = make_customer(), make_customer()
    report = make_transfer(customer)
    payer, buyer = make_customer_user(customer, "finance").actor, make_customer_user(customer, "buyer").actor
    other = make_customer_user(stranger, "owner").actor
    for somebody in (buyer, other):
        with pytest.raises(PermissionDenied):
            report_transfer(customer, told(), {}, actor=somebody, at=NOW)
        with pytest.raises(PermissionDenied):
            withdraw_transfer(report, actor=somebody, at=NOW)
    assert report_transfer(customer, told(), {}, actor=payer, at=NOW).by_name == payer.name
    for somebody in (payer, acting(make_user("sales"))):
        with pytest.raises(PermissionDenied):
            accept_transfer(report, shares={}, actor=somebody, at=NOW)
        with pytest.raises(PermissionDenied):
            refuse_transfer(report, reason="x", actor=somebody, at=NOW)
    assert accept_transfer(report, shares={}, actor=acting(make_user("accountant")), at=NOW).state == "accepted"


@pytest.mark.parametrize(
    ("name", "content"),
    [("slip.pdf", b"<script>alert(1)</script>"), ("slip.csv", b"a,b"), ("slip.jpg", b""), ("x.exe", b"MZ\x90\x00")],
)
def test_a_slip_that_is_no_slip_leaves_nothing(name, content):
    with pytest.raises(Refused):
        report_transfer(
            make_customer(), told(), {}, slip=SimpleUploadedFile(name, content), actor=SYSTEM, at=NOW
        )  # fmt: skip
    assert (TransferReport.objects.count(), Attachment.objects.count()) == (0, 0)


def test_a_slip_is_kept_for_both_to_see():
    slip = SimpleUploadedFile("\u202egpj.slip.pdf", PDF)
    report_transfer(make_customer(), told(), {}, slip=slip, actor=SYSTEM, at=NOW)

    kept = Attachment.objects.get()
    assert (kept.mime, kept.for_customer, "\u202e" in kept.name) == ("application/pdf", True, False)


def test_what_the_customer_said_is_kept_by_the_database():
    report = make_transfer()
    for column, value in (("amount", 1), ("reference", "x"), ("note", "x")):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE billing_transferreport SET {column} = %s WHERE id = %s", [value, report.pk])


def test_payments_and_reports_that_look_alike():
    customer = make_customer()
    paid = make_payment(customer, "99", reference="FT-9", day=TODAY - timedelta(days=40))
    near = make_payment(customer, "100", day=TODAY - timedelta(days=3))
    make_payment(customer, "100", day=TODAY - timedelta(days=4))
    make_payment(make_customer(), "100")
    twin = make_transfer(make_customer(), "5", reference="FT 9")
    report = make_transfer(customer, "100", reference="FT-9")

    assert payments_like(report) == [near, paid]
    assert reports_like(report) == [twin]


@pytest.mark.parametrize(
    ("amount", "meant", "expected"),
    [
        (500, {2: 300}, {2: 200}),  # as said, as far as it is open
        (100, {1: 300, 2: 200}, {1: 100}),
        (200, {}, {2: 200}),  # exactly this amount
        (250, {}, {1: 250}),  # oldest first
        (600, {}, {1: 300, 2: 200}),
    ],
)
def test_how_a_transfer_is_matched(amount, meant, expected):
    assert suggested(amount, meant, [Open(1, 300), Open(2, 200)]) == expected


@pytest.mark.parametrize("text", ["FT-26064", "ft 26064", "FT٢٦٠٦٤", "ft–۲۶۰۶۴"])
def test_references_are_compared_without_their_looks(text):
    assert reference_key(text) == "FT26064"


def test_an_invoice_paid_meanwhile_is_not_paid_again():
    customer = make_customer()
    invoice = posted_invoice(customer)
    report = make_transfer(customer, "230", invoices=[invoice])
    make_payment(customer, "200", shares={invoice.pk: sar(200)})

    payment = accepted(report).payment

    assert payment.unallocated == 20_000
    assert Invoice.objects.get(pk=invoice.pk).open_amount == 0
