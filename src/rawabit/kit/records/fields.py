"""Exact numbers in the database: integers, whatever the engine."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable


class AmountField(models.BigIntegerField):  # type: ignore[type-arg]  # not generic at run time
    """An amount of money in minor units (halalas, fils, rials) of the currency that stands on the same row."""

    description = "Money in minor units"


class ExactField(models.BigIntegerField):  # type: ignore[type-arg]  # likewise
    """A decimal with a fixed number of places, kept as an integer so that no engine rounds it.

    SQLite has no decimal type: Django's DecimalField is a float there.
    """

    description = "Exact decimal"

    if TYPE_CHECKING:  # what a row takes and gives; the stubs say int for every integer column
        _pyi_private_set_type: Decimal | int | str | Combinable  # type: ignore[assignment]
        _pyi_private_get_type: Decimal  # type: ignore[assignment]
        _pyi_lookup_exact_type: Decimal | int | str  # type: ignore[assignment]

    def __init__(self, *args: Any, places: int = 3, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places}

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError(f"not a number: {value!r}") from error

    def get_prep_value(self, value: Any) -> int | None:
        number = self.to_python(value)
        if number is None:
            return None
        return int(number.scaleb(self.places).quantize(Decimal(1), ROUND_HALF_UP))

    def formfield(self, **kwargs: Any) -> Any:
        from rawabit.kit.screens.fields import NumberField

        return models.Field.formfield(self, **{"form_class": NumberField, "places": self.places, **kwargs})

    @property
    def validators(self) -> list[Any]:  # the integer range validators of the parent do not fit a Decimal
        return list(self._validators)  # type: ignore[attr-defined]  # kept by Field, unknown to the stubs
