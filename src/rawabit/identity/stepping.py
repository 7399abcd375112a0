"""A step up: what matters most asks for a fresh code, whoever is signed in.

The code comes before the form, so that nothing typed is lost: ``@fresh`` guards the page that shows the form, and lets
the form itself be sent for a while longer than it may be opened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from rawabit.identity.codes import VALID, TooManyCodes, issue_code, redeem_code
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit
from rawabit.kit.screens.fields import OneTimeCodeField
from rawabit.kit.text import masked_email

View = Callable[..., HttpResponse]
FRESH = timedelta(minutes=10)
TO_FILL_IN = timedelta(minutes=30)  # a form that was opened in time may take this long
STEPPED, PENDING = "stepped_at", "step"  # keys in the session


class StepForm(forms.Form):
    """The code from the message."""

    code = OneTimeCodeField(label=_("One-time code"), max_length=40)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget.attrs |= {"autofocus": True, "maxlength": 20}


def is_fresh(request: HttpRequest, within: timedelta = FRESH) -> bool:
    """Whether the person typed a right code in this session (or for this link) at most ten minutes ago."""
    at = stepped_at(request)
    now: datetime = request.now  # type: ignore[attr-defined]
    return at is not None and timedelta(0) <= now - at <= within


def stepped_at(request: HttpRequest) -> datetime | None:
    """When the last right code was typed: kept in the session, bound to the person; a link brings its own moment."""
    if getattr(request, "link", None) is not None:
        at: datetime | None = getattr(request, "link_code_at", None)
        return at
    kept = request.session.get(STEPPED)
    if not isinstance(kept, list) or len(kept) != 2 or kept[0] != request.user.pk:
        return None
    return datetime.fromisoformat(kept[1])


def fresh(view: View) -> View:
    """Leads a page over the code page, and back, unless a code was typed just now."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sending = request.method not in ("GET", "HEAD")
        if is_fresh(request, TO_FILL_IN if sending else FRESH):
            return view(request, *args, **kwargs)
        return redirect(step_url(request))

    return inner


def step_url(request: HttpRequest, back: str = "") -> str:
    """The address of the code page that leads back to this page."""
    name = "link-code" if getattr(request, "link", None) is not None else "account-step"
    return f"{reverse(name)}?{urlencode({'next': back or request.get_full_path()})}"


def safe_next(request: HttpRequest, url: str) -> str:
    """``url`` when it is a path of this very site, else the first page."""
    own = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if own and url.startswith("/") else reverse("front-door")


@access("person")
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest) -> HttpResponse:
    """Ask for a code (GET shows the button, POST sends), then type it. The code goes to the person's own address."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    back = safe_next(request, wanted)
    if request.method != "POST":
        if is_fresh(request):
            return redirect(back)
        return _page(request, back)
    if "code" in request.POST:
        return _typed(request, back)
    return _send(request, back)


def _send(request: HttpRequest, back: str) -> HttpResponse:
    person: Any = request.user
    try:
        sent = issue_code(
            purpose=purpose_of(person), email=person.email, name=person.full_name,
            language=request.display.language, at=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
    except TooManyCodes as error:
        return _page(request, back, problem=str(error), form=StepForm() if _pending(request) else None, status=429)
    request.session[PENDING] = str(sent.key)
    return _page(request, back, form=StepForm())


def _typed(request: HttpRequest, back: str) -> HttpResponse:
    form, key, now = StepForm(request.POST), _pending(request), request.now  # type: ignore[attr-defined]
    if not form.is_valid():
        return _page(request, back, form=form, status=422)
    typed = form.cleaned_data["code"]
    if key is None or redeem_code(key, typed, purpose=purpose_of(request.user), at=now) is None:
        form.add_error("code", _("This is not the code that we sent, or it is too old."))
        return _page(request, back, form=form, status=422)
    request.session.pop(PENDING, None)
    request.session[STEPPED] = [request.user.pk, now.isoformat()]
    emit("user.stepped_up", request.user, actor=request.actor, at=now)  # type: ignore[attr-defined,arg-type]
    return redirect(back)


def purpose_of(person: Any) -> str:
    return f"step:{person.pk}"


def _pending(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.session.get(PENDING, ""))
    except ValueError:
        return None


def _page(
    request: HttpRequest, back: str, *, form: StepForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    person: Any = request.user
    context = {
        "form": form, "next": back, "problem": problem, "email": masked_email(person.email),
        "minutes": int(VALID.total_seconds() // 60),
    }  # fmt: skip
    return render(request, "identity/step.html", context, status=status)
