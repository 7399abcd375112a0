"""The board: a lane for each stage, a card for each open deal, what was decided this month beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from rawabit.kit.access import access
from rawabit.kit.calendar_math import month_of
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.pipeline.desk.columns import STEP_WORDS, quiet_words
from rawabit.pipeline.desk.forecast import ForecastPages
from rawabit.pipeline.desk.opportunities import describe, today
from rawabit.pipeline.logic.stages import Sums, by_stage
from rawabit.pipeline.logic.states import LOST, OPEN, OPPORTUNITY, WON
from rawabit.pipeline.models import Opportunity, Pipeline
from rawabit.pipeline.queries import cards, deals, latest_decided, pipelines, stages_of

CARDS, MORE, MOST = 20, 40, 300  # cards of a lane at first, and how many more each time


@dataclass
class Lane:
    """A column of the board. ``key`` is the stage's, or the outcome's name."""

    key: Any
    title: Any
    sums: Sums
    rows: list[Opportunity] = field(default_factory=list)
    outcome: str = ""
    more: str = ""  # the address of the board with more cards, while there are more

    @property
    def values(self) -> Iterable[Any]:
        """Worth and weighted worth of each currency."""
        expected = self.sums.expected or {}
        return [(value, expected.get(code)) for code, value in sorted((self.sums.value or {}).items())]


class OpportunityScreens(ForecastPages):
    """Adds ``opportunities/board/``."""

    def more_urls(self) -> list[URLPattern]:
        board = path(f"{self.slug}/board/", require_GET(self.board), name=f"{self.slug}-board")
        return [board, *super().more_urls()]

    @access("staff")
    def board(self, request: Request) -> HttpResponse:
        actor = self.allow(request, "view")
        request.watched = {"kind": Opportunity}
        known = list(pipelines(actor))
        chosen = chosen_pipeline(known, request)
        limit = min(max(whole(request.GET.get("cards", "")) or CARDS, CARDS), MOST)
        context = {
            "screens": self, "section": self.slug, "pipelines": known, "pipeline": chosen, "tab": "board",
            "lanes": self.lanes(request, chosen, limit) if chosen else [],
            "filters": [one.shown(self.model, request) for one in self.board_filters()], "q": request.GET.get("q", ""),
            "may_add": self.may(request, "add"), "may_move": self.may(request, "change"), "states": OPPORTUNITY.states,
            "filtered": any(request.GET.get(one.name) for one in self.board_filters()) or bool(request.GET.get("q")),
        }  # fmt: skip
        return render(request, "pipeline/board.html", context)

    def board_filters(self) -> list[Any]:
        return [one for one in self.filters if one.name in ("owner", "source", "is")]

    def lanes(self, request: Request, pipeline: Pipeline, limit: int) -> list[Lane]:
        """All lanes with their cards, in a number of queries that does not depend on the number of cards."""
        rows = self.narrowed(request).filter(pipeline=pipeline)
        going = rows.filter(state=OPEN)
        sums = by_stage(deals(going))
        by_lane: dict[int, list[Opportunity]] = {}
        for row in cards(going, limit):
            by_lane.setdefault(row.stage_id, []).append(self.card(row, request))
        lanes = [
            Lane(stage.pk, stage, sums.get(stage.pk, Sums()), by_lane.get(stage.pk, []))
            for stage in stages_of(pipeline)
        ]
        lanes += self.decided_lanes(request, rows)
        for lane in lanes:
            if lane.sums.count > len(lane.rows) and not lane.outcome:
                query = request.GET.copy()
                query["cards"] = str(min(limit + MORE, MOST))
                lane.more = f"?{query.urlencode()}"
        return lanes

    def narrowed(self, request: Request) -> Any:
        rows: Any = self.rows(request.actor)
        for one in self.board_filters():
            rows = one.apply(rows, request)
        words = request.GET.get("q", "").strip()[:200]
        return rows.matching(words) if words else rows

    def decided_lanes(self, request: Request, rows: Any) -> list[Lane]:
        """What was won and lost in this month of the reader's calendar."""
        start, end = month_of(today(request), active().calendar)
        rows = rows.filter(closed_on__gte=start, closed_on__lt=end)
        found = [self.card(row, request) for row in latest_decided(rows, CARDS)]
        totals = {WON: Sums(), LOST: Sums()}
        for state, total in totals.items():
            for one in by_stage(deals(rows.filter(state=state))).values():
                total.join(one)
        return [
            Lane(state, OPPORTUNITY.states[state].label, sums, [row for row in found if row.state == state], state)
            for state, sums in totals.items()
        ]

    def card(self, row: Opportunity, request: Request) -> Any:
        describe(row, request)
        card: Any = row
        card.step_words = STEP_WORDS.get(card.step_tone, "")
        card.quiet = quiet_words(card.quiet_days)
        card.late = row.state == OPEN and row.expected_close is not None and row.expected_close < today(request)
        return card


def chosen_pipeline(known: list[Pipeline], request: Request) -> Pipeline | None:
    wanted = whole(request.GET.get("pipeline", ""))
    return next((one for one in known if one.pk == wanted), known[0] if known else None)


TABS = (("list", _("List")), ("board", _("Board")), ("forecast", _("Sales forecast")))
