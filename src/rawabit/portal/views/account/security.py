"""Security: where the person is signed in, how he signs in, and when he did last."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.crm.policies import EVERY_ROLE
from rawabit.identity.actions.own import remove_own_password
from rawabit.identity.devices import devices_of, sign_out_device, sign_out_others
from rawabit.identity.stepping import fresh
from rawabit.identity.telling import tell_password_removed
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.portal.account import Account
from rawabit.portal.pages import within
from rawabit.portal.queries import people
from rawabit.portal.views.account.tabs import tab

TAB = "portal-security"


@access("portal")
@require_safe
@within(EVERY_ROLE)
def security(request: HttpRequest, account: Account) -> HttpResponse:
    """Devices, password and last sign-ins."""
    user: Any = request.user
    context = {
        "devices": devices_of(user, request.session.session_key),
        "has_password": user.has_usable_password(),
        "sign_ins": people.sign_ins_of(account.actor),
    }
    return tab(request, account, TAB, "security", context)


@access("portal")
@require_POST
@within(EVERY_ROLE)
def device_end(request: HttpRequest, account: Account, device: int) -> HttpResponse:
    """Sign out on one of the own devices; another person's number changes nothing."""
    sign_out_device(request.user, device, actor=request.actor, at=request.now)  # type: ignore[attr-defined,arg-type]
    messages.success(request, _("Signed out there."))
    return redirect(TAB)


@access("portal")
@require_POST
@within(EVERY_ROLE)
def devices_end(request: HttpRequest, account: Account) -> HttpResponse:
    """Sign out everywhere but here."""
    key = request.session.session_key
    sign_out_others(request.user, key, actor=request.actor, at=request.now)  # type: ignore[attr-defined,arg-type]
    messages.success(request, _("The other devices have been signed out."))
    return redirect(TAB)


@access("portal")
@require_http_methods(["GET", "HEAD", "POST"])
@within(EVERY_ROLE)
@fresh
def password_remove(request: HttpRequest, account: Account) -> HttpResponse:
    """Sign in by one-time codes alone (POST), after saying so (GET)."""
    user: Any = request.user
    if not user.has_usable_password():
        return redirect(TAB)
    if request.method != "POST":
        return tab(request, account, TAB, "password_remove", {})
    now = request.now  # type: ignore[attr-defined]
    user = remove_own_password(user, actor=request.actor, at=now)  # type: ignore[attr-defined]
    update_session_auth_hash(request, user)
    tell_password_removed(user, ip=request.META.get("REMOTE_ADDR", ""), at=now)
    messages.success(request, _("The password was removed. You sign in with one-time codes now."))
    return redirect(TAB)
