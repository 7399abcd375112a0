"""Rows of one entity as CSV, XLSX or JSON for programs: stable column names, exact numbers, ISO dates."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.db.models import Model

from rawabit.billing.models import Invoice, InvoiceLine, Payment
from rawabit.catalog.models import Item, Price
from rawabit.connect.logic.amounts import major
from rawabit.crm.models import Contact, Customer
from rawabit.kit.records.actor import Actor
from rawabit.kit.screens.exports import harmless
from rawabit.ledger.models import Entry
from rawabit.sales.models import Order, OrderLine, Quotation
from rawabit.shipping.models import Delivery
from rawabit.trade.logic.lines import SECTION

Getter = Callable[[Any], Any]
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Export:
    """What is written of an entity. A column is a path of attributes; ``name:money`` is an amount in minor units.

    ``owner``: the path to the document whose row rule decides and whose currency counts, for lines (without
    headings)."""

    model: type[Model]
    columns: tuple[str, ...]
    related: tuple[str, ...] = ()
    owner: str = ""


DOCUMENT = (
    "number", "state", "customer.code", "customer.name", "date", "currency", "net:money", "discount:money", "tax:money",
    "total:money", "customer_reference", "note",
)  # fmt: skip
LINE = (
    "document.number", "position", "sku", "title", "unit", "quantity", "unit_price", "discount_percent", "tax_category",
    "tax_percent", "document.currency", "net:money", "tax:money",
)  # fmt: skip
EXPORTS: dict[str, Export] = {
    "customers": Export(
        Customer,
        (
            "code", "name", "name_ar", "name_fa", "name_en", "trade_name", "kind", "country", "language", "email",
            "phone", "website", "group.name", "territory.name", "owner.email", "payment_terms.days", "currency",
            "credit_limit:money", "on_hold", "is_active", "considerations",
        ),
        ("group", "territory", "owner", "payment_terms"),
    ),
    "contacts": Export(
        Contact,
        ("uid", "full_name", "name_en", "honorific", "known_as", "email", "phone", "mobile", "language", "is_active"),
    ),
    "items": Export(
        Item,
        (
            "sku", "name", "name_ar", "name_fa", "name_en", "kind", "group.name", "unit.code", "tax.code", "barcode",
            "description", "is_active",
        ),
        ("group", "unit", "tax"),
    ),
    "prices": Export(
        Price,
        ("price_list.name", "item.sku", "unit_price", "price_list.currency", "min_quantity", "valid_from", "valid_to"),
        ("price_list", "item"),
    ),
    "quotations": Export(Quotation, (*DOCUMENT, "edition", "valid_until"), ("customer",)),
    "orders": Export(Order, (*DOCUMENT, "promised_date", "delivery_state", "invoice_state"), ("customer",)),
    "order-lines": Export(OrderLine, LINE, ("document",), "document"),
    "deliveries": Export(
        Delivery,
        (
            "number", "state", "order.number", "customer.code", "date", "carrier.name", "tracking_number",
            "promised_date",
        ),
        ("order", "customer", "carrier"),
    ),
    "invoices": Export(
        Invoice, (*DOCUMENT, "kind", "due_date", "open_amount:money", "origin", "source", "reason"), ("customer",)
    ),
    "invoice-lines": Export(InvoiceLine, LINE, ("document",), "document"),
    "payments": Export(
        Payment,
        (
            "number", "state", "direction", "customer.code", "customer.name", "date", "currency", "amount:money",
            "unallocated:money", "method", "reference", "origin", "source",
        ),
        ("customer",),
    ),
    "ledger": Export(
        Entry,
        (
            "customer.code", "currency", "date", "due_date", "kind", "number", "debit:money", "credit:money",
            "open:money",
        ),
        ("customer",),
    ),
}  # fmt: skip


def write_export(entity: str, form: str, out: BinaryIO, *, actor: Actor) -> int:
    """Write every row that the actor sees, in the order of their keys; answers how many. Memory stays flat."""
    export = EXPORTS[entity]
    heads = [column.partition(":")[0].replace(".", "_") for column in export.columns]
    return _FORMS[form](heads, _rows(export, actor), out)


def _rows(export: Export, actor: Actor) -> Iterator[list[Any]]:
    getters = [_getter(column, export.owner) for column in export.columns]
    manager: Any = export.model._default_manager
    if export.owner:
        parent: Any = export.model._meta.get_field(export.owner).related_model
        seen = parent._default_manager.visible_to(actor)
        rows = manager.filter(**{f"{export.owner}__in": seen}).exclude(kind=SECTION)
    else:
        rows = manager.visible_to(actor)
    for row in rows.select_related(*export.related).order_by("pk").iterator(chunk_size=AT_ONCE):
        yield [get(row) for get in getters]


def _getter(column: str, owner: str) -> Getter:
    path, _colon, form = column.partition(":")
    names = path.split(".")

    def get(row: Any) -> Any:
        value = row
        for name in names:
            value = getattr(value, name, None)
        if form != "money" or value is None:
            return value
        return major(value, (getattr(row, owner) if owner else row).currency)

    return get


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else value


def _csv(heads: list[str], rows: Iterator[list[Any]], out: BinaryIO) -> int:
    """With a byte order mark, so that spreadsheets read Arabic; text that could be a formula is guarded."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(heads)
    count = 0
    for row in rows:
        writer.writerow([_plain(value) if isinstance(value, Decimal) else harmless(_plain(value)) for value in row])
        count += 1
    text.detach()
    return count


def _json(heads: list[str], rows: Iterator[list[Any]], out: BinaryIO) -> int:
    """One list of objects, one object per line; numbers as exact text."""
    count = 0
    out.write(b"[")
    for row in rows:
        values = {head: value if isinstance(value, bool | int | None) else str(_plain(value))
                  for head, value in zip(heads, row, strict=True)}  # fmt: skip
        out.write(b",\n" if count else b"\n")
        out.write(json.dumps(values, ensure_ascii=False).encode())
        count += 1
    out.write(b"\n]\n")
    return count


def _xlsx(heads: list[str], rows: Iterator[list[Any]], out: BinaryIO) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    count = 0
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, heads)
        for count, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _cell(sheet, count, place, value, day)
    return count


def _cell(sheet: Any, row: int, place: int, value: Any, day: Any) -> None:
    if isinstance(value, datetime | date):
        sheet.write_datetime(row, place, value, day)
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, Decimal | int):
        sheet.write_number(row, place, value)
    elif value is not None:
        sheet.write_string(row, place, str(value))


Form = Callable[[list[str], Iterator[list[Any]], BinaryIO], int]
_FORMS: dict[str, Form] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}
