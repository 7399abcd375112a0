"""The forecast: what may be closed in which month of the reader's calendar, and how well selling goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from rawabit.kit.access import access
from rawabit.kit.calendar_math import month_of, quarter_of, year_of
from rawabit.kit.display import active
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.exports import csv_lines
from rawabit.kit.screens.filters import Of
from rawabit.pipeline.desk.opportunities import OpportunityPages, today
from rawabit.pipeline.logic.stages import Sums, by_stage, forecast, win_rate
from rawabit.pipeline.logic.states import LOST, OPEN, WON
from rawabit.pipeline.models import Pipeline, Stage
from rawabit.pipeline.queries import conversion, deals, decided, open_ones, pipelines, stages_of

MONTHS = 6
Span = tuple[date, date]


@dataclass(frozen=True)
class Cell:
    """Deals of a stage that may close in a month, and the way to them."""

    count: int
    value: Money
    expected: Money
    url: str


def months_ahead(day: date, calendar: str, count: int = MONTHS) -> list[Span]:
    """First and last day of this month and of those that follow, in a calendar."""
    spans: list[Span] = []
    for _number in range(count):
        start, end = month_of(day, calendar)
        spans.append((start, end - timedelta(days=1)))
        day = end
    return spans


class ForecastPages(OpportunityPages):
    """Adds ``opportunities/forecast/``."""

    def more_urls(self) -> list[URLPattern]:
        page = path(f"{self.slug}/forecast/", require_GET(self.forecast), name=f"{self.slug}-forecast")
        return [page, *super().more_urls()]

    @access("staff")
    def forecast(self, request: Request) -> HttpResponse | StreamingHttpResponse:
        from rawabit.pipeline.desk.board import chosen_pipeline

        actor = self.allow(request, "view")
        request.watched = {"kind": self.model}
        known = list(pipelines(actor))
        chosen = chosen_pipeline(known, request)
        owner = next(one for one in self.filters if one.name == "owner")
        assert isinstance(owner, Of)
        spans = months_ahead(today(request), active().calendar)
        blocks = self.blocks(request, chosen, owner, spans) if chosen else []
        if request.GET.get("as") == "csv":
            if not self.may(request, "export"):
                raise PermissionDenied(self.permission("export"))
            return csv_of(blocks, spans)
        context = {
            "screens": self, "section": self.slug, "pipelines": known, "pipeline": chosen, "tab": "forecast",
            "filters": [owner.shown(self.model, request)], "blocks": blocks,
            "months": [first for first, _last in spans],
            "figures": figures(actor, today(request)), "query": request.GET.urlencode(),
            "conversion": conversion_of(actor, chosen, today(request)) if chosen else [],
            "may_export": self.may(request, "export"),
        }  # fmt: skip
        return render(request, "pipeline/forecast.html", context)

    def blocks(self, request: Request, pipeline: Pipeline, owner: Of, spans: Sequence[Span]) -> list[dict[str, Any]]:
        """One table for each currency: a row for each stage, a column for each month, then later and without a day."""
        rows = owner.apply(open_ones(request.actor, pipeline), request)
        found = forecast(deals(rows, by_day=True), spans)
        stages = stages_of(pipeline)
        own = request.company.currency
        codes = sorted({code for sums in found.values() for code in (sums.value or {})}, key=lambda c: (c != own, c))
        more = {name: request.GET[name] for name in ("owner",) if request.GET.get(name)}
        return [self.block(code, found, stages, spans, more) for code in codes]

    def block(
        self, code: str, found: dict[tuple[int, int], Sums], stages: list[Stage], spans: Sequence[Span],
        more: dict[str, str],
    ) -> dict[str, Any]:  # fmt: skip
        places = [*range(len(spans) + 1), -1]
        rows = [
            (stage, [self.cell(found, (place, stage.pk), code, spans, more) for place in places]) for stage in stages
        ]
        zero = Money(0, code)
        totals = [
            (sum((cells[n].value for _stage, cells in rows if cells[n]), zero),
             sum((cells[n].expected for _stage, cells in rows if cells[n]), zero))
            for n in range(len(places))
        ]  # fmt: skip
        whole_value = sum((value for value, _expected in totals), zero)
        expected = sum((likely for _value, likely in totals), zero)
        return {"currency": code, "rows": rows, "totals": totals, "value": whole_value, "expected": expected}

    def cell(
        self, found: dict[tuple[int, int], Sums], key: tuple[int, int], code: str, spans: Sequence[Span],
        more: dict[str, str],
    ) -> Any:  # fmt: skip
        sums = found.get(key)
        if sums is None or code not in (sums.value or {}):
            return None
        place, stage = key
        asked = {"state": OPEN, "stage": str(stage), **more, **days_of(place, spans)}
        url = f"{self.url('list')}?{urlencode(asked)}"
        return Cell(sums.count, (sums.value or {})[code], (sums.expected or {})[code], url)


def days_of(place: int, spans: Sequence[Span]) -> dict[str, str]:
    """The filter of the list that shows the deals of a column."""
    if place == -1:
        return {"is": "undated"}
    if place == len(spans):
        return {"expected_close_from": (spans[-1][1] + timedelta(days=1)).isoformat()}
    until = {"expected_close_to": spans[place][1].isoformat()}
    return until if place == 0 else {"expected_close_from": spans[place][0].isoformat(), **until}


def csv_of(blocks: list[dict[str, Any]], spans: Sequence[Span]) -> StreamingHttpResponse:
    months = [active().month(first) for first, _last in spans]
    columns = [*months, str(_("Later")), str(_("Without a day"))]
    heads = [str(pgettext_lazy("opportunity", "Stage")), str(_("Currency"))]
    for column in columns:
        heads += [column, f"{column} · {_('weighted')}"]
    rows = []
    for block in blocks:
        for stage, cells in block["rows"]:
            amounts: list[Any] = []
            for cell in cells:
                amounts += [cell.value.amount, cell.expected.amount] if cell else ["", ""]
            rows.append([str(stage), block["currency"], *amounts])
    response = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="forecast.csv"'
    return response


# Figures


def figures(actor: Actor, day: date) -> list[tuple[Any, Any, Any]]:
    """``(label, value, note)``: what the open deals come to, and how many of the decided ones are won."""
    total = Sums()
    for sums in by_stage(deals(open_ones(actor))).values():
        total.join(sums)
    found: list[tuple[Any, Any, Any]] = []
    for code, value in sorted((total.value or {}).items(), key=lambda pair: -pair[1].minor):
        note = _("weighted: %(value)s") % {"value": active().money_text((total.expected or {})[code])}
        found.append((_("Pipeline value"), active().money_text(value), note))
    for label, span in ((_("Win rate this month"), month_of), (_("Win rate this quarter"), quarter_of)):
        first, end = span(day, active().calendar)
        found.append((label, *rate_words(decided(actor, first, end - timedelta(days=1)))))
    return found


def rate_words(counts: dict[str, int]) -> tuple[Any, Any]:
    rate = win_rate(counts[WON], counts[LOST])
    note = _("won: %(won)s · lost: %(lost)s") % {
        "won": active().number(counts[WON]), "lost": active().number(counts[LOST]),
    }  # fmt: skip
    return ("—" if rate is None else active().percent(rate)), note


def conversion_of(actor: Actor, pipeline: Pipeline, day: date) -> list[dict[str, Any]]:
    """Of the deals opened in this year of the calendar: how many came into each stage, and went further."""
    first, end = year_of(day, active().calendar)
    rows = conversion(actor, pipeline, first, end - timedelta(days=1))
    return [
        {"stage": stage, "reached": reached, "further": further, "rate": win_rate(further, reached - further)}
        for stage, reached, further in rows
    ]
