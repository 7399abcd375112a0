"""Items, their groups and units, price lists and taxes on the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import ModelForm
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.catalog.actions import delete_item, save_item, save_price_list, set_item_active
from rawabit.catalog.models import Item, ItemGroup, Price, PriceList, Tax, Unit
from rawabit.catalog.queries import percents_on, prices_for
from rawabit.catalog.tax_actions import save_tax
from rawabit.company.queries import local_day
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money, digits_of
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import EMPTY, Choice, Code, Column, Day, Linked, Number, Percent, Words, Yes
from rawabit.kit.screens.fields import CodeField, DateField3, NumberField
from rawabit.kit.screens.filters import Days, Flag, Of, OneOf
from rawabit.kit.screens.masters import NAMES, MasterScreens, NameColumn, NamedForm, Sure, currency_choices
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb


@dataclass(frozen=True, slots=True)
class UnitPrice(Column):
    """What one unit costs: up to six decimals, at least those of its currency. Rials, whatever the reader's unit, for
    that is what the form takes."""

    css: str = "num"
    currency: str = "price_list__currency"

    def cell(self, record: Any) -> SafeString:
        value: Decimal | None = self.value(record)
        if value is None:
            return EMPTY
        code = Column(self.currency).value(record)
        exponent = value.normalize().as_tuple().exponent
        places = max(digits_of(code), -exponent if isinstance(exponent, int) else 0)
        parts = replace(active(), rial_unit="rial").money_parts(Money.zero(code))
        sign = format_html('<span class="cur" aria-hidden="true">{}</span>', parts.symbol)
        spoken = format_html('<span class="sr">{}</span>', parts.spoken_name)
        digits = active().number(value, places)
        if parts.position == "before":
            return format_html('<span class="money">{}{}</span>{}', sign, digits, spoken)
        return format_html('<span class="money-after"><bdi dir="ltr">{}</bdi> {}</span>{}', digits, sign, spoken)


class ItemForm(NamedForm):
    widths = {**NamedForm.widths, "sku": 4, "barcode": 4, "kind": 4, "group": 4, "unit": 4, "tax": 4}

    class Meta:
        model = Item
        fields = [*NAMES, "sku", "barcode", "kind", "group", "unit", "tax", "description", "is_active"]
        field_classes = {"sku": CodeField, "barcode": CodeField}


def stop_selling(item: Item, *, actor: Actor, at: datetime) -> Item:
    return set_item_active(item, False, actor=actor, at=at)


def sell_again(item: Item, *, actor: Actor, at: datetime) -> Item:
    return set_item_active(item, True, actor=actor, at=at)


def prices_of_item(item: Item, request: Request) -> Any:
    rows = PriceScreens().rows(request.actor)
    return rows.filter(item=item).order_by("price_list__name", "min_quantity", "-valid_from")[:50]


def may(request: Request, permission: str) -> bool:
    return bool(request.actor.may(permission))


class ItemScreens(MasterScreens):
    model = Item
    slug = "items"
    icon = "product"
    columns = (
        Code("sku"), NameColumn(), Choice("kind"), Linked("group", sort="group__name"),
        Linked("unit", sort="unit__code"), UnitPrice("price", label=_("Price"), currency="price_currency"),
        Linked("tax", sort="tax__code"),
        Code("barcode"), Yes("is_active"),
    )  # fmt: skip
    hidden_columns = ("barcode", "unit")
    facts = (
        (_("Item"), (
            Code("sku"), Code("barcode"), Choice("kind"), Linked("group"), Linked("unit"), Linked("tax"),
            UnitPrice("price", label=_("Price"), currency="price_currency"), Yes("is_active"),
        )),
        (_("Names and description"), (Column("name_ar"), Column("name_fa"), Column("name_en"), Words("description"))),
    )  # fmt: skip
    filters = (OneOf("kind"), Of("group"), Of("tax"), Flag("is_active"))
    related = ("group", "unit", "tax")
    form = ItemForm
    save = staticmethod(save_item)
    verbs = (
        Verb("stop", stop_selling, label=_("Stop selling"), when=lambda item: item.is_active, icon="pause",
             permission="catalog.change_item"),
        Verb("sell", sell_again, label=_("Sell again"), when=lambda item: not item.is_active, icon="play",
             permission="catalog.change_item"),
        Verb("delete", delete_item, label=_("Delete"), form=Sure, tone="danger-quiet", icon="trash"),
    )  # fmt: skip
    bulk = ("stop", "sell")
    panels = (
        Panel(
            _("Prices"), prices_of_item, (Linked("price_list"), UnitPrice("unit_price"),
            Number("min_quantity"), Day("valid_from"), Day("valid_to")),
            empty=_("No price yet."), permission="catalog.view_price",
            add=lambda item, request: f"{reverse('prices-create')}?item={item.pk}"
            if may(request, "catalog.add_price") else "",
        ),
    )  # fmt: skip

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        """The price of one unit on the default list today, in a constant number of queries."""
        company = request.company
        day = local_day(request.now, company)
        found = prices_for({item.pk: Decimal(1) for item in rows}, None, company.currency, day)
        for item in rows:
            item.price, item.price_currency = found.get(item.pk), company.currency

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        self.prepare([record], request)
        return super().detail_context(request, record)


class ItemGroupForm(NamedForm):
    class Meta:
        model = ItemGroup
        fields = [*NAMES, "parent"]
        labels = {"parent": _("Part of")}


class ItemGroupScreens(MasterScreens):
    model = ItemGroup
    slug = "item-groups"
    icon = "grid"
    columns = (NameColumn(), Linked("parent", label=_("Part of"), sort="parent__name"))
    related = ("parent",)
    form = ItemGroupForm
    panels = (
        Panel(
            _("Items"), lambda group, request: ItemScreens().rows(request.actor).filter(group=group)[:20],
            (Code("sku"), NameColumn(), Choice("kind")), empty=_("Nothing here yet"),
            more=lambda group: f"{reverse('items-list')}?group={group.pk}", permission="catalog.view_item",
        ),
    )  # fmt: skip


class UnitForm(NamedForm):
    widths = {**NamedForm.widths, "code": 4}

    class Meta:
        model = Unit
        fields = ["code", *NAMES]
        field_classes = {"code": CodeField}
        help_texts = {"code": _("As in UN/ECE Recommendation 20: PCE, KGM, MTR, HUR …")}


class UnitScreens(MasterScreens):
    model = Unit
    slug = "units"
    icon = "target"
    columns = (Code("code"), NameColumn(), Column("name_ar"), Column("name_fa"), Column("name_en"))
    default_order = ("code",)
    form = UnitForm


class PriceListForm(NamedForm):
    widths = {**NamedForm.widths, "currency": 6}
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)

    class Meta:
        model = PriceList
        fields = [*NAMES, "currency", "is_default", "is_active"]

    def _get_validation_exclusions(self) -> set[str]:
        """Without ``one_default_list``: the action takes the default away from the other list first."""
        return {*super()._get_validation_exclusions(), "currency"}  # type: ignore[misc]  # Django's stubs leave it out


class PriceListScreens(MasterScreens):
    model = PriceList
    slug = "price-lists"
    icon = "coins"
    columns = (NameColumn(), Code("currency"), Yes("is_default"), Yes("is_active"))
    form = PriceListForm
    save = staticmethod(save_price_list)
    panels = (
        Panel(
            _("Prices"),
            lambda chosen, request: PriceScreens().rows(request.actor).filter(price_list=chosen)[:50],
            (Linked("item"), UnitPrice("unit_price"), Number("min_quantity"), Day("valid_from"),
             Day("valid_to")),
            empty=_("No price yet."), permission="catalog.view_price",
            more=lambda chosen: f"{reverse('prices-list')}?price_list={chosen.pk}",
            add=lambda chosen, request: f"{reverse('prices-create')}?price_list={chosen.pk}"
            if may(request, "catalog.add_price") else "",
        ),
    )  # fmt: skip


class PriceForm(ModelForm):
    widths = {"item": 6, "price_list": 6, "unit_price": 6, "min_quantity": 6, "valid_from": 6, "valid_to": 6}

    class Meta:
        model = Price
        fields = ["item", "price_list", "unit_price", "min_quantity", "valid_from", "valid_to"]
        field_classes = {"valid_from": DateField3, "valid_to": DateField3}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day lies before the first."))
        return data


class PriceScreens(MasterScreens):
    model = Price
    slug = "prices"
    icon = "coins"
    columns = (
        Code("item__sku"), Linked("item", sort="item__name"), Linked("price_list", sort="price_list__name"),
        UnitPrice("unit_price"), Number("min_quantity"), Day("valid_from"),
        Day("valid_to"),
    )  # fmt: skip
    filters = (Of("price_list"), Days("valid_from"))
    related = ("item", "price_list")
    default_order = ("item__name", "price_list__name", "min_quantity", "-valid_from", "pk")
    form = PriceForm

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        form.fields["item"].queryset = form.fields["item"].queryset.order_by("name")  # type: ignore[attr-defined]
        if form.instance.pk is None:
            form.fields["valid_from"].initial = local_day(request.now)

    def name_of(self, record: Any) -> str:
        return f"{record.item} · {record.price_list}"


class TaxForm(NamedForm):
    widths = {
        **NamedForm.widths, "code": 4, "category": 8, "reason_code": 4, "reason": 8, "percent": 4, "valid_from": 4,
    }  # fmt: skip
    percent = NumberField(label=_("Rate"), places=4, least=0, most=100, unit="%", required=False)
    valid_from = DateField3(label=_("From this day on"), required=False)

    class Meta:
        model = Tax
        fields = ["code", "category", *NAMES, "reason_code", "reason"]
        help_texts = {
            "reason_code": _("For example VATEX-SA-35."),
            "reason": _("Stands on the invoice when no tax is charged."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("category") not in (None, "S") and not data.get("reason"):
            self.add_error("reason", _("Say why no tax is charged."))
        if (data.get("percent") is None) != (data.get("valid_from") is None):
            missing = "percent" if data.get("percent") is None else "valid_from"
            self.add_error(missing, _("A rate needs a percentage and a first day."))
        if self.instance.pk is None and data.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _("A new tax needs a rate; 0 for one that is not charged."))
        return data


def rates(tax: Tax, request: Request) -> Any:
    return tax.rates.order_by("-valid_from")


class TaxScreens(MasterScreens):
    model = Tax
    slug = "taxes"
    icon = "percent"
    columns = (
        Code("code"), NameColumn(), Choice("category"), Percent("today", label=_("Rate today")), Code("reason_code"),
        Column("reason"),
    )  # fmt: skip
    hidden_columns = ("reason",)
    filters = (OneOf("category"),)
    default_order = ("category", "code")
    form = TaxForm
    save = staticmethod(save_tax)
    panels = (
        Panel(_("Rates"), rates, (Percent("percent"), Day("valid_from")),
              empty=_("No rate yet.")),
        Panel(
            _("Items"), lambda tax, request: ItemScreens().rows(request.actor).filter(tax=tax)[:10],
            (Code("sku"), NameColumn()), more=lambda tax: f"{reverse('items-list')}?tax={tax.pk}",
            permission="catalog.view_item",
        ),
    )  # fmt: skip

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        found = percents_on([tax.pk for tax in rows], local_day(request.now))
        for tax in rows:
            tax.today = found[tax.pk]

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        self.prepare([record], request)
        return super().detail_context(request, record)
