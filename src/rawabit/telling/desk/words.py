"""What messages say: a list of all kinds, and a page for each kind and language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.company.models import LANGUAGES
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.outbox.models import Message
from rawabit.kit.request import Request
from rawabit.kit.states import Refused
from rawabit.telling.actions import reset_template, save_template, send_sample
from rawabit.telling.actions.wording import checked
from rawabit.telling.desk.messages import shown
from rawabit.telling.letters import sample
from rawabit.telling.logic.defaults import Words
from rawabit.telling.logic.kinds import GROUPS, KINDS, PLACEHOLDERS, Kind
from rawabit.telling.queries import changed_kinds, own_template, words_of

CODES = tuple(code for code, _name in LANGUAGES)


class WordsForm(forms.Form):
    headline = forms.CharField(label=pgettext_lazy("message", "Subject"), max_length=200)
    body = forms.CharField(
        label=pgettext_lazy("message", "Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("An empty line begins a new paragraph. A line whose placeholders are all empty is left out."),
    )  # fmt: skip
    chat = forms.CharField(
        label=_("Text for WhatsApp"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The link to the document is added below."),
    )  # fmt: skip

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        return Words(data["headline"], data["body"], data.get("chat", ""))


def _found(kind: str, language: str) -> Kind:
    if kind not in KINDS or language not in CODES:
        raise Http404
    return KINDS[kind]


@access("staff")
@require_safe
def templates(request: Request) -> HttpResponse:
    """All kinds, by what they are about."""
    request.actor.require("telling.change_template")
    changed = changed_kinds()
    groups = [
        (title, [(kind, [(code, (kind.code, code) in changed) for code in CODES])
                 for kind in KINDS.values() if kind.group == group])
        for group, title in GROUPS.items()
    ]  # fmt: skip
    return render(request, "telling/templates.html", {"groups": groups, "section": "settings"})


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: Request, kind: str, language: str) -> HttpResponse:
    """Change what a kind says in a language."""
    request.actor.require("telling.change_template")
    found = _found(kind, language)
    form = _form(request, found, language)
    if request.method == "POST" and form.is_valid():
        try:
            save_template(kind, language, form.words, actor=request.actor, at=request.now)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Saved"))
            return redirect("settings-message", kind, language)
    return _page(request, found, language, form)


def _form(request: Request, kind: Kind, language: str) -> WordsForm:
    now = words_of(kind.code, language)
    form = WordsForm(request.POST or None, initial={"headline": now.subject, "body": now.body, "chat": now.chat})
    if not kind.whatsapp:
        del form.fields["chat"]
    for field in form.fields.values():
        field.widget.attrs.update({"lang": language, "dir": "ltr" if language == "en" else "rtl"})
    return form


def _page(request: Request, kind: Kind, language: str, form: WordsForm) -> HttpResponse:
    context: dict[str, Any] = {
        "kind": kind, "language": language, "form": form, "languages": LANGUAGES, "section": "settings",
        "own": own_template(kind.code, language) is not None,
        "placeholders": [(f"{{{name}}}", PLACEHOLDERS[name]) for name in kind.placeholders],
    }  # fmt: skip
    return render(request, "telling/words.html", context, status=422 if request.method == "POST" else 200)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: Request, kind: str, language: str) -> HttpResponse:
    """The saved words (GET), or those being written (POST), filled with made-up facts."""
    request.actor.require("telling.change_template")
    found = _found(kind, language)
    said = words_of(kind, language)
    if request.method == "POST":
        form = _form(request, found, language)
        if not form.is_valid():
            return _page(request, found, language, form)
        said = checked(kind, language, form.words)
    to = Message(name=request.actor.name, language=language, reader={})
    return shown(sample(found, said, to).html)


@access("staff")
@require_POST
def try_out(request: Request, kind: str, language: str) -> HttpResponse:
    """Send the words being written to oneself."""
    form = _form(request, _found(kind, language), language)
    if not form.is_valid():
        return _page(request, KINDS[kind], language, form)
    send_sample(kind, language, form.words, actor=request.actor, at=request.now)
    messages.success(request, _("A sample is on its way to you."))
    return _page_again(request, KINDS[kind], language, form)


def _page_again(request: Request, kind: Kind, language: str, form: WordsForm) -> HttpResponse:
    """The page with what was typed: trying out saves nothing and loses nothing."""
    response = _page(request, kind, language, form)
    response.status_code = 200
    return response


@access("staff")
@require_POST
def reset(request: Request, kind: str, language: str) -> HttpResponse:
    """Back to the usual words."""
    _found(kind, language)
    reset_template(kind, language, actor=request.actor, at=request.now)
    messages.success(request, _("The usual words are back."))
    return redirect("settings-message", kind, language)
