"""Territories, customer groups and payment terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import ModelForm
from django.urls import reverse

from rawabit.crm.actions import save_territory
from rawabit.crm.desk.shared import customers_seen
from rawabit.crm.models import CustomerGroup, PaymentTerms, Territory
from rawabit.identity.models import STAFF
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Code, Column, Linked, Number
from rawabit.kit.screens.masters import NAMES, MailColumn, MasterScreens, NameColumn, NamedForm
from rawabit.kit.screens.panels import Panel

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
