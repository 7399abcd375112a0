"""The call log for a telephone: whom, what came of it, done. It works without network too: see ``call.js``."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.states import Refused
from rawabit.talks import actions
from rawabit.talks.desk.forms import NextForm, minutes_field
from rawabit.talks.desk.shared import record_of
from rawabit.talks.models import CALL_OUTCOMES, DIRECTIONS
from rawabit.talks.queries.people import callee_of, find_people, recent_people

WORKER = Path(__file__).parent.parent / "static" / "talks" / "worker.js"
KINDS = ("contacts", "customers", "leads", "opportunities")
OLDEST = timedelta(days=90)  # a call that waited longer in a telephone is kept as of then
PICTURES = {"answered": "check", "no_answer": "x", "busy": "pause", "call_back": "undo"}


class CallForm(NextForm):
    """What one sheet of the call log holds. ``at`` is the telephone's clock, ``key`` its mark for this call."""

    about = forms.CharField(max_length=40, error_messages={"required": _("Choose who it was.")})
    outcome = forms.ChoiceField(choices=CALL_OUTCOMES, error_messages={"required": _("Choose what came of the call.")})
    direction = forms.ChoiceField(choices=DIRECTIONS, required=False)
    minutes = minutes_field()
    body = forms.CharField(max_length=20_000, required=False)
    key = forms.CharField(max_length=80, required=False)
    at = forms.CharField(max_length=40, required=False)

    def moment(self, now: datetime) -> datetime | None:
        try:
            told = datetime.fromisoformat(self.cleaned_data["at"])
        except ValueError:
            return None
        return max(told, now - OLDEST) if told.tzinfo else None


@access("staff")
@require_safe
def call_page(request: Request) -> HttpResponse:
    """Recent people first; or those found by ``q``; ``about`` chooses one at once."""
    actor = request.actor
    actor.require("talks.add_activity")
    words, about = request.GET.get("q", "").strip()[:100], request.GET.get("about", "")
    people = find_people(words, actor) if words else recent_people(actor)
    if about:
        _slug, record = _record(request, about)
        chosen = callee_of(record)
        if chosen is not None:
            people = [chosen, *(one for one in people if one.about != about)]
    context = {
        "people": people, "chosen": about, "q": words, "outcomes": outcomes(), "directions": DIRECTIONS[::-1],
        "once": uuid4().hex, "next": NextForm(auto_id="call_%s"), "section": "call",
    }  # fmt: skip
    return render(request, "talks/call.html", context)


def outcomes() -> list[tuple[str, Any, str]]:
    return [(code, words, PICTURES[code]) for code, words in CALL_OUTCOMES]


def _record(request: Request, about: str) -> tuple[str, Any]:
    """The record of "contacts:12", if the person sees it."""
    slug, _colon, key = about.partition(":")
    pk = whole(key)
    if slug not in KINDS or pk is None:
        raise Http404(about)
    return slug, record_of(request, slug, pk)[1]


@access("staff")
@require_POST
def keep_call(request: Request) -> HttpResponse:
    """Keep one call. The same key twice is one call; a telephone is answered in JSON, a form by the way it came."""
    request.actor.require("talks.add_activity")
    plain = request.headers.get("Accept", "") == "application/json"
    form = CallForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(next(iter(form.errors.values()))[0])
        _slug, record = _record(request, form.cleaned_data["about"])
        call = _keep(request, record, form)
    except Refused as reason:
        if plain:
            return JsonResponse({"problem": str(reason)}, status=422)
        raise
    except (PermissionDenied, Http404):
        if plain:
            return JsonResponse({"problem": str(_("You no longer see this record."))}, status=422)
        raise
    if plain:
        return JsonResponse({"kept": call.pk}, headers={"Cache-Control": "no-store"})
    messages.success(request, _("Saved"))
    page = url_of(record)
    return redirect(f"{page}#timeline" if page else "call")


def _keep(request: Request, record: Any, form: CallForm) -> Any:
    data, minutes = form.cleaned_data, form.cleaned_data["minutes"]
    return actions.log_call(
        record, outcome=data["outcome"], body=data["body"], minutes=None if minutes is None else int(minutes),
        direction=data["direction"] or "out", when=form.moment(request.now), next_step=form.next_of(), key=data["key"],
        actor=request.actor, at=request.now,
    )  # fmt: skip


@access("staff")
@require_safe
def call_state(request: Request) -> HttpResponse:
    """Who is signed in and a fresh mark for forms, for a page that was kept in the telephone."""
    request.actor.require("talks.add_activity")
    state = {"user": request.actor.user_id, "csrf": get_token(request)}
    return JsonResponse(state, headers={"Cache-Control": "no-store"})


@cache
def _program() -> bytes:
    return WORKER.read_bytes()


@access("public")
@require_safe
def call_worker(request: Request) -> HttpResponse:
    """The program that keeps the page for times without network; it stands beside the page, for it may see no more."""
    response = HttpResponse(_program(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
