"""From stage to stage: the sheet that asks for what a stage needs, the move itself, and taking it back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.screens.screens import Screens
from rawabit.kit.states import Refused
from rawabit.kit.text import fsi
from rawabit.pipeline.actions import move_stage, take_back_move
from rawabit.pipeline.desk.forms import MoveForm
from rawabit.pipeline.logic.stages import REQUIRABLE, missing
from rawabit.pipeline.logic.states import OPEN
from rawabit.pipeline.models import Opportunity, Stage
from rawabit.pipeline.queries import filled_of, stages_of

SALT, UNDO_SECONDS = "rawabit.pipeline.undo", 600
ELSEWHERE = ("lines", "quotation")  # what a stage asks for and a sheet cannot take in


def back_from(request: Request, otherwise: str) -> str:
    """Where the person came from, when that is a page of ours."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return otherwise
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class MovePages(Screens):
    """Adds ``opportunities/<pk>/move/`` and ``…/undo/<token>/``."""

    def more_urls(self) -> list[URLPattern]:
        page = require_http_methods(["GET", "HEAD", "POST"])
        return [
            *super().more_urls(),
            path(f"{self.slug}/<int:pk>/move/", page(self.move), name=f"{self.slug}-move"),
            path(f"{self.slug}/<int:pk>/undo/<str:token>/", require_POST(self.undo), name=f"{self.slug}-undo"),
        ]

    @access("staff")
    def move(self, request: Request, pk: int) -> HttpResponse:
        """Without ``to``: the stages to choose from. With it: what the stage asks for (GET), or the move (POST)."""
        deal: Opportunity = self.row(self.allow(request, "change"), pk)
        stages = stages_of(deal.pipeline)
        wanted = request.POST.get("to") or request.GET.get("to", "")
        stage = next((one for one in stages if one.pk == whole(wanted)), None)
        if stage is None:
            if wanted:
                raise Http404(wanted)
            return self.render(request, "stages", record=deal, stages=self.ways(deal, stages))
        gaps = missing(stage.required, filled_of(deal)) if deal.state == OPEN else []
        form = MoveForm(request.POST if "sheet" in request.POST else None, deal, gaps, request)
        if request.method != "POST" or (gaps and not form.is_valid()):
            return self.sheet(request, deal, stage, gaps, form)
        return self.moved(request, deal, stage, form.cleaned_data if gaps else {})

    def ways(self, deal: Opportunity, stages: list[Stage]) -> list[dict[str, Any]]:
        """The other stages, and whether each needs a sheet first."""
        filled = filled_of(deal)
        others = [stage for stage in stages if stage.pk != deal.stage_id]
        return [{"stage": stage, "asks": bool(missing(stage.required, filled))} for stage in others]

    def sheet(self, request: Request, deal: Opportunity, stage: Stage, gaps: list[str], form: MoveForm) -> HttpResponse:
        """What is still needed. A script that only wanted to move is told where the sheet is."""
        address = f"{self.url('move', deal.pk)}?to={stage.pk}&next=board"
        if request.method == "POST" and wants_json(request):
            return JsonResponse({"ask": address})
        elsewhere = [(name, REQUIRABLE[name]) for name in gaps if name in ELSEWHERE]
        status = 422 if form.is_bound else 200
        return self.render(
            request, "move", record=deal, stage=stage, form=form, elsewhere=elsewhere, status=status,
            to_board=request.GET.get("next") == "board",
        )  # fmt: skip

    def moved(self, request: Request, deal: Opportunity, stage: Stage, filled: dict[str, Any]) -> HttpResponse:
        before, seen = deal.stage_id, whole(request.POST.get("from", ""))
        actor, at = request.actor, request.now
        try:
            after = move_stage(deal, stage, filled=filled, seen_stage=seen, actor=actor, at=at)
        except Refused as reason:
            if wants_json(request):
                return JsonResponse({"told": str(reason)}, status=409)
            return self.show(request, self.row(request.actor, deal.pk), status=409, refusal=str(reason))
        changed = after.stage_id != before
        words = _("Moved to %(stage)s") % {"stage": fsi(str(stage))}
        undo = self.url("undo", deal.pk, undo_token(after, before)) if changed else ""
        if wants_json(request):
            toast = {"message": {"message": words, "level_tag": "success", "extra_tags": undo}}
            html = render_to_string("pipeline/toast.html", toast, request=request)
            return JsonResponse({"told": words, "toast": html, "version": after.version})
        if changed:
            messages.success(request, words, extra_tags=undo)
        return redirect(self.way_back(request, deal))

    def way_back(self, request: Request, deal: Opportunity) -> str:
        if request.GET.get("next") == "board":
            return f"{reverse(f'{self.slug}-board')}?pipeline={deal.pipeline_id}"
        return self.url("detail", deal.pk)

    @access("staff")
    def undo(self, request: Request, pk: int, token: str) -> HttpResponse:
        """Back to where the card was, while nothing else has happened to it."""
        deal: Opportunity = self.row(self.allow(request, "change"), pk)
        back = back_from(request, self.url("detail", pk))
        try:
            stage, version = read_token(deal, token)
            take_back_move(deal, stage, seen_version=version, actor=request.actor, at=request.now)
        except Refused as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("Back in %(stage)s") % {"stage": fsi(str(stage))})
        return redirect(back)


def undo_token(deal: Opportunity, before: int) -> str:
    return signing.dumps([deal.pk, before, deal.version], salt=SALT)


def read_token(deal: Opportunity, token: str) -> tuple[Stage, int]:
    """The stage to go back to and the version it may be undone at."""
    words = _("This can no longer be undone.")
    try:
        key, before, version = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused(words)
    stage = next((one for one in stages_of(deal.pipeline) if one.pk == before), None)
    if key != deal.pk or stage is None:
        raise Refused(words)
    return stage, version


def wants_json(request: Request) -> bool:
    return request.headers.get("Accept", "") == "application/json"
