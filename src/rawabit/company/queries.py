"""The company's settings, read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from rawabit.company.logic.hours import Opening
from rawabit.company.logic.numbering import SERIES, SeriesForm
from rawabit.company.models import Company, Holiday, Series, WorkingHours
from rawabit.kit.records.prepared import prepared

COMPANY_KEY = 1


def company_now() -> Company:
    """The company row; before the first set-up an unsaved one with the defaults."""
    return Company.objects.filter(pk=COMPANY_KEY).first() or Company(pk=COMPANY_KEY, name="Rawabit")


def local_day(at: datetime, company: Company | None = None) -> date:
    """The company's date at a moment: what "today" means on documents."""
    return at.astimezone(ZoneInfo((company or company_now()).timezone)).date()


def series_form(kind: str) -> SeriesForm:
    """How the numbers of a kind look. KeyError for an unknown kind."""
    row = Series.objects.filter(pk=kind).first()
    return SeriesForm(row.prefix, row.width, row.yearly) if row else SERIES[kind]


def openings() -> list[Opening]:
    return [Opening(row.weekday, row.opens, row.closes, row.valid_from, row.valid_to) for row in _hours()]


@prepared
def _hours() -> QuerySet[WorkingHours]:
    return WorkingHours.objects.order_by("weekday", "opens")


def closed_days(start: date, end: date) -> frozenset[date]:
    """The confirmed holidays in [start, end]."""
    return frozenset(day for (day,) in _closed(start=start, end=end))


@prepared
def _closed(*, start: date, end: date) -> QuerySet[Holiday, tuple[date]]:
    return Holiday.objects.filter(confirmed=True, date__gte=start, date__lte=end).values_list("date")


def proposals(year: int) -> Sequence[Holiday]:
    """Holidays of a Gregorian year that wait for the administrator's word."""
    return list(Holiday.objects.filter(confirmed=False, date__year=year))


def portal_base(company: Company | None = None) -> str:
    """What absolute addresses begin with, without a slash at the end: the owner's address of the portal, else the one
    of this installation."""
    return ((company or company_now()).portal_address or settings.BASE_URL).rstrip("/")
