"""The door of links: one address for all of a document's pages, and the few pages that only links have."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.identity.codes import VALID, TooManyCodes, issue_code, redeem_code
from rawabit.identity.stepping import StepForm
from rawabit.kit.access import access
from rawabit.kit.links import actions as links
from rawabit.kit.links.models import Link
from rawabit.kit.marking import _
from rawabit.kit.states import Refused
from rawabit.kit.text import masked_email
from rawabit.portal.actions.links import renew_link
from rawabit.portal.addresses import within_reach
from rawabit.portal.link_guard import Guard, kind_of, wants_code
from rawabit.portal.links import CODES, LANGUAGE, SAID, Said, document_of, dress, page_of, remember_code, visiting
from rawabit.portal.queries.links import address_on_file

log = structlog.get_logger()
READ = ("GET", "HEAD")
LANGUAGE_AGE = 60 * 60 * 24 * 90
RENEW = "renew/"  # the one thing that can be sent to an expired link


@csrf_exempt
@access("link")
def enter(request: HttpRequest, token: str, rest: str = "") -> HttpResponseBase:
    """Everything below ``/l/<token>/``.

    No check for forged requests: such a check protects a session that the browser brings along by itself, and none is
    looked at here. Whoever can write the address into a form of his holds the token already."""
    req: Any = request
    link = links.resolve(token, req.now)
    prefix = f"/l/{token}/"
    with visiting(req, link, prefix):
        try:
            response = _answer(req, link, rest)
        except Http404:
            response = nothing(req)
        except PermissionDenied:
            response = nothing(req)
        except Refused as error:
            context = {"message": str(error), "back": prefix}
            response = render(req, "portal/link_refused.html", context, status=409)
        except OverflowError:  # a key written by hand that no row can have
            response = nothing(req)
        except Exception as error:
            # Not left to the middleware, which would write the address, and with it the token, into the log.
            reference = uuid.uuid4().hex[:8]
            log.error("page of a link failed", reference=reference, page=rest, exc_info=error)
            response = render(req, "portal/link_failed.html", {"reference": reference}, status=500)
        _carry_messages(req, response)
    return closed_mouth(response)


@access("link")
def without_slash(request: HttpRequest, token: str) -> HttpResponse:
    """The address as some programs copy it. Said here, for Django would write it into its log as not found."""
    return closed_mouth(redirect(f"/l/{token}/"))


def closed_mouth(response: Any) -> Any:
    """Nobody is told the address: no referrer, no search engine, no cache, no log line of the server."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    response._has_been_logged = True  # Django logs the address of every answer from 400 on
    return response


def _carry_messages(request: Any, response: Any) -> None:
    said: Said = request._messages
    where = response.headers.get("Location", "")
    if where.startswith(request.link_prefix) and (words := said.carried()):
        page, hash_mark, place = where.partition("#")
        mark = "&" if "?" in page else "?"
        response.headers["Location"] = f"{page}{mark}{urlencode({SAID: words})}{hash_mark}{place}"


def nothing(request: Any) -> HttpResponse:
    """The same page for every address that shows nothing: malformed, unknown, or not this document's."""
    return render(request, "portal/link_none.html", status=404)


def _answer(request: Any, link: Link | None, rest: str) -> HttpResponseBase:
    if link is None:
        return nothing(request)
    if not link.is_valid(request.now):
        return _expired(request, link, rest)
    record = document_of(request)
    kind = kind_of(record) if record is not None else None
    if record is None or kind is None:
        return nothing(request)
    guard = Guard(record, kind, request.actor)
    if not rest:
        return redirect(page_of(guard)) if request.method in READ else _only_looked_at()
    match = _match(rest)
    if match is None or not guard.lets_through(match):
        return nothing(request)
    return _shown(request, guard, match, rest)


def _shown(request: Any, guard: Guard, match: ResolverMatch, rest: str) -> HttpResponseBase:
    """The ordinary view, for the holder."""
    dress(request, guard, match)
    if wants_code(request.company, match, request.link_code_at, request.now):
        back = request.get_full_path() if request.method in READ else page_of(guard)
        return redirect(f"{reverse('link-code')}?{urlencode({'next': back})}")
    request.path_info, request.resolver_match = f"/{rest}", match
    request.watched = {"record": guard.record}
    with within_reach(guard.reaches):
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    if request.method == "POST" and response.status_code < 400 and match.url_name != "link-language":
        links.opened(request.link, actor=request.actor, at=request.now)
    return response


