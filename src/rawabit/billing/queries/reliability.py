"""Does a customer pay on time?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q

from rawabit.billing.models import Invoice
from rawabit.crm.models import Customer


@dataclass(frozen=True, slots=True)
class Reliability:
    """Over the invoices paid in the last year: how many, how many in time, days from invoice to last payment."""

    paid: int
    on_time: int
    average_days: int | None
    average_days_late: int | None


def reliability(customer: Customer, today: date) -> Reliability:
    """Payment behaviour of the last twelve months, from the days on which invoices were settled. One query."""
    rows = Invoice.objects.filter(
        customer=customer, state="posted", kind=Invoice.INVOICE, open_amount=0, total__gt=0,
        date__gte=today - timedelta(days=365),
    ).annotate(settled=Max("allocations__payment__date", filter=Q(allocations__amount__gt=0)))  # fmt: skip
    facts = [(day, due, settled) for day, due, settled in rows.values_list("date", "due_date", "settled") if settled]
    late = [max((settled - (due or day)).days, 0) for day, due, settled in facts]
    taken = [(settled - day).days for day, _due, settled in facts]
    return Reliability(len(facts), sum(days == 0 for days in late), _mean(taken), _mean(late))


def _mean(values: list[int]) -> int | None:
    return round(sum(values) / len(values)) if values else None
