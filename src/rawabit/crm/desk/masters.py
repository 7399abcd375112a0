"""Territories, customer groups and payment terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from rawabit.crm.actions import save_rule_form, save_territory
from rawabit.crm.desk.shared import customers_seen
from rawabit.crm.models import CustomerGroup, PaymentTerms, Territory, TerritoryRule
from rawabit.crm.queries import owner_conflicts, tree_of_territories
from rawabit.identity.models import STAFF
from rawabit.kit.access import access
from rawabit.kit.countries import country_choices, country_name
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Code, Column, Linked, Number
from rawabit.kit.screens.masters import NAMES, MailColumn, MasterScreens, NameColumn, NamedForm
from rawabit.kit.screens.panels import Panel

MOST_CONFLICTS = 100
CUSTOMER_COLUMNS = (NameColumn(), Code("code"), Linked("owner"))


class TerritoryForm(NamedForm):
    widths = {**NamedForm.widths, "parent": 6, "manager": 6}

    class Meta:
        model = Territory
        fields = [*NAMES, "parent", "manager", "members"]
        widgets = {"members": forms.CheckboxSelectMultiple}


class TerritoryScreens(MasterScreens):
    model = Territory
    slug = "territories"
    icon = "pin"
    columns = (
        NameColumn(), Linked("parent", sort="parent__name"), Linked("manager", sort="manager__full_name"),
    )  # fmt: skip
    related = ("parent", "manager")
    form = TerritoryForm
    save = staticmethod(save_territory)
    panels = (
        Panel(
            _("Members"), lambda territory, request: territory.members.order_by("full_name"),
            (Column("full_name"), MailColumn("email")), empty=_("Nobody yet"),
        ),
        Panel(
            _("Customers"), lambda territory, request: customers_seen(request).filter(territory=territory)[:20],
            CUSTOMER_COLUMNS, more=lambda territory: f"{reverse('customers-list')}?territory={territory.pk}",
            permission="crm.view_customer",
        ),
    )  # fmt: skip

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        for name in ("manager", "members"):
            field: Any = form.fields[name]
            field.queryset = field.queryset.filter(kind=STAFF, is_active=True).order_by("full_name")
        parents: Any = form.fields["parent"]
        parents.queryset = parents.queryset.exclude(pk=form.instance.pk).order_by("name")

    @access("staff")
    def tree(self, request: Request) -> HttpResponse:
        """The whole tree on one page, and the customers whose account manager stands outside."""
        actor = self.allow(request, "view")
        conflicts = owner_conflicts(actor)[: MOST_CONFLICTS + 1] if actor.may("crm.view_customer") else ()
        context = {
            "screens": self, "section": self.slug, "tree": tree_of_territories(actor), "conflicts": list(conflicts),
        }  # fmt: skip
        return render(request, "crm/territory_tree.html", context)

    def more_urls(self) -> list[URLPattern]:
        return [path(f"{self.slug}/tree/", require_safe(self.tree), name=f"{self.slug}-tree"), *super().more_urls()]


class TerritoryRuleForm(ModelForm):
    widths = {"country": 4, "city": 4, "territory": 4}
    country = forms.ChoiceField(label=_("Country"))

    class Meta:
        model = TerritoryRule
        fields = ["country", "city", "territory"]
        help_texts = {"city": _("Empty: the whole country.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]


class TerritoryRuleScreens(MasterScreens):
    model = TerritoryRule
    slug = "territory-rules"
    icon = "pin"
    columns = (
        Column("country_name", label=_("Country"), sort="country"), Column("city"),
        Linked("territory", sort="territory__name"),
    )  # fmt: skip
    related = ("territory",)
    default_order = ("country", "city_key", "pk")
    form = TerritoryRuleForm
    save = staticmethod(save_rule_form)

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        for row in rows:
            row.country_name = country_name(row.country)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        self.prepare([record], request)
        return super().detail_context(request, record)


class CustomerGroupForm(NamedForm):
    class Meta:
        model = CustomerGroup
        fields = [*NAMES]


class CustomerGroupScreens(MasterScreens):
    model = CustomerGroup
    slug = "customer-groups"
    icon = "grid"
    columns = (NameColumn(), Column("name_ar"), Column("name_fa"), Column("name_en"))
    form = CustomerGroupForm
    panels = (
        Panel(
            _("Customers"), lambda group, request: customers_seen(request).filter(group=group)[:20],
            CUSTOMER_COLUMNS, more=lambda group: f"{reverse('customers-list')}?group={group.pk}",
            permission="crm.view_customer",
        ),
    )  # fmt: skip


class PaymentTermsForm(NamedForm):
    widths = {**NamedForm.widths, "days": 6, "after": 6}

    class Meta:
        model = PaymentTerms
        fields = [*NAMES, "days", "after"]


class PaymentTermsScreens(MasterScreens):
    model = PaymentTerms
    slug = "payment-terms"
    icon = "clock"
    columns = (NameColumn(), Number("days"), Choice("after"))
    form = PaymentTermsForm
    panels = (
        Panel(
            _("Customers"), lambda terms, request: customers_seen(request).filter(payment_terms=terms)[:20],
            CUSTOMER_COLUMNS, permission="crm.view_customer",
        ),
    )  # fmt: skip