def _match(rest: str) -> ResolverMatch | None:
    try:
        return resolve(f"/{rest}")
    except Resolver404:
        return None


def _only_looked_at() -> HttpResponse:
    return HttpResponse(status=405, headers={"Allow": ", ".join(READ)})


# Expired


def _expired(request: Any, link: Link, rest: str) -> HttpResponse:
    """The link is over. Asking for a new one sends it to the address on file, and says the same without one."""
    asked = request.method == "POST" and rest == RENEW
    if request.method == "POST" and not asked:
        return nothing(request)
    withdrawn = link.revoked_at is not None
    if asked:
        renew_link(link, days=request.company.link_days, at=request.now)
    company = request.company
    context = {
        "withdrawn": withdrawn, "asked": asked, "renew_url": f"{request.link_prefix}{RENEW}",
        "email": "" if withdrawn else masked_email(address_on_file(link)), "phone": company.phone,
        "whatsapp": company.whatsapp,
    }  # fmt: skip
    return render(request, "portal/link_expired.html", context, status=200 if asked else 410)


# The link's own pages


@access("link")
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """The page's script says that somebody looks at it; programs that only fetch addresses do not say so."""
    _link_of(request)
    return HttpResponse(status=204)  # counted by the door, like everything that is sent


@access("link")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Another language for this link's pages in this browser."""
    _link_of(request)
    prefix: str = request.link_prefix  # type: ignore[attr-defined]
    response = redirect(_back(request, request.POST.get("next", "")))
    if (asked := request.POST.get("language", "")) in CODES:
        response.set_cookie(
            LANGUAGE, asked, max_age=LANGUAGE_AGE, path=prefix, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip
    return response


@access("link")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Before what the company locks: a code to the address on file, which the visitor cannot choose."""
    link, req = _link_of(request), request  # type: Link, Any
    back = _back(request, req.POST.get("next") or req.GET.get("next") or "")
    if request.method != "POST":
        return _code_page(req, link, back)
    if "code" in req.POST:
        return _typed(req, link, back)
    try:
        sent = issue_code(
            purpose=_purpose(link), email=address_on_file(link), name=link.holder_name,
            language=req.display.language, at=req.now,
        )  # fmt: skip
    except TooManyCodes as error:
        return _code_page(req, link, back, key=req.POST.get("key", ""), problem=str(error), status=429)
    return _code_page(req, link, back, key=str(sent.key))


def _typed(request: Any, link: Link, back: str) -> HttpResponse:
    form, key = StepForm(request.POST), request.POST.get("key", "")
    if not form.is_valid():
        return _code_page(request, link, back, key=key, form=form, status=422)
    try:
        known = redeem_code(uuid.UUID(key), form.cleaned_data["code"], purpose=_purpose(link), at=request.now)
    except ValueError:
        known = None
    if known is None or not known.email:
        form.add_error("code", _("This is not the code that we sent, or it is too old."))
        return _code_page(request, link, back, key=key, form=form, status=422)
    response = redirect(back)
    remember_code(response, request, link, request.link_prefix)
    return response


def _code_page(
    request: Any, link: Link, back: str, *, key: str = "", form: StepForm | None = None, problem: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "key": key, "form": form or (StepForm() if key else None), "next": back, "problem": problem,
        "email": masked_email(address_on_file(link)), "minutes": int(VALID.total_seconds() // 60),
    }  # fmt: skip
    return render(request, "portal/link_code.html", context, status=status)


def _purpose(link: Link) -> str:
    return f"link:{link.uid.hex}"


def _link_of(request: HttpRequest) -> Link:
    """These pages exist below a link alone."""
    link: Link | None = getattr(request, "link", None)
    if link is None:
        raise Http404
    return link


def _back(request: HttpRequest, url: str) -> str:
    """``url`` when it is an address of this very link, else its first page."""
    prefix: str = request.link_prefix  # type: ignore[attr-defined]
    own = url_has_allowed_host_and_scheme(url, None) and url.startswith(prefix) and ".." not in urlsplit(url).path
    return url if own else prefix
