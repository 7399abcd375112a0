"""Below a link to one document nothing of any other document is found: not of the same customer, not of another."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rawabit.kit.links.actions import Holder, address_of, share
from rawabit.kit.records.models import Attachment
from rawabit.portal.link_guard import KINDS, NEVER, OWN_PAGES
from rawabit.portal.urls import urlpatterns
from tests import makers
from tests.laws.test_addresses import walk
from tests.laws.world import make_side, page_text, row_counts, snapshot

pytestmark = pytest.mark.django_db
HOLDER = Holder("holder", "holder@x.example", "", "en")
OWN, SIBLING, STRANGER = "canary-own", "canary-sibling", "canary-stranger"


@dataclass
class Document:
    record: Any
    belongs: list[Any]  # what may be seen with it


def own_documents(customer: Any) -> dict[str, Document]:
    """One document of each kind, with texts of its own."""
    words = {"note": f"{OWN} note", "customer_reference": f"{OWN}-PO"}
    order = makers.shipped_order(customer, **words)
    note = order.deliveries.get()
    invoice = makers.posted_invoice(customer, **words)
    return {
        "quotation": Document(makers.sent_quotation(customer, **words), []),
        "order": Document(order, [note]),
        "delivery": Document(note, []),
        "invoice": Document(invoice, []),
        "payment": Document(makers.make_payment(customer, "57.31", reference=f"{OWN}-ref"), []),
    }


@pytest.fixture
def world(company):
    sibling = make_side(SIBLING)  # another document of the same customer
    sibling.customer.considerations = ""
    return own_documents(sibling.customer), sibling, make_side(STRANGER)


def of_other_documents(text: str) -> str:
    """The page without what belongs to the customer and not to one document: his name and where he takes goods in."""
    for word in ("customer", "street", "dock"):
        text = text.replace(f"{SIBLING} {word}", "")
    return text


def path_to(record: Any) -> str:
    link = share(record, purpose="view", holder=HOLDER, days=30, actor=makers.SYSTEM, at=timezone.now())
    return "/l/" + address_of(link).rpartition("/l/")[2]


KINDS_OF_PAPER = {"quotation": "quotation", "order": "order", "delivery": "delivery", "invoice": "invoice",
                  "payment": "payment"}  # fmt: skip


def addresses(uids: list[uuid.UUID]) -> Iterator[str]:
    """Every portal address, those of one record with each uid of ``uids``."""
    for route, _pattern in walk(urlpatterns):
        plain = re.sub(r"<int:\w+>", "1", route.replace("<str:kind>", "csv"))
        for uid in uids if "<uuid:uid>" in route else uids[:1]:
            kinds = KINDS_OF_PAPER if "papers/" in route else ("name",)
            for kind in kinds if "<slug:kind>" in route else ("",):
                url = plain.replace("<uuid:uid>", str(uid)).replace("<slug:kind>", kind)
                assert "<" not in url, route
                yield f"portal/{url}"


@pytest.mark.parametrize("kind", ["quotation", "order", "delivery", "invoice", "payment"])
def test_nothing_of_another_document_below_a_link(world, kind):
    """Every address with the uid of every foreign record: opened, asked for its head, sent to. Nothing answers."""
    documents, sibling, stranger = world
    document = documents[kind]
    path, client = path_to(document.record), Client(raise_request_exception=False)
    foreign = [*sibling.records[3:], *stranger.records[3:]]
    like_it = [record for record in foreign if type(record) is type(document.record)]
    others = [
        other.record for name, other in documents.items() if name != kind and other.record not in document.belongs
    ]
    if kind == "delivery":
        others.append(document.record.order)
    before, rows = snapshot(foreign), row_counts()

    opened = []
    for method, records in (("get", [*like_it, *others]), ("head", like_it[:1]), ("post", [like_it[0], like_it[-1]])):
        for url in addresses([record.uid for record in records]):
            answer = getattr(client, method)(path + url)
            if answer.status_code not in (404, 405):
                opened.append((method, url, answer.status_code))

    assert opened == []
    assert snapshot(foreign) == before
    assert row_counts() == rows


@pytest.mark.parametrize("kind", ["quotation", "order", "delivery", "invoice", "payment"])
def test_its_own_pages_tell_nothing_of_others(world, kind):
    documents, sibling, _stranger = world
    document = documents[kind]
    path, client = path_to(document.record), Client()

    found = 0
    for url in addresses([document.record.uid, *(part.uid for part in document.belongs)]):
        answer = client.get(path + url)
        text = page_text(answer)
        found += answer.status_code == 200
        assert STRANGER not in text, url
        assert SIBLING not in of_other_documents(text), url
        for record in sibling.records[3:]:
            assert str(getattr(record, "uid", "none")) not in text, (url, record)
    assert found >= 1


def test_the_statement_by_link_is_of_one_customer_and_leads_nowhere(world):
    _documents, sibling, _stranger = world
    path, client = path_to(sibling.customer), Client()

    answer = client.get(path, follow=True)

    text = page_text(answer)
    assert answer.status_code == 200
    assert STRANGER not in text
    assert f"{path}portal/invoices/" not in text
    for record in sibling.records[3:]:
        if hasattr(record, "uid"):
            assert client.get(f"{path}portal/invoices/{record.uid}/").status_code == 404
            assert client.get(f"{path}portal/files/{record.uid}/").status_code == 404


def test_a_file_opens_by_the_link_of_its_document_alone(world):
    _documents, sibling, stranger = world
    kept = next(record for record in sibling.records if isinstance(record, Attachment))
    order = kept.subject
    other = next(record for record in sibling.records if type(record) is type(order) and record != order)
    foreign = next(record for record in stranger.records if isinstance(record, Attachment))
    client = Client()

    assert client.get(f"{path_to(order)}portal/files/{kept.uid}/").status_code == 200
    assert client.get(f"{path_to(other)}portal/files/{kept.uid}/").status_code == 404
    assert client.get(f"{path_to(order)}portal/files/{foreign.uid}/").status_code == 404


def test_a_word_about_every_portal_address():
    """A new page is closed to links, and somebody has to say whether that is meant."""
    named = {name for kind in KINDS.values() for name in kind.addresses} | NEVER
    all_names = {str(pattern.name) for _route, pattern in walk(urlpatterns)}
    account = {str(pattern.name) for route, pattern in walk(urlpatterns) if route.startswith("account/")}

    assert sorted(all_names - account - named) == []
    assert sorted(named - all_names) == []
    assert sorted((account | OWN_PAGES) & {name for kind in KINDS.values() for name in kind.addresses}) == []


def test_receipts_below_an_invoice_tell_of_that_invoice_alone(company):
    customer = makers.make_customer()
    invoice, other = makers.posted_invoice(customer), makers.posted_invoice(customer)
    shares = {invoice.pk: makers.sar("100"), other.pk: makers.sar("200")}
    payment = makers.make_payment(customer, "300", shares=shares)
    path, client = path_to(invoice), Client()

    page = client.get(f"{path}portal/payments/{payment.uid}/")
    receipt = client.get(path_to(payment), follow=True)

    assert page.status_code == 200
    assert invoice.number in page.content.decode()
    assert other.number not in page.content.decode()
    assert str(other.uid) not in page.content.decode()
    assert other.number in receipt.content.decode()  # the receipt itself says what it is for
    assert str(other.uid) not in receipt.content.decode()
