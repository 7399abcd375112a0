"""Twenty rows and whether there are more, without counting: a place in the order is remembered, not a page number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

PAGE = 20


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of one page; ``after`` names the last of them when more follow."""

    rows: Sequence[dict[str, Any]]
    after: UUID | None = None


def later(after: UUID | None) -> dict[str, UUID]:
    """``after`` as a value of a prepared query, where None is no value but another query."""
    return {} if after is None else {"after": after}


def newest_first(rows: QuerySet[Any], after: UUID | None) -> QuerySet[Any]:
    """Rows by falling key, after the row ``after`` of the same rows. A stranger's ``after`` shows nothing."""
    if after is not None:
        rows = rows.filter(pk__lt=rows.filter(uid=after).values("pk")[:1])
    return rows.order_by("-pk")


def newest_of_few(rows: QuerySet[Any], after: UUID | None) -> QuerySet[Any]:
    """The same of rows that are few among many and found by their state: sorted when they are found. By the key alone
    SQLite would walk through all that a customer ever had, for that order costs it nothing."""
    return newest_first(rows, after).order_by((F("pk") + 0).desc())


def latest_day_first(rows: QuerySet[Any], after: UUID | None) -> QuerySet[Any]:
    """Rows by falling date and key, after the row ``after`` of the same rows."""
    if after is not None:
        last = rows.filter(uid=after)
        day, key = last.values("date")[:1], last.values("pk")[:1]
        rows = rows.filter(Q(date__lt=day) | Q(date=day, pk__lt=key))
    return rows.order_by("-date", "-pk")


def soonest_due_first(rows: QuerySet[Any], after: UUID | None) -> QuerySet[Any]:
    """Rows by rising due date (the date where none is agreed) and key, after the row ``after`` of the same rows."""
    rows = rows.annotate(due=Coalesce("due_date", "date"))
    if after is not None:
        last = rows.filter(uid=after)
        day, key = last.values("due")[:1], last.values("pk")[:1]
        rows = rows.filter(Q(due__gt=day) | Q(due=day, pk__gt=key))
    return rows.order_by("due", "pk")


def one_page(rows: QuerySet[Any], *fields: str) -> QuerySet[Any, dict[str, Any]]:
    """The first page of ordered rows and one more; ``uid`` is always among the fields."""
    return rows.values("uid", *fields)[: PAGE + 1]


def cut(found: Sequence[dict[str, Any]]) -> Slice:
    """A page out of what :func:`one_page` found."""
    return Slice(found[:PAGE], found[PAGE - 1]["uid"] if len(found) > PAGE else None)
