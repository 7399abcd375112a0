"""What a customer's user wants to be told of, and on which of his devices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.crm.policies import EVERY_ROLE
from rawabit.identity.logic.devices import device_name
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.outbox.actions import subscribe, unsubscribe
from rawabit.kit.outbox.push import public_key
from rawabit.portal.account import Account
from rawabit.portal.pages import page, within
from rawabit.portal.views.account.tabs import tabs_of
from rawabit.telling.actions import set_preferences
from rawabit.telling.logic.kinds import CHANNELS, GROUPS
from rawabit.telling.queries import devices_of, matrix_of


@access("portal")
@require_http_methods(["GET", "HEAD", "POST"])
@within(EVERY_ROLE)
def preferences(request: HttpRequest, account: Account) -> HttpResponse:
    """The table of kinds and channels."""
    user: Any = request.user
    if request.method == "POST":
        chosen = {tuple(value.split(":", 1)) for value in request.POST.getlist("told") if ":" in value}
        set_preferences(chosen, actor=request.actor, at=request.now)  # type: ignore[attr-defined,arg-type]
        messages.success(request, _("Saved"))
        return redirect("portal-messages")
    rows = [
        (GROUPS[group], [(f"{group}:{code}", label, wanted[code]) for code, label in CHANNELS])
        for group, wanted in matrix_of(user).items()
    ]
    context = {
        "rows": rows, "channels": [label for _code, label in CHANNELS], "devices": devices_of(user.pk),
        "push_key": public_key(), "email": user.email,
    }  # fmt: skip
    context["account_tabs"] = tabs_of(request, account, "portal-messages")
    return page(request, account, "portal/preferences.html", context)


@access("portal")
@require_POST
@within(EVERY_ROLE)
def device_on(request: HttpRequest, account: Account) -> HttpResponse:
    """This browser wants notices; sent by its script."""
    endpoint, p256dh, auth = (request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth"))
    name = device_name(request.headers.get("User-Agent", ""))
    subscribe(request.user.pk or 0, endpoint, p256dh, auth, name, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, _("Notices will appear on this device."))
    return redirect("portal-messages")


@access("portal")
@require_POST
@within(EVERY_ROLE)
def device_off(request: HttpRequest, account: Account, key: int) -> HttpResponse:
    """A device wants none any more. Another person's is left as it is."""
    if unsubscribe(request.user.pk or 0, key):
        messages.success(request, _("This device gets no notices any more."))
    return redirect("portal-messages")
