"""Teams on the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import ModelForm

from rawabit.identity.actions import save_team
from rawabit.identity.models import STAFF, Team
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Column, Linked
from rawabit.kit.screens.masters import NAMES, MailColumn, MasterScreens, NameColumn, NamedForm
from rawabit.kit.screens.panels import Panel


class TeamForm(NamedForm):
    widths = {**NamedForm.widths, "leader": 6, "office": 6}

    class Meta:
        model = Team
        fields = [*NAMES, "leader", "office", "members"]
        labels = {"leader": _("Leader"), "members": _("Members")}
        widgets = {"members": forms.CheckboxSelectMultiple}


class TeamScreens(MasterScreens):
    model = Team
    slug = "teams"
    icon = "users"
    columns = (NameColumn(), Linked("leader", label=_("Leader"), sort="leader__full_name"), Column("office"))
    related = ("leader",)
    form = TeamForm
    save = staticmethod(save_team)
    panels = (
        Panel(
            _("Members"), lambda team, request: team.members.order_by("full_name"),
            (Column("full_name"), MailColumn("email")), empty=_("Nobody yet"),
        ),
    )  # fmt: skip

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        for name in ("leader", "members"):
            field: Any = form.fields[name]
            field.queryset = field.queryset.filter(kind=STAFF, is_active=True).order_by("full_name")
