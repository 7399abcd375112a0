"""The form of an address: a Saudi national address, an Iranian one, or free words, as the country has it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField, ModelForm

from rawabit.crm.desk.forms import REDRAW
from rawabit.crm.logic.addresses import PROVINCES_IR, cleaned, problems, split_pasted
from rawabit.crm.models import Address
from rawabit.kit.countries import country_choices
from rawabit.kit.marking import _
from rawabit.kit.screens.fields import CodeField, PhoneField
from rawabit.kit.screens.masters import SiteField

SAUDI = ("short_code", "building", "street", "secondary", "unit", "district", "city", "postal_code")
IRANIAN = ("province", "city", "lines", "postal_code")
ELSEWHERE = ("lines", "city", "province", "postal_code")
BY_COUNTRY = {"SA": SAUDI, "IR": IRANIAN}
FIRST = ("purpose", "label", "country")
LAST = ("receiver", "phone", "map_link", "is_default")


class AddressForm(ModelForm):
    """``pasted`` takes a whole Saudi address in one piece and fills the fields that are still empty."""

    widths = {
        "purpose": 4, "label": 4, "country": 4, "short_code": 4, "building": 4, "secondary": 4, "unit": 4,
        "street": 8, "district": 4, "city": 4, "province": 4, "postal_code": 4, "receiver": 6, "phone": 6,
    }  # fmt: skip
    country = forms.ChoiceField(label=_("Country"))
    # Longer than it is kept: people write it with a blank in the middle.
    short_code = CodeField(label=_("Short address"), max_length=20, required=False)
    pasted = forms.CharField(
        label=_("Paste the whole address"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: RRRD2929, 2929 King Fahd Road, Al Wurud, Riyadh 12345 - 8118"),
    )  # fmt: skip

    class Meta:
        model = Address
        fields = [*FIRST, *dict.fromkeys((*SAUDI, *IRANIAN)), *LAST]
        field_classes = {
            "phone": PhoneField, "building": CodeField, "secondary": CodeField, "postal_code": CodeField,
            "short_code": CodeField, "map_link": SiteField,
        }  # fmt: skip
        widgets = {"lines": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"].choices = country_choices(self.instance.country)  # type: ignore[attr-defined]
        self.fields["country"].widget.attrs |= REDRAW
        country = self.country_now()
        shown = (*FIRST, *BY_COUNTRY.get(country, ELSEWHERE), *LAST, *(("pasted",) if country == "SA" else ()))
        for name in [name for name in self.fields if name not in shown]:
            del self.fields[name]
        if country == "IR":
            names = [("", "—"), *((name, name) for name in PROVINCES_IR)]
            self.fields["province"] = forms.ChoiceField(label=_("Province"), choices=names, required=False)
        self.order_fields(["pasted", *shown])

    def country_now(self) -> str:
        typed = self.data.get("country") if self.is_bound else None
        return str(typed or self.initial.get("country") or self.instance.country)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, value in split_pasted(data.get("pasted") or "").items():
            if name in self.fields and not data.get(name) and name not in self.errors:
                data[name] = value
        texts = {name: value for name, value in data.items() if isinstance(value, str) and name != "pasted"}
        data |= cleaned(texts)
        for name, words in problems(data.get("country", ""), data).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, words)
        return data

    def first_fields(self) -> list[BoundField]:
        return [self[name] for name in FIRST]

    def place_fields(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in (*FIRST, *LAST, "pasted")]

    def last_fields(self) -> list[BoundField]:
        return [self[name] for name in LAST]
