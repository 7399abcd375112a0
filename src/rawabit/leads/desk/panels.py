"""What other records tell of the lead they come from, and what a lead's page shows below its facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rawabit.kit.marking import _
from rawabit.kit.records.queries import comments_on, files_on, history_of
from rawabit.kit.request import Request
from rawabit.kit.screens.panels import Panel
from rawabit.leads.models import Lead
from rawabit.leads.queries import arrivals_of, leads_behind

SHOWN = 40
MOST_LEADS = 5


@dataclass(frozen=True, slots=True)
class Past:
    """A lead with all that was said and done about it."""

    lead: Lead
    history: Iterable[Any]
    comments: Iterable[Any]
    files: Iterable[Any]
    arrivals: Iterable[Any]


def past_of(record: Any, request: Request) -> list[Past]:
    actor = request.actor
    return [
        Past(
            lead, history_of(lead)[:SHOWN], comments_on(lead)[:SHOWN], files_on(lead, actor)[:SHOWN],
            arrivals_of(lead, actor)[:SHOWN],
        )
        for lead in leads_behind(record, actor)[:MOST_LEADS]
    ]  # fmt: skip


def written(record: Any, request: Request) -> Iterable[Any]:
    return arrivals_of(record, request.actor)[:SHOWN]


PAST = Panel(_("Came from a lead"), past_of, template="leads/panels/past.html", permission="leads.view_lead")
WRITTEN = Panel(_("Written from outside"), written, template="leads/panels/written.html", permission="leads.view_lead")
