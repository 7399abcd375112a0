"""Makers of everything a test needs, through the same actions that people use; and the four standing people.

``make_order(customer, lines=3)`` is a draft; ``confirmed_order``, ``shipped_order`` and ``posted_invoice`` go on from
there. Every maker sets up the company (Saudi, taxes, units, roles) when the test has none yet.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile

from rawabit.billing import actions as billing
from rawabit.billing.models import Dispute, Invoice, Payment, TransferReport
from rawabit.catalog.actions import install_taxes, install_units, put_item, put_price_list, set_price
from rawabit.catalog.models import Item, PriceList, Tax, Unit
from rawabit.company.actions import ensure_company
from rawabit.company.models import Company
from rawabit.crm.actions import ask_change, grant_portal_access, put_address, put_contact, put_customer
from rawabit.crm.models import Address, ChangeRequest, Contact, Customer, PaymentTerms, PortalAccess
from rawabit.identity.actions import create_staff, install_roles
from rawabit.identity.models import Role, User
from rawabit.identity.queries import actor_of
from rawabit.kit.money import Money
from rawabit.kit.outbox.actions import queue
from rawabit.kit.outbox.letters import Recipient
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actions import attach
from rawabit.kit.records.actor import Actor, system
from rawabit.leads.actions import create_lead
from rawabit.leads.models import FormField, Lead, LeadKey, WebForm
from rawabit.mailroom.actions import file_to_contact
from rawabit.mailroom.models import Mailbox, ReceivedMail
from rawabit.pipeline.actions import install_pipeline, open_opportunity
from rawabit.pipeline.models import Opportunity, Pipeline, Stage
from rawabit.portal.actions.documents import publish_document, receive_document
from rawabit.portal.actions.registering import Asked, request_registration
from rawabit.portal.models import ReceivedDocument, Registration, SharedDocument
from rawabit.sales import actions as sales
from rawabit.sales.models import Order, Quotation
from rawabit.shipping import actions as shipping
from rawabit.shipping.models import Carrier, Delivery
from rawabit.talks import actions as talks
from rawabit.talks.models import Activity
from rawabit.trade.logic.lines import LineInput

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 5)
ONE_DAY = timedelta(days=1)
SYSTEM = system("setup")
PASSWORD = "correct horse battery"
_count = itertools.count(1)
D = TypeVar("D", Quotation, Order, Invoice)


def every_permission() -> list[str]:
    """The codes that all modules declare."""
    from rawabit.config.permissions import GROUPS

    return [code for _title, permissions in GROUPS for code, _label in permissions]


# The company


def make_company(country: str = "SA", **settings: Any) -> Company:
    """The company with taxes, units and roles; ``settings`` are set on its row."""
    company = ensure_company("شركة الروابط", country, actor=SYSTEM, at=NOW)
    if not Unit.objects.exists():
        install_units(actor=SYSTEM, at=NOW)
        install_taxes(country, actor=SYSTEM, at=NOW)
        install_roles(every_permission(), actor=SYSTEM, at=NOW)
        settings = {"accept_code_above": 10**12, **settings}  # codes only where a test is about them
    if settings:
        for name, value in settings.items():
            setattr(company, name, value)
        company.save()
    return company


def make_tax(percent: str = "15", category: str = "S", code: str = "") -> Tax:
    make_company()
    if category == "S" and percent == "15" and not code:
        return Tax.objects.get(code="standard")
    reason = "" if category == "S" else "Because the law says so"
    tax = Tax.objects.create(code=code or f"tax-{next(_count)}", name=f"{percent} %", category=category, reason=reason)
    tax.rates.create(percent=Decimal(percent), valid_from=date(2018, 1, 1))
    return tax


# People


def make_user(role: str = "manager", name: str = "", **fields: Any) -> User:
    """A colleague with one of the built-in roles ("" for none)."""
    make_company()
    number = next(_count)
    roles = [Role.objects.get(code=role)] if role else []
    return create_staff(
        fields.pop("email", f"{role or 'nobody'}{number}@example.com"), name or f"{role or 'nobody'} {number}",
        roles=roles, actor=SYSTEM, at=NOW, **fields,
    )  # fmt: skip


def actor(user: User, door: str = "desk") -> Actor:
    """The person as he acts, from a fresh reading of his row."""
    return actor_of(User.objects.get(pk=user.pk), door)


@dataclass
class Person:
    """One of the standing people. ``customer`` for those who stand for one."""

    user: User
    customer: Customer | None = None

    @property
    def actor(self) -> Actor:
        return actor(self.user, "portal" if self.customer else "desk")


def make_customer_user(customer: Customer, role: str = "owner", name: str = "") -> Person:
    """A user of the portal who stands for a customer."""
    number = next(_count)
    access = grant_portal_access(
        customer, f"{role}{number}@customer.example", name or f"{role} {number}", role, actor=SYSTEM, at=NOW
    )
    return Person(User.objects.get(pk=access.user_id), customer)


def make_change_request(customer: Customer | None = None, **after: str) -> ChangeRequest:
    """The account owner asks for another name of his company."""
    customer = customer or make_customer()
    person = make_customer_user(customer, "owner")
    wanted = after or {"name": f"{customer.name} القابضة"}
    return ask_change(customer, "legal", wanted, note=f"{customer.name} note", actor=person.actor, at=NOW)


def make_access(customer: Customer, role: str = "owner") -> PortalAccess:
    return PortalAccess.objects.get(user=make_customer_user(customer, role).user)


# Customers


def make_customer(name: str = "", **fields: Any) -> Customer:
    make_company()
    number = next(_count)
    customer = Customer(name=name or f"شركة الأفق {number}", **fields)
    return put_customer(customer, actor=SYSTEM, at=NOW)


def make_contact(customer: Customer | None = None, name: str = "", role: str = "purchasing", **fields: Any) -> Contact:
    make_company()
    contact = Contact(full_name=name or f"نورة {next(_count)}", **fields)
    return put_contact(contact, customer=customer, role=role, actor=SYSTEM, at=NOW)


def make_address(customer: Customer, **fields: Any) -> Address:
    values = {
        "building": "2929", "street": "طريق الملك فهد", "district": "الورود", "city": "الرياض",
        "postal_code": "12345", "secondary": "8118", "receiver": "سالم", "phone": "+966501234567",
    }  # fmt: skip
    return put_address(Address(customer=customer, **{**values, **fields}), actor=SYSTEM, at=NOW)


def make_terms(days: int = 30, after: str = "date") -> PaymentTerms:
    return PaymentTerms.objects.create(name=f"{days} days", days=days, after=after)


# The catalogue


def make_price_list(currency: str = "SAR", **fields: Any) -> PriceList:
    make_company()
    values = {"name": f"List {next(_count)}", "currency": currency, **fields}
    return put_price_list(PriceList(**values), actor=SYSTEM, at=NOW)


def default_list(currency: str = "SAR") -> PriceList:
    found = PriceList.objects.filter(currency=currency, is_default=True).first()
    return found or make_price_list(currency, name="Usual", is_default=True)


def make_item(name: str = "", price: str | None = "100", **fields: Any) -> Item:
    """An item with a price on the default list of riyals; ``price=None`` for none."""
    make_company()
    number = next(_count)
    values = {
        "sku": f"XP-{number:04}", "unit": Unit.objects.get(code="PCE"), "tax": Tax.objects.get(code="standard"),
    }  # fmt: skip
    item = put_item(Item(name=name or f"مضخة {number}", **{**values, **fields}), actor=SYSTEM, at=NOW)
    if price is not None:
        set_price(item, default_list(), Decimal(price), valid_from=date(2020, 1, 1), actor=SYSTEM, at=NOW)
    return item


def rows(lines: int = 1, quantity: str = "2", **fields: Any) -> list[LineInput]:
    """Typed rows of fresh items at 100 riyals each."""
    return [LineInput(item_id=make_item().pk, quantity=Decimal(quantity), **fields) for _ in range(lines)]


# Documents


def make_quotation(customer: Customer | None = None, lines: int = 1, *, by: Actor = SYSTEM, **fields: Any) -> Quotation:
    """A draft offer."""
    quotation = sales.start_quotation(
        customer or make_customer(), actor=by, at=NOW, rows=fields.pop("rows", None) or rows(lines)
    )
    return _with(quotation, fields)


def sent_quotation(customer: Customer | None = None, lines: int = 1, **fields: Any) -> Quotation:
    return sales.send_quotation(make_quotation(customer, lines, **fields), actor=SYSTEM, at=NOW)


def make_order(customer: Customer | None = None, lines: int = 1, *, by: Actor = SYSTEM, **fields: Any) -> Order:
    """A draft order; every line is 2 × 100 riyals and 15 % VAT unless ``rows`` says otherwise."""
    order = sales.start_order(
        customer or make_customer(), actor=by, at=NOW, rows=fields.pop("rows", None) or rows(lines)
    )
    return _with(order, fields)


def confirmed_order(customer: Customer | None = None, lines: int = 1, **fields: Any) -> Order:
    return sales.confirm_order(make_order(customer, lines, **fields), actor=SYSTEM, at=NOW)


def make_delivery(order: Order | None = None, quantities: dict[int, Decimal] | None = None) -> Delivery:
    """A draft delivery note of all that is left of a confirmed order."""
    return shipping.deliver_order(order or confirmed_order(), quantities, actor=SYSTEM, at=NOW)


def shipped_order(customer: Customer | None = None, lines: int = 1, **fields: Any) -> Order:
    """A confirmed order whose goods have left the house."""
    order = confirmed_order(customer, lines, **fields)
    shipping.ship_delivery(make_delivery(order), actor=SYSTEM, at=NOW)
    return Order.objects.get(pk=order.pk)


def make_carrier(**fields: Any) -> Carrier:
    values = {"name": f"Carrier {next(_count)}", "tracking_url": "https://track.example/{number}", **fields}
    return Carrier.objects.create(**values)


def make_opportunity(
    customer: Customer | Literal["new"] | None = "new", *, by: Actor = SYSTEM, **fields: Any
) -> Opportunity:
    """An open deal in the first stage of the usual pipeline; ``customer=None`` for one without."""
    make_company()
    install_pipeline(actor=SYSTEM, at=NOW)
    whose = make_customer() if customer == "new" else customer
    fields = {"title": f"Deal {next(_count)}", "currency": "SAR", **fields}
    return open_opportunity(Opportunity(customer=whose, **fields), actor=by, at=NOW)


def make_pipeline(stages: int = 3, **fields: Any) -> Pipeline:
    """One more pipeline, with stages of 10, 20, 30 … per cent that ask for nothing."""
    make_company()
    number = next(_count)
    made = Pipeline.objects.create(**{"name": f"Pipeline {number}", **fields})
    for place in range(1, stages + 1):
        Stage.objects.create(pipeline=made, position=place, name=f"Stage {number}.{place}", probability=10 * place)
    return made


def make_stage() -> Stage:
    return make_pipeline().stages.get(position=2)


def make_lead(name: str = "", *, by: Actor = SYSTEM, **fields: Any) -> Lead:
    """A lead as it comes in; ``Source`` rows are those of the usual pipeline."""
    make_company()
    install_pipeline(actor=SYSTEM, at=NOW)
    number = next(_count)
    fields = {"name": name or f"سعد {number}", "email": f"saad{number}@lead.example", "country": "SA", **fields}
    return create_lead(Lead(**fields), actor=by, at=NOW)


def make_activity(customer: Customer | None = None, body: str = "", *, by: Actor = SYSTEM, **fields: Any) -> Activity:
    """A note about a customer."""
    return talks.write_note(customer or make_customer(), body or f"note {next(_count)}", actor=by, at=NOW, **fields)


def make_call(subject: Any = None, outcome: str = "answered", *, by: Actor = SYSTEM, **fields: Any) -> Activity:
    return talks.log_call(subject or make_customer(), outcome=outcome, actor=by, at=fields.pop("at", NOW), **fields)


def make_web_form(*keys: str, **fields: Any) -> WebForm:
    """A form of the web site that asks for these things; by default for name, phone, e-mail and interest."""
    make_company()
    install_pipeline(actor=SYSTEM, at=NOW)
    form = WebForm.objects.create(**{"name": f"Form {next(_count)}", "language": "en", **fields})
    for place, key in enumerate(keys or ("name", "phone", "email", "interest"), 1):
        FormField.objects.create(form=form, key=key, name=key, position=place)
    return form


def make_lead_key(**fields: Any) -> LeadKey:
    make_company()
    return LeadKey.objects.create(**{"name": f"Key {next(_count)}", **fields})


def make_invoice(customer: Customer | None = None, lines: int = 1, **fields: Any) -> Invoice:
    """A draft invoice by hand."""
    invoice = billing.start_invoice(
        customer or make_customer(), actor=SYSTEM, at=NOW, rows=fields.pop("rows", None) or rows(lines)
    )
    return _with(invoice, fields)


def posted_invoice(customer: Customer | None = None, lines: int = 1, **fields: Any) -> Invoice:
    return billing.post_invoice(make_invoice(customer, lines, **fields), actor=SYSTEM, at=NOW)


def make_credit_note(invoice: Invoice | None = None, reason: str = "Damaged") -> Invoice:
    """A credit note over all that is left of an invoice."""
    return billing.credit_in_full(invoice or posted_invoice(), reason=reason, actor=SYSTEM, at=NOW)


def make_payment(customer: Customer | None = None, amount: str = "100", **fields: Any) -> Payment:
    """Money received, set against the oldest open invoices unless ``shares`` says otherwise."""
    customer = customer or make_customer()
    money = Money.of(Decimal(amount), fields.pop("currency", customer.currency))
    return billing.record_payment(customer, money, actor=SYSTEM, at=fields.pop("at", NOW), **fields)


def make_transfer(customer: Customer | None = None, amount: str = "100", **fields: Any) -> TransferReport:
    """A transfer that the customer has reported; for ``invoices`` or for nothing in particular."""
    customer = customer or make_customer()
    money = Money.of(Decimal(amount), fields.pop("currency", customer.currency))
    invoices = fields.pop("invoices", ())
    shares = {one.pk: min(money, one.money("open_amount")) for one in invoices}
    fields.setdefault("reference", f"FT-{next(_count)}")
    told = billing.Told(money, fields.pop("day", TODAY), **fields)
    return billing.report_transfer(customer, told, shares, actor=SYSTEM, at=NOW)


def make_dispute(customer: Customer | None = None, body: str = "One pump is missing", **about: Any) -> Dispute:
    """A question about an invoice of the customer."""
    customer = customer or make_customer()
    topic = about.pop("topic", "quantity")
    about = about or {"invoice": posted_invoice(customer)}
    return billing.open_dispute(customer, billing.About(**about), topic=topic, body=body, actor=SYSTEM, at=NOW)


def make_message(customer: Customer | None = None, **fields: Any) -> Message:
    """A mail about an invoice, waiting to be sent."""
    invoice = posted_invoice(customer)
    to = Recipient(fields.pop("name", "نورة"), fields.pop("address", f"noura{next(_count)}@customer.example"), "ar")
    return queue(
        "told.invoice_posted", "email", to, invoice, event=None, key=f"made:{next(_count)}",
        owner_key=invoice.customer_id, at=NOW,
    )  # fmt: skip


def make_mailbox(**fields: Any) -> Mailbox:
    """A mailbox for sales on a server that nobody asks."""
    make_company()
    number = next(_count)
    values = {"name": f"box {number}", "address": f"box{number}@seller.example", "host": "imap.example.com",
              "username": "box", "plus": True}  # fmt: skip
    return Mailbox.objects.create(**{**values, **fields})


def make_mail(customer: Customer | None = None, **fields: Any) -> ReceivedMail:
    """A message of a customer's contact, or of a stranger, lying in the inbox."""
    number = next(_count)
    box = Mailbox.objects.first() or make_mailbox()
    contact = make_contact(customer, email=f"mail{number}@buyer.example") if customer else None
    words = f"{customer.name} letter" if customer else f"letter {number}"
    mail = ReceivedMail.objects.create(
        mailbox=box, uidvalidity=1, server_uid=number, fetched_at=NOW, sender=f"mail{number}@buyer.example",
        headline=words, text=words, place="other", search_text=words.lower(), **fields,
    )  # fmt: skip
    return file_to_contact(mail, contact, actor=SYSTEM, at=NOW) if contact else mail


