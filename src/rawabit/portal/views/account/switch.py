"""The switch between the customers that a person stands for."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from rawabit.crm.models import PortalAccess
from rawabit.crm.policies import EVERY_ROLE
from rawabit.kit.access import access
from rawabit.kit.numbers import whole
from rawabit.portal.account import CHOSEN, Account
from rawabit.portal.pages import page, within
from rawabit.portal.queries import accounts

ROLES = dict(PortalAccess.ROLES)


@access("portal")
@require_http_methods(["GET", "HEAD", "POST"])
@within(EVERY_ROLE)
def switch(request: HttpRequest, account: Account) -> HttpResponse:
    """Choose (GET) and change (POST) the customer whose records are shown."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        asked = whole(request.POST.get("customer", ""))
        if asked not in actor.customer_ids:
            raise Http404
        request.session[CHOSEN] = asked
        return redirect("portal-home")
    rows = [
        (customer, ROLES.get(actor.customer_roles[customer.pk], ""), customer.pk == account.customer.pk)
        for customer in accounts.customers_of(actor)
    ]
    return page(request, account, "portal/switch.html", {"accounts": rows})
