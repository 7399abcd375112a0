"""Pages that belong to no module: the front door, today, search, the bell, preferences, brand, refusals."""

from __future__ import annotations

import re
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from rawabit.config.places import places_for
from rawabit.identity.actions.people import set_preferences as save_preferences
from rawabit.insight.today import cards_for
from rawabit.kit.access import access
from rawabit.kit.brand import NotAColour, derive, stylesheet
from rawabit.kit.records.actions import read_notices
from rawabit.kit.records.queries import notices_of
from rawabit.kit.request import Request
from rawabit.kit.screens.find import find
from rawabit.talks.desk.tasks import my_day

CHOICES = {
    "language": ("ar", "fa", "en"),
    "calendar": ("", "gregorian", "hijri", "jalali"),
    "digits": ("", "latn", "arab", "arabext"),
    "theme": ("auto", "light", "dark"),
    "compact": ("0", "1"),
}
DEFAULT_COLOUR = "#0e5a6b"
PERMISSION = re.compile(r"[a-z_]+(\.[a-z_]+)?|/.*")


@access("public")
@require_GET
def front_door(request: Request) -> HttpResponse:
    """Everybody to his own face of the program."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    return redirect("desk" if request.user.is_staff else "portal-home")


@access("staff")
@require_GET
def desk_home(request: Request) -> HttpResponse:
    cards = cards_for(request.actor, request.now, request.company.currency)
    return render(request, "config/today.html", {"cards": cards, "day": my_day(request), "section": "today"})


@access("staff")
@require_GET
def search(request: Request) -> HttpResponse:
    """Records of every kind the person may see, a few of each."""
    words = request.GET.get("q", "").strip()[:200]
    palette = request.GET.get("part") == "palette"
    part = "kit/parts/palette_results.html" if palette else "config/search.html"
    groups = [*(places_for(words, request) if palette else []), *find(words, request)] if words else []
    return render(request, part, {"q": words, "groups": groups})


@access("staff")
def notices(request: Request) -> HttpResponse:
    """The bell: read everything by opening it with POST, or look (GET)."""
    actor = request.actor
    if request.method == "POST":
        read_notices(actor=actor, at=request.now)
        return redirect("notices")
    return render(request, "config/notices.html", {"notices": notices_of(actor)[:100]})


@access("public")
@require_POST
def set_preferences(request: Request) -> HttpResponse:
    """Language, theme, density, calendar, digits: for a person in his row, for a visitor in a cookie."""
    asked = {name: request.POST[name] for name, known in CHOICES.items() if request.POST.get(name) in known}
    back = request.POST.get("next", "") or request.headers.get("Referer", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    if request.user.is_authenticated and asked:
        keep_preferences(request, asked)
    for name in ("language", "theme"):
        if name in asked:
            response.set_cookie(
                name, asked[name], max_age=31536000, samesite="Lax", httponly=True, secure=request.is_secure()
            )
    return response


def keep_preferences(request: Request, asked: dict[str, str]) -> None:
    """What was asked for, the rest as it was."""
    user: Any = request.user
    wanted: dict[str, Any] = {name: asked.get(name, getattr(user, name)) for name in CHOICES if name != "compact"}
    wanted["compact"] = asked["compact"] == "1" if "compact" in asked else user.compact
    save_preferences(user, actor=request.actor, at=request.now, **wanted)


@access("public")
@require_GET
def brand_css(request: Request) -> HttpResponse:
    """The owner's colour as tokens with guaranteed contrast, then his own CSS in the same layer."""
    company = request.company
    try:
        brand = derive(company.brand_color)
    except NotAColour:
        brand = derive(DEFAULT_COLOUR)
    response = HttpResponse(stylesheet(brand, company.custom_css), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@access("public")
@require_GET
def logo(request: Request) -> Any:
    company = request.company
    if not company.logo:
        raise Http404
    response = FileResponse(company.logo.open("rb"))
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@access("public")
def no_sign_up(request: Request) -> HttpResponse:
    """Nobody opens an account by himself: the company invites."""
    raise Http404


@access("public")
def bad_request(request: Request, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


@access("public")
def forbidden(request: Request, exception: Exception | None = None) -> HttpResponse:
    words = str(exception) if exception and exception.args else ""
    if PERMISSION.fullmatch(words):
        words = ""  # a code, not words
    return render(request, "403.html", {"message": words}, status=403)


@access("public")
def not_found(request: Request, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@access("public")
def csrf_failure(request: Request, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"message": "", "csrf": True}, status=403)
