"""The page that answers "who can see this, and why?" for any record of the desk, and the panel that leads to it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import all_screens, screens_of
from rawabit.kit.screens.panels import Panel
from rawabit.portal.queries.sight import customer_of_record, customers_people, links_to, seers_of
from rawabit.portal.queries.viewing import PERMISSION

# Where a record is found in the portal.
PORTAL_PAGES = {
    "sales.quotation": "portal-quotation", "sales.order": "portal-order", "shipping.delivery": "portal-delivery",
    "billing.invoice": "portal-invoice", "billing.payment": "portal-payment",
}  # fmt: skip


@access("staff")
@require_GET
def sight(request: Request, slug: str, pk: int) -> HttpResponse:
    """Colleagues with the reason, the customer's people, and links."""
    screens: Any = next((one for one in all_screens() if one.slug == slug), None)
    if screens is None:
        raise Http404
    record = screens.row(screens.allow(request, "view"), pk)
    context = {
        "screens": screens, "record": record, "name": screens.name_of(record), "section": screens.slug,
        "seers": seers_of(record), "people": customers_people(record), "links": links_to(record, request.now),
        "customer": customer_of_record(record),
    }  # fmt: skip
    return render(request, "portal/desk/sight.html", context)


def doors(record: Any, request: Request) -> list[tuple[str, Any, str]]:
    """(icon, words, address) of what the panel offers; asks the database nothing."""
    screens = screens_of(type(record))
    if screens is None:
        return []
    found: list[tuple[str, Any, str]] = []
    customer = customer_of_record(record)
    if customer is not None and request.actor.may(PERMISSION):
        url = reverse("view-as", args=[customer.pk])
        to = portal_url(record)
        found.append(("eye", _("See as the customer"), f"{url}?to={to}" if to else url))
    found.append(("users", _("Who can see this, and why"), reverse("sight", args=[screens.slug, record.pk])))
    return found


def portal_url(record: Any) -> str:
    name = PORTAL_PAGES.get(record._meta.label_lower)
    try:
        return reverse(name, args=[record.uid]) if name else ""
    except NoReverseMatch:
        return ""


SIGHT = Panel(_("Who can see this"), doors, template="portal/desk/sight_panel.html")


def with_sight(screens: Any) -> Any:
    """Screens of any kind, with the panel below all others."""
    screens.panels = (*screens.panels, SIGHT)
    return screens
