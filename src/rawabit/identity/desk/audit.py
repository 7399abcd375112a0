"""The audit log: who did what, when, through which door."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rawabit.identity.audit_queries import SHOWN, Wanted, event_kinds, event_names, events
from rawabit.identity.queries import colleagues
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.numbers import whole
from rawabit.kit.records.event_words import words_of
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import DateField3

EVERYTHING = [("", pgettext_lazy("filter", "All"))]


class AuditFilter(forms.Form):
    """What to look for. Whatever is not understood is not heard."""

    user: Any = forms.ModelChoiceField(None, label=_("Person"), required=False, empty_label=_("Everybody"))
    name = forms.ChoiceField(label=_("What happened"), required=False)
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)
    since = DateField3(label=_("From"), required=False)
    until = DateField3(label=_("To"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].queryset = colleagues()  # type: ignore[attr-defined]
        names = sorted(((name, label_of(name)) for name in event_names()), key=lambda pair: pair[1])
        self.fields["name"].choices = [*EVERYTHING, *names]  # type: ignore[attr-defined]
        kinds = [(str(kind.pk), kind.name) for kind in event_kinds()]
        self.fields["kind"].choices = [*EVERYTHING, *kinds]  # type: ignore[attr-defined]


def label_of(name: str) -> str:
    """``Created (customer.created)``: several kinds of records share their words."""
    words = words_of(SimpleNamespace(name=name))
    return words if words == name else f"{words} ({name})"


@access("staff")
@require_GET
def audit(request: Request) -> HttpResponse:
    """The newest events that fit, 100 at a time."""
    request.actor.require("identity.view_audit")
    form = AuditFilter(request.GET or None)
    found = events(wanted(form, request))
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form,
        "events": found,
        "more": found[-1].pk if len(found) == SHOWN else None,
        "query": query.urlencode(),
        "filtered": any(query.values()),
        "section": "settings",
    }
    return render(request, "identity/audit.html", context)


def wanted(form: AuditFilter, request: Request) -> Wanted:
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    zone = ZoneInfo(request.company.timezone)
    before = request.GET.get("before", "")
    return Wanted(
        user_id=data["user"].pk if data.get("user") else None,
        name=data.get("name", ""),
        kind=int(data["kind"]) if data.get("kind") else None,
        since=_begin(data.get("since"), zone),
        until=_begin(data["until"] + timedelta(days=1), zone) if data.get("until") else None,
        before=whole(before),
    )


def _begin(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None
