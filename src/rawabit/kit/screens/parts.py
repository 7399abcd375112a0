"""Pages for what hangs on a record and has no life without it: a role, a relation, an address.

Each part is added, changed and taken away on a page of its own below the record's address, so that it works without
scripts and every rule is asked in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.states import Refused

if TYPE_CHECKING:
    from rawabit.kit.screens.base import ScreensBase as _Base
else:
    _Base = object


@dataclass(frozen=True)
class Part:
    """``form(owner, row, request)`` builds the form, bound on POST; ``save(owner, row, data, *, actor, at)`` keeps it
    and ``end(row, *, actor, at)`` takes it away; ``rows(owner)`` are the rows that belong to the record."""

    name: str
    title: Any
    permission: str
    rows: Callable[[Any], QuerySet[Any]]
    form: Callable[[Any, Any, Request], Form]
    save: Callable[..., Any]
    end: Callable[..., Any] | None = None
    end_permission: str = ""
    template: str = "part"


class WithParts(_Base):
    """Adds ``<slug>/<pk>/<part>/new/``, ``…/<part>/<row>/`` and ``…/<part>/<row>/end/``."""

    parts: ClassVar[Sequence[Part]] = ()

    def part(self, name: str) -> Part:
        found = next((part for part in self.parts if part.name == name), None)
        if found is None:
            raise Http404(name)
        return found

    @access("staff")
    def part_new(self, request: Request, pk: int, name: str) -> HttpResponse:
        owner, part = self._owner(request, pk, self.part(name))
        return self._part_edit(request, part, owner, None)

    @access("staff")
    def part_edit(self, request: Request, pk: int, name: str, row: int) -> HttpResponse:
        owner, part = self._owner(request, pk, self.part(name))
        return self._part_edit(request, part, owner, get_object_or_404(part.rows(owner), pk=row))

    @access("staff")
    def part_end(self, request: Request, pk: int, name: str, row: int) -> HttpResponse:
        part = self.part(name)
        owner, part = self._owner(request, pk, part, part.end_permission)
        if part.end is None:
            raise Http404(name)
        part.end(get_object_or_404(part.rows(owner), pk=row), actor=request.actor, at=request.now)
        messages.success(request, _("Removed"))
        return redirect(f"{self.url('detail', pk)}#{name}")

    def _owner(self, request: Request, pk: int, part: Part, permission: str = "") -> tuple[Any, Part]:
        actor: Actor = self.allow(request, "view")
        owner = self.row(actor, pk)
        if not actor.may(permission or part.permission):
            raise PermissionDenied(permission or part.permission)
        return owner, part

    def _part_edit(self, request: Request, part: Part, owner: Any, row: Any) -> HttpResponse:
        form = part.form(owner, row, request)
        sent = request.method == "POST" and form.is_valid()
        if sent and self._part_saved(part, owner, row, form, request.actor, request.now):
            messages.success(request, _("Saved"))
            return redirect(f"{self.url('detail', owner.pk)}#{part.name}")
        status = 422 if request.method == "POST" else 200
        return self.render(request, part.template, record=owner, piece=part, row=row, form=form, status=status)

    def _part_saved(self, part: Part, owner: Any, row: Any, form: Form, actor: Actor, at: datetime) -> bool:
        """True when it was kept; otherwise the reasons stand beside their fields."""
        try:
            part.save(owner, row, form.cleaned_data, actor=actor, at=at)
        except Refused as reason:
            told = getattr(reason, "problems", None) or {None: str(reason)}
            for field, words in told.items():
                form.add_error(field if field in form.fields else None, words)
            return False
        return True

    def more_urls(self) -> list[URLPattern]:
        page, base = require_http_methods(["GET", "HEAD", "POST"]), f"{self.slug}/<int:pk>/part/<slug:name>"
        return [
            path(f"{base}/new/", page(self.part_new), name=f"{self.slug}-part-new"),
            path(f"{base}/<int:row>/", page(self.part_edit), name=f"{self.slug}-part"),
            path(f"{base}/<int:row>/end/", require_POST(self.part_end), name=f"{self.slug}-part-end"),
            *super().more_urls(),  # type: ignore[misc]
        ]
