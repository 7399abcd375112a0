"""Links to one document: how long they are valid, and what they show only after a code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from rawabit.company.desk.page import company_page
from rawabit.company.models import Company
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import MoneyField

LOCKS = [
    ("amounts", _("Prices and amounts")), ("paper", _("PDF of the document")), ("files", _("Files")),
    ("accept", _("Accepting a quotation")), ("pay", pgettext_lazy("link", "Telling us of a payment")),
]  # fmt: skip
LONGEST = 366


class LinksForm(forms.ModelForm):
    widths = {"link_days": 6, "accept_above": 6}
    code_for = forms.MultipleChoiceField(
        label=_("Ask for a one-time code before"), choices=LOCKS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("It goes to the address of whoever the link was made for. Without a tick the link is enough."),
    )  # fmt: skip

    class Meta:
        model = Company
        fields = ["link_days"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        company = self.instance
        self.fields["link_days"].min_value, self.fields["link_days"].max_value = 1, LONGEST  # type: ignore[attr-defined]
        self.fields["accept_above"] = MoneyField(
            currency=company.currency, label=_("Accepting needs a code above"), required=False,
            help_text=_("Quotations of at most this total are accepted without a code. 0 asks for one every time."),
        )  # fmt: skip
        self.order_fields(["link_days", "accept_above", "code_for"])
        self.initial = dict(self.initial) | {
            "code_for": list(company.link_code_for), "accept_above": Money(company.accept_code_above, company.currency),
        }  # fmt: skip

    def clean_link_days(self) -> int:
        days: int = self.cleaned_data["link_days"]
        if not 1 <= days <= LONGEST:
            raise forms.ValidationError(_("Between 1 and 366 days."))
        return days

    def clean_accept_above(self) -> Money | None:
        amount: Money | None = self.cleaned_data["accept_above"]
        if amount is not None and amount.minor < 0:
            raise forms.ValidationError(_("An amount cannot be negative here."))
        return amount

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        amount = data.get("accept_above")
        self.instance.link_code_for = data.get("code_for", [])
        self.instance.accept_code_above = amount.minor if amount is not None else 0
        return data


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: Request) -> HttpResponse:
    """How long links are valid, and what waits for a code."""
    lead = _("A link opens one document without a sign-in, for whoever has it.")
    return company_page(request, LinksForm, name="links", title=_("Links to documents"), lead=lead)
