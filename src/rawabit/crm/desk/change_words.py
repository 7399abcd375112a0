"""The fields of a change request in words, what was and what shall be: the same for the desk and for the customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rawabit.crm.desk.shared import number_label
from rawabit.crm.logic.changes import ASKED, NUMBER
from rawabit.crm.models import Address, ChangeRequest, Customer
from rawabit.crm.queries import change_values
from rawabit.kit.display import active
from rawabit.kit.identifiers import IDENTIFIERS
from rawabit.kit.phones import format_phone


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: before, after, and what stands now where that has become something else meanwhile."""

    label: Any
    before: str
    after: str
    now: str | None
    code: bool


def field_label(name: str) -> Any:
    """The words of a field, as the desk's own forms have them."""
    if name.startswith(NUMBER):
        kind = name.removeprefix(NUMBER)
        return number_label(kind) if kind in IDENTIFIERS else kind
    for model in (Customer, Address):
        for field in model._meta.fields:
            if field.name == name:
                return field.verbose_name
    return name


def change_rows(request: ChangeRequest, *, masked: bool = False, compare: bool = False) -> Sequence[Compared]:
    """The request field by field. ``masked`` hides personal numbers; ``compare`` asks what stands now."""
    current = change_values(request.customer, request.kind) if compare and request.state == ASKED else {}
    return [
        _compared(name, pair, current if compare and request.state == ASKED else None, masked)
        for name, pair in request.changes.items()
    ]


def _compared(name: str, pair: Sequence[str], current: Mapping[str, str] | None, masked: bool) -> Compared:
    before, after = pair
    now = None if current is None or current.get(name, "") == before else current.get(name, "")
    shown = [_shown(name, value, masked) for value in (before, after)]
    code = name.startswith(NUMBER) or name in ("phone", "email", "website", "postal_code", "short_code", "building")
    return Compared(field_label(name), shown[0], shown[1], None if now is None else _shown(name, now, masked), code)


def _shown(name: str, value: str, masked: bool) -> str:
    if name == "phone" and value:
        return format_phone(value, active().region)
    kind = IDENTIFIERS.get(name.removeprefix(NUMBER)) if name.startswith(NUMBER) else None
    if kind is None or not value:
        return value
    return kind.mask(value) if masked and kind.personal else kind.format_for_display(value)
