"""Number series: how the numbers of documents look. The counters are never touched here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from rawabit.company.actions import set_series
from rawabit.company.logic.numbering import SeriesForm
from rawabit.company.queries import local_day
from rawabit.company.settings_queries import SeriesRow, numbered, series_rows
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import CodeField
from rawabit.kit.states import Refused


class SeriesRowForm(forms.Form):
    """One series. Its width may grow; a narrower one would not shorten numbers that are longer."""

    def __init__(self, row: SeriesRow, data: Any = None) -> None:
        super().__init__(data, prefix=row.kind)
        self.row = row
        self.fields["prefix"] = CodeField(label=_("Prefix"), max_length=10, initial=row.form.prefix)
        widths = [(str(width), str(width)) for width in range(3, 10)]
        self.fields["width"] = forms.ChoiceField(label=_("Digits"), choices=widths, initial=str(row.form.width))
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{row.label}: {field.label}"

    @property
    def preview(self) -> str:
        """The next number as the row stands now, typed or kept."""
        if not self.is_bound or not self.is_valid():
            return self.row.preview
        return numbered(self.row, self.wanted())

    def wanted(self) -> SeriesForm:
        return SeriesForm(self.cleaned_data["prefix"], int(self.cleaned_data["width"]), self.row.form.yearly)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: Request) -> HttpResponse:
    request.actor.require("company.change_series")
    rows = [SeriesRowForm(row, request.POST or None) for row in series_rows(local_day(request.now))]
    sent = request.method == "POST" and "preview" not in request.POST
    valid = [row.is_valid() for row in rows] if sent else [False]  # every row is judged, not only up to the first
    if all(valid) and saved(rows, request):
        messages.success(request, _("Saved"))
        return redirect("settings-series")
    context = {"rows": rows, "section": "settings"}
    return render(request, "company/series.html", context, status=422 if sent else 200)


def saved(rows: list[SeriesRowForm], request: Request) -> bool:
    """All changes or none; the reason of a refusal stands beside its row."""
    at_work = rows[0]
    try:
        with transaction.atomic():
            for at_work in rows:
                if at_work.has_changed():
                    set_series(at_work.row.kind, at_work.wanted(), actor=request.actor, at=request.now)
    except Refused as reason:
        at_work.add_error("prefix", str(reason))
        return False
    return True
