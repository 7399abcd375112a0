"""The page of one record: facts, panels, what can be done, history, comments, files, who looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from rawabit.kit.access import access
from rawabit.kit.live.watching import customer_of
from rawabit.kit.marking import _
from rawabit.kit.records.actions import claim_submission
from rawabit.kit.records.queries import assignments_on, comments_on, files_on, history_of
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.states import Move, Refused

if TYPE_CHECKING:
    from rawabit.kit.screens.base import ScreensBase as _Base
else:
    _Base = object

HISTORY_SHOWN = 30


class DetailPages(_Base):
    """The page of one record and its verbs."""

    @access("staff")
    def detail(self, request: Request, pk: int) -> HttpResponse:
        record = self.row(self.allow(request, "view"), pk)
        return self.show(request, record)

    def show(self, request: Request, record: Any, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, also after a refusal (status 409 with ``refusal``)."""
        request.watched = {"record": record, "customer": customer_of(record)}
        return self.render(request, "detail", status=status, **self.detail_context(request, record), **more)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        actor = request.actor
        groups = self.facts or [(_("Details"), self.columns)]
        return {
            "record": record,
            "name": self.name_of(record),
            "tags": [column.cell(record) for column in self.tags],
            "facts": [
                (title, [(c.title(self.model), c.cell(record), c.css) for c in columns]) for title, columns in groups
            ],
            "panels": [panel.render(record, request) for panel in self.panels],
            "buttons": self.buttons(request, record),
            "may_edit": self.may_edit(request, record),
            "may_comment": self.may(request, "view"),
            "history": history_of(record)[:HISTORY_SHOWN],
            "comments": comments_on(record)[:HISTORY_SHOWN],
            "files": files_on(record, actor),
            "assignments": assignments_on(record),
            "colleagues": self.colleagues(request),
        }

    def colleagues(self, request: Request) -> Any:
        from django.contrib.auth import get_user_model

        return (
            get_user_model().objects.filter(kind="staff", is_active=True).only("pk", "full_name").order_by("full_name")
        )

    # Verbs

    def move_of(self, verb: Verb) -> Move | None:
        return self.lifecycle.moves.get(verb.name)

    def buttons(self, request: Request, record: Any) -> list[dict[str, Any]]:
        """The verbs open now to this person; a move that a rule forbids is shown disabled, with the reason."""
        shown = []
        for verb in self.verbs:
            move = self.move_of(verb)
            if not self.may_do(request, verb) or not verb.when(record):
                continue
            if move and record.state not in move.sources:
                continue
            shown.append(
                {
                    "name": verb.name,
                    "label": verb.label or (move.label if move else verb.name),
                    "tone": move.tone if move else verb.tone,
                    "confirm": (move.confirm if move else None) or verb.confirm,
                    "asks": verb.form is not None,
                    "icon": verb.icon,
                    "why_not": move.why_not(record) if move else None,
                    "url": self.url("do", record.pk, verb.name),
                }
            )
        return shown

    def may_do(self, request: Request, verb: Verb) -> bool:
        permission = verb.permission or self.permission(verb.name)
        return request.actor.may(permission)

    def verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.verbs if verb.name == name), None)

    @access("staff")
    def do(self, request: Request, pk: int, name: str) -> HttpResponse:
        """Ask for what the verb needs (GET), or do it (POST)."""
        record = self.row(self.allow(request, "view"), pk)
        verb = self.verb(name)
        if verb is None or not self.may_do(request, verb):
            raise PermissionDenied(name)
        form = self.verb_form(request, verb, record)
        if request.method != "POST":
            context = {"record": record, "verb": verb, "form": form, "move": self.move_of(verb), "once": uuid4().hex}
            return self.render(request, "action", **context)
        if form is not None and not form.is_valid():
            context = {"record": record, "verb": verb, "form": form, "move": self.move_of(verb), "once": uuid4().hex}
            return self.render(request, "action", status=422, **context)
        return self.carry_out(request, verb, record, form.cleaned_data if form else {})

    def verb_form(self, request: Request, verb: Verb, record: Any) -> Any:
        if verb.form is None:
            return None
        form = verb.form(request.POST if request.method == "POST" else None)
        if verb.prepare:
            verb.prepare(form, record, request)
        return form

    def carry_out(self, request: Request, verb: Verb, record: Any, data: dict[str, Any]) -> HttpResponse:
        try:
            url, first = self.do_once(request, verb, record, data)
        except Refused as reason:
            fresh = self.row(request.actor, record.pk)
            return self.show(request, fresh, status=409, refusal=str(reason))
        if first:
            messages.success(request, self.done_words(verb, record))
        return redirect(url)

    def do_once(self, request: Request, verb: Verb, record: Any, data: dict[str, Any]) -> tuple[str, bool]:
        """Do it and answer where to go. The same sheet sent twice (double click, reload, a proxy's retry) is done once:
        the mark and the effect are one transaction, so the second waits for the first and goes where it went."""
        with transaction.atomic():
            sheet = claim_submission(request.POST.get("once", ""), actor=request.actor, at=request.now)
            if sheet is not None and sheet.url:
                return sheet.url, False
            result = verb.action(record, actor=request.actor, at=request.now, **data)
            url = url_of(result) if hasattr(result, "pk") and result.pk else ""
            url = url or (self.url("list") if verb.name == "delete" else self.url("detail", record.pk))
            if sheet is not None:
                sheet.url = url
                sheet.save(update_fields=["url"])
        return url, True

    def done_words(self, verb: Verb, record: Any) -> str:
        move = self.move_of(verb)
        return str(_("Done: %(what)s") % {"what": verb.label or (move.label if move else verb.name)})
