"""The customer reports a transfer, promises one, asks a question; and what he may not do."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rawabit.billing.actions import accept_transfer, answer_dispute, refuse_transfer
from rawabit.billing.models import Dispute, TransferReport
from rawabit.kit.records.models import Attachment
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    make_company,
    make_customer,
    make_customer_user,
    make_dispute,
    make_payment,
    make_transfer,
    posted_invoice,
    sar,
)
from tests.portal.conftest import reader, words_of

REVIEW = "We received your transfer receipt and are reviewing it."
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64


def form(**fields):
    return {"amount": "230", "date": "2026-03-05", "method": "transfer", "reference": "FT-1", "once": "a", **fields}


def test_one_invoice_with_a_photo(noura):
    invoice = posted_invoice(noura.customer)
    page = noura.read("invoice-paid", invoice.uid)
    assert f"I have paid invoice {invoice.number}" in page

    slip = SimpleUploadedFile("slip.jpg", JPEG)
    answer = noura.send("invoice-paid", invoice.uid, **form(slip=slip, sender_iban="SA0380000000608010167519"))

    assert answer.status_code == 302
    report = TransferReport.objects.get()
    assert (report.amount, report.currency, report.reference, report.by_name) == (23_000, "SAR", "FT-1", "Noura")
    assert list(report.shares.values_list("invoice_id", "amount")) == [(invoice.pk, 23_000)]
    assert report.sender_iban == "SA0380000000608010167519"
    page = noura.read("invoice", invoice.uid)
    assert REVIEW in page
    assert "⃁ 230.00" in page
    file = noura.open("file", Attachment.objects.get().uid)
    assert b"".join(file.streaming_content) == JPEG


def test_several_ticked_ones_in_one_report(noura):
    first, second = posted_invoice(noura.customer), posted_invoice(noura.customer, lines=2)
    query = f"?invoice={first.uid}&invoice={second.uid}"
    url = reverse("portal-transfer-new") + query
    page = words_of(noura.client.get(url))
    assert first.number in page
    assert second.number in page

    data = form(amount="500", **{f"share-{first.pk}": "40", f"share-{second.pk}": "460"})
    assert noura.client.post(url, data).status_code == 302
    shares = dict(TransferReport.objects.get().shares.values_list("invoice_id", "amount"))
    assert shares == {first.pk: 4_000, second.pk: 46_000}


def test_half_of_what_is_ticked_goes_to_the_oldest_without_arithmetic(noura):
    first = posted_invoice(noura.customer, due_date=TODAY - timedelta(days=5))
    second = posted_invoice(noura.customer, due_date=TODAY + timedelta(days=5))
    url = f"{reverse('portal-transfer-new')}?invoice={second.uid}&invoice={first.uid}"

    data = form(amount="300.50", **{f"share-{first.pk}": "230", f"share-{second.pk}": "230"})
    assert noura.client.post(url, data).status_code == 302
    shares = dict(TransferReport.objects.get().shares.values_list("invoice_id", "amount"))
    assert shares == {first.pk: 23_000, second.pk: 7_050}


def test_typed_shares_above_the_amount_are_told(noura):
    first, second = posted_invoice(noura.customer), posted_invoice(noura.customer)
    url = f"{reverse('portal-transfer-new')}?invoice={second.uid}&invoice={first.uid}"

    answer = noura.client.post(url, form(amount="100", **{f"share-{first.pk}": "60", f"share-{second.pk}": "60"}))

    assert answer.status_code == 422
    assert "together are more than the amount paid" in words_of(answer)
    assert TransferReport.objects.count() == 0


def test_two_currencies_are_two_reports(noura):
    one, other = posted_invoice(noura.customer), posted_invoice(noura.customer, currency="KWD")
    url = f"{reverse('portal-transfer-new')}?invoice={one.uid}&invoice={other.uid}"

    page = words_of(noura.client.get(url))

    assert "Invoices in another currency need a report of their own" in page


def test_the_same_reference_twice_is_told_and_is_one(noura):
    invoice = posted_invoice(noura.customer)
    noura.send("invoice-paid", invoice.uid, **form())
    answer = noura.client.post(reverse("portal-invoice-paid", args=[invoice.uid]), form(once="b"), follow=True)

    assert "You have reported this transfer already." in words_of(answer)
    assert TransferReport.objects.count() == 1


def test_a_double_click_is_one_report(noura):
    invoice = posted_invoice(noura.customer)
    for _ in range(2):
        assert noura.send("invoice-paid", invoice.uid, **form(reference="", slip=SimpleUploadedFile("a.jpg", JPEG))
                          ).status_code == 302  # fmt: skip
    assert (TransferReport.objects.count(), Attachment.objects.count()) == (1, 1)


def test_arabic_digits_and_calendars_are_understood(noura):
    invoice = posted_invoice(noura.customer)
    answer = noura.send("invoice-paid", invoice.uid, **form(amount="٢٣٠٫٥٠", date="1447/09/16", reference="٢٦٠٦٤"))

    assert answer.status_code == 302
    report = TransferReport.objects.get()
    assert (report.amount, report.date, report.reference) == (23_050, TODAY, "26064")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("amount", "0", "more than nothing"),
        ("amount", "1.234", "At most 2 decimals."),
        ("amount", "-5", ""),
        ("date", "2026-03-06", "not here yet"),
        ("reference", "", "send a photo of the slip"),
        ("sender_iban", "SA0380000000608010167518", ""),
        ("method", "bitcoin", ""),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(noura, field, value, words):
    invoice = posted_invoice(noura.customer)
    answer = noura.send("invoice-paid", invoice.uid, **form(note="Keep me", **{field: value}))

    assert answer.status_code == 422
    page = words_of(answer)
    assert words in page
    assert "Keep me" in answer.content.decode()
    assert TransferReport.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"), [("a.jpg", b"<html>"), ("a.pdf", b""), ("a.csv", b"a,b"), ("a.jpg", JPEG + b"\0" * 10 * 2**20)]
)
def test_a_slip_that_is_no_slip(noura, name, content):
    invoice = posted_invoice(noura.customer)
    answer = noura.send("invoice-paid", invoice.uid, **form(slip=SimpleUploadedFile(name, content)))
    assert answer.status_code == 422
    assert (TransferReport.objects.count(), Attachment.objects.count()) == (0, 0)


def test_hostile_words_are_shown_as_they_are(noura):
    invoice = posted_invoice(noura.customer)
    noura.send("invoice-paid", invoice.uid, **form(note="<script>alert(1)</script> \u202e 🙂", sender_bank="<b>x"))
    report = TransferReport.objects.get()

    body = noura.open("transfer", report.uid).content.decode()

    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body
    assert "\u202e" not in body
    assert "🙂" in body


def test_another_customers_invoice_in_the_form_does_not_exist(noura):
    mine, theirs = posted_invoice(noura.customer), posted_invoice(make_customer())
    assert noura.send("invoice-paid", theirs.uid, **form()).status_code == 404
    url = reverse("portal-transfer-new")
    assert noura.client.post(f"{url}?invoice={theirs.uid}", form()).status_code == 404
    both = f"{url}?invoice={mine.uid}&invoice={theirs.uid}"
    assert noura.client.post(both, form()).status_code == 404
    assert noura.client.get(f"{url}?invoice=nonsense").status_code == 404
    # a forged share of another's invoice is no field of the form
    forged = form(**{f"share-{theirs.pk}": "100", "invoice": str(theirs.uid)})
    assert noura.client.post(f"{url}?invoice={mine.uid}", forged).status_code == 404
    forged.pop("invoice")
    assert noura.client.post(f"{url}?invoice={mine.uid}", forged).status_code == 302
    assert set(TransferReport.objects.get().shares.values_list("invoice_id", flat=True)) == {mine.pk}


def test_reports_and_questions_of_others_do_not_exist(noura, as_role):
    other = make_customer()
    report, question = make_transfer(other), make_dispute(other)
    for name in ("transfer", "dispute"):
        assert noura.open(name, (report if name == "transfer" else question).uid).status_code == 404
    assert noura.send("transfer-withdraw", report.uid).status_code == 404
    assert noura.send("dispute-withdraw", question.uid).status_code == 404
    assert noura.send("dispute", question.uid, body="x").status_code == 404
    buyer = as_role("buyer")
    mine = make_transfer(noura.customer)
    for name, args in (("transfer-new", []), ("transfer", [mine.uid]), ("disputes", [])):
        assert buyer.open(name, *args).status_code == 403
    report.refresh_from_db()
    question.refresh_from_db()
    assert (report.state, question.state) == ("reported", "open")


def test_information_only_closes_the_doors(noura):
    make_company(transactions=False)
    invoice = posted_invoice(noura.customer)

    page = noura.read("invoice", invoice.uid)

    assert "I have paid" not in page
    for name in ("invoice-paid", "invoice-later", "invoice-question"):
        assert noura.send(name, invoice.uid, **form()).status_code == 403
    assert TransferReport.objects.count() == 0


def test_taken_back_while_it_waits(noura):
    report = make_transfer(noura.customer)
    assert "Take back" in noura.read("transfer", report.uid)
    assert noura.open("transfer-withdraw", report.uid).status_code == 405

    noura.send("transfer-withdraw", report.uid)

    report.refresh_from_db()
    assert report.state == "withdrawn"


def test_what_became_of_it(noura):
    invoice = posted_invoice(noura.customer)
    good = make_transfer(noura.customer, "230", invoices=[invoice])
    bad = make_transfer(noura.customer, "9")
    done = accept_transfer(good, shares={invoice.pk: sar(230)}, actor=SYSTEM, at=NOW)
    refuse_transfer(bad, reason="Not on our account", actor=SYSTEM, at=NOW)

    assert done.payment.number in noura.read("transfer", good.uid)
    assert "Not on our account" in noura.read("transfer", bad.uid)
    assert "The transfer that you reported" in noura.read("payment", done.payment.uid)
    assert "Not on our account" in noura.read("payments")


def test_a_promise(noura):
    invoice = posted_invoice(noura.customer)
    answer = noura.send("invoice-later", invoice.uid, amount="230", date="2026-03-12", once="p")

    assert answer.status_code == 302
    assert "You will pay on 12 Mar 2026" in noura.read("invoice", invoice.uid)
    assert noura.send("invoice-later", invoice.uid, amount="230", date="2026-03-01", once="q").status_code == 422


def test_pending_reports_stand_beside_the_statement_and_not_in_it(noura):
    posted_invoice(noura.customer)
    make_transfer(noura.customer, "230")

    page = noura.read("statement")

    assert "Reported transfers, not in the balance yet" in page
    assert "Closing balance ⃁ 230.00" in page


# Questions


def test_a_question_about_a_line(noura):
    invoice = posted_invoice(noura.customer, lines=2)
    line = invoice.lines.order_by("position")[1]
    url = f"{reverse('portal-invoice-question', args=[invoice.uid])}?line={line.position}"
    assert line.title in words_of(noura.client.get(url))
    data = {"topic": "quantity", "body": "Only one came <b>", "once": "x"}

    for _ in range(2):
        assert noura.client.post(url, data).status_code == 302

    dispute = Dispute.objects.get()
    assert (dispute.line, dispute.invoice, dispute.topic) == (line, invoice, "quantity")
    assert "Under question" in noura.read("invoice", invoice.uid)
    assert "Under question" in noura.read("invoices")
    assert "Only one came <b>" in noura.read("dispute", dispute.uid)
    answer_dispute(dispute, body="The other follows", actor=SYSTEM, at=NOW)
    assert "We have answered you" in noura.read("home")
    assert noura.send("dispute", dispute.uid, body="Thank you").status_code == 302
    dispute.refresh_from_db()
    assert dispute.state == "open"
    noura.send("dispute-withdraw", dispute.uid)
    assert "Under question" not in noura.read("invoice", invoice.uid)


def test_lines_that_are_not_there(noura):
    invoice = posted_invoice(noura.customer)
    url = reverse("portal-invoice-question", args=[invoice.uid])
    for line in ("99", "0", "x", "9" * 40):
        assert noura.client.get(f"{url}?line={line}").status_code == 404
    assert noura.open("invoice-question", uuid.uuid4()).status_code == 404


def test_questions_about_payments_and_other_rows(noura):
    payment = make_payment(noura.customer, "50")
    assert noura.send("payment-question", payment.uid, topic="paid", body="Which one?").status_code == 302
    url = reverse("portal-statement-question") + "?row=Opening+balance+2026-01-01"
    assert noura.client.post(url, {"topic": "other", "body": "Why?"}).status_code == 302
    assert {str(one) for one in Dispute.objects.all()} == {payment.number, "Opening balance 2026-01-01"}
    assert noura.open("statement-question").status_code == 404
    assert payment.number in noura.read("disputes")


def test_several_customers_of_one_person(noura):
    other = make_customer("Second")
    from rawabit.crm.actions import grant_portal_access

    grant_portal_access(other, noura.person.user.email, "Noura", "finance", actor=SYSTEM, at=NOW)
    both = reader(noura.person)
    invoice = posted_invoice(other)

    assert both.send("invoice-paid", invoice.uid, **form()).status_code == 302
    assert TransferReport.objects.get().customer == other


def test_an_iranian_cheque_has_a_sayad_number(noura):
    company = make_company()
    company.country = "IR"
    company.save()
    invoice = posted_invoice(noura.customer)
    assert "Sayad cheque number" in noura.read("invoice-paid", invoice.uid)
    bad = noura.send("invoice-paid", invoice.uid, **form(method="cheque", reference="", sayad="123"))
    assert bad.status_code == 422
    good = noura.send("invoice-paid", invoice.uid, **form(method="cheque", reference="", sayad="۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶"))
    assert good.status_code == 302
    assert TransferReport.objects.get().sayad == "1234567890123456"


def test_the_list_as_a_file(noura):
    make_customer_user(noura.customer)
    invoice = posted_invoice(noura.customer)
    posted_invoice(make_customer())
    answer = noura.open("invoices-export", show="open")
    lines = answer.content.decode().splitlines()
    assert len(lines) == 2
    assert invoice.number in lines[1]
    assert ",230," in lines[1] or ",230.00," in lines[1]


def test_the_statement_by_mail(noura):
    from rawabit.kit.outbox.models import Message

    posted_invoice(noura.customer)
    for _ in range(2):
        assert noura.send("statement-send", once="s").status_code == 302
    message = Message.objects.get()
    assert (message.address, message.facts["balance"]) == (noura.person.user.email, 23_000)
    assert "Send it to me every month" in noura.read("statement")
    noura.send("statement-monthly", wanted="1")
    assert "No longer send it every month" in noura.read("statement")
    noura.send("statement-monthly", wanted="0")
    assert "Send it to me every month" in noura.read("statement")
