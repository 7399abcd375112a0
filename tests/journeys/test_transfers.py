"""A customer reports a transfer with a photo on his phone, the accountant accepts it, the receipt is in the portal."""

from __future__ import annotations

import struct
import zlib

import pytest
from playwright.sync_api import expect

from rawabit.billing.models import Payment, TransferReport
from tests import makers
from tests.journeys.conftest import Walker
from tests.makers import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def photo() -> bytes:
    """One white dot as a PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b"")


@pytest.fixture
def debt():
    """A customer who owes 230 riyals, who signs in, and the accountant."""
    makers.make_company(iban="SA0380000000608010167519", bank_name="بنك الرياض")
    customer = makers.make_customer("شركة النخيل التجارية")
    invoice = makers.posted_invoice(customer)
    payer = makers.make_customer_user(customer, "finance", "نورة")
    payer.user.set_password(PASSWORD)
    payer.user.language = "ar"
    payer.user.save(update_fields=["password", "language"])
    accountant = makers.make_user("accountant", "فيصل", password=PASSWORD, language="en")
    return {"invoice": invoice, "payer": payer.user.email, "accountant": accountant.email}


@pytest.fixture
def window(browser, live_server):
    """``window(language, width, scripts=False)``: without scripts the page is only used, for axe needs them."""
    contexts = []

    def start(language: str, width: int, *, scripts: bool) -> Walker:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=language, java_script_enabled=scripts,
            base_url=live_server.url,
        )  # fmt: skip
        context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
        contexts.append(context)
        walker = Walker(context, live_server.url)
        if not scripts:
            walker.check = lambda: walker  # type: ignore[method-assign]
        return walker

    yield start
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_photo_to_the_receipt(window, debt, scripts):
    phone = window("ar", 390, scripts=scripts)
    phone.sign_in(debt["payer"], PASSWORD)
    invoice = debt["invoice"]
    phone.open(f"/portal/invoices/{invoice.uid}/")
    phone.click(f'a[href$="/invoices/{invoice.uid}/paid/"]')
    page = phone.page
    page.fill("[name=reference]", "FT٢٦٠٦٤")
    page.set_input_files("[name=slip]", files=[{"name": "إيصال.png", "mimeType": "image/png", "buffer": photo()}])
    phone.click("main form .sticky-cta button[data-v=primary]")
    report = TransferReport.objects.get()
    assert (report.reference, report.amount, report.shares.get().invoice_id) == ("FT26064", 23_000, invoice.pk)

    desk = window("en", 1280, scripts=scripts)
    desk.sign_in(debt["accountant"], PASSWORD)
    desk.open("/desk/transfers/")
    desk.click(f'a[href="/desk/transfers/{report.pk}/"]')
    expect(desk.page.locator("img.slip")).to_be_visible()
    desk.click('form[action$="/do/accept/"] button[data-v=primary]')
    payment = Payment.objects.get()
    assert (payment.amount, payment.unallocated, payment.state) == (23_000, 0, "posted")

    phone.open("/portal/payments/")
    phone.click(f'a[href$="/payments/{payment.uid}/"]')
    expect(phone.page.locator("main")).to_contain_text(payment.number)
    expect(phone.page.locator("main")).to_contain_text(invoice.number)
