"""The bell of a customer's user."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from rawabit.crm.policies import EVERY_ROLE
from rawabit.kit.access import access
from rawabit.kit.records.actions import read_notices
from rawabit.kit.records.queries import notices_of
from rawabit.portal.account import Account
from rawabit.portal.pages import page, within

MOST = 50


@access("portal")
@require_http_methods(["GET", "HEAD", "POST"])
@within(EVERY_ROLE)
def notices(request: HttpRequest, account: Account) -> HttpResponse:
    """Look (GET), or mark everything as read (POST)."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        read_notices(actor=actor, at=request.now)  # type: ignore[attr-defined]
        return redirect("portal-notices")
    found = list(notices_of(actor)[:MOST])
    unread = any(notice.read_at is None for notice in found)
    return page(request, account, "portal/notices.html", {"notices": found, "unread": unread})
