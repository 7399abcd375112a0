"""Change requests of customers on the desk: side by side, accepted or refused with one click."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms

from rawabit.crm.actions import accept_change, refuse_change
from rawabit.crm.desk.change_words import change_rows
from rawabit.crm.logic.changes import CHANGE
from rawabit.crm.models import ChangeRequest
from rawabit.crm.policies import may_on
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Column, Linked, Status, When
from rawabit.kit.screens.filters import InState, Of, OneOf
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.verbs import Verb


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("The customer reads this."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip


def refuse(request: ChangeRequest, *, actor: Actor, at: datetime, reason: str) -> ChangeRequest:
    return refuse_change(request, reason=reason, actor=actor, at=at)


class ChangeRequestScreens(Screens):
    model = ChangeRequest
    slug = "change-requests"
    icon = "edit"
    columns: ClassVar = (
        Choice("kind"), Linked("customer", sort="customer__name"), Status(lifecycle=CHANGE), Linked("asked_by"),
        When("asked_at"), Linked("decided_by"), When("decided_at"),
    )  # fmt: skip
    hidden_columns = ("decided_by", "decided_at")
    facts = (
        (_("Request"), (
            Linked("customer"), Choice("kind"), Linked("asked_by"), When("asked_at"), Column("note"),
            Linked("decided_by"), When("decided_at"), Column("reason"),
        )),
    )  # fmt: skip
    tags = (Status(lifecycle=CHANGE),)
    filters = (InState(lifecycle=CHANGE), OneOf("kind"), Of("customer"))
    related = ("customer", "customer__owner", "asked_by", "decided_by", "address")
    lifecycle = CHANGE
    verbs = (
        Verb("accept", accept_change, icon="check", permission="crm.decide_changerequest"),
        Verb("refuse", refuse, form=ReasonForm, icon="x", permission="crm.decide_changerequest"),
    )

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        masked = not request.actor.may("crm.view_identifiers")
        return {
            **super().detail_context(request, record),
            "rows": change_rows(record, masked=masked, compare=True),
        }

    def buttons(self, request: Request, record: Any) -> list[dict[str, Any]]:
        """Whoever may not change this very customer is not offered to."""
        if not may_on(request.actor, "crm.decide_changerequest", record):
            return []
        return super().buttons(request, record)
