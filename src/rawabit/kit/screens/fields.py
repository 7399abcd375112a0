"""Form fields that read what people type in three scripts, three calendars and several countries.

Each refusal says what was understood and what is wanted; the typed text stays in the field.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from rawabit.kit.calendars import NotADate
from rawabit.kit.display import active
from rawabit.kit.identifiers import IDENTIFIERS, PROBLEMS, WARN, check_identifier
from rawabit.kit.marking import _
from rawabit.kit.money import Money, digits_of
from rawabit.kit.numbers import NotANumber, parse_number, whole
from rawabit.kit.phones import NotAPhone, parse_phone
from rawabit.kit.screens.widgets import (
    CodeInput,
    Combobox,
    DateInput3,
    MoneyInput,
    NumberInput,
    OneTimeCodeInput,
    PhoneInput,
    SearchInput,
)
from rawabit.kit.text import clean_user_text, latn

_DATE_PROBLEMS = {
    "unreadable": _("This is not a date. Write it like %(example)s."),
    "no_year": _("Write the year too, like %(example)s."),
    "which_calendar": _("This year exists in two calendars. Add the month's name, or choose the day in the calendar."),
    "no_such_day": _("That month does not have this day."),
    "out_of_range": _("This year is outside the calendars."),
}
_NUMBER_PROBLEMS = {
    "letters": _("This is not a number."),
    "grouping": _("The separators do not group by three digits. Write it without them, like %(example)s."),
    "decimals": _("There is more than one decimal point."),
    "too_long": _("This number is too long."),
}
_PHONE_PROBLEMS = {
    "unreadable": _("This is not a telephone number."),
    "too_short": _("This telephone number is too short."),
    "too_long": _("This telephone number is too long."),
    "country": _("This country code does not exist."),
    "unassigned": _("This telephone number does not exist. Check the digits."),
}


def why_no_date(error: NotADate) -> str:
    """The reason in words, with an example as the reader writes dates."""
    message = _DATE_PROBLEMS.get(error.code, _DATE_PROBLEMS["unreadable"])
    return str(message) % {"example": active().date(date(2026, 3, 5))}


class DateField3(forms.Field):
    """A day, typed in any calendar and any digits; gives a Gregorian `date`. `earliest` and `latest` are inclusive."""

    widget = DateInput3

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return active().parse_date(str(value))
        except NotADate as error:
            raise ValidationError(why_no_date(error), code=error.code)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            raise ValidationError(_("Choose %(day)s or later."), "early", {"day": active().date_medium(self.earliest)})
        if value and self.latest and value > self.latest:
            raise ValidationError(_("Choose %(day)s or earlier."), "late", {"day": active().date_medium(self.latest)})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class NumberField(forms.Field):
    """A quantity, rate or count as `Decimal`: any digits, group marks optional. `places` bounds the decimals."""

    widget = NumberInput

    def __init__(
        self,
        *,
        places: int = 6,
        least: Decimal | int | None = None,
        most: Decimal | int | None = None,
        unit: str = "",
        **options: Any,
    ) -> None:
        options.setdefault("widget", NumberInput(unit=unit))
        super().__init__(**options)
        self.places, self.least, self.most = places, least, most

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal | int):
            return Decimal(value)
        try:
            number = parse_number(str(value))
        except NotANumber as error:
            if error.code == "empty":
                return None
            message = _NUMBER_PROBLEMS.get(error.code, _NUMBER_PROBLEMS["letters"])
            raise ValidationError(message, code=error.code, params={"example": active().number(Decimal("1234.5"))})
        return self._fitting(number)

    def _fitting(self, number: Decimal) -> Decimal:
        shown = active().number
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            text = _("Only whole numbers.") if self.places == 0 else _("At most %(places)s decimals.")
            raise ValidationError(text, "places", {"places": shown(self.places)})
        if self.least is not None and number < self.least:
            raise ValidationError(_("At least %(bound)s."), "least", {"bound": shown(self.least)})
        if self.most is not None and number > self.most:
            raise ValidationError(_("At most %(bound)s."), "most", {"bound": shown(self.most)})
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class MoneyField(NumberField):
    """An amount as `Money` in `currency`; more decimals than the currency has are refused, never rounded away."""

    def __init__(self, *, currency: str, **options: Any) -> None:
        options.setdefault("widget", MoneyInput(currency=currency))
        options.setdefault("places", digits_of(currency))
        super().__init__(**options)
        self.currency = currency

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Money):
            return value
        number = super().to_python(value)
        if number is None:
            return None
        if self.currency == "IRR" and active().rial_unit == "toman":
            number *= 10
        return Money.of(number, self.currency)


class PhoneField(forms.CharField):
    """A telephone number as E.164; without a country code it is read as one of `region` (default: the reader's)."""

    widget = PhoneInput

    def __init__(self, *, region: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.region = region

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse_phone(text, self.region or active().region)
        except NotAPhone as error:
            raise ValidationError(_PHONE_PROBLEMS.get(error.code, _PHONE_PROBLEMS["unreadable"]), code=error.code)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """False for the same number, shown in the reader's way and kept as E.164."""
        try:
            return self.clean(data) != (initial or "")
        except ValidationError:
            return True


class IdentifierField(forms.CharField):
    """An official number of `kind` (`kit.identifiers`), as stored: Latin, compact. Kinds that only warn never block."""

    widget = CodeInput

    def __init__(self, *, kind: str, **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        checked = check_identifier(self.kind, text)
        if not checked.ok and IDENTIFIERS[self.kind].strictness != WARN:
            raise ValidationError(_(PROBLEMS[checked.problem_code]), code=checked.problem_code)
        return checked.value


class CodeField(forms.CharField):
    """A code without a check (SKU, coupon, tracking number): Latin digits, bidi marks removed."""

    widget = CodeInput

    def to_python(self, value: Any) -> str:
        return latn(clean_user_text(super().to_python(value) or "")).strip()


class OneTimeCodeField(forms.CharField):
    """The digits of a one-time code, typed or pasted in any script, with or without spaces."""

    widget = OneTimeCodeInput

    def to_python(self, value: Any) -> str:
        return "".join(latn(super().to_python(value) or "").split()).replace("-", "")


class SearchField(forms.CharField):
    """Words to look for; never required, never an error."""

    widget = SearchInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 200)
        options.setdefault("required", False)
        super().__init__(**options)


class ComboboxField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only for the type checker
    """One row out of many, found by a search on the server.

    `queryset` holds what this reader may choose (rows of others are "not found"); `url` answers the search;
    `find` looks a typed label up when scripts are off: it gets (queryset, text) and returns rows.
    """

    widget = Combobox

    def __init__(
        self,
        *,
        queryset: QuerySet[Any],
        url: str = "",
        find: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("widget", Combobox(url=url))
        super().__init__(queryset=queryset, **options)
        self.find = find
        self.widget.label_of = self._label

    def __deepcopy__(self, memo: dict[int, Any]) -> ComboboxField:
        copy: ComboboxField = super().__deepcopy__(memo)
        copy.widget.label_of = copy._label
        return copy

    def _label(self, key: Any) -> str:
        row = key if isinstance(key, Model) else self._rows().filter(pk=whole(str(key))).first()
        return self.label_from_instance(row) if row else ""

    def _rows(self) -> QuerySet[Any]:
        assert self.queryset is not None
        return self.queryset

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("text:"):
            return self._looked_up(value.removeprefix("text:"))
        return super().to_python(value)

    def _looked_up(self, text: str) -> Any:
        rows = list(self.find(self._rows(), text)[:2]) if self.find else []
        if len(rows) == 1:
            return rows[0]
        raise ValidationError(
            _("Several match. Choose one from the list.") if rows else _("Not found. Choose one from the list."),
            code="several" if rows else "not_found",
        )
