"""Around every request: who acts, in which language and forms, and what a refusal looks like."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from rawabit.company.models import Company
from rawabit.company.queries import COMPANY_KEY, company_now
from rawabit.config.access import class_of
from rawabit.config.people import looks_as_customer, person_of
from rawabit.identity.queries import actor_of, nobody
from rawabit.kit.display import ACTIVE, Display
from rawabit.kit.marking import _
from rawabit.kit.records.prepared import prepared
from rawabit.kit.request import Request
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text

Respond = Callable[[Request], HttpResponse]
RETRY_AFTER = "300"  # seconds; the longest of the limits on signing in
log = structlog.get_logger()


def content_policy(get_response: Respond) -> Respond:
    """What a page may load and do, said once at the start and not reckoned with every page."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())

    def middleware(request: Request) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def plain_text(get_response: Respond) -> Respond:
    """What was typed, without characters that deceive a reader or that no database keeps; lines end with one sign."""

    def middleware(request: Request) -> HttpResponse:
        if request.method == "POST" and request.POST:
            typed = request.POST.copy()
            for name, values in request.POST.lists():
                typed.setlist(name, [clean_user_text(value) for value in values])
            typed._mutable = False
            request.POST = typed  # type: ignore[assignment]  # as immutable as the one before
        return get_response(request)

    return middleware


def actor_and_display(get_response: Respond) -> Respond:
    """Set ``request.now``, ``request.company``, ``request.actor``, ``request.display`` and the language."""

    def middleware(request: Request) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL) or request.path in ("/healthz", "/readyz"):
            return get_response(request)
        request.now = timezone.now()
        request.company = _company.first(key=COMPANY_KEY) or company_now()
        # Templates ask for the person many times, and each question to a lazy object costs as much as a filter.
        request.user = user = person_of(request)
        door = "portal" if user.is_authenticated and not user.is_staff else "desk"
        request.actor = actor_of(user, door) if user.is_authenticated else nobody()
        request.theme = user.theme if user.is_authenticated else request.COOKIES.get("theme", "auto")
        request.display = display_for(request)
        token = ACTIVE.set(request.display)
        try:
            with translation.override(request.display.language):
                response = get_response(request)
        finally:
            ACTIVE.reset(token)
        if user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


@prepared
def _company(*, key: int) -> QuerySet[Company]:
    return Company.objects.filter(pk=key)


def display_for(request: Request) -> Display:
    """The company's ways of writing, overridden by the person's own."""
    company, language = request.company, language_of(request)
    own: Any = request.user if request.user.is_authenticated else None
    usual = "arabext" if language == "fa" else "latn" if company.digits == "arabext" else company.digits
    return _display(
        language,
        (own and own.calendar) or company.calendar,
        (own and own.digits) or usual,
        company.second_calendar or None,
        company.timezone,
        company.country,
        company.first_weekday,
        company.money_style,
        company.rial_unit,
    )


@lru_cache(maxsize=256)
def _display(
    language: str,
    calendar: str,
    digits: str,
    second_calendar: str | None,
    timezone: str,
    region: str,
    first_weekday: int,
    money_style: str,
    rial_unit: str,
) -> Display:
    """One object for all who read alike: what is remembered by it is found at once."""
    return Display(language, calendar, second_calendar, digits, timezone, region, first_weekday, money_style, rial_unit)


def company_display(company: Any) -> Display:
    """How the company writes numbers, dates and money."""
    return _display(
        company.language,
        company.calendar,
        company.digits,
        company.second_calendar or None,
        company.timezone,
        company.country,
        company.first_weekday,
        company.money_style,
        company.rial_unit,
    )


LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def language_of(request: Request) -> str:
    if request.user.is_authenticated and request.user.language in LANGUAGES:
        return str(request.user.language)
    if (cookie := request.COOKIES.get("language", "")) in LANGUAGES:
        return cookie
    if not request.headers.get("Accept-Language"):
        return str(request.company.language)
    accepted = translation.get_language_from_request(request)
    return accepted if accepted in LANGUAGES else str(request.company.language)


def refusals(get_response: Respond) -> Respond:
    """Check the access class before the view; turn refusals into pages with words."""

    def middleware(request: Request) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", RETRY_AFTER)
        if response.status_code == 405 and not response.content:  # a page that is only sent to, opened or loaded again
            response.content = render(request, "404.html").content
        return response

    def process_view(request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        kind = class_of(request.resolver_match, view)
        if kind in ("public", "link", "machine"):
            return None
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if kind == "staff" and not request.user.is_staff:
            raise Http404
        if kind == "portal" and request.user.is_staff:
            return in_customers_eyes(request)
        if kind is None:
            raise PermissionDenied(f"{request.path} has no access class")
        return None

    def process_exception(request: Request, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            return refused(request, str(error))
        if isinstance(error, PermissionDenied | Http404) or settings.DEBUG:
            return None
        if isinstance(error, OverflowError):  # a key written by hand that no row can have
            return render(request, "400.html", status=400)
        reference = uuid.uuid4().hex[:8]
        log.error("page failed", reference=reference, path=request.path, exc_info=error)
        return render(request, "500.html", {"reference": reference}, status=500)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def in_customers_eyes(request: Request) -> HttpResponse | None:
    """The portal does not exist for colleagues, but for one who looks as a customer; he may look and send nothing."""
    if not looks_as_customer(request):
        raise Http404
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return render(request, "portal/only_looking.html", {"back": request.headers.get("Referer", "/")}, status=403)
    return None


def to_sign_in(request: Request) -> HttpResponse:
    """Sign in, then back to the page; after a form that was sent too late, to the page it was on."""
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    messages.warning(request, _("You were signed out, so nothing was saved. Sign in and send it again."))
    came_from = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    page = urlsplit(came_from) if own else None
    return redirect_to_login(urlunsplit(("", "", page.path, page.query, "")) if page else "/")


def refused(request: Request, message: str) -> HttpResponse:
    """A rule said no: the words, and the way back. Nothing was changed."""
    return render(request, "409.html", {"message": message, "back": request.headers.get("Referer", "/")}, status=409)
