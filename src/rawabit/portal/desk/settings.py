"""The settings page "Portal": who may come in, what is offered to whom, the widget, and the guard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rawabit.company.desk.page import company_page
from rawabit.company.models import Company
from rawabit.company.queries import portal_base
from rawabit.crm.desk.shared import choose_customer
from rawabit.crm.logic.switches import ACTIONS, OPEN_ROLES, PAGES, SWITCHES, Switch, cleaned, open_role, said
from rawabit.crm.models import CustomerGroup, PortalAccess
from rawabit.kit.access import access
from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.marking import _
from rawabit.kit.origins import MOST, NotAHost, allowed_origins, origins
from rawabit.kit.request import Request
from rawabit.portal.queries.groups import groups
from rawabit.portal.queries.guarding import last_run

GUARD_JOB = "portal.guard"
ROLES = dict(PortalAccess.ROLES)
AS_ALL, ON, OFF = "", "1", "0"


class SwitchesWidget(forms.Widget):
    """Reads the matrix: ``all:<key>`` is a box, ``<group>:<key>`` a choice of three."""

    groups: Sequence[CustomerGroup] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        default = {key: f"all:{key}" in data for key in SWITCHES}
        own = {
            group.pk: {
                key: data[f"{group.pk}:{key}"] == ON for key in SWITCHES if data.get(f"{group.pk}:{key}") in (ON, OFF)
            }
            for group in self.groups
        }
        return cleaned(default, own, data.get("open_role", ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class SwitchesField(forms.Field):
    widget = SwitchesWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or {}) != data)


class PortalForm(forms.ModelForm):
    widths = {"portal_open": 6, "open_role": 6, "registration": 6, "portal_name": 6, "portal_address": 6}
    open_role = forms.ChoiceField(
        label=_("Their role at first"), choices=[(role, ROLES[role]) for role in OPEN_ROLES], required=False,
        help_text=_("When every contact may sign in. You can change it for each person later."),
    )  # fmt: skip
    switches = SwitchesField(required=False)

    class Meta:
        model = Company
        fields = ["portal_name", "portal_address", "portal_open", "registration", "transactions", "embed_hosts"]
        widgets = {
            "portal_open": forms.RadioSelect, "registration": forms.RadioSelect,
            "embed_hosts": forms.Textarea(attrs={"dir": "ltr", "rows": 3, "spellcheck": "false"}),
        }  # fmt: skip
        help_texts = {
            "portal_name": _("Empty: the name of the company."),
            "portal_address": _("Begins the addresses in e-mails, when the portal has a domain of its own."),
            "portal_open": _("A contact proves the address by a one-time code. Access that was withdrawn stays so."),
            "registration": _("A page on which anybody may ask for access. You approve or refuse each."),
            "transactions": _("Off: the portal shows information only."),
            "embed_hosts": _("One on each line, with https."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.groups = groups()
        self.fields["switches"].widget.groups = self.groups
        self.initial["switches"] = self.instance.switches
        self.initial["open_role"] = open_role(self.instance.switches)

    def clean_embed_hosts(self) -> str:
        try:
            found = origins(self.cleaned_data["embed_hosts"])
        except NotAHost as line:
            raise ValidationError(_("This is no address of a web site: %(line)s") % {"line": str(line)[:80]})
        if len(found) > MOST:
            raise ValidationError(_("At most %(n)s web sites.") % {"n": MOST})
        return "\n".join(found)

    def clean_portal_address(self) -> str:
        return str(self.cleaned_data["portal_address"]).rstrip("/")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.instance.switches = data.get("switches") or {}
        return data


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def portal_settings(request: Request) -> HttpResponse:
    """Everything about the portal on one page; the matrix shows what is typed when something was refused."""
    request.actor.require("company.change_company")
    shown = request.company.switches
    own = groups()
    if request.method == "POST":
        widget = SwitchesWidget()
        widget.groups = own
        shown = widget.value_from_datadict(request.POST, request.FILES, "switches")
    return company_page(
        request, PortalForm, name="portal", title=_("Portal"),
        lead=_("Who may come in, what is seen and what can be done there."),
        matrix=matrix(shown, own), groups=own, guard=last_run(), snippet=snippet(request),
        hosts=allowed_origins(request.company.embed_hosts),
        preview=whom_form(request, None) if request.actor.may("portal.view_as") else None,
    )  # fmt: skip


def matrix(switches: dict[str, Any], own: Sequence[CustomerGroup]) -> list[dict[str, Any]]:
    """Pages and actions, each with its box for all and its choice per group."""
    return [
        {"title": _("Pages"), "rows": [row_of(switch, switches, own) for switch in PAGES]},
        {"title": _("What can be done"), "rows": [row_of(switch, switches, own) for switch in ACTIONS]},
    ]


def row_of(switch: Switch, switches: dict[str, Any], own: Sequence[CustomerGroup]) -> dict[str, Any]:
    per_group = switches.get("groups", {})
    return {
        "key": switch.key,
        "label": switch.label,
        "acts": switch.acts,
        "on": said(switches, None, switch.key),
        "roles": [ROLES[role] for role in ROLES if role in switch.roles] if len(switch.roles) < len(ROLES) else [],
        "groups": [(group, choice_of(per_group.get(str(group.pk), {}), switch.key)) for group in own],
    }


def choice_of(own: dict[str, bool], key: str) -> str:
    return (ON if own[key] else OFF) if key in own else AS_ALL


def snippet(request: Request) -> str:
    """The line that a web site includes."""
    base = portal_base(request.company)
    return f'<script src="{base}/embed.js" data-lang="{request.company.language}" async></script>'


def whom_form(request: Request, data: Any) -> forms.Form:
    form = forms.Form(data)
    form.fields["customer"] = choose_customer(request, _("See as this customer"))
    return form


@access("staff")
@require_GET
def preview(request: Request) -> HttpResponse:
    """From the settings to the page on which one begins to look as a customer."""
    request.actor.require("portal.view_as")
    form = whom_form(request, request.GET)
    if not form.is_valid():
        messages.error(request, _("Choose the customer."))
        return redirect("settings-portal")
    return redirect("view-as", form.cleaned_data["customer"].pk)


@access("staff")
@require_POST
def guard_now(request: Request) -> HttpResponse:
    """Let the guard look now; it works in the background."""
    request.actor.require("company.change_company")
    enqueue(GUARD_JOB, key=f"guard:{request.now:%Y%m%d%H%M}", args={}, at=request.now)
    messages.success(request, _("The guard is looking. The result is here in a minute."))
    return redirect(f"{reverse('settings-portal')}#guard")
