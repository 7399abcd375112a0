"""Who gets which paper."""

from __future__ import annotations

import uuid
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rawabit.company.models import Company
from tests.makers import (
    TODAY,
    confirmed_order,
    make_company,
    make_credit_note,
    make_customer_user,
    make_delivery,
    make_invoice,
    make_payment,
    make_quotation,
    posted_invoice,
    sent_quotation,
)
from tests.paper.looking import as_png, text_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person.user, backend=BACKEND)
    return client


def papers_of(customer) -> dict[str, object]:
    """One document of each kind that the customer may see."""
    from rawabit.shipping.actions import ship_delivery
    from tests.makers import NOW, SYSTEM

    order = confirmed_order(customer)
    invoice = posted_invoice(customer)
    return {
        "quotation": sent_quotation(customer), "order": order,
        "delivery": ship_delivery(make_delivery(order), actor=SYSTEM, at=NOW), "invoice": invoice,
        "credit-note": make_credit_note(invoice), "payment": make_payment(customer),
    }  # fmt: skip


def address(kind, record) -> str:
    return reverse("portal-paper", args=[kind, record.uid])


def test_a_customer_gets_the_papers_of_all_his_documents(amina):
    client = signed_in(amina)
    for kind, record in papers_of(amina.customer).items():
        answer = client.get(address(kind, record))
        assert answer.status_code == 200, kind
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]


def test_the_name_of_the_file_is_in_the_customers_language(amina):
    invoice = posted_invoice(amina.customer)
    told = signed_in(amina).get(address("invoice", invoice))["Content-Disposition"]
    assert told.startswith("attachment;") and quote(f"فاتورة {invoice.number}.pdf") in told
    assert told.isascii()


def test_another_customers_papers_do_not_exist(amina, babak):
    client = signed_in(babak)
    for kind, record in papers_of(amina.customer).items():
        assert client.get(address(kind, record)).status_code == 404, kind


