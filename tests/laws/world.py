"""Two customers with everything, told apart by words that occur nowhere else; and readers for what pages show."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client

from rawabit.catalog.models import ItemGroup, Price, Unit
from rawabit.crm.actions import save_rule
from rawabit.crm.models import Customer, CustomerGroup, Territory
from rawabit.identity.models import Role, Team
from rawabit.kit.records.actions import attach, comment
from rawabit.kit.screens.screens import Screens
from rawabit.leads.models import AssignmentRule, Criterion, Question
from rawabit.pipeline.models import LostReason, Source
from rawabit.sales import actions as sales
from rawabit.shipping import actions as shipping
from tests import makers

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOKEN = re.compile(
    r'(csrfmiddlewaretoken" value="|name="once" value="|X-CSRFToken": ?"|X-CSRFToken&quot;: ?&quot;)[A-Za-z0-9]+'
)
_count = itertools.count(1)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@dataclass
class Side:
    """One customer and every kind of paper of his, draft and frozen. ``canary`` stands in each of their texts."""

    canary: str
    customer: Customer
    records: list[models.Model]

    def uids(self) -> list[uuid.UUID]:
        return [record.uid for record in self.records if hasattr(record, "uid")]


def make_side(canary: str) -> Side:
    customer = makers.make_customer(f"{canary} customer", considerations=f"{canary} considerations")
    contact = makers.make_contact(customer, f"{canary} contact")
    address = makers.make_address(customer, street=f"{canary} street")
    words = {"note": f"{canary} note", "customer_reference": f"{canary}-PO"}
    offer, draft = makers.sent_quotation(customer, **words), makers.make_quotation(customer, **words)
    accepted = sales.accept_quotation(
        makers.sent_quotation(customer, **words), name=f"{canary} signer", actor=makers.SYSTEM, at=makers.NOW
    )
    shipped = makers.shipped_order(customer, **words)
    delivery = shipped.deliveries.get()
    shipping.track(delivery, "in_transit", place=f"{canary} place", actor=makers.SYSTEM, at=makers.NOW)
    orders = [makers.make_order(customer, **words), makers.confirmed_order(customer, **words), shipped]
    invoices = [makers.make_invoice(customer, **words), makers.posted_invoice(customer, **words)]
    note = makers.make_credit_note(makers.posted_invoice(customer, **words), reason=f"{canary} reason")
    payment = makers.make_payment(customer, "57.31", reference=f"{canary}-ref")
    transfer = makers.make_transfer(
        customer, "31.07", reference=f"{canary}-bank", sender_bank=f"{canary} bank", note=words["note"]
    )
    question = makers.make_dispute(customer, body=f"{canary} question", invoice=invoices[1])
    upload = SimpleUploadedFile(f"{canary}.pdf", b"%PDF-1.7\n" + canary.encode())
    kept = attach(orders[1], upload, for_customer=True, actor=makers.SYSTEM, at=makers.NOW)
    comment(orders[1], f"{canary} comment", mentions=[], actor=makers.Person(makers.make_user()).actor, at=makers.NOW)
    dock = makers.make_address(customer, street=f"{canary} dock", purpose="delivery")
    asked = makers.make_change_request(customer, name=f"{canary} new name")
    colleague = makers.make_access(customer, "finance")
    own = [customer, contact, address, dock, asked, colleague]
    records = [*own, offer, draft, accepted, *orders, delivery, *invoices, note, payment, kept]
    records += [transfer, question]
    records.append(makers.make_shared_document(f"{canary} policy", audience="customer", customer=customer))
    records.append(makers.make_received_document(customer, f"{canary}.pdf"))
    return Side(canary, customer, records)


def page_text(response: Any) -> str:
    """What anybody could read in an answer: headers and body, without the tokens that differ by themselves."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = " ".join(f"{k}: {v}" for k, v in response.headers.items() if k not in ("Set-Cookie", "Content-Length"))
    return TOKEN.sub(r"\1", body.decode("utf-8", "replace")) + headers


def snapshot(of: list[models.Model]) -> dict[str, Any]:
    """Every column of some rows as they stand."""
    return {
        f"{type(record).__name__} {record.pk}": type(record)._default_manager.filter(pk=record.pk).values().first()
        for record in of
    }