def _with(document: D, fields: dict[str, Any]) -> D:
    for name, value in fields.items():
        setattr(document, name, value)
    if fields:
        document.save()
    return document


# The portal


def make_registration(name: str = "", **fields: Any) -> Registration:
    """Somebody who asks for access."""
    make_company()
    number = next(_count)
    values = {
        "full_name": name or f"سارة {number}", "company_name": f"مؤسسة {number}", "country": "SA",
        "official_number": "",
        "email": f"sara{number}@new.example", "phone": "", "language": "ar", "message": "", **fields,
    }  # fmt: skip
    return request_registration(Asked(**values), actor=SYSTEM, at=NOW)


def make_upload(name: str = "paper.pdf", content: bytes = b"%PDF-1.7 paper") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def make_shared_document(name: str = "", *, published: bool = True, **fields: Any) -> SharedDocument:
    """A document for customers, with one file; ``groups`` are set when they are given."""
    make_company()
    groups = fields.pop("groups", ())
    document = SharedDocument.objects.create(name=name or f"سياسة {next(_count)}", **fields)
    document.groups.set(groups)
    attach(document, make_upload(), for_customer=True, actor=SYSTEM, at=NOW)
    return publish_document(document, actor=SYSTEM, at=NOW) if published else document


def make_received_document(customer: Customer | None = None, name: str = "cr.pdf") -> ReceivedDocument:
    return receive_document(
        customer or make_customer(), make_upload(name), kind="certificate", note="note", actor=SYSTEM, at=NOW
    )


def sar(amount: str | int) -> Money:
    return Money.of(Decimal(amount), "SAR")


def quantities(record: Order, *amounts: str) -> dict[int, Decimal]:
    """``{line key: quantity}`` of an order in the order of its lines."""
    keys: Sequence[int] = list(record.lines.order_by("position").values_list("pk", flat=True))
    return dict(zip(keys, map(Decimal, amounts), strict=False))
