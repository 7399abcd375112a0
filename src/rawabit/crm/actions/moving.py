"""Turning keys from one record to another, and back: whatever table they stand in, and remembering which rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet

from rawabit.crm.logic.merging import BINDS, HANGING, KEYS, MOVES, PLAIN, Fate

Moved = dict[str, list[int]]


def fates_of(kind: str) -> Iterator[tuple[str, Fate]]:
    """Every place where a key to a record of this kind may stand: plain keys, numbers, and what hangs on any record."""
    yield from KEYS[kind].items()
    yield from PLAIN[kind].items()
    yield from HANGING.items()


def place(label: str) -> tuple[type[models.Model], str]:
    """``"sales.Order.customer"``: the model and the field."""
    model, _dot, field = label.rpartition(".")
    return apps.get_model(model), field


def pointing_at(label: str, record: models.Model) -> QuerySet[Any]:
    """The rows of one place that point to the record."""
    model, field = place(label)
    rows: QuerySet[Any] = model._base_manager.using(record._state.db).order_by()
    if field == "subject":
        return rows.filter(subject_type=ContentType.objects.get_for_model(record), subject_id=record.pk)
    return rows.filter(**{field: record.pk})


def binding(record: models.Model, kind: str) -> dict[str, int]:
    """``{place: how many}`` of what holds the record fast."""
    found = {}
    for label, fate in fates_of(kind):
        if fate.how == BINDS:
            rows = pointing_at(label, record)
        elif fate.open_while is not None and fate.otherwise == BINDS:
            rows = pointing_at(label, record).exclude(**fate.open_while)
        else:
            continue
        if count := rows.count():
            found[label] = count
    return found


def moving(record: models.Model, kind: str) -> Iterator[tuple[str, QuerySet[Any]]]:
    """The rows that would move, place by place."""
    for label, fate in fates_of(kind):
        if fate.how == MOVES:
            yield label, pointing_at(label, record).filter(**(fate.open_while or {}))


def counts(record: models.Model, kind: str) -> dict[str, int]:
    """``{place: how many}`` of what would move."""
    return {label: count for label, rows in moving(record, kind) if (count := rows.count())}


def move(loser: models.Model, winner: models.Model, kind: str) -> Moved:
    """Turn every open key from the loser to the winner; a row that the winner has already stays where it is."""
    moved: Moved = {}
    for label, rows in list(moving(loser, kind)):
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        keys = [key for key in keys if not _stays(label, key, winner)]
        if went := turn(label, keys, winner.pk):
            moved[label] = went
    return moved


def move_back(moved: Mapping[str, Iterable[int]], winner: models.Model, loser: models.Model) -> None:
    """Turn the remembered rows back, as far as they still point to the winner."""
    for label, keys in moved.items():
        turn(label, list(pointing_at(label, winner).filter(pk__in=list(keys)).values_list("pk", flat=True)), loser.pk)


def no_more_open(moved: Mapping[str, Iterable[int]], kind: str) -> int:
    """How many of the moved rows have become such as hold their record fast."""
    fates, count = dict(fates_of(kind)), 0
    for label, keys in moved.items():
        fate = fates[label]
        if fate.open_while is not None and fate.otherwise == BINDS:
            rows = place(label)[0]._base_manager.filter(pk__in=list(keys))
            count += rows.exclude(**fate.open_while).count()
    return count


def turn(label: str, keys: list[int], to: int) -> list[int]:
    """Point these rows to another record. Rows of which the other has the like already are left out."""
    model, field = place(label)
    column = "subject_id" if field == "subject" else field
    rows = model._base_manager.filter(pk__in=keys)
    try:
        with transaction.atomic():
            rows.update(**{column: to})
            return keys
    except IntegrityError:
        return [key for key in keys if _turned(model, column, key, to)]


def _turned(model: type[models.Model], column: str, key: int, to: int) -> bool:
    try:
        with transaction.atomic():
            return bool(model._base_manager.filter(pk=key).update(**{column: to}))
    except IntegrityError:
        return False


OTHER_END = {
    "from_customer": "to_customer", "to_customer": "from_customer",
    "from_contact": "to_contact", "to_contact": "from_contact",
}  # fmt: skip


def _stays(label: str, key: int, winner: models.Model) -> bool:
    """The winner is no branch of himself, nobody is related to himself, and there is one official number of a kind."""
    model, field = place(label)
    row = model._base_manager.filter(pk=key)
    if label == "crm.Customer.parent":
        return bool(key == winner.pk)
    if label == "crm.Identifier.customer":
        held = model._base_manager.filter(customer=winner)
        return bool(row.filter(kind__in=held.values("kind")).exists())
    return field in OTHER_END and bool(row.filter(Q(**{OTHER_END[field]: winner.pk})).exists())
