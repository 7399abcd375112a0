"""The head of a document: whom it is for, when, in which currency, prices and language, and its texts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms import ModelForm
from django.urls import reverse

from rawabit.crm.models import LANGUAGES, Customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import CodeField, ComboboxField, DateField3
from rawabit.kit.screens.masters import currency_choices
from rawabit.trade.editor.choices import addresses_of, contacts_at, customer_seen, price_lists

COMMON = ("customer", "contact", "customer_reference", "date", "currency", "language", "note", "terms")
GRID, FOOT = ("price_list",), ("language", "note", "terms")
DATES = ("date", "valid_until", "promised_date", "supply_date", "due_date")


def customers_by_words(rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """What a typed name means when no script has turned it into a choice."""
    return rows.filter(is_active=True).matching(text)  # type: ignore[attr-defined]


class HeadForm(ModelForm):
    """Base of the documents' forms. Subclasses name their model and ``fields = [*COMMON, …]``."""

    field_order = ("customer", "contact", "customer_reference", *DATES, "currency", "delivery_address", "language")
    widths = {
        "customer": 6, "contact": 3, "customer_reference": 3, "date": 4, "valid_until": 4, "promised_date": 4,
        "currency": 4, "language": 6,
    }  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    language = forms.ChoiceField(label=_("Language of the document"), choices=LANGUAGES)
    price_list: Any = forms.ModelChoiceField(
        queryset=None, label=_("Price list"), required=False, empty_label=_("The usual one")
    )

    class Meta:
        field_classes = {**dict.fromkeys(DATES, DateField3), "customer_reference": CodeField}
        widgets = {"note": forms.Textarea(attrs={"rows": 2}), "terms": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = self.fields["customer"].queryset  # type: ignore[attr-defined]
        self.fields["customer"] = ComboboxField(
            queryset=rows, label=_("Customer"), find=customers_by_words, url=reverse("customers-options")
        )

    @property
    def customer_key(self) -> str:
        """The key of the customer chosen now, in the form, by the address or on the record; "" for none."""
        value = self["customer"].value()
        return str(getattr(value, "pk", value) or "")


def narrow(form: HeadForm, request: Request) -> Customer | None:
    """Offer only what the actor sees and what belongs to the chosen customer; answers that customer."""
    actor: Actor = request.actor
    field: Any = form.fields["customer"]
    field.queryset = field.queryset.visible_to(actor).select_related("price_list")
    customer = _typed_customer(form, field) or customer_seen(form.customer_key, actor)
    lists: Any = form.fields["price_list"]
    lists.queryset = price_lists(actor)
    lists.initial = customer.price_list_id if customer else None
    people: Any = form.fields["contact"]
    people.queryset = contacts_at(customer, actor)
    if "delivery_address" in form.fields:
        places: Any = form.fields["delivery_address"]
        places.queryset = addresses_of(customer, actor)
    return customer


def _typed_customer(form: HeadForm, field: Any) -> Customer | None:
    """The customer whose name stands in the form of a browser without scripts."""
    key = form.customer_key
    if not key.startswith("text:"):
        return None
    try:
        return cast(Customer, field.clean(key))
    except forms.ValidationError:
        return None
