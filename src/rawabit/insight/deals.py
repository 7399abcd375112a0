"""Opportunities in the morning: what lacks a next step, and what the pipeline is worth."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from rawabit.insight.cards import ROWS, Card
from rawabit.kit.calendar_math import month_of, quarter_of
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.templatetags import kit as shown
from rawabit.pipeline.logic.stages import Sums, by_stage, win_rate
from rawabit.pipeline.logic.states import LOST, WON
from rawabit.pipeline.queries import deals, decided, open_ones, stages_seen, without_next_step


def red_list(actor: Actor, today: date, currency: str) -> Card | None:
    """Open deals whose next step is missing or overdue."""
    rows = without_next_step(actor, today)
    count = rows.count()
    if not count:
        return None
    listed = [(deal.title, deal.customer or "", _when(deal.next_on), url_of(deal)) for deal in rows[:ROWS]]
    words, url = _("open opportunities without a next step"), f"{reverse('opportunities-list')}?is=red"
    return Card(_("Follow-ups missed"), active().number(count), words, url, listed)


def _when(day: date | None) -> Any:
    return shown.date_l(day) if day else _("Nothing planned")


def pipeline_card(actor: Actor, today: date, currency: str) -> Card | None:
    """What the open deals come to, stage by stage, and the win rate of the month and the quarter."""
    found = by_stage(deals(open_ones(actor)))
    total = Sums()
    for sums in found.values():
        total.join(sums)
    month, quarter = (_rate(actor, *span(today, active().calendar)) for span in (month_of, quarter_of))
    if not total.count and month is None and quarter is None:
        return None
    nothing = Money(0, currency)
    listed = [
        (stage, "", shown.money((found[stage.pk].value or {}).get(currency, nothing)), _of_stage(stage.pk))
        for stage in stages_seen(actor, list(found))
    ]
    words = _("in %(count)s open opportunities · win rate this month %(month)s, this quarter %(quarter)s") % {
        "count": active().number(total.count), "month": _percent(month), "quarter": _percent(quarter),
    }  # fmt: skip
    value = (total.value or {}).get(currency, nothing)
    return Card(_("Pipeline"), shown.money(value), words, reverse("opportunities-board"), listed)


def _of_stage(key: int) -> str:
    return f"{reverse('opportunities-list')}?state=open&stage={key}"


def _rate(actor: Actor, first: date, end: date) -> int | None:
    counts = decided(actor, first, end - timedelta(days=1))
    return win_rate(counts[WON], counts[LOST])


def _percent(rate: int | None) -> str:
    return "—" if rate is None else active().percent(rate)
