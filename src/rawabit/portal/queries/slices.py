"""Twenty rows and whether there are more, without counting: a place in the order is remembered, not a page number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

PAGE = 20
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Rows of one page; ``after`` names the last of them when more follow."""

    rows: Sequence[Row]
    after: UUID | None = None


def newest_first(rows: QuerySet[Any], after: UUID | None) -> QuerySet[Any]:
    """Rows by falling key, after the row ``after`` of the same rows. A stranger's ``after`` shows nothing."""
    if after is not None:
        rows = rows.filter(pk__lt=rows.filter(uid=after).values("pk")[:1])
    return rows.order_by("-pk")


def latest_day_first(rows: QuerySet[Any], after: UUID | None) -> QuerySet[Any]:
    """Rows by falling date and key, after the row ``after`` of the same rows."""
    if after is not None:
        place = rows.filter(uid=after).values_list("date", "pk").first()
        if place is None:
            return rows.none()
        rows = rows.filter(Q(date__lt=place[0]) | Q(date=place[0], pk__lt=place[1]))
    return rows.order_by("-date", "-pk")


def page_of(rows: QuerySet[Any], *fields: str) -> Slice[dict[str, Any]]:
    """The first page of ordered rows as dictionaries; ``uid`` is always among the fields."""
    found = list(rows.values("uid", *fields)[: PAGE + 1])
    more = len(found) > PAGE
    return Slice(found[:PAGE], found[PAGE - 1]["uid"] if more else None)
