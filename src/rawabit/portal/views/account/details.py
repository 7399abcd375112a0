"""My details: name, phone, ways of reading, how to be reached, and the address to sign in with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from rawabit.company.models import CALENDARS, DIGITS, LANGUAGES
from rawabit.crm.actions import change_email_everywhere, save_own_details
from rawabit.crm.models import CHANNELS, PortalAccess
from rawabit.crm.policies import EVERY_ROLE
from rawabit.identity.codes import issue_code, redeem_code
from rawabit.identity.devices import sign_out_others
from rawabit.identity.sign_in import AddressField
from rawabit.identity.stepping import fresh
from rawabit.identity.telling import tell_email_changed
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.screens.fields import OneTimeCodeField, PhoneField
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.portal.account import Account
from rawabit.portal.pages import within
from rawabit.portal.queries import people
from rawabit.portal.views.account.tabs import tab, tell_refusal

ROLES = dict(PortalAccess.ROLES)
USUAL = pgettext_lazy("setting", "As the company")
THEMES = [("auto", _("Automatic")), ("light", _("Light")), ("dark", _("Dark"))]
PENDING = "email_change"  # the key in the session
READ_OR_SEND = ["GET", "HEAD", "POST"]


class DetailsForm(forms.Form):
    """What a person says of himself."""

    widths = {
        "full_name": 6, "phone": 6, "channel": 6, "language": 6, "calendar": 6, "digits": 6,
    }  # fmt: skip
    full_name = forms.CharField(
        label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"})
    )
    phone = PhoneField(label=_("Mobile"), required=False)
    channel = forms.ChoiceField(
        label=_("How may we reach you best?"), required=False,
        choices=[("", pgettext_lazy("contact preference", "No preference")), *CHANNELS],
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=[("", USUAL), *LANGUAGES], required=False)
    calendar = forms.ChoiceField(label=_("Calendar"), choices=[("", USUAL), *CALENDARS], required=False)
    digits = forms.ChoiceField(label=_("Digits"), choices=[("", USUAL), *DIGITS], required=False)
    theme = forms.ChoiceField(label=_("Appearance"), choices=THEMES, widget=forms.RadioSelect)

    def clean_full_name(self) -> str:
        if not (name := clean_user_text(self.cleaned_data["full_name"]).strip()):
            raise forms.ValidationError(self.fields["full_name"].error_messages["required"], code="required")
        return name


def details_form(request: HttpRequest, account: Account) -> DetailsForm:
    user: Any = request.user
    contact = people.contact_for(account.actor)
    names = ("full_name", "phone", "language", "calendar", "digits", "theme")
    known = {name: getattr(user, name) for name in names}
    known["channel"] = contact.preferred_channel if contact else ""
    return DetailsForm(request.POST if request.method == "POST" else None, initial=known)


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(EVERY_ROLE)
def account(request: HttpRequest, account: Account) -> HttpResponse:
    """Look at the own details (GET), or change them (POST)."""
    form = details_form(request, account)
    if request.method == "POST" and form.is_valid() and saved(request, account, form):
        messages.success(request, _("Saved"))
        return redirect("portal-account")
    return shown(request, account, form, 422 if request.method == "POST" else 200)


def saved(request: HttpRequest, account: Account, form: DetailsForm) -> bool:
    values = dict(form.cleaned_data)
    channel = values.pop("channel")
    user: Any = request.user
    try:
        save_own_details(
            user, account.customer, values, channel=channel,
            actor=request.actor, at=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as reason:
        tell_refusal(form, reason)
        return False
    return True


def shown(request: HttpRequest, account: Account, form: DetailsForm, status: int) -> HttpResponse:
    context = {
        "form": form,
        "role": ROLES.get(account.role, ""),
        "sample": Money.of("1234.5", account.customer.currency),
    }
    return tab(request, account, "portal-account", "details", context, status=status)


# The address to sign in with


class EmailForm(forms.Form):
    email = AddressField(label=_("New e-mail address"), max_length=254)


class CodeForm(forms.Form):
    code = OneTimeCodeField(label=_("One-time code"), max_length=40)


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(EVERY_ROLE)
@fresh
def email(request: HttpRequest, account: Account) -> HttpResponse:
    """Ask for the new address, and send a code there. Whether somebody signs in with it already is not told."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and sent(request, form):
        return redirect("portal-account-email-confirm")
    status = 422 if request.method == "POST" else 200
    return tab(request, account, "portal-account", "email", {"form": form}, status=status)


def sent(request: HttpRequest, form: EmailForm) -> bool:
    user: Any = request.user
    wanted = form.cleaned_data["email"]
    if wanted == user.email:
        form.add_error("email", _("You sign in with this address already."))
        return False
    try:
        code = issue_code(
            purpose=purpose_of(user), email=wanted, name=user.full_name,
            language=request.display.language, at=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as reason:
        tell_refusal(form, reason)
        return False
    request.session[PENDING] = [str(code.key), wanted]
    return True


def purpose_of(user: Any) -> str:
    return f"email:{user.pk}"


def pending_of(request: HttpRequest) -> tuple[UUID, str] | None:
    kept = request.session.get(PENDING)
    if not isinstance(kept, list) or len(kept) != 2:
        return None
    return UUID(kept[0]), kept[1]


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(EVERY_ROLE)
@fresh
def email_confirm(request: HttpRequest, account: Account) -> HttpResponse:
    """Type the code that came to the new address."""
    pending = pending_of(request)
    if pending is None:
        return redirect("portal-account-email")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and changed(request, form, pending[0]):
        messages.success(request, _("You sign in with the new address from now on."))
        return redirect("portal-account")
    status = 422 if request.method == "POST" else 200
    return tab(request, account, "portal-account", "email", {"form": form, "sent_to": pending[1]}, status=status)


def changed(request: HttpRequest, form: CodeForm, key: UUID) -> bool:
    user: Any = request.user
    now, actor = request.now, request.actor  # type: ignore[attr-defined]
    code = redeem_code(key, form.cleaned_data["code"], purpose=purpose_of(user), at=now)
    if code is None:
        form.add_error("code", _("This is not the code that we sent, or it is too old."))
        return False
    try:
        before, after = change_email_everywhere(user, code.email, actor=actor, at=now)
    except Refused as reason:
        form.add_error("code", str(reason))
        return False
    request.session.pop(PENDING, None)
    sign_out_others(user, request.session.session_key, actor=actor, at=now)
    tell_email_changed(user, before, after, ip=request.META.get("REMOTE_ADDR", ""), at=now)
    return True
