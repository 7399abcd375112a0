"""A web form as the visitor fills it in: made of its fields, and nothing beyond them is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from rawabit.kit.countries import country_choices, country_name
from rawabit.kit.marking import _
from rawabit.kit.screens.fields import CodeField, PhoneField
from rawabit.kit.text import clean_user_text
from rawabit.leads.logic.forms import (
    CHOICE,
    COUNTRY,
    EMAIL,
    KNOWN,
    LONG,
    MOST_LINKS,
    PHONE,
    TEXT,
    WHO,
    YES,
    kind_of,
    links_in,
    options_in,
)
from rawabit.leads.models import FormField

FEW = 6  # answers that are shown side by side
TRAP = "site"
AUTOCOMPLETE = {
    "name": "name", "company_name": "organization", "job_title": "organization-title", "email": "email",
    "phone": "tel", "website": "url", "city": "address-level2",
}  # fmt: skip


def _text(row: FormField, **options: Any) -> forms.Field:
    most = KNOWN[row.key][2] if row.key in KNOWN else 200
    attrs = {"dir": "auto", "autocomplete": AUTOCOMPLETE.get(row.key, "on")}
    if row.key in ("website", "official_number"):
        return CodeField(max_length=most, **options)
    return forms.CharField(max_length=most, widget=forms.TextInput(attrs=attrs), **options)


def _long(row: FormField, **options: Any) -> forms.Field:
    return forms.CharField(max_length=5_000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}), **options)


def _email(row: FormField, **options: Any) -> forms.Field:
    attrs = {"dir": "ltr", "autocomplete": "email", "inputmode": "email"}
    return forms.EmailField(max_length=254, widget=forms.TextInput(attrs=attrs), **options)


def _phone(row: FormField, **options: Any) -> forms.Field:
    return PhoneField(**options)


def _country(row: FormField, **options: Any) -> forms.Field:
    return forms.ChoiceField(choices=[("", "—"), *country_choices()], **options)


def _yes(row: FormField, **options: Any) -> forms.Field:
    return forms.BooleanField(**options)


MAKERS: dict[str, Callable[..., forms.Field]] = {
    TEXT: _text, LONG: _long, EMAIL: _email, PHONE: _phone, COUNTRY: _country, YES: _yes,
}  # fmt: skip


def _choice(row: FormField, language: str, **options: Any) -> forms.Field:
    answers = options_in(row.options, getattr(row, f"options_{language}", ""))
    if len(answers) <= FEW:
        return forms.ChoiceField(choices=answers, widget=forms.RadioSelect, **options)
    return forms.ChoiceField(choices=[("", "—"), *answers], **options)


def name_of(row: FormField) -> str:
    return row.key if row.key in KNOWN else f"own{row.pk}"


class Asked(forms.Form):
    """The fields of one web form. ``site`` is a trap: people do not see it, programs fill it in."""

    site = forms.CharField(required=False, max_length=200)

    def __init__(self, data: Any, rows: Sequence[FormField], language: str) -> None:
        super().__init__(data)
        self.rows, self.language = rows, language
        for row in rows:
            kind, options = kind_of(row.key), {"label": row.name_in(language), "required": row.required}
            made = _choice(row, language, **options) if kind == CHOICE else MAKERS[kind](row, **options)
            self.fields[name_of(row)] = made

    def asked(self) -> list[Any]:
        """The fields that people see."""
        return [self[name_of(row)] for row in self.rows]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, value in list(data.items()):
            if isinstance(value, str):
                data[name] = clean_user_text(value).strip()
                if self.fields[name].required and not data[name]:
                    self.add_error(name, self.fields[name].error_messages["required"])
        if links_in(value for value in data.values() if isinstance(value, str)) > MOST_LINKS:
            self.add_error(None, _("There are too many links in it. Send at most %(most)s.") % {"most": MOST_LINKS})
        if not self.errors and not any(data.get(name) for name in WHO):
            words = _("Give at least a name, a company, an e-mail address or a phone number.")
            self.add_error(None, words)
        return data

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get(TRAP))

    def values(self) -> dict[str, str]:
        """What fills fields of the lead."""
        return {row.key: self.cleaned_data[row.key] for row in self.rows if row.key in KNOWN}

    def given(self) -> list[tuple[str, str]]:
        """All answers in words, under the labels as the owner wrote them."""
        return [(row.name, self._words(row)) for row in self.rows]

    def _words(self, row: FormField) -> str:
        value = self.cleaned_data[name_of(row)]
        if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        return country_name(value) if row.key == "country" and value else str(value or "")
