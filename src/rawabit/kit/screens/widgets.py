"""Inputs of the design system. They show and read text; `kit.screens.fields` gives it meaning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from rawabit.kit.display import active
from rawabit.kit.money import Money
from rawabit.kit.phones import format_phone

Attrs = dict[str, Any] | None
Context = dict[str, Any]


class DateInput3(forms.TextInput):
    """A typed date in any of three calendars, with a month grid drawn by the server and an echo under the field."""

    template_name = "kit/parts/widgets/date.html"

    def format_value(self, value: Any) -> str | None:
        """A date as this reader types it; text that was typed and not understood stays as it was."""
        if isinstance(value, date):
            return active().date(value)
        return value or None

    def get_context(self, name: str, value: Any, attrs: Attrs) -> Context:
        context = super().get_context(name, value, attrs)
        context["widget"]["echo"] = active().date_title(value) if type(value) is date else ""
        return context


class NumberInput(forms.TextInput):
    """A text input for numbers: any digits may be typed; a number from the server is shown grouped.

    `unit` is written after the digits (an amount's currency before or after, see `MoneyInput`).
    """

    template_name = "kit/parts/widgets/number.html"

    def __init__(self, attrs: Attrs = None, *, unit: str = "", places: int | None = None) -> None:
        super().__init__(attrs)
        self.unit = unit
        self.places = places

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return active().number(value, self.places)
        return str(value) if value not in (None, "") else None

    def get_context(self, name: str, value: Any, attrs: Attrs) -> Context:
        context = super().get_context(name, value, attrs)
        context["widget"].update(unit=str(self.unit), digits=active().digits)
        return context


class MoneyInput(NumberInput):
    """An amount in one currency: its sign stands where the reader expects it, tomans are echoed for rials."""

    template_name = "kit/parts/widgets/money.html"

    def __init__(self, attrs: Attrs = None, *, currency: str) -> None:
        super().__init__(attrs)
        self.currency = currency

    def format_value(self, value: Any) -> str | None:
        return active().money_parts(value).digits if isinstance(value, Money) else super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: Attrs) -> Context:
        context = super().get_context(name, value, attrs)
        parts = active().money_parts(Money.zero(self.currency))
        context["widget"].update(symbol=parts.symbol, position=parts.position, spoken=parts.spoken_name)
        return context


class PhoneInput(forms.TextInput):
    """A telephone number, shown as people of the reader's country dial it."""

    input_type = "tel"
    template_name = "django/forms/widgets/tel.html"

    def format_value(self, value: Any) -> str | None:
        return format_phone(value, active().region) if value and str(value).startswith("+") else value or None


class CodeInput(forms.TextInput):
    """Identifiers, product codes, coupons: always left to right, Latin, never corrected by the phone."""

    template_name = "kit/parts/widgets/code.html"


class OneTimeCodeInput(forms.TextInput):
    """One field for a code from a message (six boxes break pasting and screen readers)."""

    template_name = "kit/parts/widgets/otp.html"


class SearchInput(forms.TextInput):
    """The search box of a filter bar."""

    input_type = "search"
    template_name = "kit/parts/widgets/search.html"


class PasswordInput(forms.PasswordInput):
    """A password that can be looked at before it is sent."""

    template_name = "kit/parts/widgets/password.html"


class Switch(forms.CheckboxInput):
    """On or off with immediate effect; a choice that waits for "Save" is a plain checkbox."""

    template_name = "kit/parts/widgets/switch.html"


class Combobox(forms.TextInput):
    """Server search: the hidden input carries the key, the visible one its label.

    `url` answers `?q=…` with a fragment of `<div role="option" data-value="KEY">label</div>` (or `<p>` for nothing).
    Without scripts the typed label arrives alone and the field looks it up.
    """

    template_name = "kit/parts/widgets/combobox.html"

    def __init__(self, attrs: Attrs = None, *, url: str = "") -> None:
        super().__init__(attrs)
        self.url = url
        self.label_of: Any = None

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> Any:
        """The chosen key; ("", label) as `text:label` when something was typed and nothing chosen."""
        del files
        key, label = data.get(name) or "", (data.get(f"{name}_label") or "").strip()
        return key or (f"text:{label}" if label else "")

    def value_omitted_from_data(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> bool:
        del files
        return name not in data and f"{name}_label" not in data

    def get_context(self, name: str, value: Any, attrs: Attrs) -> Context:
        context = super().get_context(name, value, attrs)
        typed = str(value).removeprefix("text:") if str(value or "").startswith("text:") else None
        label = typed if typed is not None else self.label_of(value) if value and self.label_of else ""
        context["widget"].update(url=str(self.url), key="" if typed is not None else value or "", label=label)
        return context
