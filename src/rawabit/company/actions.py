"""What is done with the company's own settings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta

from django.db import transaction
from django.forms import ModelForm

from rawabit.company.logic.holidays import proposed_holidays
from rawabit.company.logic.hours import Opening
from rawabit.company.logic.numbering import SERIES, SeriesForm, counter_name, document_number
from rawabit.company.logic.presets import Preset, preset_of
from rawabit.company.models import Company, Holiday, Series, WorkingHours
from rawabit.company.queries import COMPANY_KEY, company_now, series_form
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, next_number, save_form, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused


@transaction.atomic
def ensure_company(name: str, country: str, *, actor: Actor, at: datetime) -> Company:
    """The company row with the usual settings of its country; an existing one is left as it is."""
    company, fresh = Company.objects.get_or_create(pk=COMPANY_KEY, defaults={"name": name, "country": country})
    if fresh:
        preset = preset_of(country)
        _take_over(company, preset)
        company.save()
        _install_hours(preset)
        _install_series()
        emit("company.created", company, actor=actor, at=at, name=name, country=country)
    return company


@transaction.atomic
def save_company(form: ModelForm[Company], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Company:
    """Change legal data, ways of writing, brand or rules of the company."""
    actor.require("company.change_company")
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


@transaction.atomic
def apply_preset(company: Company, country: str, *, actor: Actor, at: datetime) -> Company:
    """Set calendar, digits, week, currency and opening hours as usual in a country. Dated hours stay."""
    actor.require("company.change_company")
    company = lock(company)
    preset = preset_of(country)
    _take_over(company, preset)
    company.country = country
    touch(company, at)
    company.save()
    _install_hours(preset)
    emit("company.changed", company, actor=actor, at=at, preset=country)
    return company


def _take_over(company: Company, preset: Preset) -> None:
    for field in fields(preset):
        if field.name not in ("country", "hours"):
            setattr(company, field.name, getattr(preset, field.name))


def _install_hours(preset: Preset) -> None:
    WorkingHours.objects.filter(valid_from=None, valid_to=None).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(weekday=day, opens=opens, closes=closes) for day, opens, closes in preset.hours
    )


def _install_series() -> None:
    rows = [Series(kind=kind, prefix=one.prefix, width=one.width, yearly=one.yearly) for kind, one in SERIES.items()]
    Series.objects.bulk_create(rows, ignore_conflicts=True)


# Numbers


def next_document_number(kind: str, day: date) -> str:
    """The next number of a kind of document, e.g. ``INV-2026-00001``. Call inside the transaction that uses it, as late
    as possible: the counter stays locked until the commit, which is why numbers have neither gaps nor twins."""
    form, calendar = series_form(kind), company_now().calendar
    count = next_number(counter_name(kind, form, day, calendar))
    return document_number(form, day, calendar, count)


@transaction.atomic
def set_series(kind: str, form: SeriesForm, *, actor: Actor, at: datetime) -> Series:
    """Change prefix or width of a series. Numbers already given stay; the count goes on."""
    actor.require("company.change_series")
    if not form.prefix.isascii() or not form.prefix.replace("/", "").isalnum():
        raise Refused(_("A prefix has Latin letters and digits only."))
    taken = Series.objects.exclude(pk=kind).filter(prefix=form.prefix)
    if taken.exists():
        raise Refused(_("Another series has this prefix already."))
    row, _fresh = Series.objects.update_or_create(
        pk=kind, defaults={"prefix": form.prefix, "width": form.width, "yearly": form.yearly}
    )
    emit("company.changed", company_now(), actor=actor, at=at, series=kind, prefix=form.prefix)
    return row


# Working time


@transaction.atomic
def set_working_hours(openings: Sequence[Opening], *, actor: Actor, at: datetime) -> None:
    """Replace all opening hours, the usual week and the dated ones."""
    actor.require("company.change_workinghours")
    for opening in openings:
        if opening.closes <= opening.opens:
            raise Refused(_("Closing time must be after opening time."))
    WorkingHours.objects.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(
            weekday=one.weekday, opens=one.opens, closes=one.closes, valid_from=one.valid_from, valid_to=one.valid_to
        )
        for one in openings
    )
    emit("hours.changed", company_now(), actor=actor, at=at, spans=len(openings))


@transaction.atomic
def propose_holidays(year: int, *, actor: Actor, at: datetime) -> int:
    """Put the public holidays of a Gregorian year before the administrator; answers how many are new."""
    actor.require("company.add_holiday")
    company = company_now()
    known = set(Holiday.objects.filter(date__year=year).values_list("date", flat=True))
    rows = [
        Holiday(date=day.date, name=day.name(company.language), name_ar=day.ar, name_fa=day.fa, name_en=day.en,
                confirmed=False)
        for day in proposed_holidays(company.country, year) if day.date not in known
    ]  # fmt: skip
    Holiday.objects.bulk_create(rows)
    emit("holidays.proposed", company, actor=actor, at=at, year=year, count=len(rows))
    return len(rows)


@transaction.atomic
def confirm_holidays(days: Collection[date], *, actor: Actor, at: datetime) -> int:
    """The administrator says that the company is closed on these proposed days."""
    actor.require("company.change_holiday")
    confirmed = Holiday.objects.filter(date__in=days, confirmed=False).update(confirmed=True)
    emit("holidays.confirmed", company_now(), actor=actor, at=at, days=sorted(map(str, days)))
    return confirmed


@transaction.atomic
def close_days(start: date, end: date, name: str, *, actor: Actor, at: datetime) -> int:
    """Add a closure of one day or several, both ends included; days that are closed already stay as they are."""
    actor.require("company.add_holiday")
    length = (end - start).days + 1
    if not 1 <= length <= 60:
        raise Refused(_("Choose a first and a last day, at most 60 days apart."))
    days = [start + timedelta(days=step) for step in range(length)]
    known = set(Holiday.objects.filter(date__in=days).values_list("date", flat=True))
    Holiday.objects.filter(date__in=known).update(confirmed=True)
    Holiday.objects.bulk_create(Holiday(date=day, name=name) for day in days if day not in known)
    emit("holidays.confirmed", company_now(), actor=actor, at=at, days=[str(day) for day in days], name=name)
    return length


@transaction.atomic
def open_day(holiday: Holiday, *, actor: Actor, at: datetime) -> None:
    """Take a holiday or a proposal away."""
    actor.require("company.delete_holiday")
    emit("holidays.removed", company_now(), actor=actor, at=at, day=str(holiday.date), name=holiday.name)
    Holiday.objects.filter(pk=holiday.pk).delete()
