"""What is asked about opportunities: their own form, and the sheets of what is done with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import ModelForm
from django.urls import reverse

from rawabit.company.queries import local_day
from rawabit.crm.desk.shared import by_words, choose_contact, choose_customer
from rawabit.crm.models import Customer
from rawabit.identity.queries import colleagues
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import ComboboxField, DateField3, MoneyField, NumberField
from rawabit.kit.screens.masters import currency_choices
from rawabit.pipeline.logic.stages import REQUIRABLE
from rawabit.pipeline.models import Opportunity
from rawabit.pipeline.queries import has_lines, lost_reasons
from rawabit.trade.editor.choices import contacts_at

DAYS = ("expected_close", "next_on")


def combobox(field: Any, url: str) -> ComboboxField:
    """A choice among many instead of a select."""
    return ComboboxField(
        queryset=field.queryset, label=field.label, required=field.required, find=by_words, url=reverse(url)
    )


class OpportunityForm(ModelForm):
    """A deal begun or changed. Its stage is moved on the board, not here."""

    widths = {
        "title": 12, "customer": 6, "contact": 6, "pipeline": 6, "source": 6, "currency": 3, "value": 5,
        "probability": 4, "expected_close": 6, "competitor": 6, "next_step": 8, "next_on": 4,
    }  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    probability = NumberField(
        label=_("Probability %"), places=0, least=0, most=100, required=False,
        help_text=_("Empty: as usual for its stage."),
    )  # fmt: skip

    class Meta:
        model = Opportunity
        fields = [
            "title", "customer", "contact", "pipeline", "source", "currency", "value", "probability",
            "expected_close", "next_step", "next_on", "competitor", "description",
        ]  # fmt: skip
        field_classes = dict.fromkeys(DAYS, DateField3)
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, url in (("customer", "customers-options"), ("contact", "contacts-options")):
            self.fields[name] = combobox(self.fields[name], url)
        self._ask_value()
        if self.instance.pk is not None:
            del self.fields["pipeline"]
            if self.instance.state != "open":
                del self.fields["next_step"], self.fields["next_on"]
        else:
            self.fields["pipeline"].required = False
            self.fields["next_step"].help_text = _("Empty: a first contact in two days.")

    def _ask_value(self) -> None:
        kept = self.instance
        if kept.pk is not None and has_lines(kept):
            del self.fields["value"], self.fields["currency"]  # the lines say what it is worth
            return
        asked = self.data.get("currency") or self.initial.get("currency") or kept.currency
        currency = asked if asked in dict(currency_choices()) else "SAR"
        self.fields["value"] = MoneyField(
            currency=currency, label=_("Value"), required=False, least=0, help_text=_("Before tax.")
        )
        self.order_fields(self.Meta.fields)
        if kept.value:
            self.initial["value"] = Money(kept.value, kept.currency)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "value" in self.fields and "value" not in self.errors:
            value = data.get("value")
            data["value"] = value.minor if isinstance(value, Money) else 0
        if self.instance.pk is not None and "next_step" in self.fields:
            for name in ("next_step", "next_on"):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, _("An open opportunity always has a next step and its day."))
        if self.instance.pk is None and data.get("next_step") and not data.get("next_on"):
            self.add_error("next_on", _("Say when."))
        return data


class WinForm(forms.Form):
    widths = {"value": 6, "on": 6}
    value: Any = forms.CharField()
    on = DateField3(label=_("Won on"))


def ask_value(form: Any, opportunity: Opportunity, request: Request) -> None:
    """The value as it stands, in the deal's currency, and today."""
    form.fields["value"] = MoneyField(currency=opportunity.currency, label=_("Value before tax"), least=0)
    form.fields["value"].initial = opportunity.worth
    form.order_fields(["value", "on"])
    _latest_today(form, request)


def _latest_today(form: Any, request: Request) -> None:
    form.fields["on"].initial = form.fields["on"].latest = local_day(request.now, request.company)


class LoseForm(forms.Form):
    widths = {"reason": 6, "on": 6}
    reason: Any = forms.ModelChoiceField(None, label=_("Reason for losing"), empty_label=_("Choose"))
    on = DateField3(label=_("Lost on"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


def ask_reason(form: Any, opportunity: Opportunity, request: Request) -> None:
    form.fields["reason"].queryset = lost_reasons(request.actor)
    _latest_today(form, request)


class StepForm(forms.Form):
    widths = {"step": 8, "on": 4}
    step = forms.CharField(label=_("Next step"), max_length=200)
    on = DateField3(label=pgettext_lazy("day of a next step", "When"))


class DoneForm(StepForm):
    outcome = forms.CharField(
        label=_("What came of it"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("outcome", "step", "on")


def ask_step(form: Any, opportunity: Opportunity, request: Request) -> None:
    """Today or later; what is planned stands there already when it is only put off."""
    form.fields["on"].earliest = local_day(request.now, request.company)
    if not isinstance(form, DoneForm) and opportunity.state == "open":
        form.fields["step"].initial = opportunity.next_step
        form.fields["on"].initial = opportunity.next_on


class OwnerForm(forms.Form):
    owner: Any = forms.ModelChoiceField(None, label=_("Owner"), empty_label=_("Choose"))


def ask_owner(form: Any, opportunity: Opportunity | None, request: Request) -> None:
    form.fields["owner"].queryset = colleagues()
    if opportunity is not None:
        form.fields["owner"].initial = opportunity.owner_id


class MoveForm(forms.Form):
    """What a stage still asks for. Lines and quotations are made on their own pages."""

    widths = {"value": 6, "expected_close": 6, "customer": 6, "contact": 6, "decision_maker": 6, "competitor": 6}

    def __init__(self, data: Any, opportunity: Opportunity, gaps: list[str], request: Request) -> None:
        super().__init__(data)
        for name in gaps:
            if (field := _gap(name, opportunity, request)) is not None:
                self.fields[name] = field


def _gap(name: str, opportunity: Opportunity, request: Request) -> forms.Field | None:
    label = REQUIRABLE[name]
    if name == "customer":
        return choose_customer(request, label)
    if name in ("contact", "decision_maker"):
        return people_field(opportunity.customer, label, request)
    if name == "value":
        return MoneyField(currency=opportunity.currency, label=label, least=1)
    if name == "expected_close":
        return DateField3(label=label)
    return forms.CharField(label=label, max_length=200) if name == "competitor" else None


def people_field(customer: Customer | None, label: Any, request: Request, *, required: bool = True) -> forms.Field:
    """The people of a customer to choose from; among all whom one sees while there is no customer."""
    if customer is None:
        return choose_contact(request, label, required=required)
    people = contacts_at(customer, request.actor)
    return forms.ModelChoiceField(people, label=label, empty_label=_("Choose"), required=required)
