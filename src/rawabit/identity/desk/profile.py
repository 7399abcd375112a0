"""The own profile: name, ways of reading, password, devices. The same page for colleagues and customers' people."""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.company.models import CALENDARS, DIGITS
from rawabit.identity.actions import save_user
from rawabit.identity.desk.users import LIKE_COMPANY
from rawabit.identity.devices import devices_of, sign_out_device, sign_out_others
from rawabit.identity.models import User
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.numbers import whole
from rawabit.kit.records.actions import Conflict
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import PhoneField

SAME = pgettext_lazy("preference", "Like the company")
THEMES = [("auto", _("Automatic")), ("light", _("Light")), ("dark", _("Dark"))]


class ProfileForm(forms.ModelForm):
    widths = {"full_name": 6, "phone": 6, "language": 4, "calendar": 4, "digits": 4}
    language = forms.ChoiceField(label=_("Language"), choices=LIKE_COMPANY, required=False)
    calendar = forms.ChoiceField(label=_("Calendar"), choices=[("", SAME), *CALENDARS], required=False)
    digits = forms.ChoiceField(
        label=_("Digits"), choices=[("", pgettext_lazy("digits", "Like the language")), *DIGITS], required=False
    )
    theme = forms.ChoiceField(label=_("Appearance"), choices=THEMES, widget=forms.RadioSelect)
    compact = forms.BooleanField(label=_("Narrow rows in tables"), required=False)

    class Meta:
        model = User
        fields = ["full_name", "phone", "language", "calendar", "digits", "theme", "compact"]
        field_classes = {"phone": PhoneField}


@access("person")
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    # A copy: a form writes what was typed into its row even when it is refused, and the page's frame reads the person.
    form = ProfileForm(request.POST or None, instance=copy(request.user))
    if request.method == "POST" and form.is_valid() and _saved(form, request):
        messages.success(request, _("Saved"))
        return redirect("profile")
    return _page(request, form, 422 if request.method == "POST" else 200)


def _saved(form: Any, request: Request) -> bool:
    version = whole(request.POST.get("version", ""))
    try:
        save_user(form, actor=request.actor, at=request.now, seen_version=version)
    except Conflict:
        form.add_error(None, _("Your profile was changed in another window. Load this page again."))
        return False
    return True


def _page(request: Request, form: ProfileForm, status: int) -> HttpResponse:
    staff = request.actor.customer_ids is None
    context = {
        "form": form,
        "base": "kit/desk.html" if staff else "kit/portal.html",
        "devices": devices_of(form.instance, request.session.session_key),
        "has_password": form.instance.has_usable_password(),
        "roles": [held.role for held in form.instance.memberships.select_related("role")] if staff else [],
        "section": "profile",
    }
    return render(request, "identity/profile.html", context, status=status)


@access("person")
@require_POST
def end_device(request: Request, device: int) -> HttpResponse:
    """Sign out on one of the own devices."""
    sign_out_device(request.user, device, actor=request.actor, at=request.now)  # type: ignore[arg-type]
    messages.success(request, _("Signed out there."))
    return redirect("profile")


@access("person")
@require_POST
def end_other_devices(request: Request) -> HttpResponse:
    """Sign out everywhere but here."""
    key = request.session.session_key
    sign_out_others(request.user, key, actor=request.actor, at=request.now)  # type: ignore[arg-type]
    messages.success(request, _("The other devices have been signed out."))
    return redirect("profile")
