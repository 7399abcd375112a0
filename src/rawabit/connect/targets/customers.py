"""Customers with their official numbers and a first address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext

from rawabit.connect.logic.amounts import exact_minor
from rawabit.connect.logic.reasons import Rejected
from rawabit.connect.logic.units import Unit
from rawabit.connect.targets.base import Batch, Writer, given, text
from rawabit.connect.targets.lookups import by_key, by_name, by_name_or_key, label_of, one_of, values_of
from rawabit.crm.actions.customers import customer_key
from rawabit.crm.models import LANGUAGES, Address, Customer, CustomerGroup, Identifier, PaymentTerms, Territory
from rawabit.kit.identifiers import BLOCK, IDENTIFIERS, PROBLEMS, check_identifier
from rawabit.kit.importing import EntitySpec, FieldSpec, Values
from rawabit.kit.phones import NotAPhone, parse_phone
from rawabit.kit.text import search_key

# Fields of a map → kinds of official numbers.
NUMBERS = {
    "vat_number": "sa_vat",
    "unified_number": "sa_unified",
    "commercial_registration": "sa_cr",
    "national_id": "sa_national_id",
    "legal_id": "ir_legal_id",
    "national_code": "ir_national_code",
    "economic_code": "ir_economic_code",
}
PLACE = (
    "building", "street", "secondary", "unit", "district", "city", "province", "postal_code", "short_code",
)  # fmt: skip
WORDS = ("name_ar", "name_fa", "name_en", "trade_name", "email", "website", "considerations")

SPEC = EntitySpec(
    "customer",
    (
        FieldSpec("external_id", required=True, limit=200),
        FieldSpec("code", limit=40),
        FieldSpec("name", required=True, limit=200),
        *(FieldSpec(name, limit=200) for name in WORDS),
        FieldSpec("kind", "choice", choices=tuple(code for code, _label in Customer.KINDS)),
        FieldSpec("country", limit=2),
        FieldSpec("language", "choice", choices=tuple(code for code, _label in LANGUAGES)),
        FieldSpec("phone", limit=40),
        FieldSpec("currency", limit=3),
        FieldSpec("credit_limit", "decimal", places=3),
        FieldSpec("payment_days", "integer"),
        FieldSpec("group", limit=200),
        FieldSpec("territory", limit=200),
        FieldSpec("owner_email", limit=254),
        FieldSpec("parent", limit=200),
        FieldSpec("whatsapp_ok", "bool"),
        FieldSpec("on_hold", "bool"),
        FieldSpec("is_active", "bool"),
        *(FieldSpec(name, limit=40) for name in NUMBERS),
        *(FieldSpec(name, limit=100) for name in PLACE),
        FieldSpec("address_lines", limit=1000),
    ),
)


@dataclass(slots=True)
class _Desk:
    groups: dict[str, Any]
    territories: dict[str, Any]
    owners: dict[str, Any]
    parents: dict[str, int]


class CustomerWriter(Writer):
    entity = SPEC
    model = Customer
    permission = "crm.import_customer"
    fillable = ("name_ar", "name_fa", "name_en", "trade_name", "email")

    def write(self, units: Sequence[Unit], batch: Batch) -> None:
        """Branches after those that they may belong to."""
        super().write([unit for unit in units if not unit.values.get("parent")], batch)
        super().write([unit for unit in units if unit.values.get("parent")], batch)

    def prepare(self, units: list[Unit], batch: Batch) -> _Desk:
        return _Desk(
            groups=by_name_or_key(batch, "customer_group", CustomerGroup, values_of(units, "group")),
            territories=by_name(batch, Territory, values_of(units, "territory")),
            owners=by_name(batch, get_user_model(), values_of(units, "owner_email"), "email"),
            parents=by_key(batch, "customer", Customer, "code", values_of(units, "parent")),
        )

    def same(self, fresh: dict[str, Unit], batch: Batch) -> dict[str, int]:
        """A customer who has that number already is the same customer; his data are not touched."""
        codes = {code_of(unit): key for key, unit in fresh.items()}
        rows = Customer.objects.filter(code__in=list(codes)).values_list("code", "pk")
        return {codes[code]: pk for code, pk in rows}

    def build(self, unit: Unit, batch: Batch, desk: _Desk) -> Customer:
        values = unit.values
        customer = Customer(
            code=code_of(unit), created_at=batch.at, updated_at=batch.at,
            **given(values, "name", *WORDS, "kind", "language", "currency", "whatsapp_ok", "on_hold", "is_active"),
        )  # fmt: skip
        customer.country = country_of(unit, batch)
        customer.phone = phone_of(unit, "phone", customer.country)
        customer.credit_limit = _limit(unit, customer)
        customer.payment_terms = _terms(unit, batch)
        customer.group = one_of(desk.groups, unit, "group", CustomerGroup._meta.verbose_name)
        customer.territory = one_of(desk.territories, unit, "territory", Territory._meta.verbose_name)
        customer.owner = one_of(desk.owners, unit, "owner_email", get_user_model()._meta.verbose_name)
        customer.parent_id = one_of(desk.parents, unit, "parent", Customer._meta.verbose_name)
        customer.search_text = customer_key(customer, [value for _kind, value in _checked_numbers(unit)])
        return customer

    def attach(self, made: list[tuple[Unit, Any]], batch: Batch, desk: _Desk) -> None:
        numbers = [
            Identifier(customer=customer, kind=kind, value=value)
            for unit, customer in made
            for kind, value in _checked_numbers(unit)
        ]
        Identifier.objects.bulk_create(numbers)
        places = [place for unit, customer in made if (place := _place(unit.values, customer, batch))]
        Address.objects.bulk_create(places)

    def fill(self, record: Customer, values: Values) -> None:
        record.search_text = f"{record.search_text} {search_key(*map(str, values.values()))}"
        super().fill(record, {**values, "search_text": record.search_text})


def code_of(unit: Unit) -> str:
    """The customer number: what the map says, else the key in the source."""
    return (text(unit.values, "code") or unit.name)[:40]


def country_of(unit: Unit, batch: Batch) -> str:
    """Two letters; the company's country when the map says nothing."""
    country = text(unit.values, "country").upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise Rejected(
            "record.invalid", column=label_of(unit, "country"), value=country, reason="ISO 3166-1 (SA, IR …)"
        )
    return country or batch.company.country


