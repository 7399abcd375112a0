"""An invoice is posted, and the customer's people read of it in their language, exactly once."""

from __future__ import annotations

import re

import pytest

from rawabit.kit.outbox.models import Message
from rawabit.kit.text import latn
from tests import makers
from tests.outbox.postoffice import html_of, text_of
from tests.outbox.working import work

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words", "direction"), [
    ("ar", "الفاتورة", "rtl"), ("fa", "فاکتور", "rtl"), ("en", "Invoice", "ltr"),
])  # fmt: skip
def test_posted_invoice_reaches_the_finance_contact_in_his_language(office, language, words, direction):
    customer = makers.make_customer("شركة الأفق")
    makers.make_contact(customer, "نورة", role="finance", email="noura@customer.example", language=language)
    invoice = makers.posted_invoice(customer)
    work()
    work()

    [mail] = office.mails
    assert words in mail["Subject"] and invoice.number in latn(mail["Subject"])
    assert mail["To"] == "نورة <noura@customer.example>" and mail["Auto-Submitted"] == "auto-generated"
    assert invoice.number in latn(text_of(mail)) and f'<html lang="{language}" dir="{direction}">' in html_of(mail)
    message = Message.objects.get()
    assert (message.state, message.attempts, message.owner_key) == ("sent", 1, customer.pk)
    assert re.search(r"https?://\S+/l/\S+", text_of(mail))
    [pdf] = list(mail.iter_attachments())
    assert pdf.get_content_type() == "application/pdf" and pdf.get_content().startswith(b"%PDF")
