"""How an opportunity shows itself in lists, panels and on cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.kit.display import active
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.screens.columns import EMPTY, Column
from rawabit.kit.screens.templatetags import kit as shown
from rawabit.pipeline.logic.stages import GREY, RED
from rawabit.pipeline.logic.states import OPEN, OPPORTUNITY

STAGE = pgettext_lazy("opportunity", "Stage")
STEP_WORDS = {
    "ok": pgettext_lazy("next step", "Planned"), "warn": pgettext_lazy("next step", "Due today"),
    "bad": pgettext_lazy("next step", "Overdue"), GREY: _("Nothing planned"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageTag(Column):
    """The stage of an open deal, how it ended of a decided one."""

    path: str = "stage"
    label: Any = STAGE
    sort: str | None = "stage__position"

    def words(self, record: Any) -> tuple[str, Any]:
        if record.state == OPEN:
            return "info", record.stage
        state = OPPORTUNITY.states[record.state]
        return state.tone, state.label

    def cell(self, record: Any) -> SafeString:
        tone, words = self.words(record)
        return format_html('<span class="tag" data-s="{}">{}</span>', tone, words)

    def export(self, record: Any) -> Any:
        return str(self.words(record)[1])


@dataclass(frozen=True, slots=True)
class StalledTag(Column):
    """How many days nothing has happened; ``prepare`` has found out (``record.quiet_days``)."""

    path: str = "quiet_days"
    label: Any = _("Stalled")

    def cell(self, record: Any) -> SafeString:
        words = quiet_words(getattr(record, "quiet_days", 0))
        return format_html('<span class="tag" data-s="warn">{}</span>', words) if words else SafeString("")

    def export(self, record: Any) -> Any:
        return getattr(record, "quiet_days", 0) or ""


def quiet_words(days: int) -> Any:
    return _("No activity for %(days)s days") % {"days": active().number(days)} if days else ""


@dataclass(frozen=True, slots=True)
class NextStep(Column):
    """What is next and when, in red when it is overdue or nothing is planned."""

    path: str = "next_step"
    sort: str | None = "next_on"

    def cell(self, record: Any) -> SafeString:
        if record.state != OPEN:
            return EMPTY
        if not record.next_step or record.next_on is None:
            return format_html('<span class="tag" data-s="draft">{}</span>', STEP_WORDS[GREY])
        day = shown.date_l(record.next_on)
        tone = getattr(record, "step_tone", "ok")
        late = format_html(' <span class="tag" data-s="bad">{}</span>', STEP_WORDS[RED]) if tone == RED else ""
        quiet = quiet_words(getattr(record, "quiet_days", 0))
        stalled = format_html(' <span class="tag" data-s="warn">{}</span>', quiet) if quiet else ""
        return format_html('<bdi>{}</bdi> <span class="dim nobr">{}</span>{}{}', record.next_step, day, late, stalled)


@dataclass(frozen=True, slots=True)
class Chance(Column):
    path: str = "chance"
    label: Any = _("Probability %")
    css: str = "num"

    def cell(self, record: Any) -> SafeString:
        return shown.pct(record.chance)
