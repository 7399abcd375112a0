"""The pipeline a new company begins with."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, save_form
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.pipeline.models import LostReason, Pipeline, Source, Stage

STAGES = (
    ("First contact", "التواصل الأول", "تماس نخست", 10, 14, ()),
    ("Needs understood", "فهم الاحتياج", "شناخت نیاز", 25, 14, ("contact",)),
    ("Proposal", "عرض السعر", "پیشنهاد", 50, 10, ("customer", "value", "expected_close")),
    ("Negotiation", "التفاوض", "مذاکره", 75, 7, ("customer", "value", "expected_close", "decision_maker")),
)
REASONS = (
    ("Price", "السعر", "قیمت"), ("Timing", "التوقيت", "زمان"), ("Specifications", "المواصفات", "مشخصات"),
    ("Went to a competitor", "ذهب إلى منافس", "به رقیب رسید"),
    ("No longer needed", "لم تعد هناك حاجة", "دیگر نیاز نیست"),
    ("No answer", "لا رد", "بی‌پاسخ"),
)  # fmt: skip
SOURCES = (
    ("Web site", "الموقع الإلكتروني", "وب‌سایت"), ("E-mail", "البريد الإلكتروني", "ایمیل"),
    ("WhatsApp", "واتساب", "واتساپ"), ("Phone", "الهاتف", "تلفن"), ("Trade fair", "معرض تجاري", "نمایشگاه"),
    ("Recommendation", "توصية", "معرفی"), ("Campaign", "حملة", "کمپین"), ("Other", "أخرى", "دیگر"),
)  # fmt: skip


@transaction.atomic
def install_pipeline(*, actor: Actor, at: datetime) -> Pipeline:
    """One pipeline with four stages, reasons and sources; done again it changes nothing."""
    pipeline: Pipeline | None = Pipeline.objects.order_by("-is_default", "pk").first()
    if pipeline is not None:
        return pipeline
    pipeline = Pipeline.objects.create(
        name="Sales", name_ar="المبيعات", name_fa="فروش", name_en="Sales", is_default=True
    )
    for place, (name, ar, fa, chance, days, required) in enumerate(STAGES, 1):
        Stage.objects.create(
            pipeline=pipeline, position=place, name=name, name_ar=ar, name_fa=fa, name_en=name, probability=chance,
            stall_days=days, required=list(required),
        )  # fmt: skip
    for model, rows in ((LostReason, REASONS), (Source, SOURCES)):
        for name, ar, fa in rows:
            model.objects.create(name=name, name_ar=ar, name_fa=fa, name_en=name)
    emit("pipeline.installed", pipeline, actor=actor, at=at, stages=len(STAGES))
    return pipeline


@transaction.atomic
def save_pipeline(
    form: ModelForm[Pipeline], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Pipeline:
    """Make or change a pipeline. One of them is used first; a new one begins with one stage."""
    fresh = form.instance.pk is None
    actor.require("pipeline.add_pipeline" if fresh else "pipeline.change_pipeline")
    if form.instance.is_default and not form.instance.is_active:
        raise Refused(_("The pipeline that is used first has to be active."))
    saved = save_form(form, actor=actor, at=at, seen_version=seen_version)
    if saved.is_default:
        Pipeline.objects.exclude(pk=saved.pk).filter(is_default=True).update(is_default=False)
    if fresh:
        name, ar, fa, chance, days, _asked = STAGES[0]
        Stage.objects.create(
            pipeline=saved, name=name, name_ar=ar, name_fa=fa, name_en=name, probability=chance, stall_days=days
        )
    return saved


@transaction.atomic
def save_stage(form: ModelForm[Stage], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Stage:
    """Make or change a stage and close the ranks: the stages of a pipeline are numbered 1, 2, 3 …"""
    actor.require("pipeline.add_stage" if form.instance.pk is None else "pipeline.change_stage")
    saved = save_form(form, actor=actor, at=at, seen_version=seen_version)
    others = list(saved.pipeline.stages.exclude(pk=saved.pk).order_by("position", "pk"))
    others.insert(min(max(saved.position, 1), len(others) + 1) - 1, saved)
    for place, stage in enumerate(others, 1):
        if stage.position != place:
            Stage.objects.filter(pk=stage.pk).update(position=place)
    saved.refresh_from_db(fields=["position"])
    return saved
