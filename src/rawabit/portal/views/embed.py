"""The widget in the company's own web site, and "track my order" behind it.

The frame never shows anything of anybody: it only leads to a page of its own in a new window, so it needs no cookie
inside the frame and no request that a browser would have to be trusted with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from rawabit.kit.access import access
from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.marking import _
from rawabit.kit.origins import allowed_origins
from rawabit.kit.screens.fields import CodeField
from rawabit.kit.screens.frames import LANGUAGES, framed, language_context
from rawabit.kit.text import latn
from rawabit.portal.views.register import too_many

JOB = "portal.track"
THEMES = ("light", "dark")
SCRIPT = Path(__file__).resolve().parent.parent / "static" / "portal" / "embed.js"


class TrackForm(forms.Form):
    """An order's number, and the address or the phone that we know."""

    order = CodeField(label=_("Order number"), max_length=40)
    contact = forms.CharField(
        label=_("Your e-mail or phone"), max_length=254, help_text=_("As we know it from your orders."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "email"}),
    )  # fmt: skip


@access("public")
@require_safe
def embed(request: HttpRequest) -> HttpResponse:
    """What stands in the frame. Only the web sites of the owner's list may show it; every other page of ours stays
    out of frames."""
    hosts = allowed_origins(request.company.embed_hosts)  # type: ignore[attr-defined]
    if not hosts:
        raise Http404
    language = request.GET.get("lang", "")
    origin = request.GET.get("origin", "")
    theme = request.GET.get("theme", "")
    if theme in THEMES:
        request.theme = theme  # type: ignore[attr-defined]
    context = {"origin": origin if origin in hosts else "", "plain": True}
    with translation.override(language if language in LANGUAGES else translation.get_language()):
        response = render(request, "portal/embed.html", context | language_context(language))
    return framed(response, hosts)


@cache
def script() -> bytes:
    return SCRIPT.read_bytes()


@access("public")
@require_safe
def embed_script(request: HttpRequest) -> HttpResponse:
    """The one line that a web site includes; it makes the frame where it stands."""
    response = HttpResponse(script(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@access("public")
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for the link to an order. Whatever is typed, the answer is the same, and the work is done later, so neither
    words nor time tell whether there is such an order or who ordered it."""
    if request.method != "POST":
        return render(
            request, "portal/track.html", {"form": TrackForm(initial={"order": request.GET.get("order", "")})}
        )
    form = TrackForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/track.html", {"form": form}, status=422)
    if too_many(request, "track", 10):
        form.add_error(None, _("Too many attempts. Wait a few minutes and try again."))
        return render(request, "portal/track.html", {"form": form}, status=429)
    args = {"order": form.cleaned_data["order"][:40], "contact": latn(form.cleaned_data["contact"]).strip()[:254]}
    enqueue(JOB, key=None, args=args, at=request.now)  # type: ignore[attr-defined]
    return redirect("track-sent")


@access("public")
@require_safe
def track_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/track_sent.html")
