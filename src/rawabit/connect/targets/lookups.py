"""What rows refer to by name or number: looked up for a whole batch at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from rawabit.connect.logic.reasons import Rejected
from rawabit.connect.logic.units import Unit
from rawabit.connect.targets.base import Batch
from rawabit.identity.models import STAFF, User
from rawabit.kit.importing import Target


def label_of(unit: Unit, name: str) -> str:
    """The column that a field comes from, as the reason names it."""
    return label_in(unit.target, name)


def label_in(target: Target, name: str) -> str:
    picks = (*target.picks, *target.lines)
    return next((pick.label for pick in picks if pick.spec.name == name), name)


def values_of(units: Iterable[Unit], name: str) -> set[str]:
    """All different texts of a field."""
    return {str(unit.values[name]) for unit in units if unit.values.get(name) not in (None, "")}


def by_key(batch: Batch, entity: str, model: type[models.Model], number: str, wanted: set[str]) -> dict[str, int]:
    """Records by their key in the same source, else by their own number (customer number, SKU)."""
    found = {key: ref.pk for key, ref in batch.known.find(entity, wanted).items()}
    missing = [text for text in wanted if text not in found]
    if missing:
        rows = model._default_manager.filter(**{f"{number}__in": missing})
        found |= dict(rows.values_list(number, "pk"))
    return found


def by_name(batch: Batch, model: type[models.Model], wanted: set[str], field: str = "name") -> dict[str, Any]:
    """Rows by name; remembered for the run. Two rows of one name: Rejected when asked for."""
    shelf = batch.shelf.setdefault(f"{model._meta.label}.{field}", {})
    missing = [text for text in wanted if text not in shelf]
    for row in model._default_manager.filter(**{f"{field}__in": missing}) if missing else ():
        shelf.setdefault(getattr(row, field), []).append(row)
    return {text: shelf[text] for text in wanted if text in shelf}


def by_name_or_key(batch: Batch, entity: str, model: type[models.Model], wanted: set[str]) -> dict[str, Any]:
    """Rows by name, else by their key in the same source. In a rehearsal those of earlier batches are gone from the
    database; only their keys are known."""
    found = by_name(batch, model, wanted)
    known = batch.known.find(entity, wanted - set(found))
    return found | {text: [model(pk=ref.pk)] for text, ref in known.items()}


def people(batch: Batch, wanted: set[str]) -> dict[str, int]:
    """Colleagues by their key in the same source, else by e-mail."""
    found = {key: ref.pk for key, ref in batch.known.find("colleague", wanted).items()}
    missing = {text.lower(): text for text in wanted if text not in found}
    rows = User.objects.filter(kind=STAFF, email__in=list(missing)) if missing else User.objects.none()
    return found | {missing[email]: pk for email, pk in rows.values_list("email", "pk")}


def one_of(found: dict[str, Any], unit: Unit, name: str, what: object) -> Any:
    """The row that a field names, or None when the field is blank; Rejected when it is unknown or ambiguous."""
    wanted = unit.values.get(name)
    if wanted in (None, ""):
        return None
    rows = found.get(str(wanted))
    if rows is None:
        raise Rejected("reference.unknown", column=label_of(unit, name), entity=what, value=wanted)
    if not isinstance(rows, list):
        return rows
    if len(rows) > 1:
        raise Rejected("reference.ambiguous", column=label_of(unit, name), value=wanted)
    return rows[0]
