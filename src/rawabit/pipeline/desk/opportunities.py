"""Opportunities: list, form and page. What modules above make of them is added by the composition root."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import uuid4

from django.db.models import Q
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from rawabit.company.queries import local_day
from rawabit.crm.policies import may_on
from rawabit.identity.models import STAFF
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Code, Column, Day, Linked
from rawabit.kit.screens.filters import Days, InState, Of, Situation
from rawabit.kit.screens.masters import Sure
from rawabit.kit.screens.options import WithOptions
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.parts import WithParts
from rawabit.kit.screens.verbs import Verb
from rawabit.pipeline.actions import (
    delete_opportunity,
    finish_step,
    hand_over,
    lose,
    reopen,
    save_opportunity,
    set_next_step,
    win,
)
from rawabit.pipeline.desk.columns import Chance, NextStep, StageTag, StalledTag
from rawabit.pipeline.desk.forms import (
    DoneForm,
    LoseForm,
    OpportunityForm,
    OwnerForm,
    StepForm,
    WinForm,
    ask_owner,
    ask_reason,
    ask_step,
    ask_value,
)
from rawabit.pipeline.desk.lines import LinePages
from rawabit.pipeline.desk.moves import MovePages
from rawabit.pipeline.desk.parts import PARTNERS, PARTS, PEOPLE
from rawabit.pipeline.logic.stages import next_tone, quiet_days, weighted
from rawabit.pipeline.logic.states import OPEN, OPPORTUNITY
from rawabit.pipeline.models import Opportunity
from rawabit.pipeline.queries import is_red, is_stalled, lines_of, moves_of, stages_of
from rawabit.trade.editor.columns import OneCustomer


def today(request: Request) -> Any:
    return local_day(request.now, request.company)


def red(request: Request) -> Q:
    return is_red(today(request))


def quiet(request: Request) -> Q:
    return is_stalled(request.now)


def mine(request: Request) -> Q:
    return Q(owner_id=request.actor.user_id)


def late(request: Request) -> Q:
    return Q(state=OPEN, expected_close__lt=today(request))


def undated(request: Request) -> Q:
    return Q(state=OPEN, expected_close=None)


FILTERS = (
    InState(lifecycle=OPPORTUNITY), Of("pipeline"), Of("stage"), Of("owner", narrow=Q(kind=STAFF)), Of("source"),
    Situation("is", _("Situation"), choices=(
        ("red", _("Without a next step"), red), ("stalled", _("Stalled"), quiet), ("mine", _("Mine"), mine),
        ("late", _("Past the expected close"), late), ("undated", _("Without an expected close"), undated),
    )),
    Days("expected_close"), OneCustomer(),
)  # fmt: skip


def describe(row: Opportunity, request: Request) -> Opportunity:
    """Attach what cells and cards show beside the columns."""
    row.step_tone = next_tone(row.next_on, today(request)) if row.state == OPEN else ""  # type: ignore[attr-defined]
    days = quiet_days(row.touched_at, row.stage.stall_days, request.now) if row.state == OPEN else 0
    row.quiet_days = days  # type: ignore[attr-defined]
    return row


class OpportunityPages(WithParts, WithOptions, MovePages, LinePages):
    model = Opportunity
    slug = "opportunities"
    icon = "target"
    form = OpportunityForm
    save = staticmethod(save_opportunity)
    lifecycle = OPPORTUNITY
    related = ("customer", "contact", "owner", "stage", "pipeline", "source", "lost_reason")
    columns: ClassVar[Sequence[Column]] = (
        Column("title"), Linked("customer", sort="customer__name"), StageTag(), Amount("value", label=_("Value")),
        Chance(), Day("expected_close"), NextStep(), StalledTag(), Column("owner", sort="owner__full_name"),
        Column("source", sort="source__name"), Code("number"), Day("opened_on"), Day("closed_on"),
        Column("lost_reason", sort="lost_reason__name"), Column("competitor"),
    )  # fmt: skip
    hidden_columns = ("quiet_days", "source", "number", "opened_on", "closed_on", "lost_reason", "competitor")
    filters = FILTERS
    tags: ClassVar[Sequence[Column]] = (StageTag(), StalledTag())
    parts = PARTS
    panels: ClassVar[Sequence[Panel]] = (PEOPLE, PARTNERS)
    verbs: ClassVar[Sequence[Verb]] = (
        Verb("win", win, form=WinForm, prepare=ask_value, icon="check"),
        Verb("lose", lose, form=LoseForm, prepare=ask_reason),
        Verb("reopen", reopen, form=StepForm, prepare=ask_step, icon="undo"),
        Verb("step", finish_step, label=_("Done, and next"), form=DoneForm, prepare=ask_step, icon="check",
             when=lambda deal: deal.state == OPEN, permission="pipeline.change_opportunity"),
        Verb("plan", set_next_step, label=_("Plan the next step"), form=StepForm, prepare=ask_step, icon="calendar",
             when=lambda deal: deal.state == OPEN, permission="pipeline.change_opportunity"),
        Verb("owner", hand_over, label=_("Hand over"), form=OwnerForm, prepare=ask_owner, icon="user",
             permission="pipeline.set_owner"),
        Verb("delete", delete_opportunity, label=_("Delete"), form=Sure, icon="trash", tone="danger-quiet"),
    )  # fmt: skip
    bulk = ("owner",)
    on_page = ("win", "lose", "step", "plan")  # verbs that have a place of their own on the page

    def hint_of(self, record: Any) -> str:
        return str(record.number)

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        for row in rows:
            describe(row, request)

    def may_edit(self, request: Request, record: Any) -> bool:
        actor: Actor = request.actor
        return super().may_edit(request, record) and may_on(actor, "pipeline.change_opportunity", record)

    def list_context(self, request: Request, columns: Sequence[Column]) -> dict[str, Any]:
        context = super().list_context(request, columns)
        offered = [one for one in context["filters"] if one["options"] or one["part"] != "select"]
        return {**context, "filters": offered}

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        fields: Any = form.fields
        if "pipeline" in fields:
            fields["pipeline"].queryset = fields["pipeline"].queryset.filter(is_active=True)
            fields["pipeline"].empty_label = _("The usual one")
        fields["source"].queryset = fields["source"].queryset.filter(is_active=True).order_by("pk")
        if form.instance.pk is None and "currency" not in form.initial:
            form.initial["currency"] = request.company.currency

    # The page

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        describe(record, request)
        context = super().detail_context(request, record)
        buttons = {button["name"]: button for button in context["buttons"]}
        record.lines_shown = lines_of(record)
        return context | {
            "once": uuid4().hex,
            "expected": weighted(record.worth, record.chance),
            "steps": self.steps(request, record),
            "lines": record.lines_shown,
            "act": {name: buttons.get(name) for name in self.on_page},
            "buttons": [button for button in context["buttons"] if button["name"] not in self.on_page],
            "moves": moves_of(record),
            "states": OPPORTUNITY.states,
        }

    def steps(self, request: Request, record: Any) -> list[dict[str, Any]]:
        """The stages as a path with the deal's place on it."""
        stages = stages_of(record.pipeline)
        here = next((place for place, stage in enumerate(stages) if stage.pk == record.stage_id), 0)
        decided = record.state != OPEN
        movable = not decided and self.may_edit(request, record)
        return [
            {
                "stage": stage,
                "state": "done" if place < here or record.state == "won" else "current" if place == here else "",
                "movable": movable and place != here,
            }
            for place, stage in enumerate(stages)
        ]

    # Sheets that were opened on the board lead back to it.

    def carry_out(self, request: Request, verb: Verb, record: Any, data: dict[str, Any]) -> HttpResponse:
        response = super().carry_out(request, verb, record, data)
        own_page = response.headers.get("Location") == self.url("detail", record.pk)
        if own_page and request.GET.get("next") == "board":
            return redirect(f"{reverse(f'{self.slug}-board')}?pipeline={record.pipeline_id}")
        return response
