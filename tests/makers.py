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
from typing import Any, TypeVar

from rawabit.billing import actions as billing
from rawabit.billing.models import Invoice, Payment
from rawabit.catalog.actions import install_taxes, install_units, put_item, put_price_list, set_price
from rawabit.catalog.models import Item, PriceList, Tax, Unit
from rawabit.company.actions import ensure_company
from rawabit.company.models import Company
from rawabit.crm.actions import grant_portal_access, put_address, put_contact, put_customer
from rawabit.crm.models import Address, Contact, Customer, PaymentTerms, PortalAccess
from rawabit.identity.actions import create_staff, install_roles
from rawabit.identity.models import Role, User
from rawabit.identity.queries import actor_of
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor, system
from rawabit.sales import actions as sales
from rawabit.sales.models import Order, Quotation
from rawabit.shipping import actions as shipping
from rawabit.shipping.models import Carrier, Delivery
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
    from rawabit.billing import policies as p1
    from rawabit.catalog import policies as p2
    from rawabit.company import policies as p3
    from rawabit.crm import policies as p4
    from rawabit.identity import policies as p5
    from rawabit.ledger import policies as p6
    from rawabit.sales import policies as p7
    from rawabit.shipping import policies as p8
    from rawabit.trade import policies as p9

    return [code for module in (p1, p2, p3, p4, p5, p6, p7, p8, p9) for code, _label in module.PERMISSIONS]


# The company


def make_company(country: str = "SA", **settings: Any) -> Company:
    """The company with taxes, units and roles; ``settings`` are set on its row."""
    company = ensure_company("شركة الروابط", country, actor=SYSTEM, at=NOW)
    if not Unit.objects.exists():
        install_units(actor=SYSTEM, at=NOW)
        install_taxes(country, actor=SYSTEM, at=NOW)
        install_roles(every_permission(), actor=SYSTEM, at=NOW)
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


def _with(document: D, fields: dict[str, Any]) -> D:
    for name, value in fields.items():
        setattr(document, name, value)
    if fields:
        document.save()
    return document


def sar(amount: str | int) -> Money:
    return Money.of(Decimal(amount), "SAR")


def quantities(record: Order, *amounts: str) -> dict[int, Decimal]:
    """``{line key: quantity}`` of an order in the order of its lines."""
    keys: Sequence[int] = list(record.lines.order_by("position").values_list("pk", flat=True))
    return dict(zip(keys, map(Decimal, amounts), strict=False))