def test_drafts_unknown_kinds_and_keys_are_404(amina):
    client = signed_in(amina)
    assert client.get(address("invoice", make_invoice(amina.customer))).status_code == 404
    assert client.get(address("quotation", make_quotation(amina.customer))).status_code == 404
    invoice = posted_invoice(amina.customer)
    assert client.get(address("order", invoice)).status_code == 404
    assert client.get(address("credit-note", invoice)).status_code == 404
    assert client.get(address("contract", invoice)).status_code == 404
    assert client.get(reverse("portal-paper", args=["invoice", uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize(("role", "closed"), [
    ("buyer", ("invoice", "credit-note", "payment")), ("finance", ("quotation", "order", "delivery")),
    ("support", ("quotation", "order", "delivery", "invoice", "credit-note", "payment")),
])  # fmt: skip
def test_a_role_without_the_page_is_told_so(amina, role, closed):
    found = papers_of(amina.customer)
    client = signed_in(make_customer_user(amina.customer, role))
    for kind, record in found.items():
        assert client.get(address(kind, record)).status_code == (403 if kind in closed else 200), kind


def test_strangers_sign_in_first_and_staff_have_the_desk(amina, manager, clerk):
    invoice = posted_invoice(amina.customer)
    assert Client().get(address("invoice", invoice)).status_code == 302
    assert signed_in(manager).get(address("invoice", invoice)).status_code == 404


def test_pages_lead_to_their_papers(amina):
    client = signed_in(amina)
    for kind, record in papers_of(amina.customer).items():
        if kind != "credit-note":
            page = client.get(reverse(f"portal-{kind}", args=[record.uid])).content.decode()
            assert address(kind, record) in page, kind


def test_the_statement_of_the_chosen_days(amina):
    invoice = posted_invoice(amina.customer)
    client = signed_in(amina)
    days = {"first": "2026-03-01", "last": "2026-03-31"}
    page = client.get(reverse("portal-statement"), days).content.decode()
    assert reverse("portal-statement-download", args=["pdf"]) in page
    answer = client.get(reverse("portal-statement-download", args=["pdf"]), days)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert invoice.number.split("-")[-1] in text_of(answer.content)
    old = {"first": "2025-03-01", "last": "2025-03-02"}
    before = client.get(reverse("portal-statement-download", args=["pdf"]), old)
    assert invoice.number.split("-")[-1] not in text_of(before.content)
    buyer = signed_in(make_customer_user(amina.customer, "buyer"))
    assert buyer.get(reverse("portal-statement-download", args=["pdf"])).status_code == 403


# The desk


def test_the_desk_has_a_button_and_the_paper(manager, amina):
    client = signed_in(manager)
    slugs = {
        "quotation": "quotations", "order": "orders", "delivery": "deliveries", "invoice": "invoices",
        "payment": "payments",
    }  # fmt: skip
    for kind, record in papers_of(amina.customer).items():
        if kind in slugs:
            url = reverse("desk-paper", args=[slugs[kind], record.pk])
            assert url in client.get(reverse(f"{slugs[kind]}-detail", args=[record.pk])).content.decode(), kind
            assert client.get(url).content.startswith(b"%PDF-"), kind
    assert client.get(reverse("desk-paper", args=["customers", amina.customer.pk])).status_code == 404


def test_the_desk_follows_row_rules(seller, agent, amina):
    invoice = posted_invoice(amina.customer)
    url = reverse("desk-paper", args=["invoices", invoice.pk])
    assert signed_in(seller).get(url).status_code in (403, 404)  # not his customer
    assert signed_in(amina).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_languages_may_be_asked_for(manager, amina):
    invoice = posted_invoice(amina.customer)
    url = reverse("desk-paper", args=["invoices", invoice.pk])
    client = signed_in(manager)
    assert "Invoice" in text_of(client.get(url, {"languages": "en"}).content)
    assert "Invoice" not in text_of(client.get(url, {"languages": "ar"}).content)
    assert client.get(url, {"languages": "klingon"}).status_code == 200


def test_the_desks_statement(manager, amina):
    posted_invoice(amina.customer)
    url = reverse("desk-statement-paper", args=[amina.customer.pk])
    answer = signed_in(manager).get(url, {"start": f"{TODAY:%d/%m/%Y}"})
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")
    assert signed_in(amina).get(url).status_code == 404


# Settings


def saved(client, **data):
    version = Company.objects.get().version
    sheet = {"version": version, "paper_languages": "ar_en", "terms": "", **data}
    return client.post(reverse("settings-papers"), sheet)


def test_settings_of_papers(administrator):
    make_company()
    client = signed_in(administrator)
    page = client.get(reverse("settings-papers"))
    assert page.status_code == 200
    assert reverse("settings-papers-sample", args=["ar_en"]) in page.content.decode()
    answer = saved(client, terms="عام", new_stamp=SimpleUploadedFile("ختم.png", as_png(30, 30, b"\x10" * 900)))
    assert answer.status_code == 302
    company = Company.objects.get()
    assert (company.paper_languages, company.terms) == ("ar_en", "عام")
    assert company.stamp.name.startswith("brand/stamp-") and "ختم" not in company.stamp.name
    for code in ("ar", "fa", "en", "ar_en"):
        assert client.get(reverse("settings-papers-sample", args=[code])).content.startswith(b"%PDF-")
    assert client.get(reverse("settings-papers-sample", args=["xx"])).status_code == 404
    assert saved(client, no_stamp="on").status_code == 302
    assert not Company.objects.get().stamp


@pytest.mark.parametrize(
    "content", [b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\x89PNG" + b"0" * 1_100_000]
)
def test_other_files_are_no_stamp(administrator, content):
    make_company()
    answer = saved(signed_in(administrator), new_stamp=SimpleUploadedFile("stamp.png", content))
    assert answer.status_code == 422
    assert not Company.objects.get().stamp


def test_settings_are_for_those_who_may_change_them(agent):
    client = signed_in(agent)
    assert client.get(reverse("settings-papers")).status_code == 403
    assert client.get(reverse("settings-papers-sample", args=["ar"])).status_code == 403
