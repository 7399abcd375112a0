"""The demo company itself: its settings, people, goods and customers. Everything through the ordinary actions."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from rawabit.catalog.actions import install_taxes, install_units, put_item, put_price_list, set_price
from rawabit.catalog.models import Item, ItemGroup, PriceList, Tax, Unit
from rawabit.company.actions import ensure_company
from rawabit.company.models import Company
from rawabit.crm.actions import (
    grant_portal_access,
    put_address,
    put_contact,
    put_customer,
    put_territory,
)
from rawabit.crm.models import Address, Contact, Customer, CustomerGroup, PaymentTerms, PortalAccess, Territory
from rawabit.demo.people import CLIENTS, CUSTOMER_GROUPS, GOODS, GROUPS, STAFF, TERRITORIES, Client, Good
from rawabit.identity.actions import create_staff, install_roles, set_team_members
from rawabit.identity.models import Role, Team, User
from rawabit.kit.records.actor import Actor
from rawabit.pipeline.actions import install_pipeline

CURRENCIES = {"SA": "SAR", "AE": "AED", "KW": "KWD", "BH": "BHD", "IR": "SAR"}
PRICED_FROM = date(2025, 1, 1)


@dataclass
class Setting:
    """What the story needs at hand."""

    company: Company
    staff: Sequence[User]
    items: Sequence[Item]
    customers: Sequence[Customer]
    passwords: Mapping[str, str]


def make_setting(permissions: Sequence[str], actor: Actor, at: datetime) -> Setting:
    """Everything that stands before the first quotation is written. ``permissions``: all codes that modules declare."""
    company = make_company(actor, at)
    passwords: dict[str, str] = {}
    staff = make_staff(permissions, actor, at, passwords)
    lists = make_price_lists(actor, at)
    items = make_items(lists, actor, at)
    territories = make_territories(staff, actor, at)
    groups = [CustomerGroup.objects.create(**names(entry)) for entry in CUSTOMER_GROUPS]
    terms = make_terms()
    customers = []
    for number, client in enumerate(CLIENTS):
        customer = make_customer(client, staff, territories, groups, terms[number % len(terms)], lists, actor, at)
        customers.append(customer)
    for number, login in ((0, "customer@demo.example"), (1, "moshtari@demo.example")):
        let_in(customers[number], CLIENTS[number], login, actor, at, passwords)
    return Setting(company, staff, items, customers, passwords)


def names(entry: Sequence[object]) -> dict[str, str]:
    arabic, persian, english, *_rest = map(str, entry)
    return {"name": arabic, "name_ar": arabic, "name_fa": persian, "name_en": english}


def make_company(actor: Actor, at: datetime) -> Company:
    company = ensure_company("شركة روافد المياه للتجارة", "SA", actor=actor, at=at)
    values = {
        "name_ar": "شركة روافد المياه للتجارة", "name_en": "Rawafed Water Trading Co.",
        "name_fa": "شرکت بازرگانی روافد آب",
        "trade_name": "روافد", "portal_name": "بوابة روافد", "vat_number": "310999999900003",
        "registration_number": "7009999999", "building": "8228", "street": "طريق الملك فهد", "secondary": "2121",
        "district": "العليا", "city": "الرياض", "postal_code": "12333", "phone": "+966112000000",
        "whatsapp": "+966501000003", "email": "info@demo.example", "bank_name": "بنك الرياض",
        "iban": "SA0380000000608010167519",
        "terms": "الأسعار بالريال السعودي. التسليم خلال خمسة أيام عمل من تأكيد الطلب. الضمان سنتان على المضخات.",
    }  # fmt: skip
    for name, value in values.items():
        setattr(company, name, value)
    company.save()
    install_units(actor=actor, at=at)
    install_taxes("SA", actor=actor, at=at)
    install_pipeline(actor=actor, at=at)
    return company


def make_staff(permissions: Sequence[str], actor: Actor, at: datetime, passwords: dict[str, str]) -> list[User]:
    install_roles(permissions, actor=actor, at=at)
    roles = {role.code: role for role in Role.objects.all()}
    people = []
    for one in STAFF:
        passwords[one.email] = secrets.token_urlsafe(9)
        people.append(
            create_staff(
                one.email, one.name, roles=[roles[one.role]], actor=actor, at=at,
                password=passwords[one.email], phone=one.phone, language=one.language,
            )
        )  # fmt: skip
    team = Team.objects.create(name="فريق المبيعات", name_en="Sales team", name_fa="تیم فروش", leader=people[1])
    set_team_members(team, people[1:5], actor=actor, at=at)
    return people


def make_price_lists(actor: Actor, at: datetime) -> dict[str, PriceList]:
    named = {"SAR": "قائمة الأسعار الأساسية", "AED": "أسعار الإمارات", "KWD": "أسعار الكويت", "BHD": "أسعار البحرين"}
    return {
        code: put_price_list(PriceList(name=name, currency=code, is_default=True), actor=actor, at=at)
        for code, name in named.items()
    }


# What one riyal is in the lists of other currencies, fixed for the demo.
RATES = {"SAR": Decimal(1), "AED": Decimal("0.98"), "KWD": Decimal("0.082"), "BHD": Decimal("0.1")}


def make_items(lists: Mapping[str, PriceList], actor: Actor, at: datetime) -> list[Item]:
    groups = [ItemGroup.objects.create(**names(entry)) for entry in GROUPS]
    units = {unit.code: unit for unit in Unit.objects.all()}
    taxes = {tax.code: tax for tax in Tax.objects.all()}
    made = []
    for good in GOODS:
        item = put_item(new_item(good, groups, units, taxes), actor=actor, at=at)
        for code, price_list in lists.items():
            price = (Decimal(good.price) * RATES[code]).quantize(Decimal("0.001"))
            set_price(item, price_list, price, valid_from=PRICED_FROM, actor=actor, at=at)
        made.append(item)
    return made


def new_item(good: Good, groups: Sequence[ItemGroup], units: Mapping[str, Unit], taxes: Mapping[str, Tax]) -> Item:
    return Item(
        sku=good.sku, name=good.ar, name_ar=good.ar, name_fa=good.fa, name_en=good.en, kind=good.kind,
        unit=units[good.unit], group=groups[good.group], tax=taxes[good.tax],
    )  # fmt: skip


def make_territories(staff: Sequence[User], actor: Actor, at: datetime) -> list[Territory]:
    members = {1: [staff[2]], 2: [staff[2]], 3: [staff[3]], 4: [staff[3]], 5: [staff[4]]}
    made: list[Territory] = []
    for number, entry in enumerate(TERRITORIES):
        parent = made[entry[3]] if entry[3] is not None else None
        territory = Territory(**names(entry[:3]), parent=parent, manager=staff[1])
        made.append(put_territory(territory, members=members.get(number, []), actor=actor, at=at))
    return made


def make_terms() -> list[PaymentTerms]:
    entries = (
        (("صافي 30 يوماً", "۳۰ روزه", "Net 30 days"), 30, "date"),
        (("نهاية الشهر + 15", "پایان ماه + ۱۵", "End of month + 15"), 15, "month"),
        (("عند الاستلام", "نقدی", "On receipt"), 0, "date"),
    )
    return [PaymentTerms.objects.create(**names(entry), days=days, after=after) for entry, days, after in entries]


def make_customer(
    client: Client,
    staff: Sequence[User],
    territories: Sequence[Territory],
    groups: Sequence[CustomerGroup],
    terms: PaymentTerms,
    lists: Mapping[str, PriceList],
    actor: Actor,
    at: datetime,
) -> Customer:
    currency = CURRENCIES[client.country]
    digits = {"KWD": 3, "BHD": 3}.get(currency, 2)
    customer = Customer(
        name=client.name, name_en=client.en, kind=client.kind, country=client.country, language=client.language,
        phone=client.phone, owner=staff[client.owner], territory=territories[client.territory],
        group=groups[client.group], payment_terms=terms, currency=currency, price_list=lists[currency],
        preferred_channel="whatsapp" if client.country == "SA" else "email",
        credit_limit=client.limit * 10**digits if client.limit else None,
    )  # fmt: skip
    put_customer(customer, actor=actor, at=at, identifiers=client.identifiers)
    put_address(address_of(client, customer), actor=actor, at=at)
    for name, role, mobile in client.contacts:
        contact = Contact(full_name=name, mobile=mobile, language=client.language, owner=staff[client.owner])
        put_contact(contact, customer=customer, role=role, actor=actor, at=at)
    return customer


def address_of(client: Client, customer: Customer) -> Address:
    receiver = client.contacts[0][0] if client.contacts else client.name
    place = {
        "customer": customer,
        "purpose": "billing",
        "country": client.country,
        "city": client.city,
        "receiver": receiver,
    }
    if client.country == "SA":
        place |= {"building": "3142", "street": "شارع الأمير سلطان", "district": "حي الروضة", "postal_code": "13211"}
    elif client.country == "IR":
        place |= {"province": client.city, "lines": "خیابان آزادی، کوچهٔ سوم، پلاک ۱۲", "postal_code": "1619735744"}
    else:
        place |= {"lines": "Industrial Area, Street 12"}
    return Address(**place)


def let_in(
    customer: Customer, client: Client, login: str, actor: Actor, at: datetime, passwords: dict[str, str]
) -> PortalAccess:
    """The customer's first contact gets into the portal, with a password that is printed."""
    name = client.contacts[0][0]
    contact = Contact.objects.filter(full_name=name).first()
    access = grant_portal_access(customer, login, name, "owner", contact=contact, actor=actor, at=at)
    passwords[login] = secrets.token_urlsafe(9)
    user = access.user
    user.set_password(passwords[login])
    user.language = client.language
    if client.language == "fa":
        user.calendar = "jalali"
    user.save(update_fields=["password", "language", "calendar"])
    return access
