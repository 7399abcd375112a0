"""The forms of customers: by kind, with the official numbers that a country and a kind know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from rawabit.crm.desk.shared import number_label
from rawabit.crm.models import LANGUAGES, Customer
from rawabit.kit.countries import country_choices
from rawabit.kit.identifiers import IDENTIFIERS, check_identifier
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.screens.fields import CodeField, IdentifierField, MoneyField, PhoneField
from rawabit.kit.screens.masters import NAMES, NamedForm, SiteField, currency_choices
from rawabit.kit.screens.times import ClockField

COMPANY_NUMBERS: dict[str, tuple[str, ...]] = {
    "SA": ("sa_vat", "sa_unified", "sa_cr", "sa_iban"),
    "IR": ("ir_legal_id", "ir_economic_code", "ir_iban"),
    "": ("zatca_tin", "iban"),
}
NUMBERS: dict[str, dict[str, tuple[str, ...]]] = {
    Customer.COMPANY: COMPANY_NUMBERS,
    Customer.PARTNER: COMPANY_NUMBERS,
    Customer.GOVERNMENT: {
        "SA": ("sa_vat", "zatca_oth", "sa_iban"),
        "IR": ("ir_legal_id", "ir_economic_code", "ir_iban"),
        "": ("zatca_tin", "iban"),
    },
    Customer.INDIVIDUAL: {
        "SA": ("sa_national_id", "sa_vat", "sa_iban"),
        "IR": ("ir_national_code", "ir_card", "ir_iban"),
        "": ("zatca_pas", "zatca_gcc", "iban"),
    },
}
NOT_FOR_INDIVIDUALS = ("trade_name", "parent", "website")
SECTIONS: Sequence[tuple[str, Any, Sequence[str]]] = (
    ("who", _("Customer"), ("kind", *NAMES, "trade_name", "code", "country", "parent")),
    ("contact", _("Contact details"), ("phone", "email", "website", "language", "preferred_channel", "contact_from",
                               "contact_until", "whatsapp_ok", "considerations")),
    ("sorting", _("Who looks after it"), ("owner", "territory", "group", "is_active")),
    ("money", _("Terms and credit"), ("currency", "payment_terms", "price_list", "credit_limit", "on_hold")),
)  # fmt: skip
# Other fields depend on these: the server draws the form anew with what was typed.
REDRAW = {
    "hx-post": "", "hx-trigger": "change", "hx-vals": '{"redraw": "1"}', "hx-target": "#form-body",
    "hx-select": "#form-body", "hx-swap": "outerHTML",
}  # fmt: skip


def kinds_of_numbers(kind: str, country: str) -> tuple[str, ...]:
    """The official numbers to ask for: those of the country, then those that all countries know."""
    known = NUMBERS.get(kind, COMPANY_NUMBERS)
    return tuple(dict.fromkeys((*known.get(country, ()), *known[""])))


class CustomerForm(NamedForm):
    """One form for the four kinds of customers. Fields ``number_<kind>`` are official numbers."""

    names_help = _("As it stands on the customer's papers. The others are shown to readers of that language.")
    widths = {
        **NamedForm.widths, "kind": 6, "trade_name": 6, "code": 4, "country": 4, "parent": 4, "phone": 4, "email": 4,
        "website": 4, "language": 3, "preferred_channel": 3, "contact_from": 3, "contact_until": 3, "owner": 4,
        "territory": 4, "group": 4, "currency": 4, "payment_terms": 4, "price_list": 4, "credit_limit": 6,
        "on_hold": 6,
    }  # fmt: skip
    country = forms.ChoiceField(label=_("Country"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    contact_from = ClockField(label=_("Contact from"), required=False)
    contact_until = ClockField(label=_("Contact until"), required=False)

    class Meta:
        model = Customer
        fields = [
            "kind", *NAMES, "trade_name", "code", "country", "parent", "phone", "email", "website", "language",
            "preferred_channel", "contact_from", "contact_until", "whatsapp_ok", "considerations", "owner",
            "territory", "group", "is_active", "currency", "payment_terms", "price_list", "on_hold",
        ]  # fmt: skip
        field_classes = {"phone": PhoneField, "code": CodeField, "website": SiteField}
        help_texts = {
            "code": _("Leave it empty to take the next number."),
            "considerations": _("What everybody should know who speaks with this customer."),
            "on_hold": _("New orders wait until somebody releases them."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].required = False
        self.fields["country"].choices = country_choices(self.instance.country)  # type: ignore[attr-defined]
        self.numbers = {row.kind: row.value for row in self.instance.identifiers.all()} if self.instance.pk else {}
        if self.asked("kind") == Customer.INDIVIDUAL:
            for name in NOT_FOR_INDIVIDUALS:
                del self.fields[name]
        self._ask_credit()
        self._ask_numbers()
        for name in ("kind", "country", "currency"):
            self.fields[name].widget.attrs |= REDRAW

    def asked(self, name: str) -> str:
        """What the form says now: typed, else given, else kept."""
        typed = self.data.get(self.add_prefix(name)) if self.is_bound else None
        return str(typed or self.initial.get(name) or getattr(self.instance, name))

    def _ask_credit(self) -> None:
        currency = self.asked("currency")
        currency = currency if currency in dict(currency_choices()) else "SAR"
        limit = self.instance.credit_limit
        self.fields["credit_limit"] = MoneyField(
            currency=currency, label=_("Credit limit"), required=False, least=0,
            help_text=_("Empty: no limit."),
        )  # fmt: skip
        if limit is not None:
            self.initial["credit_limit"] = Money(limit, self.instance.currency)

    def _ask_numbers(self) -> None:
        kinds = kinds_of_numbers(self.asked("kind"), self.asked("country"))
        for kind in dict.fromkeys((*kinds, *self.numbers)):
            if kind in IDENTIFIERS:
                self.fields[f"number_{kind}"] = IdentifierField(kind=kind, label=number_label(kind), required=False)
                self.initial[f"number_{kind}"] = self.numbers.get(kind, "")
                self.widths = {**self.widths, f"number_{kind}": 6}

    def leave_out(self, *names: str) -> None:
        """Fields that this person may not set."""
        for name in names:
            self.fields.pop(name, None)

    def without_personal_numbers(self) -> None:
        """For those who may not read them in full: what is kept stays, a missing one may be added."""
        for kind in self.numbers:
            if kind in IDENTIFIERS and IDENTIFIERS[kind].personal:
                self.leave_out(f"number_{kind}")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "credit_limit" in self.fields and "credit_limit" not in self.errors:
            limit = data.get("credit_limit")
            self.instance.credit_limit = None if limit is None else limit.minor
        return data

    @property
    def changed_data(self) -> list[str]:
        """Without the official numbers: what changes is written into the history, and there personal numbers must not
        stand. Their own actions tell that they were set."""
        return [name for name in super().changed_data if not name.startswith("number_")]

    def changed_numbers(self) -> bool:
        numbers = [name for name in self.fields if name.startswith("number_")]
        return any(self.fields[name].has_changed(self.initial.get(name), self[name].data) for name in numbers)

    def asked_numbers(self) -> dict[str, str]:
        """``{kind: number}`` of the fields shown."""
        prefix = "number_"
        return {
            name.removeprefix(prefix): value for name, value in self.cleaned_data.items() if name.startswith(prefix)
        }

    def doubtful_numbers(self) -> list[Any]:
        """Labels of numbers that were taken although they look wrong (kinds that warn and do not block)."""
        numbers = self.asked_numbers().items()
        return [number_label(kind) for kind, value in numbers if value and not check_identifier(kind, value).ok]

    def sections(self) -> list[tuple[str, Any, list[BoundField]]]:
        """The form in parts, each with those of its fields that are asked."""
        parts = [
            (code, title, [self[name] for name in names if name in self.fields]) for code, title, names in SECTIONS
        ]
        numbers = [self[name] for name in self.fields if name.startswith("number_")]
        parts.insert(2, ("numbers", _("Official numbers"), numbers))
        return [part for part in parts if part[2]]
