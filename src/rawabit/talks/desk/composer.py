"""Writing down what was said, from the page of a record; the timeline on a page of its own."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.records.actions import claim_submission
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.states import Refused
from rawabit.talks import actions
from rawabit.talks.actions.meetings import Plan
from rawabit.talks.desk.forms import MeetingForm, SayForm
from rawabit.talks.desk.shared import moment_of, record_of
from rawabit.talks.models import CALL, MEETING, NOTE, TASK, VISIT, Activity
from rawabit.talks.panels import timeline_context


@access("staff")
@require_safe
def timeline_page(request: Request, slug: str, pk: int) -> HttpResponse:
    """The whole timeline of a record, page by page; as a fragment for a page that already shows some of it."""
    screens, record = record_of(request, slug, pk)
    _require_view(request.actor)
    context = timeline_context(record, slug, request) | {"screens": screens}
    part = "talks/parts/rows.html" if request.htmx else "talks/timeline.html"
    response = render(request, part, context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def _require_view(actor: Actor) -> None:
    if not actor.may("talks.view_activity"):
        raise PermissionDenied("talks.view_activity")


@access("staff")
@require_POST
def seen(request: Request, slug: str, pk: int) -> HttpResponse:
    """The person has had the timeline before his eyes."""
    _screens, record = record_of(request, slug, pk)
    _require_view(request.actor)
    actions.looked(record, actor=request.actor, at=request.now)
    return HttpResponse(status=204)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: Request, slug: str, pk: int) -> HttpResponse:
    """Keep what the composer holds. What cannot be kept comes back with the reasons and everything that was typed."""
    screens, record = record_of(request, slug, pk)
    request.actor.require("talks.add_activity")
    start = request.GET.get("kind", NOTE)
    form = SayForm(record, request, request.POST if request.method == "POST" else None, initial={"kind": start})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                sheet = claim_submission(request.POST.get("once", ""), actor=request.actor, at=request.now)
                if sheet is None or not sheet.url:
                    keep_said(record, form, request)
                    if sheet is not None:
                        sheet.url = "kept"
                        sheet.save(update_fields=["url"])
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Saved"))
            return redirect(f"{screens.url('detail', pk)}#timeline")
    status = 422 if request.method == "POST" else 200
    context = {"screens": screens, "record": record, "say": form, "slug": slug, "once": uuid4().hex, "section": slug}
    return render(request, "talks/say.html", context, status=status)


def keep_said(record: Any, form: SayForm, request: Request) -> Activity:
    """Each kind with the fields that are its own."""
    data: dict[str, Any] = form.cleaned_data
    who: dict[str, Any] = {"actor": request.actor, "at": request.now}
    contact, step, when = data.get("contact"), form.next_of(), form.moment()
    minutes = None if data["minutes"] is None else int(data["minutes"])
    talk: dict[str, Any] = {
        "contact": contact,
        "next_step": step,
        "when": when,
        "minutes": minutes,
        "body": data["body"],
    }
    kind = data["kind"]
    if kind == CALL:
        outcome, direction = data["outcome"] or "answered", data["direction"] or "out"
        return actions.log_call(record, outcome=outcome, direction=direction, **talk, **who)
    if kind == MEETING:
        place, decisions = data["place"], data["decisions"]
        return actions.log_meeting(record, title=data["title"], place=place, decisions=decisions, **talk, **who)
    if kind == VISIT:
        return actions.log_visit(record, place=data["place"], **talk, **who)
    if kind == TASK:
        due = when if data["hour"] is not None and when is not None else data["day"]
        return actions.plan_task(record, data["title"], due=due, assignee=data["assignee"], body=data["body"],
                                 priority=data["priority"], contact=contact, **who)  # fmt: skip
    if kind == NOTE:
        return actions.write_note(record, data["body"], contact=contact, pinned=data["pinned"], **who)
    direction = data["direction"] or "out"
    return actions.record_whatsapp(record, data["body"], direction=direction, contact=contact, when=when, **who)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def meet(request: Request, slug: str, pk: int) -> HttpResponse:
    """Plan a meeting about a record."""
    screens, record = record_of(request, slug, pk)
    request.actor.require("talks.add_activity")
    form = MeetingForm(record, request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                sheet = claim_submission(request.POST.get("once", ""), actor=request.actor, at=request.now)
                if sheet is None or not sheet.url:
                    actions.plan_meeting(
                        record, plan_of(form, request), invite=form.cleaned_data["invite"], actor=request.actor,
                        at=request.now,
                    )  # fmt: skip
                    if sheet is not None:
                        sheet.url = "kept"
                        sheet.save(update_fields=["url"])
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Saved"))
            return redirect(f"{screens.url('detail', pk)}#timeline")
    status = 422 if request.method == "POST" else 200
    context = {"screens": screens, "record": record, "form": form, "once": uuid4().hex, "section": slug}
    return render(request, "talks/meet.html", context, status=status)


def plan_of(form: MeetingForm, request: Request) -> Plan:
    data = form.cleaned_data
    starts = moment_of(data["day"], data["hour"], request.now)
    assert starts is not None
    return Plan(
        data["title"], starts, int(data["minutes"] or 60), data["place"], data["body"], list(data["colleagues"]),
        list(data.get("contacts") or ()), form.addresses(),
    )  # fmt: skip
