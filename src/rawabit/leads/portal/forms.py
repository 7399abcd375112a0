"""The public page of a web form, alone or in a frame of the company's web site; it works without scripts and cookies.

Whoever writes is not signed in and nothing of a session is used, so there is nothing that a foreign site could abuse:
the page carries a signed sheet of its own instead of a cookie, which a browser would not keep inside a frame.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.origins import allowed_origins
from rawabit.kit.screens.frames import LANGUAGES, framed, language_context
from rawabit.kit.states import Refused
from rawabit.kit.throttle import place_of, too_many
from rawabit.leads.actions import Inbound, SentOtherwise, arrive
from rawabit.leads.models import WebForm
from rawabit.leads.portal.asking import Asked
from rawabit.leads.queries import fields_of, shown_form

SALT = "leads.form"
QUICKEST, LATEST = timedelta(seconds=2), timedelta(hours=6)
MOST_PER_PLACE, MOST_PER_FORM = 20, 500  # in an hour
OFFERED = (("ar", "العربية"), ("fa", "فارسی"), ("en", "English"))
SCRIPT = Path(__file__).resolve().parent.parent / "static" / "leads" / "forms.js"


def form_or_404(key: UUID) -> WebForm:
    form = shown_form(key)
    if form is None:
        raise Http404
    return form


def language_for(request: HttpRequest, form: WebForm) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else form.language


@access("public")
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def lead_form(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the form, or take what was written."""
    form = form_or_404(key)
    language = language_for(request, form)
    with translation.override(language):
        asked = Asked(request.POST if request.method == "POST" else None, fields_of(form), language)
        response = taken(request, form, asked) if asked.is_bound else shown(request, form, asked)
    return framed(response, allowed_origins(form.hosts))


def taken(request: HttpRequest, form: WebForm, asked: Asked) -> HttpResponse:
    """Keep it, once. A program that fell into a trap is thanked like everybody and nothing is kept."""
    if flooded(request, form):
        asked.is_valid()
        asked.add_error(None, _("Too many attempts. Wait a few minutes and try again."))
        return shown(request, form, asked, 429)
    if not asked.is_valid():
        return shown(request, form, asked, 422)
    sheet = read_sheet(request, form)
    if asked.is_trapped or sheet is None:
        return thanked(request, form, asked.language)
    age, once = sheet
    if age > LATEST.total_seconds():
        asked.add_error(None, _("The page was open for a long time. Please send it once more."))
        return shown(request, form, asked, 409)
    if age < QUICKEST.total_seconds():
        return thanked(request, form, asked.language)
    try:
        arrive(Inbound(form, once, asked.values(), asked.given(), asked.language), at=request.now)  # type: ignore[attr-defined]
    except SentOtherwise:
        asked.add_error(None, _("This page was sent already. To write something more, send it once more."))
        return shown(request, form, asked, 409)
    except Refused as reason:
        asked.add_error(None, str(reason))
        return shown(request, form, asked, 422)
    return thanked(request, form, asked.language)


def flooded(request: HttpRequest, form: WebForm) -> bool:
    """Too much from one place, or from everywhere into one form."""
    if too_many("lead-form", place_of(request), MOST_PER_PLACE):
        return True
    return too_many("lead-form-of", str(form.pk), MOST_PER_FORM)


def read_sheet(request: HttpRequest, form: WebForm) -> tuple[float, str] | None:
    """(age in seconds, mark) of the page that was sent; None when it is none of this form's."""
    try:
        key, made, once = signing.loads(request.POST.get("sheet", ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    age = request.now.timestamp() - float(made)  # type: ignore[attr-defined]
    return (age, str(once)) if key == form.pk and age >= 0 else None


def shown(request: HttpRequest, form: WebForm, asked: Asked, status: int = 200) -> HttpResponse:
    """Every page has a sheet of its own."""
    sheet = signing.dumps([form.pk, request.now.timestamp(), secrets.token_urlsafe(12)], salt=SALT)  # type: ignore[attr-defined]
    context = {
        "form": asked, "web_form": form, "title": form.name_in(asked.language), "sheet": sheet, "plain": True,
        "origin": origin_of(request, form), "public_languages": OFFERED, **language_context(asked.language),
    }  # fmt: skip
    return render(request, "leads/public/form.html", context, status=status)


def origin_of(request: HttpRequest, form: WebForm) -> str:
    """The web site around the page, when it is one of the owner's list."""
    origin = request.GET.get("origin", "")
    return origin if origin in allowed_origins(form.hosts) else ""


def thanked(request: HttpRequest, form: WebForm, language: str) -> HttpResponse:
    origin = origin_of(request, form)
    query = urlencode({"lang": language} | ({"origin": origin} if origin else {}))
    return HttpResponseRedirect(f"{reverse('lead-form-thanks', args=[form.key])}?{query}")


@access("public")
@require_safe
def thanks(request: HttpRequest, key: UUID) -> HttpResponse:
    form = form_or_404(key)
    language = language_for(request, form)
    with translation.override(language):
        context: dict[str, Any] = {
            "words": form.thanks_in(language), "web_form": form, "plain": True,
            "origin": origin_of(request, form),
            **language_context(language),
        }  # fmt: skip
        response = render(request, "leads/public/thanks.html", context)
    return framed(response, allowed_origins(form.hosts))


@cache
def script() -> bytes:
    return SCRIPT.read_bytes()


@access("public")
@require_safe
def form_script(request: HttpRequest) -> HttpResponse:
    """The one line that a web site includes; it makes the frame where it stands."""
    response = HttpResponse(script(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
