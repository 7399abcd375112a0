"""Pipelines and their stages, reasons for losing, sources: what selling is sorted by. What is in use is not deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Column, Linked, Number, Percent, Yes
from rawabit.kit.screens.fields import NumberField
from rawabit.kit.screens.filters import Of
from rawabit.kit.screens.masters import NAMES, MasterScreens, NameColumn, NamedForm
from rawabit.kit.screens.panels import Panel
from rawabit.pipeline.actions import save_pipeline, save_stage
from rawabit.pipeline.logic.stages import REQUIRABLE
from rawabit.pipeline.models import LostReason, Pipeline, Source, Stage
from rawabit.pipeline.queries import stages_of


class RequiredColumn(Column):
    """What a stage asks for, in words."""

    def value(self, record: Any) -> Any:
        return " · ".join(str(label) for key, label in REQUIRABLE.items() if key in record.required)


STAGE_COLUMNS = (
    Number("position"),
    NameColumn(),
    Percent("probability"),
    RequiredColumn("required"),
    Number("stall_days"),
)


class PipelineForm(NamedForm):
    widths = {**NamedForm.widths, "is_default": 6, "is_active": 6}

    class Meta:
        model = Pipeline
        fields = [*NAMES, "is_default", "is_active"]


def add_stage(pipeline: Any, request: Request) -> str:
    return f"{reverse('stages-create')}?pipeline={pipeline.pk}" if request.actor.may("pipeline.add_stage") else ""


class PipelineScreens(MasterScreens):
    model = Pipeline
    slug = "pipelines"
    icon = "opportunity"
    columns = (NameColumn(), Yes("is_default"), Yes("is_active"))
    form = PipelineForm
    save = staticmethod(save_pipeline)
    panels = (
        Panel(
            _("Stages"), lambda pipeline, request: stages_of(pipeline), STAGE_COLUMNS, empty=_("No stages yet"),
            add=add_stage,
        ),
    )  # fmt: skip


class StageForm(NamedForm):
    widths = {**NamedForm.widths, "pipeline": 8, "position": 4, "probability": 6, "stall_days": 6}
    position = NumberField(label=_("No."), places=0, least=1, most=99)
    probability = NumberField(label=_("Probability %"), places=0, least=0, most=100)
    stall_days = NumberField(
        label=_("Stalled after (days)"), places=0, least=0, most=365, help_text=_("0: never."), initial=14
    )
    required = forms.MultipleChoiceField(
        label=_("Asked for before a deal enters this stage"), required=False, choices=list(REQUIRABLE.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Stage
        fields = ["pipeline", "position", *NAMES, "probability", "stall_days", "required"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is not None:
            del self.fields["pipeline"]  # its deals stand in it
        elif not self.is_bound:
            self.initial.setdefault("position", 99)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("position", "probability", "stall_days"):
            if data.get(name) is not None:
                data[name] = int(data[name])
        return data


class StageScreens(MasterScreens):
    model = Stage
    slug = "stages"
    icon = "list"
    columns = (NameColumn(), Linked("pipeline", sort="pipeline__name"), *(c for c in STAGE_COLUMNS if c.key != "name"))
    related = ("pipeline",)
    filters = (Of("pipeline"),)
    default_order = ("pipeline", "position", "pk")
    form = StageForm
    save = staticmethod(save_stage)


class LostReasonForm(NamedForm):
    class Meta:
        model = LostReason
        fields = [*NAMES, "is_active"]


class LostReasonScreens(MasterScreens):
    model = LostReason
    slug = "lost-reasons"
    icon = "flag"
    columns = (NameColumn(), Yes("is_active"))
    form = LostReasonForm


class SourceForm(NamedForm):
    class Meta:
        model = Source
        fields = [*NAMES, "is_active"]


class SourceScreens(MasterScreens):
    model = Source
    slug = "sources"
    icon = "inbox"
    columns = (NameColumn(), Yes("is_active"))
    form = SourceForm
