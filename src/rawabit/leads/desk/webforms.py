"""Web forms and what they ask, and keys for programs that hand in leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from rawabit.company.queries import portal_base
from rawabit.identity.queries import colleagues
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.origins import MOST, NotAHost, origins
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Code, Column, Linked, When, Yes
from rawabit.kit.screens.masters import DELETE, NAMES, MasterScreens, NameColumn, NamedForm, name_widgets
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.parts import Part, WithParts
from rawabit.kit.screens.verbs import Verb
from rawabit.leads import actions
from rawabit.leads.logic.forms import KEYS, NotAMapping, read_mapping
from rawabit.leads.models import FormField, LeadKey, WebForm

THANKS = ("thanks", "thanks_ar", "thanks_fa", "thanks_en")


def offer_colleagues(form: Any) -> None:
    owner: Any = form.fields["owner"]
    owner.queryset = colleagues()


class WebFormForm(NamedForm):
    widths = {
        **NamedForm.widths, "source": 4, "source_detail": 4, "owner": 4, "language": 6, "thanks_ar": 4,
        "thanks_fa": 4, "thanks_en": 4,
    }  # fmt: skip

    class Meta:
        model = WebForm
        fields = [*NAMES, "source", "source_detail", "owner", "language", "hosts", *THANKS, "is_active"]
        widgets = {
            "hosts": forms.Textarea(attrs={"rows": 3, "dir": "ltr", "placeholder": "https://www.example.com"}),
            "thanks": forms.TextInput(attrs={"dir": "auto"}),
            "thanks_ar": forms.TextInput(attrs={"dir": "rtl", "lang": "ar"}),
            "thanks_fa": forms.TextInput(attrs={"dir": "rtl", "lang": "fa"}),
            "thanks_en": forms.TextInput(attrs={"dir": "ltr", "lang": "en"}),
        }
        help_texts = {
            "hosts": _("One on each line, with https. Others cannot show it in a frame; the link works everywhere."),
            "owner": _("Leave it empty and the assignment rules decide."),
            "language": _("For visitors whose web site does not say which."),
        }

    def clean_hosts(self) -> str:
        try:
            found = origins(self.cleaned_data["hosts"])
        except NotAHost as line:
            words = _("This is no address of a web site: %(line)s") % {"line": str(line)}
            raise forms.ValidationError(words) from line
        if len(found) > MOST:
            raise forms.ValidationError(_("Too many web sites."))
        return "\n".join(found)


class FieldForm(forms.Form):
    """One thing that a form asks."""

    key = forms.ChoiceField(label=_("What it asks"), choices=KEYS)
    name = forms.CharField(label=pgettext_lazy("form field", "Label"), max_length=200)
    name_ar = forms.CharField(label=_("Arabic name"), max_length=200, required=False)
    name_fa = forms.CharField(label=_("Persian name"), max_length=200, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    required = forms.BooleanField(label=_("Must be filled in"), required=False)
    options = forms.CharField(
        label=_("Answers, one on each line"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only where one of several answers is asked."),
    )  # fmt: skip
    options_ar = forms.CharField(label=_("The same in Arabic"), required=False, max_length=4000, widget=forms.Textarea)
    options_fa = forms.CharField(label=_("The same in Persian"), required=False, max_length=4000, widget=forms.Textarea)
    options_en = forms.CharField(
        label=_("The same in English"), required=False, max_length=4000, widget=forms.Textarea(attrs={"dir": "ltr"})
    )
    widths = {
        "key": 6, "name": 6, "name_ar": 4, "name_fa": 4, "name_en": 4, "options_ar": 4, "options_fa": 4,
        "options_en": 4,
    }  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, widget in name_widgets().items():
            widget.is_required = self.fields[name].required
            self.fields[name].widget = widget


FIELD = tuple(FieldForm.base_fields)


def field_form(form: WebForm, row: FormField | None, request: Request) -> forms.Form:
    return FieldForm(request.POST or None, initial={name: getattr(row, name) for name in FIELD} if row else {})


def save_field(form: WebForm, row: FormField | None, data: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    actions.save_field(form, row, data, actor=actor, at=at)


def snippet_of(form: WebForm, request: Request) -> str:
    base = portal_base(request.company)
    return f'<script src="{base}/forms.js" data-form="{form.key}" data-lang="{form.language}" async></script>'


class WebFormScreens(WithParts, MasterScreens):
    model = WebForm
    slug = "web-forms"
    icon = "document"
    columns = (
        NameColumn(), Linked("source", sort="source__name"), Linked("owner", sort="owner__full_name"),
        Choice("language"), Yes("is_active"),
    )  # fmt: skip
    related = ("source", "owner")
    form = WebFormForm
    panels = (
        Panel(
            _("What it asks"), lambda form, request: form.fields.order_by("position", "pk"),
            template="leads/panels/fields.html", empty=_("It asks for nothing yet. Begin with name and phone."),
        ),
    )  # fmt: skip
    parts = (
        Part("fields", _("Form field"), "leads.change_webform", lambda form: form.fields.all(), field_form, save_field,
             actions.remove_field),
    )  # fmt: skip

    def prepare_form(self, form: Any, request: Request) -> None:
        offer_colleagues(form)
        if form.instance.pk is None and not form.is_bound:
            form.initial.setdefault("language", request.company.language)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        return {
            **super().detail_context(request, record),
            "snippet": snippet_of(record, request),
            "address": f"{portal_base(request.company)}/forms/{record.key}/",
        }

    @access("staff")
    def place(self, request: Request, pk: int, row: int, way: str) -> HttpResponse:
        actor = self.allow(request, "change")
        form = self.row(actor, pk)
        actions.place_field(get_object_or_404(form.fields, pk=row), actor=actor, at=request.now, up=way == "up")
        return redirect(f"{self.url('detail', pk)}#fields")

    def more_urls(self) -> list[URLPattern]:
        address = f"{self.slug}/<int:pk>/fields/<int:row>/<slug:way>/"
        return [path(address, require_POST(self.place), name="web-forms-place"), *super().more_urls()]


# Keys


class LeadKeyForm(NamedForm):
    widths = {**NamedForm.widths, "source": 4, "source_detail": 4, "owner": 4}

    class Meta:
        model = LeadKey
        fields = [*NAMES, "source", "source_detail", "owner", "mapping"]
        widgets = {"mapping": forms.Textarea(attrs={"rows": 5, "dir": "ltr", "placeholder": "data.full_name = name"})}
        help_texts = {
            "mapping": _(
                "One on each line: its name, an equals sign, ours. Ours are: name, company_name, job_title, email, "
                "phone, website, official_number, country, city, interest, source_detail, language; "
                "extra keeps it beside the lead."
            ),
        }

    def clean_mapping(self) -> str:
        text: str = self.cleaned_data["mapping"]
        try:
            read_mapping(text)
        except NotAMapping as line:
            raise forms.ValidationError(_("This line cannot be read: %(line)s") % {"line": str(line)}) from line
        return text


class LeadKeyScreens(MasterScreens):
    model = LeadKey
    slug = "lead-keys"
    icon = "key"
    columns: ClassVar[Sequence[Column]] = (
        NameColumn(), Linked("source", sort="source__name"), Yes("is_active", label=_("Active")), Code("beginning"),
        When("used_at"), Linked("owner", sort="owner__full_name"),
    )  # fmt: skip
    related = ("source", "owner")
    form = LeadKeyForm
    verbs = (
        Verb("revoke", actions.revoke_key, label=_("Revoke the key"), icon="lock", tone="danger-quiet",
             when=lambda key: key.is_active, permission="leads.change_leadkey",
             confirm=_("Programs that use the key can hand in nothing any more.")),
        DELETE,
    )  # fmt: skip

    def prepare_form(self, form: Any, request: Request) -> None:
        offer_colleagues(form)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        return {
            **super().detail_context(request, record),
            "address": f"{portal_base(request.company)}/api/leads/",
            "may_issue": self.may(request, "change"),
        }

    @access("staff")
    def issue(self, request: Request, pk: int) -> HttpResponse:
        """Make a key and show it, this once."""
        actor = self.allow(request, "change")
        key = self.row(actor, pk)
        secret = actions.issue_key(key, actor=actor, at=request.now)
        return self.show(request, self.row(actor, pk), secret=secret)

    def more_urls(self) -> list[URLPattern]:
        return [path("lead-keys/<int:pk>/issue/", require_POST(self.issue), name="lead-keys-issue")]
