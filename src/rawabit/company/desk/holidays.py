"""Public holidays: proposed for a year, ticked by a person, kept as rows; closures in two taps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.company.actions import close_days, confirm_holidays, open_day, propose_holidays
from rawabit.company.queries import local_day
from rawabit.company.settings_queries import holiday, holidays_of_year
from rawabit.kit.access import access
from rawabit.kit.marking import _, ngettext_lazy
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import DateField3
from rawabit.kit.states import Refused

YEARS = range(2000, 2100)


class ClosureForm(forms.Form):
    widths = {"first": 4, "last": 4, "name": 4}
    first = DateField3(label=_("From"))
    last = DateField3(label=_("To"), required=False, help_text=_("Empty: one day."))
    name = forms.CharField(label=_("Name"), max_length=200)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: Request) -> HttpResponse:
    """The days of a year; POST proposes, confirms or adds a closure, by the button that was pressed."""
    request.actor.require("company.change_holiday")
    year = year_of(request)
    form = ClosureForm(request.POST if "close" in request.POST else None)
    if request.method == "POST" and (done := carried_out(request, year, form)):
        return done
    days = holidays_of_year(year)
    context = {
        "form": form,
        "year": year,
        "confirmed": [day for day in days if day.confirmed],
        "proposed": [day for day in days if not day.confirmed],
        "section": "settings",
    }
    return render(request, "company/holidays.html", context, status=422 if request.method == "POST" else 200)


def year_of(request: Request) -> int:
    typed = whole(request.GET.get("year", ""))
    return typed if typed is not None and typed in YEARS else local_day(request.now).year


def carried_out(request: Request, year: int, form: ClosureForm) -> HttpResponse | None:
    who: dict[str, Any] = {"actor": request.actor, "at": request.now}
    if "propose" in request.POST:
        count = propose_holidays(year, **who)
        words = ngettext_lazy("%(n)s new day is proposed.", "%(n)s new days are proposed.", count)
        messages.success(request, words % {"n": count})
    elif "confirm" in request.POST:
        confirm_holidays(ticked(request), **who)
        messages.success(request, _("Saved"))
    elif not form.is_valid() or not closed(form, who):
        return None
    else:
        messages.success(request, _("Saved"))
    return redirect(f"{reverse('settings-holidays')}?year={year}")


def ticked(request: Request) -> list[date]:
    found = []
    for text in request.POST.getlist("day"):
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            continue
    return found


def closed(form: ClosureForm, who: dict[str, Any]) -> bool:
    data = form.cleaned_data
    try:
        close_days(data["first"], data["last"] or data["first"], data["name"], **who)
    except Refused as reason:
        form.add_error("last", str(reason))
        return False
    return True


@access("staff")
@require_POST
def remove_holiday(request: Request, key: int) -> HttpResponse:
    """The company is open on that day after all; a proposal is put aside."""
    day = holiday(key)
    if day is None:
        raise Http404
    open_day(day, actor=request.actor, at=request.now)
    messages.success(request, _("Removed"))
    return redirect(f"{reverse('settings-holidays')}?year={day.date.year}")
