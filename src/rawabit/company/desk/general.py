"""Legal data, localisation and selling rules."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.company.actions import apply_preset
from rawabit.company.desk.page import company_page
from rawabit.company.logic.presets import PRESETS
from rawabit.company.models import Company
from rawabit.kit.access import access
from rawabit.kit.countries import COUNTRIES, country_choices
from rawabit.kit.identifiers import IDENTIFIERS, PROBLEMS, WARN, check_identifier
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import CodeField, PhoneField
from rawabit.kit.screens.masters import NAMES, NamedForm, SiteField, currency_choices

form_page = require_http_methods(["GET", "HEAD", "POST"])
# Which check an official number of the company gets, by its country.
NUMBERS = {
    "SA": {"vat_number": "sa_vat", "registration_number": "sa_cr"},
    "IR": {"vat_number": "ir_economic_code", "registration_number": "ir_legal_id"},
}
NEAR = ("Asia/Riyadh", "Asia/Tehran", "Asia/Dubai", "Asia/Kuwait", "Asia/Qatar", "Asia/Bahrain", "Asia/Muscat",
        "Asia/Baghdad", "Asia/Amman", "Africa/Cairo", "Europe/Istanbul", "Europe/London", "UTC")  # fmt: skip


def zone_choices() -> list[tuple[str, Any]]:
    """Zones of the region first, all others below."""
    others = sorted(available_timezones() - set(NEAR))
    return [(_("Near"), [(zone, zone) for zone in NEAR]), (_("All"), [(zone, zone) for zone in others])]  # type: ignore[list-item]


class LegalForm(NamedForm):
    names_help = _("As it stands in the register. The Arabic name must stand on Saudi tax invoices.")
    widths = {
        **NamedForm.widths, "trade_name": 6, "country": 3, "currency": 3, "vat_number": 6, "registration_number": 6,
        "building": 3, "street": 6, "secondary": 3, "district": 3, "city": 3, "province": 3, "postal_code": 3,
        "phone": 6, "whatsapp": 6, "email": 6, "website": 6, "bank_name": 6, "iban": 6,
    }  # fmt: skip
    country = forms.ChoiceField(label=_("Country"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)

    class Meta:
        model = Company
        fields = [
            *NAMES, "trade_name", "country", "currency", "vat_number", "registration_number", "building", "street",
            "secondary", "district", "city", "province", "postal_code", "phone", "whatsapp", "email", "website",
            "bank_name", "iban", "terms",
        ]  # fmt: skip
        field_classes = {
            "phone": PhoneField, "whatsapp": PhoneField, "vat_number": CodeField, "registration_number": CodeField,
            "iban": CodeField, "website": SiteField, "building": CodeField, "secondary": CodeField,
            "postal_code": CodeField,
        }  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"].choices = country_choices(self.instance.country)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        checks = {**NUMBERS.get(data.get("country", ""), {}), "iban": "iban"}
        for name, kind in checks.items():
            if data.get(name) and name not in self.errors:
                checked = check_identifier(kind, data[name])
                data[name] = checked.value
                if not checked.ok and IDENTIFIERS[kind].strictness != WARN:
                    self.add_error(name, _(PROBLEMS[checked.problem_code]))
        return data


class LocalisationForm(ModelForm):
    widths = {
        "language": 4, "calendar": 4, "second_calendar": 4, "digits": 4, "first_weekday": 4, "timezone": 4,
        "money_style": 6, "rial_unit": 6,
    }  # fmt: skip
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    class Meta:
        model = Company
        fields = [
            "language", "calendar", "second_calendar", "digits", "first_weekday", "timezone", "money_style",
            "rial_unit",
        ]  # fmt: skip
        help_texts = {
            "language": _("What visitors see first. Everybody may choose another."),
            "second_calendar": _("Stands in brackets beside the first where both matter."),
            "rial_unit": _("What people read and type. Documents always say rial."),
        }


class RulesForm(ModelForm):
    widths = {"credit_policy": 6, "invoice_from": 6, "quotation_days": 6, "discount_limit": 6}

    class Meta:
        model = Company
        fields = ["credit_policy", "invoice_from", "quotation_days", "discount_limit"]


@access("staff")
@form_page
def legal(request: Request) -> HttpResponse:
    return company_page(request, LegalForm, name="legal", title=_("Company and legal data"),
                        lead=_("Stands on documents and in the foot of messages."))  # fmt: skip


@access("staff")
@form_page
def localisation(request: Request) -> HttpResponse:
    presets = [(code, COUNTRIES[code]) for code in PRESETS]
    return company_page(request, LocalisationForm, name="localisation", title=_("Localisation"), presets=presets)


@access("staff")
@require_POST
def apply_country(request: Request) -> HttpResponse:
    """Calendar, digits, week, currency and hours as usual in a country."""
    request.actor.require("company.change_company")
    country = request.POST.get("country", "")
    if country in PRESETS:
        apply_preset(request.company, country, actor=request.actor, at=request.now)
        messages.success(request, _("The usual settings of the country are in place. Review them."))
    return redirect("settings-localisation")


@access("staff")
@form_page
def rules(request: Request) -> HttpResponse:
    return company_page(request, RulesForm, name="rules", title=_("Selling rules"))
