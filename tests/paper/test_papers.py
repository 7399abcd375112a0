"""What stands on the papers of documents."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from rawabit.billing import papers
from rawabit.billing.papers import paper_of, sample_paper, statement_paper
from rawabit.company.models import Company
from rawabit.kit.paper import cache
from rawabit.kit.paper.pictures import NotAPicture, measure, picture_svg
from rawabit.sales.actions import decline_quotation
from rawabit.trade.logic.lines import LineInput
from tests.makers import (
    NOW,
    TODAY,
    confirmed_order,
    make_company,
    make_credit_note,
    make_customer,
    make_delivery,
    make_invoice,
    make_item,
    make_order,
    make_payment,
    make_quotation,
    make_tax,
    posted_invoice,
    sent_quotation,
)
from tests.paper.looking import as_png, pages_of, text_of, words_of

SAUDI = {"vat_number": "310122393500003", "iban": "SA0380000000608010167519", "bank_name": "بنك الرياض"}


def said(record, *languages, **more) -> str:
    return text_of(paper_of(record, languages=languages or None, at=NOW, **more).content)


@pytest.fixture
def saudi(db):
    return make_company(**SAUDI)


@pytest.mark.parametrize("languages", [("ar",), ("fa",), ("en",), ("ar", "en")])
def test_every_document_has_a_paper_in_every_language(saudi, languages):
    order = confirmed_order(lines=2)
    invoice = posted_invoice(order.customer)
    records = [
        sent_quotation(order.customer), order, make_delivery(order), invoice, make_credit_note(invoice),
        make_payment(order.customer), make_quotation(order.customer), make_order(order.customer),
    ]  # fmt: skip
    for record in records:
        paper = paper_of(record, languages=languages, at=NOW)
        assert paper.content.startswith(b"%PDF-") and pages_of(paper.content) == 1
        assert paper.name.endswith(".pdf") and record.number in paper.name
    statement = statement_paper(order.customer, TODAY, TODAY, languages=languages, at=NOW)
    assert statement.content.startswith(b"%PDF-") and order.customer.code in statement.name


def test_a_stranger_has_no_paper(saudi):
    with pytest.raises(TypeError):
        paper_of(make_customer(), at=NOW)


def test_an_invoice_says_everything(saudi):
    customer = make_customer("شركة الأفق")
    invoice = posted_invoice(customer, terms="الدفع خلال 30 يوماً", customer_reference="PO-77")
    make_payment(customer, "100")
    invoice.refresh_from_db()
    text = said(invoice, "en")
    for words in (
        "Tax invoice", invoice.number, "310122393500003", "SA03 8000 0000 6080 1016 7519", "PO-77", "VAT 15% on 200.00",
        "Total including VAT", "Paid and credited", "Amount due", "130.00", "Amount in words",
        "Only two hundred thirty Saudi riyals",
    ):  # fmt: skip
        assert words in text, words
    both = said(invoice, "ar", "en")
    english = "invoice Tax"  # so pdfium tells a Latin line within an Arabic page
    assert both.index("فاتورة ضريبية") < both.index(english) and {"including", "Total"} <= set(both.split())
    assert {"فقط", "مائتان", "غير"} <= set(said(invoice, "ar").split())


def test_exempt_lines_say_why_and_rates_are_summed_apart(saudi):
    tax = make_tax("0", "E", "VATEX")
    item, exempt = make_item(), make_item(tax=tax)
    rows = [LineInput(item_id=item.pk, quantity=Decimal(1)), LineInput(item_id=exempt.pk, quantity=Decimal(3))]
    text = said(posted_invoice(rows=rows), "en")
    assert "VAT 15% on 100.00" in text and "Exempt" in text and "Because the law says so" in text and "300.00" in text


def test_options_sections_discounts_and_long_details(saudi):
    item = make_item("مضخة")
    rows = [
        LineInput(title="الجزء الأول", section=True), LineInput(item_id=item.pk, discount_percent=Decimal(10)),
        LineInput(item_id=item.pk, optional=True, details="\n".join(f"سطر {n}" for n in range(120))),
    ]  # fmt: skip
    quotation = sent_quotation(rows=rows)
    paper = paper_of(quotation, languages=("en",), at=NOW)
    text = text_of(paper.content)
    assert "Optional, not in the total" in text and "10%" in text and "Discount included" in text
    assert pages_of(paper.content) >= 2 and "119" in text  # details longer than a page go on on the next


def test_marks_of_drafts_and_of_what_no_longer_holds(saudi):
    assert "Draft" in said(make_invoice(), "en")
    quotation = decline_quotation(sent_quotation(), reason="dear", actor=papers_actor(), at=NOW)
    assert "Declined" in said(quotation, "en")
    assert "Draft" not in said(posted_invoice(), "en")


def papers_actor():
    from tests.makers import SYSTEM

    return SYSTEM


def test_a_receipt_names_the_invoices(saudi):
    customer = make_customer()
    invoice = posted_invoice(customer)
    text = said(make_payment(customer, "300"), "en")
    assert "Receipt voucher" in text and invoice.number in text and "230.00" in text and "70.00" in text


def test_a_statement_opens_and_closes(saudi):
    customer = make_customer()
    invoice = posted_invoice(customer)
    make_payment(customer, "100")
    text = text_of(statement_paper(customer, TODAY, TODAY, languages=("en",), at=NOW).content)
    assert "Opening balance" in text and invoice.number in text and "130.00" in text and "Closing balance" in text


def test_three_decimals_and_rials(saudi):
    item = make_item(price=None)
    rows = [LineInput(item_id=item.pk, quantity=Decimal(1), unit_price=Decimal("15.125"))]
    text = said(posted_invoice(make_customer(currency="KWD"), rows=rows), "en")
    assert "15.125" in text and "17.394" in text
    make_company(country="IR", calendar="jalali", second_calendar="gregorian", digits="arabext", rial_unit="toman")
    customer = make_customer("شرکت بابک", currency="IRR", language="fa")
    rows = [LineInput(item_id=item.pk, quantity=Decimal(1), unit_price=Decimal(1_250_000))]
    text = said(posted_invoice(customer, rows=rows), "fa")
    assert "ریال" in text and "تومان" in text and "۱۴۰۴" in text  # papers in rials, said in tomans


def test_languages_follow_the_company_and_the_customer(saudi):
    english, persian = make_customer(language="en"), make_customer(language="fa")
    assert papers.languages_of(saudi, english) == ("en",)
    assert papers.with_arabic(("en",), saudi, None) == ("ar", "en")  # the law wants Arabic on Saudi tax documents
    assert papers.with_arabic(("en",), saudi, ("en",)) == ("en",)
    saudi.paper_languages = "ar_en"
    assert papers.languages_of(saudi, persian) == ("ar", "en")
    saudi.paper_languages = "fa"
    assert papers.languages_of(saudi, english) == ("fa",)
    assert papers.languages_of(saudi, english, ("xx",)) == ("ar",)


def test_hostile_names_reach_the_paper_as_text(saudi):
    customer = make_customer("<script>#let x = 1 $y$ @z \u202egnp.exe")
    invoice = posted_invoice(customer)
    text = said(invoice, "en")
    assert "<script>#let x = 1 $y$ @z" in text
    assert "\u202e" not in paper_of(invoice, at=NOW).name


# The cache


def test_the_second_time_nothing_is_typeset(saudi, monkeypatch):
    invoice = posted_invoice()
    first = paper_of(invoice, at=NOW)
    monkeypatch.setattr(cache, "typeset", lambda *_: pytest.fail("typeset again"))
    assert paper_of(invoice, at=NOW).content == first.content


def test_a_changed_amount_due_is_another_paper(saudi):
    customer = make_customer()
    invoice = posted_invoice(customer)
    before = paper_of(invoice, at=NOW)
    make_payment(customer, "100")
    invoice.refresh_from_db()
    after = paper_of(invoice, at=NOW)
    assert after.kept != before.kept and after.content != before.content


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.7 cut", b"x" * 5000])
def test_a_damaged_file_is_made_anew(saudi, damage):
    from django.core.files.storage import default_storage

    invoice = posted_invoice()
    paper = paper_of(invoice, at=NOW)
    default_storage.delete(paper.kept)
    default_storage.save(paper.kept, ContentFile(damage))
    assert paper_of(invoice, at=NOW).content == paper.content
    assert cache.kept(paper.kept) == paper.content


def test_old_papers_are_forgotten(saudi):
    paper = paper_of(posted_invoice(), at=NOW)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=90)
    assert cache.forget_papers(later) >= 1
    assert cache.kept(paper.kept) is None


# Pictures


def test_pictures_are_measured_by_their_bytes():
    png = as_png(40, 20, b"\x80" * 800)
    assert measure(png) == ("image/png", 40, 20)
    assert 'viewBox="0 0 40 20"' in picture_svg(png)
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00"
    assert measure(jpeg) == ("image/jpeg", 32, 16)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "kind"), (b"GIF89a", "kind"), (b"", "kind"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00", "damaged"), (b"\xff\xd8\xff\xe0", "damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + (50_000).to_bytes(4, "big") * 2, "size"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 2_000_000, "size"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(content, code):
    with pytest.raises(NotAPicture) as problem:
        measure(content)
    assert problem.value.code == code


def with_logo(company: Company, content: bytes) -> Company:
    company.logo.save("logo.png", ContentFile(content))
    company.stamp.save("stamp.png", ContentFile(content))
    return company


def test_logo_and_stamp_come_onto_paper(saudi):
    bare = sample_paper(saudi, ("ar",), NOW)
    shown = sample_paper(with_logo(saudi, as_png(40, 20, b"\x20" * 800)), ("ar",), NOW)
    assert b"/Subtype/Image" in shown.content.replace(b" ", b"") and bare.content != shown.content


def test_a_logo_that_cannot_be_read_is_left_out(saudi):
    broken = as_png(40, 20, b"\x20" * 800)[:60]
    paper = sample_paper(with_logo(saudi, broken), ("en",), NOW)
    assert "Tax invoice" in words_in(paper.content)


def words_in(content: bytes) -> str:
    assert words_of(content)
    return text_of(content)
