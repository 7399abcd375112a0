"""Customers with a person, an address, an official number and a sign-in each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench.build.bulk import Bulk, column, uids
from bench.build.story import CURRENCY
from rawabit.crm.models import (
    Address,
    Affiliation,
    Contact,
    Customer,
    CustomerGroup,
    Identifier,
    PaymentTerms,
    PortalAccess,
    Territory,
)
from rawabit.identity.models import CUSTOMER, User
from rawabit.kit.text import search_key

TRADES = ("مؤسسة", "شركة", "مصنع", "مجموعة", "دار", "متجر")
NAMES = ("النخيل", "الواحة", "الأفق", "الساحل", "الرواد", "البناء الحديث", "المستقبل", "الأصيل", "الندى", "المدينة")
FIRST = ("نورة", "خالد", "سارة", "فهد", "هند", "ماجد", "لمى", "تركي", "هدى", "بدر")
CITIES = ("الرياض", "جدة", "الدمام", "مكة المكرمة", "القصيم")
BATCH = 20_000
NO_PASSWORD = "!"  # noqa: S105 - Django's mark for somebody who cannot sign in with one


@dataclass(frozen=True, slots=True)
class Party:
    """What a paper says about a customer; ``buyer`` is JSON as the database driver wants it."""

    key: int
    name: str
    search: str
    owner: int
    contact: int
    address: int
    deliver_to: str
    buyer: Any


@dataclass(frozen=True, slots=True)
class Around:
    """What customers belong to. ``first_user`` is the key that the first customer's user gets."""

    sellers: Sequence[User]
    territories: Sequence[Territory]
    groups: Sequence[CustomerGroup]
    terms: PaymentTerms
    first_user: int


def name_of(number: int) -> str:
    return f"{TRADES[number % 6]} {NAMES[number // 6 % 10]} {number}"


def vat_number(number: int) -> str:
    """Fifteen digits that begin and end with 3, as Saudi VAT numbers do."""
    return f"3{number:013}3"


class Settlers:
    """Writes the customers' rows; keys are 1, 2, 3 … in every table, so that rows can name one another."""

    def __init__(self, around: Around, at: datetime) -> None:
        self.around = around
        times = {"created_at": at, "updated_at": at}
        sale = {"currency": CURRENCY, "credit_limit": 50_000_000, "payment_terms_id": around.terms.pk}
        self.customers = Bulk(
            Customer, ("id", "uid", "name", "code", "search_text", "territory_id", "group_id", "owner_id", "phone"),
            **times, **sale,
        )  # fmt: skip
        self.users = Bulk(
            User, ("id", "uid", "session_stamp", "email", "full_name", "search_text", "customer_roles"),
            kind=CUSTOMER, password=NO_PASSWORD, date_joined=at, **times,
        )  # fmt: skip
        self.contacts = Bulk(Contact, ("id", "uid", "full_name", "email", "search_text", "owner_id"), **times)
        self.addresses = Bulk(
            Address, ("id", "uid", "customer_id", "city", "building"), street="طريق الملك فهد", district="العليا",
            postal_code="12211", is_default=True, **times,
        )  # fmt: skip
        self.numbers = Bulk(Identifier, ("id", "customer_id", "value"), kind="sa_vat")
        self.roles = Bulk(Affiliation, ("id", "contact_id", "customer_id"), role="purchasing", is_primary=True)
        self.access = Bulk(PortalAccess, ("id", "uid", "user_id", "customer_id", "contact_id"), role="owner", **times)
        self.tables = (
            self.customers, self.users, self.contacts, self.addresses, self.numbers, self.roles, self.access
        )  # fmt: skip
        self.uid = [uids(salt) for salt in range(10, 16)]

    def settle(self, count: int) -> list[Party]:
        """``count`` customers; the first two are the measured and the busy one."""
        parties = []
        for number in range(1, count + 1):
            parties.append(self._customer(number))
            if number % BATCH == 0 or number == count:
                for table in self.tables:
                    table.write()
        return parties

    def _customer(self, n: int) -> Party:
        around, name, code = self.around, name_of(n), f"C-{n:05}"
        person, email, city = f"{FIRST[n % 10]} {NAMES[n // 10 % 10]}", f"user{n}@customers.example", CITIES[n % 5]
        owner, territory = (
            around.sellers[n % len(around.sellers)].pk,
            around.territories[n % len(around.territories)].pk,
        )
        search = search_key(name, code)
        uid = [next(each) for each in self.uid]
        self.customers.add(
            n, uid[0], name, code, search, territory, around.groups[n % len(around.groups)].pk, owner, phone_of(n)
        )
        user = around.first_user + n - 1
        self.users.add(
            user,
            uid[1],
            uid[2],
            email,
            person,
            search_key(person, email),
            as_json(User, "customer_roles", {str(n): "owner"}),
        )
        self.contacts.add(n, uid[3], person, email, search_key(person, email), owner)
        self.addresses.add(n, uid[4], n, city, f"{1000 + n % 9000}")
        self.numbers.add(n, n, vat_number(n))
        self.roles.add(n, n, n)
        self.access.add(n, uid[5], user, n, n)
        address = f"{1000 + n % 9000}، طريق الملك فهد، العليا، {city}، 12211"
        buyer = as_json(User, "customer_roles", buyer_facts(name, code, n, address))
        return Party(n, name, search, owner, n, n, address, buyer)


def buyer_facts(name: str, code: str, number: int, address: str) -> dict[str, str]:
    """What ``trade.queries.buyer_of`` would answer, without its queries."""
    return {
        "name": name, "name_en": "", "code": code, "vat_number": vat_number(number), "registration": "",
        "address": address, "country": "SA", "phone": phone_of(number), "email": "",
    }  # fmt: skip


def phone_of(number: int) -> str:
    return f"+96611{number:07}"


def as_json(model: Any, field: str, value: object) -> Any:
    """A value of a JSON column as the driver wants it; the plain text is far quicker than going through the field."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return column(model, field, [value])[0]
    return json.dumps(value)
