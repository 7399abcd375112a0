"""What a customer's user fills in."""

from __future__ import annotations

from typing import Any

from django import forms

from rawabit.kit.marking import _
from rawabit.kit.screens.fields import DateField3, OneTimeCodeField
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.sales.actions.asking import LONGEST
from rawabit.sales.actions.signing import check_stamp
from rawabit.sales.logic.signing import DRAWN, TYPED, NotASignature, Strokes, read_strokes
from rawabit.sales.logic.states import DECLINE_REASONS


class DaysForm(forms.Form):
    """Two days, typed in any calendar."""

    first = DateField3(label=_("From"))
    last = DateField3(label=_("To"))
    widths = {"first": 6, "last": 6}


class OrdersForm(forms.Form):
    """Filters of the list of orders."""

    first = DateField3(label=_("From"), required=False)
    last = DateField3(label=_("To"), required=False)
    place = forms.UUIDField(required=False)
    widths = {"first": 6, "last": 6}


class AcceptForm(forms.Form):
    """Who says yes to a quotation, and how he signs. The tick stands below the terms, inside what is opened to read
    them; ``strokes`` is filled in by the page's script."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    title = forms.CharField(label=_("Your role"), max_length=100, required=False)
    customer_reference = forms.CharField(label=_("Your purchase order number"), max_length=60, required=False)
    stamp = forms.FileField(
        label=_("Company stamp"), required=False, help_text=_("A picture or a PDF, 5 MB at most."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,application/pdf"}),
    )  # fmt: skip
    strokes = forms.CharField(required=False, widget=forms.HiddenInput)
    agreed = forms.BooleanField(label=_("I have read the terms and accept this quotation for the customer."))
    widths = {"name": 6, "title": 6, "customer_reference": 6, "stamp": 6}

    def __init__(self, *args: Any, terms: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not terms:
            self.fields["agreed"].label = _("I accept this quotation for the customer.")

    def clean_name(self) -> str:
        if not (name := clean_user_text(self.cleaned_data["name"]).strip()):
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name

    def clean_title(self) -> str:
        return clean_user_text(self.cleaned_data["title"]).strip()

    def clean_customer_reference(self) -> str:
        return clean_user_text(self.cleaned_data["customer_reference"])

    def clean_stamp(self) -> Any:
        if upload := self.cleaned_data["stamp"]:
            try:
                check_stamp(upload)
            except Refused as why:
                raise forms.ValidationError(str(why)) from why
        return upload

    def clean_strokes(self) -> Strokes:
        try:
            return read_strokes(self.cleaned_data["strokes"])
        except NotASignature as wrong:
            raise forms.ValidationError(_("The signature could not be read. Draw it again.")) from wrong

    def method(self) -> str:
        """Drawn when something was drawn; else the typed name is the signature."""
        return DRAWN if self.cleaned_data.get("strokes") else TYPED


class CodeForm(forms.Form):
    """The code that was sent."""

    code = OneTimeCodeField(label=_("One-time code"), max_length=40)


class DeclineForm(forms.Form):
    """Why a quotation is declined."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(DECLINE_REASONS.items()), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Anything else?"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def words(self) -> str:
        """The reason as it is kept: in words, with the note."""
        chosen = str(DECLINE_REASONS[self.cleaned_data["reason"]])
        note = clean_user_text(self.cleaned_data["note"]).strip()
        return f"{chosen} · {note}" if note else chosen


class AskForm(forms.Form):
    """A question about a document or one of its lines; ``re`` is an earlier one that goes on."""

    kind = forms.CharField(max_length=8, required=False, widget=forms.HiddenInput)
    line = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    re = forms.UUIDField(required=False, widget=forms.HiddenInput)
    body = forms.CharField(
        label=_("Your question"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )

    LABELS = {"change": _("What should be changed?"), "problem": _("What is wrong?")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["body"].label = self.LABELS.get(str(self["kind"].value() or ""), _("Your question"))


class ReceiverForm(forms.Form):
    """Where an order goes and who takes it there."""

    address = forms.ChoiceField(label=_("Delivery address"), widget=forms.RadioSelect)
    receiver = forms.CharField(label=_("Receiver"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Receiver's phone"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "dir": "ltr", "autocomplete": "tel"}),
    )  # fmt: skip
    widths = {"receiver": 6, "phone": 6}
