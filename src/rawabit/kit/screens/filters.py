"""Ways to narrow a list. The names a user may send are these and no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet

from rawabit.kit.calendars import NotADate, parse_date
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import field_at
from rawabit.kit.screens.fields import why_no_date
from rawabit.kit.states import Lifecycle

Options = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Filter:
    """Base: one GET parameter ``name``; ``part`` is the template that draws it."""

    name: str
    label: Any = None
    part = "select"

    def title(self, model: type[Model]) -> str:
        if self.label is not None:
            return str(self.label)
        field = field_at(model, self.name)
        return str(getattr(field, "verbose_name", self.name)) if field else self.name

    def options(self, model: type[Model], request: Request) -> Options:
        return ()

    def apply(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        raise NotImplementedError

    def shown(self, model: type[Model], request: Request) -> dict[str, Any]:
        """What the template needs."""
        return {
            "name": self.name,
            "part": self.part,
            "title": self.title(model),
            "value": request.GET.get(self.name, ""),
            "options": [(str(value), label) for value, label in self.options(model, request)],
            "from": request.GET.get(f"{self.name}_from", ""),
            "to": request.GET.get(f"{self.name}_to", ""),
        }


@dataclass(frozen=True)
class OneOf(Filter):
    """A field with choices."""

    def options(self, model: type[Model], request: Request) -> Options:
        return list(getattr(field_at(model, self.name), "choices", None) or [])

    def apply(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        value = request.GET.get(self.name, "")
        allowed = {str(code) for code, _label in self.options(rows.model, request)}
        return rows.filter(**{self.name: value}) if value in allowed else rows


@dataclass(frozen=True)
class InState(Filter):
    """A state of the lifecycle."""

    name: str = "state"
    label: Any = _("Status")
    lifecycle: Lifecycle | None = None

    def options(self, model: type[Model], request: Request) -> Options:
        return [(s.code, s.label) for s in self.lifecycle.states.values()] if self.lifecycle else []

    def apply(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        value = request.GET.get(self.name, "")
        return rows.filter(state=value) if self.lifecycle and value in self.lifecycle.states else rows


@dataclass(frozen=True)
class Of(Filter):
    """A related record, chosen from those the actor sees. ``me`` offers the actor himself first."""

    limit: int = 200
    narrow: Q | None = None

    def options(self, model: type[Model], request: Request) -> Options:
        related: Any = field_at(model, self.name).related_model  # type: ignore[union-attr]
        rows = related.objects.visible_to(request.actor)
        rows = rows.filter(self.narrow) if self.narrow is not None else rows
        return [("none", _("None")), *((str(row.pk), row) for row in rows.order_by("pk")[: self.limit])]

    def apply(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        value = request.GET.get(self.name, "")
        if value == "none":
            return rows.filter(**{f"{self.name}__isnull": True})
        key = whole(value)
        return rows.filter(**{self.name: key}) if key is not None else rows


@dataclass(frozen=True)
class Days(Filter):
    """A span of days, typed in any of the three calendars. What is no date narrows nothing, and that is said."""

    part = "days"

    def typed(self, end: str, request: Request) -> date | None:
        text = request.GET.get(f"{self.name}_{end}", "").strip()
        return parse_date(text, prefer=active().calendar) if text else None

    def apply(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        for end, lookup in (("from", "gte"), ("to", "lte")):
            with suppress(NotADate):
                if day := self.typed(end, request):
                    rows = rows.filter(**{f"{self.name}__{lookup}": day})
        return rows

    def shown(self, model: type[Model], request: Request) -> dict[str, Any]:
        return {**super().shown(model, request), "unread": self.unread(request)}

    def unread(self, request: Request) -> dict[str, str]:
        """``{end: why it is no date}``."""
        told = {}
        for end in ("from", "to"):
            try:
                self.typed(end, request)
            except NotADate as error:
                told[end] = why_no_date(error)
        return told


@dataclass(frozen=True)
class Flag(Filter):
    """Yes or no."""

    def options(self, model: type[Model], request: Request) -> Options:
        return [("1", _("Yes")), ("0", _("No"))]

    def apply(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        value = request.GET.get(self.name, "")
        return rows.filter(**{self.name: value == "1"}) if value in ("0", "1") else rows


@dataclass(frozen=True)
class Situation(Filter):
    """Named conditions written in code: ``{"overdue": (label, lambda request: Q(...))}``."""

    choices: Sequence[tuple[str, Any, Callable[[Request], Q]]] = ()

    def options(self, model: type[Model], request: Request) -> Options:
        return [(code, label) for code, label, _rule in self.choices]

    def apply(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        value = request.GET.get(self.name, "")
        for code, _label, rule in self.choices:
            if code == value:
                return rows.filter(rule(request))
        return rows
