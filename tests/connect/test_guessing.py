"""What headers of three languages mean, and how files write dates and numbers."""

from __future__ import annotations

import pytest

from rawabit.connect.logic.guessing import (
    fields_of,
    fingerprint,
    guess_calendar,
    guess_columns,
    guess_decimal,
    guess_kind,
    guess_writing,
    scores,
)
from rawabit.connect.logic.headers import NAMES
from rawabit.connect.targets import ENTITIES

GOLDEN = [
    ("customer", "رقم العميل", "external_id"), ("customer", "اسم العميل", "name"),
    ("customer", "اسم المنشأة", "name"), ("customer", "الاسم بالإنجليزية", "name_en"),
    ("customer", "الرقم الضريبي", "vat_number"), ("customer", "السجل التجاري", "commercial_registration"),
    ("customer", "الجوّال", "phone"), ("customer", "البريد الإلكتروني", "email"), ("customer", "المدينه", "city"),
    ("customer", "الرمز البريدي", "postal_code"), ("customer", "حد الإئتمان (ريال)", "credit_limit"),
    ("customer", "فئة العملاء", "group"), ("customer", "العنوان المختصر", "short_code"),
    ("customer", "الحي", "district"), ("customer", "نشط", "is_active"), ("customer", "فرع من", "parent"),
    ("customer", "کد مشتری", "external_id"), ("customer", "نام مشتری", "name"),
    ("customer", "شناسهٔ ملی", "legal_id"), ("customer", "کد اقتصادی", "economic_code"),
    ("customer", "تلفن", "phone"), ("customer", "نشانی", "address_lines"), ("customer", "استان", "province"),
    ("customer", "کد پستی", "postal_code"), ("customer", "سقف اعتبار", "credit_limit"),
    ("customer", "Customer No.", "external_id"), ("customer", "CustomerID", "external_id"),
    ("customer", "Company name", "name"), ("customer", "VAT_Number", "vat_number"), ("customer", "E-Mail", "email"),
    ("customer", "ZIP", "postal_code"), ("customer", "Payment Terms", "payment_days"),
    ("contact", "اسم جهة الاتصال", "full_name"), ("contact", "المسمى الوظيفي", "job_title"),
    ("contact", "رقم الجوال", "mobile"), ("contact", "نام و نام‌خانوادگی", "full_name"),
    ("contact", "تلفن همراه", "mobile"), ("contact", "سمت", "job_title"), ("contact", "Full Name", "full_name"),
    ("contact", "mobile_number", "mobile"), ("contact", "Customer", "customer"),
    ("item", "رمز الصنف", "external_id"), ("item", "اسم الصنف", "name"), ("item", "الباركود", "barcode"),
    ("item", "وحدة القياس", "unit"), ("item", "کد کالا", "external_id"), ("item", "نام کالا", "name"),
    ("item", "بارکد", "barcode"), ("item", "واحد", "unit"), ("item", "SKU", "external_id"),
    ("item", "Product Name", "name"), ("item", "UoM", "unit"),
    ("price", "قائمة الأسعار", "price_list"), ("price", "سعر البيع", "unit_price"),
    ("price", "لیست قیمت", "price_list"), ("price", "قیمت", "unit_price"), ("price", "Min. quantity", "min_quantity"),
    ("invoice", "رقم الفاتورة", "number"), ("invoice", "تاريخ الفاتورة", "issued_at"),
    ("invoice", "تاريخ الاستحقاق", "due_date"), ("invoice", "الكمية", "lines.quantity"),
    ("invoice", "سعر الوحدة", "lines.unit_price"), ("invoice", "نسبة الضريبة %", "lines.tax_rate"),
    ("invoice", "الإجمالي شامل الضريبة", "total"), ("invoice", "شماره فاکتور", "number"),
    ("invoice", "شمارهٔ فاكتور", "number"), ("invoice", "تاریخ فاکتور", "issued_at"),
    ("invoice", "سررسید", "due_date"), ("invoice", "تعداد", "lines.quantity"), ("invoice", "فی", "lines.unit_price"),
    ("invoice", "درصد تخفیف", "lines.discount_percent"), ("invoice", "شرح کالا", "lines.title"),
    ("invoice", "Invoice No", "number"), ("invoice", "INVOICE #", "number"), ("invoice", "InvoiceDate", "issued_at"),
    ("invoice", "StockCode", "lines.item"), ("invoice", "Qty", "lines.quantity"),
    ("invoice", "UnitPrice", "lines.unit_price"), ("invoice", "Discount %", "lines.discount_percent"),
    ("invoice", "VAT %", "lines.tax_rate"),
    ("credit_note", "رقم الإشعار الدائن", "number"), ("credit_note", "سبب الإرجاع", "reason"),
    ("payment", "رقم سند القبض", "number"), ("payment", "المبلغ", "amount"), ("payment", "طريقة الدفع", "method"),
    ("payment", "تاريخ السداد", "date"), ("payment", "شماره رسید", "number"), ("payment", "روش پرداخت", "method"),
    ("payment", "Receipt No", "number"), ("payment", "Amount (SAR)", "amount"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "header", "field"), GOLDEN, ids=[f"{k}-{h}" for k, h, _f in GOLDEN])
def test_a_header_means(kind: str, header: str, field: str) -> None:
    assert guess_columns([header], ENTITIES[kind]) == {header: field}


