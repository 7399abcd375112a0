"""The sheet on a colleague's page that gives everything he looks after to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from rawabit.crm.models import Handover
from rawabit.identity.queries import colleagues
from rawabit.insight.actions.leaving import PERMISSION, hand_over_all, undo_handover
from rawabit.insight.leaving_queries import counts, handover_seen, handovers_of, territories_held
from rawabit.insight.logic.leaving import UNDO_DAYS
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.states import Refused

if TYPE_CHECKING:
    from rawabit.kit.screens.screens import Screens as _Base
else:
    _Base = object


def by_sheet(person: Any, *, actor: Any, at: Any) -> None:
    """The sheet does it."""
    raise PermissionDenied(PERMISSION)


HAND_OVER = Verb(
    "hand-over", by_sheet, label=_("Hand over all records"), icon="users", form=forms.Form,
    when=lambda person: person.is_staff, permission=PERMISSION,
)  # fmt: skip


class LeavingForm(forms.Form):
    """To whom; where a territory has somebody of its own, to him."""

    to: Any = forms.ModelChoiceField(None, label=_("To"), empty_label=_("Choose a colleague."))
    deactivate = forms.BooleanField(label=_("Deactivate the person afterwards"), required=False)

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data)
        others = colleagues().exclude(pk=person.pk)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
        self.places: list[Any] = []
        for territory, count in territories_held(person):
            label = _("Customers in %(territory)s (%(count)s)") % {
                "territory": f"\u2068{territory}\u2069", "count": count,
            }  # fmt: skip
            name = f"territory_{territory.pk}"
            self.fields[name] = forms.ModelChoiceField(
                others, label=label, required=False, empty_label=_("Like the others")
            )
            self.places.append(name)
        if not person.is_active:
            del self.fields["deactivate"]
        self.order_fields(["to", *self.places, "deactivate"])

    def territories(self) -> dict[int, Any]:
        chosen = {int(name.partition("_")[2]): self.cleaned_data.get(name) for name in self.places}
        return {key: user for key, user in chosen.items() if user is not None}


def past(person: Any, request: Request) -> list[Any]:
    if not request.actor.may(PERMISSION):
        return []
    rows: list[Any] = list(handovers_of(person, request.actor).select_related("by")[:5])
    for row in rows:
        row.count = sum(len(keys) for found in row.moved.values() for keys in found.values())
        row.open = (
            row.done_at is not None and row.state == Handover.DONE and (request.now - row.done_at).days < UNDO_DAYS
        )
    return rows


HANDOVERS = Panel(_("Handed over"), past, template="insight/panels/handovers.html")


class WithHandover(_Base):
    """Adds ``users/<pk>/hand-over/`` and taking it back."""

    @access("staff")
    def do(self, request: Request, pk: int, name: str) -> HttpResponse:
        if name != HAND_OVER.name:
            return super().do(request, pk, name)
        person = self.row(self.allow(request, "view"), pk)
        request.actor.require(PERMISSION)
        if not person.is_staff:
            raise PermissionDenied(PERMISSION)
        form = LeavingForm(request.POST if request.method == "POST" else None, person=person)
        refusal = ""
        if request.method == "POST" and form.is_valid():
            try:
                kept = hand_over_all(
                    person, form.cleaned_data["to"], form.territories(),
                    deactivate=bool(form.cleaned_data.get("deactivate")), actor=request.actor, at=request.now,
                )  # fmt: skip
            except Refused as reason:
                refusal = str(reason)
            else:
                words = _("The records were handed over.") if kept.done_at else _("The records are being handed over.")
                messages.success(request, words)
                return redirect(self.url("detail", pk))
        context = {
            "screens": self, "section": self.slug, "record": person, "form": form, "counts": counts(person),
            "once": uuid4().hex, "refusal": refusal,
        }  # fmt: skip
        status = 409 if refusal else 422 if request.method == "POST" else 200
        return render(request, "insight/hand_over.html", context, status=status)

    @access("staff")
    def take_back(self, request: Request, pk: int, handover: int) -> HttpResponse:
        person = self.row(self.allow(request, "view"), pk)
        request.actor.require(PERMISSION)
        kept = get_object_or_404(handover_seen(handover, request.actor), person=person)
        try:
            undo_handover(kept, actor=request.actor, at=request.now)
        except Refused as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("The records were given back."))
        return redirect(self.url("detail", pk))

    def more_urls(self) -> list[URLPattern]:
        return [
            path(f"{self.slug}/<int:pk>/handover/<int:handover>/undo/", require_POST(self.take_back),
                 name=f"{self.slug}-handover-undo"),
            *super().more_urls(),
        ]  # fmt: skip
