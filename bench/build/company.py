"""The company itself, its colleagues, its goods: few rows, made by the product's own verbs where there are some."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module

from django.apps import apps

from bench.build.story import CURRENCY, ITEMS, TERM_DAYS, VAT, price_of
from rawabit.catalog.models import Item, ItemGroup, Price, PriceList, Tax, TaxRate, Unit
from rawabit.company.actions import ensure_company
from rawabit.company.models import Company
from rawabit.crm.models import CustomerGroup, PaymentTerms, Territory
from rawabit.identity.actions import create_staff, install_roles
from rawabit.identity.models import User
from rawabit.kit.records.actor import system
from rawabit.kit.text import search_key
from rawabit.shipping.models import Carrier

SELLERS = 10
KINDS_OF_GOODS = ("مضخة", "صمام", "أنبوب", "عداد", "وصلة", "لوحة تحكم", "مرشح", "خزان")


def found(at: datetime) -> Company:
    """The company with its ways of writing and its roles."""
    company = ensure_company("شركة القياس للتجارة", "SA", actor=system("setup"), at=at)
    permissions = [code for module in policy_modules() for code, _label in module.PERMISSIONS]
    install_roles(permissions, actor=system("setup"), at=at)
    # A paper that is still on its way is invoiced already: what the measured customer looks at has everything in it.
    company.invoice_from = "ordered"
    company.vat_number, company.street, company.city = "300000000000003", "طريق الملك فهد", "الرياض"
    company.iban, company.bank_name = "SA0380000000608010167519", "مصرف القياس"
    company.save()
    return company


def policy_modules() -> list[object]:
    """Every module of ours that says who may do what."""
    names = [config.name for config in apps.get_app_configs() if config.name.startswith("rawabit.")]
    modules = []
    for name in names:
        try:
            modules.append(import_module(f"{name}.policies"))
        except ModuleNotFoundError:
            continue
    return modules


def hire(at: datetime) -> tuple[User, list[User]]:
    """A manager, who sees everything, and sellers, whose customers they are."""
    from rawabit.identity.models import Role

    roles = {role.code: role for role in Role.objects.all()}

    def colleague(code: str, number: int) -> User:
        email, name = f"{code}{number}@bench.example", f"{code.title()} {number}"
        return create_staff(email, name, roles=[roles[code]], actor=system("setup"), at=at, language="ar")

    return colleague("manager", 1), [colleague("sales", number + 1) for number in range(SELLERS)]


def stock(since: date) -> list[Item]:
    """Goods with prices, and how they are taxed, sold and carried."""
    tax = Tax.objects.create(code="bench-standard", name="ضريبة القيمة المضافة", category="S")
    TaxRate.objects.create(tax=tax, percent=VAT, valid_from=since)
    unit, _made = Unit.objects.get_or_create(code="PCE", defaults={"name": "قطعة", "name_en": "Piece"})
    groups = [ItemGroup.objects.create(name=kind) for kind in KINDS_OF_GOODS]
    rows = [_item(number, groups[number % len(groups)], unit, tax) for number in range(ITEMS)]
    items = Item.objects.bulk_create(rows)
    list_of_prices = PriceList.objects.create(name="الأسعار", currency=CURRENCY, is_default=True)
    Price.objects.bulk_create(
        Price(price_list=list_of_prices, item=item, unit_price=Decimal(price_of(number)), valid_from=since)
        for number, item in enumerate(items)
    )
    return items


def _item(number: int, group: ItemGroup, unit: Unit, tax: Tax) -> Item:
    sku, name = f"B-{number + 1:04}", f"{group.name} طراز {number + 1}"
    return Item(
        sku=sku,
        name=name,
        name_en=f"Model {number + 1}",
        group=group,
        unit=unit,
        tax=tax,
        search_text=search_key(name, sku),
    )


def map_out(sellers: Sequence[User]) -> tuple[list[Territory], list[CustomerGroup], PaymentTerms, list[Carrier]]:
    """Territories, groups of customers, terms and carriers."""
    territories = [Territory.objects.create(name=f"منطقة {n + 1}", manager=sellers[n]) for n in range(5)]
    groups = [CustomerGroup.objects.create(name=name) for name in ("جملة", "مقاولون", "تجزئة")]
    terms = PaymentTerms.objects.create(name="ثلاثون يوما", name_en="30 days", days=TERM_DAYS)
    tracking = "https://carrier.example/track/{number}"
    carriers = [Carrier.objects.create(name=f"شركة شحن {n + 1}", tracking_url=tracking) for n in range(3)]
    return territories, groups, terms, carriers
