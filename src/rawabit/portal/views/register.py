"""Asking for access: a form, a code to the address, and words that tell a stranger nothing about who is known here."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from rawabit.identity.codes import TooManyCodes, issue_code, redeem_code
from rawabit.identity.sign_in import AddressField
from rawabit.kit import throttle
from rawabit.kit.access import access
from rawabit.kit.countries import country_choices
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.screens.fields import CodeField, OneTimeCodeField, PhoneField
from rawabit.kit.text import clean_user_text
from rawabit.portal.actions.registering import Asked, request_registration

KEPT = "registration"  # in the session: what was typed, until the address is proved
SALT = "portal.register"
QUICKEST = timedelta(seconds=2)  # nobody fills the form faster
LATEST = timedelta(hours=6)
MOST_PER_PLACE = 10  # questions of one network address in an hour
TYPED = ("full_name", "company_name", "country", "official_number", "email", "phone", "message")


class RegisterForm(forms.Form):
    """``site`` is a trap: people do not see it, programs fill it in."""

    full_name = forms.CharField(label=_("Full name"), max_length=200)
    company_name = forms.CharField(label=_("Company"), max_length=200)
    email = AddressField(help_text=_("We send a code to it. Best is your address at the company."))
    phone = PhoneField(label=_("Phone"), required=False)
    country = forms.ChoiceField(label=_("Country"))
    official_number = CodeField(
        label=_("VAT or commercial registration number"), max_length=40, required=False,
        help_text=_("By it we find your company at once."),
    )  # fmt: skip
    message = forms.CharField(
        label=_("Message"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    site = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    widths = {"full_name": 6, "company_name": 6, "email": 6, "phone": 6, "country": 6, "official_number": 6}

    def __init__(self, data: Any, *, country: str) -> None:
        super().__init__(data, initial={"country": country})
        self.fields["country"].choices = country_choices(country)  # type: ignore[attr-defined]

    def clean_full_name(self) -> str:
        return self._words("full_name")

    def clean_company_name(self) -> str:
        return self._words("company_name")

    def _words(self, name: str) -> str:
        if not (words := clean_user_text(self.cleaned_data[name]).strip()):
            raise forms.ValidationError(self.fields[name].error_messages["required"], code="required")
        return words


class ProofForm(forms.Form):
    code = OneTimeCodeField(label=_("One-time code"))


def require_open(request: HttpRequest) -> None:
    """The page does not exist unless the company takes registrations; colleagues and customers are in already."""
    if request.company.registration == "off":  # type: ignore[attr-defined]
        raise Http404


@access("public")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The form. What is sent is not kept before the address is proved."""
    require_open(request)
    if request.user.is_authenticated:
        return redirect("front-door")
    posted = request.POST if request.method == "POST" else None
    form = RegisterForm(posted, country=request.company.country)  # type: ignore[attr-defined]
    if posted is None:
        return shown(request, form)
    if not form.is_valid():
        return shown(request, form, 422)
    if is_a_program(request, form):
        return redirect("register-code")  # as if it had worked: a program learns nothing
    if too_many(request):
        form.add_error(None, _("Too many attempts. Wait a few minutes and try again."))
        return shown(request, form, 429)
    return sent(request, form)


def sent(request: HttpRequest, form: RegisterForm) -> HttpResponse:
    """A code to the address, the same for known and unknown ones."""
    data = {name: form.cleaned_data[name] for name in TYPED}
    language = request.display.language  # type: ignore[attr-defined]
    try:
        code = issue_code(
            purpose=purpose_of(data["email"]), email=data["email"], name=data["full_name"], language=language,
            at=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
    except TooManyCodes as reason:
        form.add_error(None, str(reason))
        return shown(request, form, 429)
    request.session[KEPT] = {**data, "language": language, "key": str(code.key)}
    return redirect("register-code")


def shown(request: HttpRequest, form: RegisterForm, status: int = 200) -> HttpResponse:
    stamp = signing.dumps(request.now.timestamp(), salt=SALT)  # type: ignore[attr-defined]
    return render(request, "portal/register.html", {"form": form, "stamp": stamp}, status=status)


@access("public")
@require_http_methods(["GET", "HEAD", "POST"])
def register_code(request: HttpRequest) -> HttpResponse:
    """The code from the message; with it the question is put before the company."""
    require_open(request)
    kept = request.session.get(KEPT) or {}
    form = ProofForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if proved(kept, form.cleaned_data["code"], request.now):  # type: ignore[attr-defined]
            keep(kept, request.now)  # type: ignore[attr-defined]
            del request.session[KEPT]
            return redirect("register-done")
        form.add_error("code", _("This is not the code that we sent, or it is too old."))
    context = {"form": form, "email": kept.get("email", "")}
    return render(request, "portal/register_code.html", context, status=422 if request.method == "POST" else 200)


@access("public")
@require_safe
def register_done(request: HttpRequest) -> HttpResponse:
    require_open(request)
    return render(request, "portal/register_done.html")


def proved(kept: dict[str, Any], typed: str, at: datetime) -> bool:
    if not kept:
        return False
    return redeem_code(UUID(kept["key"]), typed, purpose=purpose_of(kept["email"]), at=at) is not None


def keep(kept: dict[str, Any], at: datetime) -> None:
    asked = Asked(**{name: kept[name] for name in (*TYPED, "language")})
    request_registration(asked, actor=Actor(None, name=asked.full_name, door="public"), at=at)


def purpose_of(email: str) -> str:
    return f"register:{hashlib.sha256(email.encode()).hexdigest()[:24]}"


def is_a_program(request: HttpRequest, form: RegisterForm) -> bool:
    """The trap was filled, or the form came back faster than anybody types, or its stamp is not ours."""
    if form.cleaned_data["site"]:
        return True
    try:
        made = signing.loads(request.POST.get("stamp", ""), salt=SALT, max_age=None)
    except signing.BadSignature:
        return True
    age = request.now.timestamp() - float(made)  # type: ignore[attr-defined]
    return not QUICKEST.total_seconds() <= age <= LATEST.total_seconds()


def too_many(request: HttpRequest, name: str = "register", most: int = MOST_PER_PLACE) -> bool:
    """More than so many from one network address within an hour."""
    return throttle.too_many(name, throttle.place_of(request), most)
