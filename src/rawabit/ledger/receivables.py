"""What all customers owe, by age: one grouped query for a page of customers, one for the sums."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from rawabit.crm.models import Customer
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.text import search_terms
from rawabit.ledger.logic.statement import BUCKETS, Ageing
from rawabit.ledger.models import Entry


def open_entries(actor: Actor) -> QuerySet[Entry]:
    """What is not settled yet, of the customers whose accounts the actor sees."""
    return Entry.objects.visible_to(actor).filter(open__gt=0)


def of_customers(rows: QuerySet[Entry], words: str) -> QuerySet[Entry]:
    """Only customers found by these words."""
    for word in search_terms(words):
        rows = rows.filter(customer__search_text__contains=word)
    return rows


def by_customer(rows: QuerySet[Entry], today: date, first: str) -> Any:
    """One dictionary per customer and currency with a sum per bucket, as a query set: the ``first`` currency before the
    others, in each the largest overdue debt first."""
    summed: Any = rows.values("customer_id", "currency").annotate(**_sums(today))
    late = F("d30") + F("d60") + F("d90") + F("older")
    other = Case(When(currency=first, then=Value(0)), default=Value(1), output_field=IntegerField())
    return summed.annotate(late=late, other=other).order_by("other", "currency", "-late", "-current", "customer_id")


def by_currency(rows: QuerySet[Entry], today: date, first: str) -> list[tuple[str, Ageing]]:
    """The same sums over all customers."""
    sums: Any = rows.order_by().values("currency").annotate(**_sums(today)).order_by("currency")
    found = [(row["currency"], ageing_of(row)) for row in sums]
    return sorted(found, key=lambda pair: pair[0] != first)


def _sums(today: date) -> dict[str, Any]:
    found = {code: Coalesce(Sum("open", filter=_due(code, today) & Q(debit__gt=0)), Value(0)) for code in BUCKETS}
    return {**found, "unallocated": Coalesce(Sum("open", filter=Q(credit__gt=0)), Value(0))}


def _due(bucket: str, today: date) -> Q:
    """The same edges as ``logic.statement.bucket_of``."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    return {
        "current": Q(due_date=None) | Q(due_date__gte=today),
        "d30": Q(due_date__lt=today, due_date__gte=ago(30)),
        "d60": Q(due_date__lt=ago(30), due_date__gte=ago(60)),
        "d90": Q(due_date__lt=ago(60), due_date__gte=ago(90)),
        "older": Q(due_date__lt=ago(90)),
    }[bucket]


def ageing_of(row: dict[str, Any]) -> Ageing:
    """A summed row as an ageing; the age of the oldest debt is not asked for here."""
    amounts = {code: Money(row[code], row["currency"]) for code in (*BUCKETS, "unallocated")}
    return Ageing(**amounts, oldest_days=0)


def customers_in(keys: Iterable[int]) -> dict[int, Customer]:
    """``{key: customer}`` with account managers; the keys come from rows that were visible."""
    return Customer.objects.select_related("owner").in_bulk(list(keys))