def phone_of(unit: Unit, name: str, country: str) -> str:
    """E.164, or nothing when the cell is empty; Rejected for what is no number."""
    written = text(unit.values, name)
    if not written:
        return ""
    try:
        return parse_phone(written, country)
    except NotAPhone as problem:
        reason = gettext("This is not a telephone number.")
        raise Rejected("record.invalid", column=label_of(unit, name), value=written, reason=reason) from problem


def _limit(unit: Unit, customer: Customer) -> int | None:
    limit = unit.values.get("credit_limit")
    return None if limit is None else exact_minor(limit, customer.currency, label_of(unit, "credit_limit"))


def _terms(unit: Unit, batch: Batch) -> PaymentTerms | None:
    days = unit.values.get("payment_days")
    if days is None:
        return None
    shelf: dict[int, PaymentTerms] = batch.shelf.setdefault("terms", {})
    if not shelf:
        shelf.update({terms.days: terms for terms in PaymentTerms.objects.filter(after="date").order_by("-pk")})
    if days not in shelf:
        what = PaymentTerms._meta.verbose_name
        raise Rejected("reference.unknown", column=label_of(unit, "payment_days"), entity=what, value=days)
    return shelf[int(str(days))]


def _checked_numbers(unit: Unit) -> list[tuple[str, str]]:
    """(kind, value) of the official numbers that the row has; Rejected for a wrong one that must not be stored."""
    numbers = []
    for name, kind in NUMBERS.items():
        if written := text(unit.values, name):
            checked = check_identifier(kind, written)
            if not checked.ok and IDENTIFIERS[kind].strictness == BLOCK:
                column, why = label_of(unit, name), gettext(PROBLEMS[checked.problem_code])
                raise Rejected("record.invalid", column=column, value=written, reason=why)
            numbers.append((kind, checked.value))
    return numbers


def _place(values: Values, customer: Customer, batch: Batch) -> Address | None:
    parts = given(values, *PLACE)
    words = text(values, "address_lines")
    if not parts and not words:
        return None
    return Address(
        customer=customer, country=customer.country, lines=words, is_default=True,
        created_at=batch.at, updated_at=batch.at, **parts,
    )  # fmt: skip
