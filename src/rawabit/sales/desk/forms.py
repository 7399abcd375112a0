"""What the verbs of quotations and orders ask for."""

from __future__ import annotations

from typing import Any

from django import forms

from rawabit.company.queries import local_day
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import CodeField, DateField3
from rawabit.kit.text import fsi
from rawabit.sales.logic.states import DECLINE_REASONS
from rawabit.sales.models import Order, Quotation
from rawabit.sales.queries import credit_for_order
from rawabit.trade.editor.documents import Told, note
from rawabit.trade.editor.header import COMMON, HeadForm
from rawabit.trade.editor.shown import credit_note


class QuotationForm(HeadForm):
    class Meta(HeadForm.Meta):
        model = Quotation
        fields = [*COMMON, "valid_until", "signatures_needed"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_bound and self.add_prefix("signatures_needed") not in self.data:
            del self.fields["signatures_needed"]  # not asked: it stays as it is
        else:
            self.fields["signatures_needed"].required = False

    def clean_signatures_needed(self) -> int:
        return self.cleaned_data.get("signatures_needed") or 1


class OrderForm(HeadForm):
    class Meta(HeadForm.Meta):
        model = Order
        fields = [*COMMON, "promised_date", "delivery_address"]


class Acceptance(forms.Form):
    """The customer's yes, written down by staff, with the optional lines that he takes."""

    name = forms.CharField(label=_("Accepted by"), max_length=200, required=False)
    customer_reference = CodeField(label=_("Customer purchase order"), max_length=60, required=False)
    chosen = forms.MultipleChoiceField(
        label=_("Optional lines that the customer takes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "chosen" in data:
            data["chosen"] = [int(key) for key in data["chosen"]]
        return data


def offer_options(form: Any, quotation: Quotation, request: Request) -> None:
    """The optional lines as choices; without any the question is left out."""
    lines = quotation.lines.filter(optional=True).order_by("position")
    form.fields["chosen"].choices = [(str(line.pk), _optional_words(line, quotation.currency)) for line in lines]
    form.fields["name"].initial = str(quotation.contact or "")
    form.fields["customer_reference"].initial = quotation.customer_reference
    if not form.fields["chosen"].choices:
        del form.fields["chosen"]


def _optional_words(line: Any, currency: str) -> str:
    return f"{fsi(line.title)} · {fsi(active().money_text(Money(line.net, currency)))}"


class Refusal(forms.Form):
    code = forms.ChoiceField(label=_("Why"), required=False, choices=[("", "—"), *DECLINE_REASONS.items()])
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    name = forms.CharField(label=_("Declined by"), max_length=200, required=False)


class Reason(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class Promise(forms.Form):
    widths = {"day": 6}
    day = DateField3(label=_("Expected delivery"))
    reason = forms.CharField(
        label=_("Why the date changes"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The customer reads it beside the new date."),
    )  # fmt: skip


def show_promise(form: Any, order: Order, request: Request) -> None:
    form.fields["day"].initial = order.promised_date


class Confirmation(Told):
    """Nothing to fill in; the credit of the customer is told before the button."""


def tell_credit(form: Any, order: Order, request: Request) -> None:
    """What the credit check will say, with the figures behind it."""
    status = credit_for_order(order, local_day(request.now))
    shown = credit_note(status)
    if shown:
        amounts = " · ".join(f"{label}: {fsi(active().money_text(amount))}" for label, amount in shown["amounts"])
        form.notes = [note(shown["tone"], amounts, title=shown["title"])]
