"""Historical invoices and credit notes: posted with their own number and date, outside this program's series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, override

from rawabit.billing.models import Invoice, InvoiceLine
from rawabit.catalog.models import Item
from rawabit.connect.logic.amounts import exact_minor, major
from rawabit.connect.logic.reasons import Reason, Rejected
from rawabit.connect.logic.units import UNCHANGED, Unit
from rawabit.connect.targets.accounts import Posting, post_all
from rawabit.connect.targets.base import Batch, Found, Writer, day_in, digest_of, given, text
from rawabit.connect.targets.customers import country_of
from rawabit.connect.targets.lookups import by_key, label_in, label_of, values_of
from rawabit.crm.models import Customer
from rawabit.crm.queries import due_date_for
from rawabit.kit.importing import EntitySpec, FieldSpec, Values
from rawabit.kit.text import search_key
from rawabit.trade.logic.totals import LineAmounts, Totals, add_up

HEADER = (
    FieldSpec("number", required=True, limit=60),
    FieldSpec("customer", limit=200, agree=True),
    FieldSpec("country", limit=2),
    FieldSpec("issued_at", "datetime", required=True),
    FieldSpec("due_date", "date"),
    FieldSpec("currency", required=True, limit=3, agree=True),
    FieldSpec("reference", limit=60),
    FieldSpec("note", limit=10_000),
    FieldSpec("language", "choice", choices=("ar", "fa", "en")),
    FieldSpec("total", "decimal", places=3),
)
LINES = (
    FieldSpec("item", limit=200),
    FieldSpec("sku", limit=60),
    FieldSpec("title", limit=300),
    FieldSpec("details", limit=10_000),
    FieldSpec("unit", limit=60),
    FieldSpec("quantity", "decimal", required=True, places=3),
    FieldSpec("unit_price", "decimal", required=True, places=6),
    FieldSpec("discount_percent", "decimal", places=4),
    FieldSpec("tax_rate", "decimal", places=4),
    FieldSpec("tax_category", "choice", choices=("s", "z", "e", "o")),
    FieldSpec("tax_reason", limit=300),
)
INVOICE = EntitySpec("invoice", HEADER, LINES, key=("number",))
CREDIT_NOTE = EntitySpec(
    "credit_note",
    (*HEADER, FieldSpec("corrects", limit=60), FieldSpec("reason", limit=300)),
    LINES,
    key=("number",),
)
WALK_IN = "walk_in"
LARGEST_MINOR = 10**16  # sums of a customer's account must still fit 64 bits


@dataclass(slots=True)
class _Desk:
    customers: dict[str, int]
    items: dict[str, int]
    corrected: dict[str, int]
    taken: set[str]
    people: dict[int, Customer] = field(default_factory=dict)


class InvoiceWriter(Writer):
    entity = INVOICE
    model = Invoice
    permission = "billing.import_invoice"
    kind = Invoice.INVOICE
    sign = 1

    def write(self, units: Sequence[Unit], batch: Batch) -> None:
        readable = []
        for unit in units:
            try:
                currency = text(unit.values, "currency")
                totals = add_up([_line_amounts(unit, line) for line in unit.lines], currency)
                self._check_total(unit, totals, currency)
                unit.amount, unit.work = (currency, self.sign * totals.total.minor), totals
                readable.append(unit)
            except Rejected as rejected:
                unit.fail(rejected.reason)
        super().write(readable, batch)

    def _check_total(self, unit: Unit, totals: Totals, currency: str) -> None:
        if max((abs(net.minor) for net in (*totals.nets, totals.total)), default=0) > LARGEST_MINOR:
            raise Rejected("document.too_large", document=unit.name)
        if totals.total.minor < 0:
            found = major(totals.total.minor, currency)
            raise Rejected("document.below_zero", document=unit.name, found=found)
        said = unit.values.get("total")
        if said is not None and exact_minor(said, currency, label_of(unit, "total")) != totals.total.minor:
            found = major(totals.total.minor, currency)
            raise Rejected("document.total_differs", document=unit.name, said=said, found=found)

    def meet_again(self, again: list[tuple[Unit, Found]], batch: Batch) -> None:
        """The same document again is nothing new; another content under the same number is a contradiction."""
        for unit, found in again:
            if found.fingerprint == self.fingerprint(unit):
                unit.outcome = UNCHANGED
            else:
                unit.fail(Reason("document.changed", {"document": unit.name}))

    def fingerprint(self, unit: Unit) -> str:
        return digest_of(sorted(unit.values.items(), key=str), [sorted(line.items(), key=str) for line in unit.lines])

    def prepare(self, units: list[Unit], batch: Batch) -> _Desk:
        skus = {text(line, "item") for unit in units for line in unit.lines} - {""}
        numbers = [text(unit.values, "number") for unit in units]
        there = Invoice.objects.filter(source=batch.run.source)
        corrected = there.filter(number__in=values_of(units, "corrects"), kind=Invoice.INVOICE)
        desk = _Desk(
            customers=by_key(batch, "customer", Customer, "code", values_of(units, "customer")),
            items=by_key(batch, "item", Item, "sku", skus),
            corrected=dict(corrected.values_list("number", "pk")),
            taken=set(there.filter(number__in=numbers).values_list("number", flat=True)),
        )
        for unit in units:
            if not text(unit.values, "customer"):
                _add_walk_in(unit, batch, desk)
        people = Customer.objects.filter(pk__in=set(desk.customers.values())).prefetch_related(
            "identifiers", "addresses"
        )
        desk.people = {customer.pk: customer for customer in people}
        return desk

    def build(self, unit: Unit, batch: Batch, desk: _Desk) -> Invoice:
        values = unit.values
        number = text(values, "number")
        if number in desk.taken:
            raise Rejected("document.number_taken", document=number)
        customer_id = _customer_of(unit, desk)
        for line in unit.lines:
            _item_of(unit, line, desk)
        day = _day(values["issued_at"], batch)
        customer = desk.people.get(customer_id) or Customer(pk=customer_id)  # a rehearsal has taken it back
        buyer = buyer_facts(customer) if customer_id in desk.people else {}
        totals: Totals = unit.work
        return Invoice(
            kind=self.kind, number=number, state="posted", customer_id=customer_id, date=day, supply_date=day,
            due_date=day_in(values, "due_date") or self._due(customer, day, batch),
            currency=text(values, "currency"), language=text(values, "language") or batch.company.language,
            customer_reference=text(values, "reference"), note=text(values, "note"),
            seller=seller_facts(batch), buyer=buyer, net=totals.net.minor, discount=totals.discount.minor,
            tax=totals.tax.minor, total=totals.total.minor, tax_summary=[rate.as_json() for rate in totals.rates],
            open_amount=totals.total.minor, posted_at=day_in(values, "issued_at"),
            origin="imported", source=batch.run.source, corrects_id=_corrected(unit, desk),
            reason=self.reason(unit, batch),
            search_text=search_key(number, buyer.get("name", ""), text(values, "reference")),
            created_at=batch.at, updated_at=batch.at,
        )  # fmt: skip

    def reason(self, unit: Unit, batch: Batch) -> str:
        return ""

    def _due(self, customer: Customer, day: date, batch: Batch) -> date | None:
        return due_date_for(customer, day, batch.company) if self.kind == Invoice.INVOICE else None

    def attach(self, made: list[tuple[Unit, Any]], batch: Batch, desk: _Desk) -> None:
        rows: list[InvoiceLine] = []
        for unit, invoice in made:
            rows.extend(_line(invoice, unit, place, desk) for place in range(len(unit.lines)))
        InvoiceLine.objects.bulk_create(rows)
        post_all((self._posting(invoice) for _unit, invoice in made), batch.at)

    def _posting(self, invoice: Invoice) -> Posting:
        return Posting(
            invoice.customer_id, self.kind, invoice.number, invoice.uid, invoice.date, invoice.currency,
            invoice.total, invoice.due_date,
        )  # fmt: skip


class CreditNoteWriter(InvoiceWriter):
    """Credit notes keep positive amounts; their sums are told as negative ones."""

    entity = CREDIT_NOTE
    kind = Invoice.CREDIT_NOTE
    sign = -1

    def reason(self, unit: Unit, batch: Batch) -> str:
        """A credit note says why; those of other programs often do not."""
        with override(batch.company.language):
            return text(unit.values, "reason") or gettext("Imported credit note")


def _day(moment: object, batch: Batch) -> date:
    """The day on the paper: the moment in the time zone of the map."""
    assert isinstance(moment, datetime)
    return moment.astimezone(ZoneInfo(batch.timezone)).date()


def _line_amounts(unit: Unit, line: Values) -> LineAmounts:
    discount = Decimal(str(line.get("discount_percent") or 0))
    rate = Decimal(str(line.get("tax_rate") or 0))
    for name, percent in (("discount_percent", discount), ("tax_rate", rate)):
        if not 0 <= percent <= 100:
            column = label_in(unit.target, name)
            raise Rejected("record.invalid", column=column, value=percent, reason="0–100")
    category = text(line, "tax_category").upper() or ("S" if rate else "O")
    return LineAmounts(
        Decimal(str(line["quantity"])), Decimal(str(line["unit_price"])), discount, rate, category,
        tax_reason=text(line, "tax_reason"),
    )  # fmt: skip


def _customer_of(unit: Unit, desk: _Desk) -> int:
    wanted = text(unit.values, "customer")
    key = wanted or _walk_in_key(unit)
    if key not in desk.customers:
        what = Customer._meta.verbose_name
        raise Rejected("reference.unknown", column=label_of(unit, "customer"), entity=what, value=wanted)
    return desk.customers[key]


def _item_of(unit: Unit, line: Values, desk: _Desk) -> int | None:
    wanted = text(line, "item")
    if wanted and wanted not in desk.items:
        what = Item._meta.verbose_name
        raise Rejected("reference.unknown", column=label_in(unit.target, "item"), entity=what, value=wanted)
    return desk.items[wanted] if wanted else None


def _corrected(unit: Unit, desk: _Desk) -> int | None:
    wanted = text(unit.values, "corrects")
    if wanted and wanted not in desk.corrected:
        what = Invoice._meta.verbose_name
        raise Rejected("reference.unknown", column=label_of(unit, "corrects"), entity=what, value=wanted)
    return desk.corrected.get(wanted)


def _line(invoice: Invoice, unit: Unit, place: int, desk: _Desk) -> InvoiceLine:
    line, totals = unit.lines[place], unit.work
    amounts = _line_amounts(unit, line)
    sku = text(line, "sku") or text(line, "item")
    return InvoiceLine(
        document=invoice, position=place + 1, item_id=desk.items.get(text(line, "item")), sku=sku[:60],
        title=text(line, "title") or sku or "—", quantity=amounts.quantity, unit_price=amounts.unit_price,
        discount_percent=amounts.discount_percent, tax_category=amounts.tax_category, tax_percent=amounts.tax_percent,
        tax_reason=amounts.tax_reason, net=totals.nets[place].minor, tax=totals.taxes[place].minor,
        **given(line, "details", "unit"),
    )  # fmt: skip


# Parties


def _walk_in_key(unit: Unit) -> str:
    return f"\x1f{WALK_IN}\x1f{text(unit.values, 'country').upper()}"


def _add_walk_in(unit: Unit, batch: Batch, desk: _Desk) -> None:
    """Sales without a customer belong to the walk-in customer of their country."""
    key = _walk_in_key(unit)
    if key in desk.customers:
        return
    try:
        country = country_of(unit, batch)
    except Rejected as rejected:
        unit.fail(rejected.reason)
        return
    code = f"WALK-IN-{country}"
    customer = Customer.objects.filter(code=code).first()
    if customer is None:
        with override(batch.company.language):
            name = gettext("Walk-in customers (%(country)s)") % {"country": country}
        customer = Customer.objects.create(
            code=code, name=name, kind=Customer.INDIVIDUAL, country=country, is_walk_in=True,
            currency=text(unit.values, "currency"), language=batch.company.language,
            search_text=search_key(name, code), created_at=batch.at, updated_at=batch.at,
        )  # fmt: skip
        batch.made_aside(WALK_IN, country, customer.pk)
    desk.customers[key] = customer.pk


def buyer_facts(customer: Customer) -> dict[str, Any]:
    """The buyer as he is known now; the source does not say how he was then."""
    numbers = {row.kind: row.value for row in customer.identifiers.all()}
    address = next(iter(customer.addresses.all()), None)
    return {
        "name": customer.name,
        "name_en": customer.name_en,
        "vat_number": numbers.get("sa_vat") or numbers.get("ir_economic_code") or "",
        "registration": numbers.get("sa_unified") or numbers.get("sa_cr") or numbers.get("ir_legal_id") or "",
        "address": str(address) if address else "",
        "phone": customer.phone,
        "email": customer.email,
    }


def seller_facts(batch: Batch) -> dict[str, Any]:
    """The company as it is now."""
    company = batch.company
    parts = (company.building, company.street, company.district, company.city, company.postal_code)
    return {
        "name": company.name,
        "name_en": company.name_en,
        "vat_number": company.vat_number,
        "registration": company.registration_number,
        "address": "، ".join(part for part in parts if part),
        "phone": company.phone,
        "email": company.email,
        "iban": company.iban,
        "bank": company.bank_name,
    }
