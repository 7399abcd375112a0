"""A letter from a record's page: a page of its own, for it takes files."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from rawabit.crm.models import Contact, Customer
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actions import claim_submission
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import all_screens
from rawabit.kit.states import Refused
from rawabit.kit.text import fsi
from rawabit.leads.models import Lead
from rawabit.mailroom.actions import write_to
from rawabit.mailroom.actions.writing import Letter
from rawabit.mailroom.policies import WRITE
from rawabit.mailroom.queries.choosing import people_of
from rawabit.pipeline.models import Opportunity

WRITTEN_FROM = (Customer, Contact, Lead, Opportunity)
WRITE_MAIL = _("Write an e-mail")


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class FilesField(forms.FileField):
    """Several files, or none."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


class LetterForm(forms.Form):
    address = forms.ChoiceField(label=_("To"))
    headline = forms.CharField(label=pgettext_lazy("message", "Subject"), max_length=200,
                               widget=forms.TextInput(attrs={"dir": "auto"}))  # fmt: skip
    text = forms.CharField(
        label=pgettext_lazy("message", "Text"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
    )  # fmt: skip
    attachments = FilesField(
        label=_("Files"), required=False, help_text=_("At most ten files, fifteen megabytes together.")
    )


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def write_mail(request: Request, slug: str, pk: int) -> HttpResponse:
    """Write to somebody about a record that the person sees."""
    screens = next((one for one in all_screens() if one.slug == slug and one.model in WRITTEN_FROM), None)
    if screens is None:
        raise Http404
    actor = screens.allow(request, "view")
    if not actor.may(WRITE):
        raise PermissionDenied(WRITE)
    record = screens.row(actor, pk)
    people = {address: (name, contact) for address, name, contact in people_of(record, actor)}
    form = LetterForm(request.POST or None, request.FILES or None)
    form.fields["address"].choices = [(one, f"{name} {fsi(one)}") for one, (name, _c) in people.items()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            return _sent(request, screens, record, form.cleaned_data, people)
        except Refused as reason:
            form.add_error(None, str(reason))
    context = {"screens": screens, "section": slug, "record": record, "form": form, "once": uuid4().hex,
               "people": people}  # fmt: skip
    return render(request, "mailroom/write.html", context, status=422 if request.method == "POST" else 200)


def _sent(request: Request, screens: Any, record: Any, data: dict[str, Any], people: dict[str, Any]) -> HttpResponse:
    name, contact = people[data["address"]]
    letter = Letter(data["address"], data["headline"], data["text"], name, contact, data["attachments"])
    url = screens.url("detail", record.pk)
    with transaction.atomic():
        sheet = claim_submission(request.POST.get("once", ""), actor=request.actor, at=request.now)
        if sheet is not None and sheet.url:
            return redirect(sheet.url)
        write_to(record, letter, actor=request.actor, at=request.now)
        if sheet is not None:
            sheet.url = url
            sheet.save(update_fields=["url"])
    messages.success(request, _("The e-mail goes out now."))
    return redirect(url)


def with_letters(screens: Any) -> None:
    """Give the page of a kind of record the button that opens the letter paper."""
    plain = screens.buttons

    def buttons(self: Any, request: Request, record: Any) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = plain(self, request, record)
        if request.actor.may(WRITE):
            shown.append({
                "name": "write", "label": WRITE_MAIL, "tone": "default", "confirm": None, "asks": True, "icon": "mail",
                "why_not": None, "url": reverse("mail-write", args=[self.slug, record.pk]),
            })  # fmt: skip
        return shown

    screens.buttons = buttons


urlpatterns = [path("mail/<slug:slug>/<int:pk>/write/", write_mail, name="mail-write")]
