"""How one value of a record is named and shown: in tables, panels, exports and papers alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.fields import AmountField
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.templatetags import kit as shown
from rawabit.kit.states import Lifecycle

EMPTY = mark_safe('<span class="dim">—</span>')


def field_at(model: type[models.Model], path: str) -> models.Field[Any, Any] | None:
    """The database field at the end of a ``__`` path, or None for a property."""
    field: Any = None
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model if field.is_relation else model
    return field  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Column:
    """A value found at ``path``; ``sort`` is the database path that orders by it (None: found by itself)."""

    path: str
    label: Any = None
    sort: str | None = None
    css: str = ""

    @property
    def key(self) -> str:
        return self.path

    def title(self, model: type[models.Model]) -> str:
        if self.label is not None:
            return str(self.label)
        field = field_at(model, self.path)
        return str(getattr(field, "verbose_name", self.path)) if field else self.path

    def order(self, model: type[models.Model]) -> str | None:
        """What to order by, or None when the database cannot."""
        if self.sort:
            return self.sort
        field = field_at(model, self.path)
        return self.path if field is not None and not field.is_relation else None

    def value(self, record: Any) -> Any:
        for name in self.path.split("__"):
            record = getattr(record, name, None)
            if record is None:
                return None
        return record

    def cell(self, record: Any) -> SafeString:
        """The value as HTML, isolated from the direction of its surroundings."""
        value = self.value(record)
        return EMPTY if value in (None, "") else format_html("<bdi>{}</bdi>", value)

    def export(self, record: Any) -> Any:
        """The value for CSV and XLSX: native numbers and dates, text otherwise."""
        value = self.value(record)
        return "" if value is None else value if isinstance(value, Decimal | int | date) else str(value)


@dataclass(frozen=True, slots=True)
class Code(Column):
    """A number, SKU or other Latin code."""

    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return format_html('<bdi class="code">{}</bdi>', value) if value else EMPTY


@dataclass(frozen=True, slots=True)
class Number(Column):
    css: str = "num"
    places: int | None = None

    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return EMPTY if value is None else format_html("{}", active().number(value, self.places))


@dataclass(frozen=True, slots=True)
class Percent(Column):
    css: str = "num"

    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return EMPTY if value is None else shown.pct(value)


@dataclass(frozen=True, slots=True)
class Amount(Column):
    """Money: an :class:`AmountField` with its currency at ``currency``, or a property that answers Money."""

    css: str = "num"
    currency: str = "currency"

    def money(self, record: Any) -> Money | None:
        value = self.value(record)
        if value is None or isinstance(value, Money):
            return value
        return Money(int(value), Column(self.currency).value(record))

    def cell(self, record: Any) -> SafeString:
        value = self.money(record)
        return EMPTY if value is None else shown.money(value)

    def export(self, record: Any) -> Any:
        value = self.money(record)
        return "" if value is None else value.amount


@dataclass(frozen=True, slots=True)
class Day(Column):
    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return shown.date_l(value) if value else EMPTY


@dataclass(frozen=True, slots=True)
class When(Column):
    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return shown.datetime_l(value) if value else EMPTY

    def export(self, record: Any) -> Any:
        value: datetime | None = self.value(record)
        return value.isoformat() if value else ""


@dataclass(frozen=True, slots=True)
class Choice(Column):
    """A field with choices, in words."""

    def value(self, record: Any) -> Any:
        *way, last = self.path.split("__")
        for name in way:
            record = getattr(record, name, None)
        return getattr(record, f"get_{last}_display")() if record is not None else None


@dataclass(frozen=True, slots=True)
class Status(Column):
    """A state as a coloured tag with words; ``of`` overrides where a situation is derived, not stored."""

    path: str = "state"
    label: Any = _("Status")
    lifecycle: Lifecycle | None = None
    of: Callable[[Any], Any] | None = None

    def situation(self, record: Any) -> Any:
        if self.of is not None:
            return self.of(record)
        return self.lifecycle.states[self.value(record)] if self.lifecycle else None

    def cell(self, record: Any) -> SafeString:
        state = self.situation(record)
        return format_html('<span class="tag" data-s="{}">{}</span>', state.tone, state.label) if state else EMPTY

    def export(self, record: Any) -> Any:
        state = self.situation(record)
        return str(state.label) if state else ""


@dataclass(frozen=True, slots=True)
class Yes(Column):
    def cell(self, record: Any) -> SafeString:
        return format_html("{}", _("Yes") if self.value(record) else _("No"))

    def export(self, record: Any) -> Any:
        return str(_("Yes") if self.value(record) else _("No"))


@dataclass(frozen=True, slots=True)
class Linked(Column):
    """Another record, as a link to its page. Give ``sort`` to order by one of its fields."""

    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        if value is None:
            return EMPTY
        url = url_of(value)
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, value) if url else format_html("<bdi>{}</bdi>", value)


@dataclass(frozen=True, slots=True)
class Phone(Column):
    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return shown.phone(value) if value else EMPTY


@dataclass(frozen=True, slots=True)
class Words(Column):
    """A longer text of the user's, each paragraph in its own direction."""

    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return format_html('<div class="user prose">{}</div>', value) if value else EMPTY


def is_amount(model: type[models.Model], path: str) -> bool:
    return isinstance(field_at(model, path), AmountField)