def test_the_golden_headers_speak_three_languages() -> None:
    assert len(GOLDEN) >= 60
    assert sum(h.isascii() for _k, h, _f in GOLDEN) >= 20
    assert sum(any(c in "پچژگکیٔ" for c in h) for _k, h, _f in GOLDEN) >= 15


def test_every_listed_name_is_of_a_field() -> None:
    fields = {name for entity in ENTITIES.values() for name in fields_of(entity)}
    kinds = {f"{entity.name}.{name}" for entity in ENTITIES.values() for name in fields_of(entity)}
    assert [name for name in NAMES if name not in fields | kinds] == []


@pytest.mark.parametrize("header", ["", "%%%", "xyzzy", "١٢٣", "\u202e", "😀", "-" * 300, "ملف سري جدا لا يعني شيئا"])
def test_what_means_nothing_is_left_out(header: str) -> None:
    assert guess_columns([header], ENTITIES["customer"]) == {}


def test_ambiguous_headers_go_where_nobody_else_does() -> None:
    """“Name” beside “Customer name” is not the name again; the better fit wins whatever the order."""
    customer, invoice = ENTITIES["customer"], ENTITIES["invoice"]
    assert guess_columns(["Name", "Customer name"], customer) == {"Customer name": "name"}
    assert guess_columns(["Customer name", "Name"], customer) == {"Customer name": "name"}
    chosen = guess_columns(["رقم الفاتورة", "رقم العميل", "التاريخ", "تاريخ الاستحقاق"], invoice)
    assert chosen == {"رقم الفاتورة": "number", "رقم العميل": "customer", "التاريخ": "issued_at",
                      "تاريخ الاستحقاق": "due_date"}  # fmt: skip
    assert guess_columns(["Price", "Total price"], ENTITIES["price"]) == {"Price": "unit_price"}


@pytest.mark.parametrize(("kind", "columns"), [
    ("customer", ["رقم العميل", "اسم العميل", "الجوال", "المدينة", "الرقم الضريبي"]),
    ("customer", ["نام مشتری", "تلفن", "شهر", "نشانی", "کد اقتصادی"]),
    ("contact", ["Full name", "Customer No", "Mobile", "Job title", "E-mail"]),
    ("item", ["کد کالا", "نام کالا", "بارکد", "واحد"]),
    ("item", ["SKU", "Item name", "Barcode", "Category", "Unit"]),
    ("price", ["Price list", "SKU", "Price", "Valid from"]),
    ("price", ["قائمة الأسعار", "رمز الصنف", "السعر"]),
    ("invoice", ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"]),
    ("invoice", ["رقم الفاتورة", "التاريخ", "رقم العميل", "الصنف", "الكمية", "السعر"]),
    ("invoice", ["شماره فاکتور", "تاریخ", "کد مشتری", "شرح کالا", "تعداد", "فی"]),
    ("credit_note", ["رقم الإشعار الدائن", "التاريخ", "السبب", "رقم العميل", "الصنف", "الكمية", "السعر"]),
    ("payment", ["رقم سند القبض", "رقم العميل", "تاريخ السداد", "المبلغ", "طريقة الدفع"]),
    ("payment", ["Receipt No", "Customer", "Date", "Amount", "Method"]),
])  # fmt: skip
def test_what_the_rows_are(kind: str, columns: list[str]) -> None:
    assert guess_kind(columns, ENTITIES.values()) == kind


def test_the_same_columns_in_other_spelling_are_the_same_file() -> None:
    assert fingerprint(["Invoice No", "Qty"]) == fingerprint(["QTY", "invoice_no"])
    assert fingerprint(["رقم الفاتورة"]) == fingerprint(["رقم الفاتوره"])
    assert fingerprint(["Invoice No"]) != fingerprint(["Invoice No", "Qty"])


@pytest.mark.parametrize(("calendar", "dates"), [
    ("gregorian", ["2024-03-01", "2025-12-31"]), ("hijri", ["1445/09/01", "١٤٤٦/٠١/٠٧"]),
    ("jalali", ["۱۴۰۳/۰۷/۱۵", "1399/12/30"]), ("gregorian", []), ("gregorian", ["no date"]),
    ("gregorian", ["1446/01/01", "2024-01-01"]),
])  # fmt: skip
def test_the_calendar_of_a_column(calendar: str, dates: list[str]) -> None:
    assert guess_writing(dates, []).calendar == calendar


def test_the_order_of_day_and_month() -> None:
    assert guess_writing(["03/25/2024", "04/02/2024"], []).date_format == "%m/%d/%Y"
    assert guess_writing(["3/25/24 14:30"], []).date_format == "%m/%d/%y %H:%M"
    assert guess_writing(["25/03/2024", "02/04/2024"], []).date_format == ""
    assert guess_writing(["02/03/2024"], []).unsure == ("dates",)
    assert guess_writing(["45000", "45001.5"], []).date_format == "excel"
    assert guess_calendar(["x"]) == "gregorian"


@pytest.mark.parametrize(("sign", "cells"), [
    (",", ["1.234,50", "12,5"]), (".", ["1,234.50", "12.5"]), (".", ["1234", "5"]), (".", []), (",", ["١٢,٥٠"]),
    (".", ["1,234"]),
])  # fmt: skip
def test_the_decimal_sign(sign: str, cells: list[str]) -> None:
    assert guess_decimal(cells) == sign


def test_scores_of_a_header_name_every_field_that_fits() -> None:
    assert set(scores("Name", ENTITIES["customer"])) == {"name"}
