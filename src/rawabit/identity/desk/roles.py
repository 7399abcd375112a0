"""Roles: their names, who has them, and the table of what they may do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from rawabit.identity.actions import delete_role, save_role, set_grants
from rawabit.identity.desk.matrix import EXPLANATION, PermissionGroup, asked, digest, matrix
from rawabit.identity.models import Role
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.permissions import VERBS
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Code, Column, Number, Yes
from rawabit.kit.screens.masters import NAMES, MailColumn, MasterScreens, NameColumn, NamedForm, Sure
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.screens.widgets import CodeInput
from rawabit.kit.states import Refused


class RoleForm(NamedForm):
    widths = {**NamedForm.widths, "code": 4}

    class Meta:
        model = Role
        fields = [*NAMES, "code"]
        labels = {"code": _("Code")}
        widgets = {"code": CodeInput}
        help_texts = {"code": _("A short Latin name, for example field-sales.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["code"]


def delete(role: Role, *, actor: Actor, at: datetime) -> None:
    delete_role(role, actor=actor, at=at)


class RoleScreens(MasterScreens):
    model = Role
    slug = "roles"
    icon = "shield"
    columns = (
        NameColumn(), Code("code", label=_("Code")), Number("people", label=_("People")),
        Yes("built_in", label=_("Built in")),
    )  # fmt: skip
    default_order = ("-built_in", "name", "pk")
    form = RoleForm
    save = staticmethod(save_role)
    verbs = (
        Verb("delete", delete, label=_("Delete"), form=Sure, tone="danger-quiet", icon="trash",
             when=lambda role: not role.built_in),
    )  # fmt: skip
    panels = (
        Panel(
            _("People"), lambda role, request: [held.user for held in role.memberships.select_related("user")],
            (Column("full_name"), MailColumn("email"), Yes("is_active")), empty=_("Nobody yet"),
            permission="identity.view_user",
        ),
    )  # fmt: skip
    # Set by the composition root, which knows all modules.
    permission_groups: ClassVar[Sequence[PermissionGroup]] = ()

    def rows(self, actor: Actor) -> QuerySet[Any]:
        active = Count("memberships", filter=Q(memberships__user__is_active=True))
        return super().rows(actor).annotate(people=active)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        held = held_by(record)
        return {
            **super().detail_context(request, record),
            "sections": matrix(self.permission_groups, held),
            "verbs": list(VERBS.values()),
            "seen": digest(held),
            "explanation": EXPLANATION,
            "may_grant": self.may(request, "change"),
        }

    @access("staff")
    def grant(self, request: Request, pk: int) -> HttpResponse:
        actor = self.allow(request, "change")
        role = self.row(actor, pk)
        if request.POST.get("seen") != digest(held_by(role)):
            raise Refused(_("Somebody changed this role meanwhile. Open it again and repeat your change."))
        set_grants(role, asked(self.permission_groups, request.POST.dict()), actor=actor, at=request.now)
        messages.success(request, _("Saved"))
        return redirect(self.url("detail", pk))

    def more_urls(self) -> list[URLPattern]:
        return [path("roles/<int:pk>/grants/", require_POST(self.grant), name="roles-grants")]


def held_by(role: Role) -> dict[str, str]:
    return dict(role.grants.values_list("permission", "scope"))