def row_counts() -> dict[str, int]:
    """How many rows each table of the product has, but for what looking leaves behind."""
    left = {"Session", "UserSession", "Event", "Heartbeat"}
    names = [m for m in apps.get_models() if m.__module__.startswith("rawabit.") and m.__name__ not in left]
    return {model.__name__: model._default_manager.count() for model in names}


# One more row of any entity that has screens. A new entity adds its maker here; the laws then cover it.


def _price() -> Price:
    return makers.make_item().prices.get()


MAKERS: dict[str, Callable[[], models.Model]] = {
    "customers": makers.make_customer,
    "contacts": makers.make_contact,
    "registrations": makers.make_registration,
    "shared-documents": makers.make_shared_document,
    "received-documents": makers.make_received_document,
    "change-requests": makers.make_change_request,
    "activities": makers.make_activity,
    "items": makers.make_item,
    "prices": _price,
    "price-lists": makers.make_price_list,
    "item-groups": lambda: ItemGroup.objects.create(name=f"group {next(_count)}"),
    "units": lambda: Unit.objects.create(code=f"U{next(_count)}", name="unit"),
    "taxes": lambda: makers.make_tax("7", code=f"t-{next(_count)}"),
    "territories": lambda: Territory.objects.create(name=f"territory {next(_count)}"),
    "territory-rules": lambda: save_rule(
        "SA", f"city {next(_count)}", Territory.objects.create(name="somewhere"), actor=makers.SYSTEM, at=makers.NOW
    ),
    "customer-groups": lambda: CustomerGroup.objects.create(name=f"group {next(_count)}"),
    "payment-terms": makers.make_terms,
    "leads": makers.make_lead,
    "web-forms": makers.make_web_form,
    "lead-keys": makers.make_lead_key,
    "lead-criteria": lambda: Criterion.objects.create(name=f"criterion {next(_count)}", field="city"),
    "lead-questions": lambda: Question.objects.create(name=f"question {next(_count)}"),
    "assignment-rules": lambda: AssignmentRule.objects.create(name=f"rule {next(_count)}", way="territory"),
    "opportunities": makers.make_opportunity,
    "pipelines": makers.make_pipeline,
    "stages": makers.make_stage,
    "lost-reasons": lambda: LostReason.objects.create(name=f"reason {next(_count)}"),
    "sources": lambda: Source.objects.create(name=f"source {next(_count)}"),
    "quotations": makers.sent_quotation,
    "orders": makers.shipped_order,
    "deliveries": makers.make_delivery,
    "carriers": makers.make_carrier,
    "invoices": makers.posted_invoice,
    "payments": makers.make_payment,
    "transfers": makers.make_transfer,
    "disputes": makers.make_dispute,
    "messages": makers.make_message,
    "inbox": makers.make_mail,
    "mailboxes": makers.make_mailbox,
    "users": makers.make_user,
    "roles": lambda: Role.objects.create(code=f"role-{next(_count)}", name="role"),
    "teams": lambda: Team.objects.create(name=f"team {next(_count)}"),
}

# Rows that belong to one customer, and so to his account manager and territory.
OF_A_CUSTOMER: dict[str, Callable[[Customer], models.Model]] = {
    "customers": lambda customer: customer,
    "contacts": makers.make_contact,
    "received-documents": makers.make_received_document,
    "change-requests": makers.make_change_request,
    "activities": makers.make_activity,
    "leads": lambda customer: makers.make_lead(customer.name, owner=customer.owner),
    "opportunities": makers.make_opportunity,
    "quotations": makers.sent_quotation,
    "orders": makers.confirmed_order,
    "deliveries": lambda customer: makers.make_delivery(makers.confirmed_order(customer)),
    "invoices": makers.posted_invoice,
    "payments": makers.make_payment,
    "transfers": makers.make_transfer,
    "disputes": makers.make_dispute,
    "messages": makers.make_message,
    "inbox": makers.make_mail,
}


def pages_of(screens: type[Screens], pk: int) -> Iterator[tuple[str, str]]:
    """Every page of one row, as (method, address)."""
    own = screens()
    yield "get", own.url("detail", pk)
    yield "get", own.url("update", pk)
    yield "post", own.url("update", pk)
    for verb in screens.verbs:
        yield "get", own.url("do", pk, verb.name)
        yield "post", own.url("do", pk, verb.name)
    for page in ("comment", "attach", "assign"):
        yield "post", own.url(page, pk)
    yield "get", own.url("file", pk, uuid.UUID(int=1))
