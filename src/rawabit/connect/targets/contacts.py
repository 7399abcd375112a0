"""People and their roles at customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rawabit.connect.logic.units import Unit
from rawabit.connect.targets.base import Batch, Writer, given, text
from rawabit.connect.targets.customers import phone_of
from rawabit.connect.targets.lookups import by_key, one_of, values_of
from rawabit.crm.actions.contacts import contact_key
from rawabit.crm.models import LANGUAGES, ROLES, Affiliation, Contact, Customer
from rawabit.kit.importing import EntitySpec, FieldSpec
from rawabit.kit.text import search_key

SPEC = EntitySpec(
    "contact",
    (
        FieldSpec("external_id", required=True, limit=200),
        FieldSpec("full_name", required=True, limit=200),
        FieldSpec("name_en", limit=200),
        FieldSpec("honorific", limit=40),
        FieldSpec("known_as", limit=100),
        FieldSpec("email", limit=254),
        FieldSpec("phone", limit=40),
        FieldSpec("mobile", limit=40),
        FieldSpec("language", "choice", choices=tuple(code for code, _label in LANGUAGES)),
        FieldSpec("country", limit=2),
        FieldSpec("considerations", limit=10_000),
        FieldSpec("customer", limit=200),
        FieldSpec("role", "choice", choices=tuple(code for code, _label in ROLES)),
        FieldSpec("job_title", limit=100),
        FieldSpec("is_primary", "bool"),
        FieldSpec("whatsapp_ok", "bool"),
        FieldSpec("is_active", "bool"),
    ),
)
PLAIN = (
    "full_name",
    "name_en",
    "honorific",
    "known_as",
    "email",
    "language",
    "considerations",
    "whatsapp_ok",
    "is_active",
)


@dataclass(slots=True)
class _Desk:
    customers: dict[str, int]
    names: dict[int, str]


class ContactWriter(Writer):
    entity = SPEC
    model = Contact
    permission = "crm.import_contact"

    def prepare(self, units: list[Unit], batch: Batch) -> _Desk:
        customers = by_key(batch, "customer", Customer, "code", values_of(units, "customer"))
        names = Customer.objects.filter(pk__in=set(customers.values())).values_list("pk", "name")
        return _Desk(customers, dict(names))

    def build(self, unit: Unit, batch: Batch, desk: _Desk) -> Contact:
        company = one_of(desk.customers, unit, "customer", Customer._meta.verbose_name)
        contact = Contact(created_at=batch.at, updated_at=batch.at, **given(unit.values, *PLAIN))
        region = text(unit.values, "country").upper() or batch.company.country
        contact.phone = phone_of(unit, "phone", region)
        contact.mobile = phone_of(unit, "mobile", region)
        contact.search_text = f"{contact_key(contact)} {search_key(desk.names.get(company, ''))}".strip()
        return contact

    def attach(self, made: list[tuple[Unit, Any]], batch: Batch, desk: _Desk) -> None:
        """The same person at the same customer in two roles takes two rows with two keys."""
        Affiliation.objects.bulk_create(
            Affiliation(
                contact=contact, customer_id=desk.customers[text(unit.values, "customer")],
                **given(unit.values, "role", "job_title", "is_primary"),
            )
            for unit, contact in made
            if text(unit.values, "customer")
        )  # fmt: skip
