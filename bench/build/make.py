"""The whole build, from an empty migrated database."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.build import company, customers
from bench.build.bulk import finish, quickly
from bench.build.papers import Days, Office
from bench.build.story import DAYS, Plan
from rawabit.crm.models import Customer
from rawabit.identity.models import User
from rawabit.trade.queries import seller_of


def build(plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Make the company of this plan. Answers what the measurement must know: who signs in, how long it took."""
    begun, now = time.monotonic(), datetime.now(UTC)
    since = now - timedelta(days=DAYS + 30)
    owner = company.found(since)
    manager, sellers = company.hire(since)
    items = company.stock(since.date())
    territories, groups, terms, carriers = company.map_out(sellers)
    with quickly():
        around = customers.Around(sellers, territories, groups, terms, User.objects.order_by("-pk")[0].pk + 1)
        parties = customers.Settlers(around, since).settle(plan.customers)
        office = Office(Days(now.date()), parties, items, carriers, seller_of(owner))
        office.work(plan, lambda done: tell(f"{done:,} invoices"))
    finish()
    seconds = time.monotonic() - begun
    return {"manager": manager.pk, "customer_users": around.first_user, "built_in_s": round(seconds, 1)}


def is_empty() -> bool:
    """Whether nobody works in this database yet."""
    return not Customer.objects.exists() and not User.objects.exists()
