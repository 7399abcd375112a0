"""Who sees the company's own data. Everybody is shown its name and colours by ``queries.company_now``, not by rows."""

from __future__ import annotations

from django.db.models import Q

from rawabit.company.models import Company, Holiday, Series, WorkingHours
from rawabit.kit.records.actor import Actor, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on

PERMISSIONS: list[Permission] = [
    *verbs_on(Company, "view", "change"),
    *verbs_on(Series, "view", "change"),
    *verbs_on(WorkingHours, "view", "change"),
    *verbs_on(Holiday, "view", "add", "change", "delete"),
]


@visible(Company)
def company_rows(actor: Actor) -> Q:
    return shared_rows(actor, "company.view_company")


@visible(Series)
def series_rows(actor: Actor) -> Q:
    return shared_rows(actor, "company.view_series")


@visible(WorkingHours)
def hours_rows(actor: Actor) -> Q:
    return shared_rows(actor, "company.view_workinghours")


@visible(Holiday)
def holiday_rows(actor: Actor) -> Q:
    return shared_rows(actor, "company.view_holiday")
