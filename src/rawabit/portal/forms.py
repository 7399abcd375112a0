"""What a customer's user fills in."""

from __future__ import annotations

from django import forms

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.screens.fields import DateField3
from rawabit.kit.text import clean_user_text


class DaysForm(forms.Form):
    """Two days, typed in any calendar."""

    first = DateField3(label=_("From"))
    last = DateField3(label=_("To"))
    widths = {"first": 6, "last": 6}


class AcceptForm(forms.Form):
    """Who says yes to a quotation."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    customer_reference = forms.CharField(label=_("Your purchase order number"), max_length=60, required=False)
    agreed = forms.BooleanField(label=_("I have read the terms and accept this quotation for the customer."))
    widths = {"name": 6, "customer_reference": 6}

    def clean_name(self) -> str:
        if not (name := clean_user_text(self.cleaned_data["name"]).strip()):
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name

    def clean_customer_reference(self) -> str:
        return clean_user_text(self.cleaned_data["customer_reference"])


class DeclineForm(forms.Form):
    """Why a quotation is declined."""

    REASONS = [
        ("price", pgettext_lazy("decline", "The price is too high")),
        ("timing", pgettext_lazy("decline", "The delivery is too late")),
        ("specs", pgettext_lazy("decline", "It is not what we need")),
        ("elsewhere", pgettext_lazy("decline", "We ordered elsewhere")),
        ("unneeded", pgettext_lazy("decline", "It is no longer needed")),
    ]
    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Anything else?"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def words(self) -> str:
        """The reason as it is kept: in words, with the note."""
        chosen = str(dict(self.REASONS)[self.cleaned_data["reason"]])
        note = clean_user_text(self.cleaned_data["note"]).strip()
        return f"{chosen} · {note}" if note else chosen
