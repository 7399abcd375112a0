"""Pipelines and stages of imported opportunities: found by name in any language, or made as the map lists them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import models

from rawabit.connect.logic.reasons import Rejected
from rawabit.connect.logic.units import Unit
from rawabit.connect.targets.base import Batch, text
from rawabit.connect.targets.lookups import label_of
from rawabit.pipeline.actions.opening import usual_pipeline
from rawabit.pipeline.models import Pipeline, Stage

PIPELINE, STAGE = "pipeline", "stage"
_BETWEEN = re.compile(r"\s*[,;،؛]\s*")
LANGUAGES = ("name_ar", "name_fa", "name_en", "name")  # the name as written counts most


def named_in_any_language(batch: Batch, model: type[models.Model]) -> dict[str, Any]:
    """All rows of a small table by their case-folded names; of several the first."""
    found: dict[str, Any] = batch.shelf.setdefault(f"named:{model._meta.label}", {})
    if not found:
        found.update(by_any_name(model._default_manager.order_by("-pk")))
    return found


def by_any_name(rows: Any) -> dict[str, Any]:
    listed = list(rows)
    pairs = ((getattr(row, name).casefold(), row) for name in LANGUAGES for row in listed)
    return {name: row for name, row in pairs if name}


def chosen(found: dict[str, Any], unit: Unit, name: str, what: object) -> Any:
    """The row that a field names in whatever language; None when it is blank, Rejected when there is none."""
    wanted = text(unit.values, name)
    if not wanted:
        return None
    if wanted.casefold() not in found:
        raise Rejected("reference.unknown", column=label_of(unit, name), entity=what, value=wanted)
    return found[wanted.casefold()]


class Stages:
    """Where deals of one batch stand. A pipeline that is not there yet is made with the stages that the map lists (in
    their order, else as they are met); to pipelines that were here before nothing is added."""

    def __init__(self, batch: Batch, units: Sequence[Unit]) -> None:
        self._batch = batch
        self._pipelines = named_in_any_language(batch, Pipeline)
        names = {text(unit.values, "pipeline") for unit in units} - {""}
        self._own = set(batch.known.find(PIPELINE, names))
        self._stages: dict[int, dict[str, Stage]] = {}

    def of(self, unit: Unit) -> Stage:
        """The stage that the row names, else the first one of its pipeline (the last one for what is decided)."""
        pipeline = self._pipeline(unit)
        stages = self._of_pipeline(pipeline)
        name = text(unit.values, "stage")
        if name.casefold() in stages:
            return stages[name.casefold()]
        if name and pipeline.name in self._own:
            return self._add(pipeline, name)
        if name or not stages:
            raise Rejected("reference.unknown", column=label_of(unit, "stage"), entity=Stage._meta.verbose_name,
                           value=name or pipeline.name)  # fmt: skip
        ordered = sorted(stages.values(), key=lambda stage: (stage.position, stage.pk))
        return ordered[0] if unit.state == "open" else ordered[-1]

    def _pipeline(self, unit: Unit) -> Pipeline:
        name = text(unit.values, "pipeline")
        if not name:
            return usual_pipeline()
        if name.casefold() not in self._pipelines:
            self._begin(name, [part for part in _BETWEEN.split(text(unit.values, "stages")) if part])
        found: Pipeline = self._pipelines[name.casefold()]
        return found

    def _begin(self, name: str, stages: Sequence[str]) -> None:
        made = Pipeline.objects.create(name=name, created_at=self._batch.at, updated_at=self._batch.at)
        self._batch.made_aside(PIPELINE, name, made.pk)
        self._pipelines[name.casefold()] = made
        self._own.add(name)
        for place, stage in enumerate(stages, 1):
            self._add(made, stage, chance=100 * place // (len(stages) + 1))

    def _add(self, pipeline: Pipeline, name: str, chance: int = 10) -> Stage:
        stages = self._of_pipeline(pipeline)
        place = max((stage.position for stage in stages.values()), default=0) + 1
        stage = Stage.objects.create(
            pipeline=pipeline, name=name[:200], position=place, probability=chance, created_at=self._batch.at,
            updated_at=self._batch.at,
        )  # fmt: skip
        self._batch.made_aside(STAGE, f"{pipeline.name}\x1f{name}"[:300], stage.pk)
        stages[name.casefold()] = stage
        return stage

    def _of_pipeline(self, pipeline: Pipeline) -> dict[str, Stage]:
        if pipeline.pk not in self._stages:
            self._stages[pipeline.pk] = by_any_name(pipeline.stages.order_by("-position", "-pk"))
        return self._stages[pipeline.pk]
