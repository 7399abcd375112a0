"""Working hours: the usual week, and weeks with dates such as Ramadan's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.company.actions import set_working_hours
from rawabit.company.logic.hours import Opening
from rawabit.company.logic.presets import RAMADAN
from rawabit.company.queries import local_day, openings
from rawabit.company.settings_queries import dated_weeks, next_ramadan, usual_week
from rawabit.kit.access import access
from rawabit.kit.calendars import weekday_name
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import DateField3
from rawabit.kit.screens.times import ClockField

SPANS = (1, 2)


class WeekForm(forms.Form):
    """Two spans per weekday: before and after a break. A day without hours is closed."""

    def __init__(self, *args: Any, week: Sequence[Opening] = (), first_weekday: int = 6, **options: Any) -> None:
        super().__init__(*args, **options)
        self.days = [(first_weekday + step) % 7 for step in range(7)]
        for day in self.days:
            kept = [(opening.opens, opening.closes) for opening in week if opening.weekday == day]
            for span in SPANS:
                opens, closes = kept[span - 1] if len(kept) >= span else (None, None)
                label = weekday_name(day, active().language)
                for end, value, words in (("opens", opens, _("opens")), ("closes", closes, _("closes"))):
                    field = ClockField(label=f"{label}: {words}", required=False, initial=value)
                    field.widget.attrs["aria-label"] = field.label
                    self.fields[f"{end}_{day}_{span}"] = field

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Weekday in words, and its four fields."""
        language = active().language
        names = [(day, [f"{end}_{day}_{span}" for span in SPANS for end in ("opens", "closes")]) for day in self.days]
        return [(weekday_name(day, language), [self[name] for name in found]) for day, found in names]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for day in self.days:
            ends: list[time] = []
            for span in SPANS:
                self._check(data, day, span, ends)
        return data

    def _check(self, data: dict[str, Any], day: int, span: int, ends: list[time]) -> None:
        opens, closes = data.get(f"opens_{day}_{span}"), data.get(f"closes_{day}_{span}")
        if (opens is None) != (closes is None):
            self.add_error(f"{'opens' if opens is None else 'closes'}_{day}_{span}", _("Write both hours."))
        elif opens and closes and closes <= opens:
            self.add_error(f"closes_{day}_{span}", _("Closing time must be after opening time."))
        elif opens and ends and opens < ends[-1]:
            self.add_error(f"opens_{day}_{span}", _("The spans of a day overlap."))
        if closes:
            ends.append(closes)

    def openings(self, first: date | None = None, last: date | None = None) -> list[Opening]:
        data = self.cleaned_data
        return [
            Opening(day, data[f"opens_{day}_{span}"], data[f"closes_{day}_{span}"], first, last)
            for day in self.days for span in SPANS if data.get(f"opens_{day}_{span}")
        ]  # fmt: skip


class DatedWeekForm(WeekForm):
    first = DateField3(label=_("From"))
    last = DateField3(label=_("To"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last day lies before the first."))
        return data


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: Request) -> HttpResponse:
    """The usual week; dated weeks stay."""
    request.actor.require("company.change_workinghours")
    start = request.company.first_weekday
    form = WeekForm(request.POST or None, week=usual_week(), first_weekday=start)
    if request.method == "POST" and form.is_valid():
        dated = [opening for opening in openings() if opening.dated]
        return _save(request, [*form.openings(), *dated])
    context = {"form": form, "dated": _described(), "section": "settings"}
    return render(request, "company/hours.html", context, status=422 if request.method == "POST" else 200)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def dated_hours(request: Request) -> HttpResponse:
    """A week that replaces the usual one between two days; proposed for Ramadan, empty otherwise."""
    request.actor.require("company.change_workinghours")
    proposal = next_ramadan(local_day(request.now)) if "ramadan" in request.GET else None
    week = [Opening(*span) for span in RAMADAN] if proposal else usual_week()
    initial = {"first": proposal[0], "last": proposal[1]} if proposal else {}
    start = request.company.first_weekday
    form = DatedWeekForm(request.POST or None, week=week, first_weekday=start, initial=initial)
    if request.method == "POST" and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        kept = [one for one in openings() if (one.valid_from, one.valid_to) != (first, last)]
        return _save(request, [*kept, *form.openings(first, last)])
    context = {"form": form, "proposal": proposal, "section": "settings"}
    return render(request, "company/dated_hours.html", context, status=422 if request.method == "POST" else 200)


@access("staff")
@require_POST
def remove_dated(request: Request, first: str, last: str) -> HttpResponse:
    """Take a dated week away."""
    kept = [one for one in openings() if (str(one.valid_from), str(one.valid_to)) != (first, last)]
    return _save(request, kept)


def _save(request: Request, spans: Sequence[Opening]) -> HttpResponse:
    set_working_hours(spans, actor=request.actor, at=request.now)
    messages.success(request, _("Saved"))
    return redirect("settings-hours")


def _described() -> list[dict[str, Any]]:
    """Each dated week: its days, and per weekday its spans in words."""
    language = active().language
    found = []
    for (first, last), week in dated_weeks().items():
        days: dict[int, list[str]] = {}
        for opening in week:
            days.setdefault(opening.weekday, []).append(f"{opening.opens:%H:%M}–{opening.closes:%H:%M}")
        words = [(weekday_name(day, language), spans) for day, spans in days.items()]
        found.append({"first": first, "last": last, "days": words})
    return found
