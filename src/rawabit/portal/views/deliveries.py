"""Delivery notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rawabit.crm.policies import BUYING
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.portal.account import Account, account_of
from rawabit.portal.addresses import url_to
from rawabit.portal.columns import DELIVERIES
from rawabit.portal.contact import contact_of
from rawabit.portal.listing import after_of, list_context
from rawabit.portal.logic.tracking import parcel_steps
from rawabit.portal.pages import anywhere, page, within
from rawabit.portal.queries import orders as asked
from rawabit.portal.queries.files import files_on
from rawabit.portal.shipments import fill, happenings, shown_shipment
from rawabit.shipping.logic.states import DELIVERY
from rawabit.shipping.models import Delivery

MOVING = ("draft", "packed", "shipped", "out")


@access("portal")
@require_safe
@within(BUYING)
def deliveries(request: HttpRequest, account: Account) -> HttpResponse:
    """Delivery notes, twenty at a time."""
    found = asked.deliveries_of(account.actor, after_of(request))
    context = list_context(request, {"": ""}, found.after)
    rows = [delivery_row(row) for row in found.rows]
    context |= {"rows": rows, "columns": DELIVERIES, "nothing": _("Nothing has been shipped yet.")}
    return page(request, account, "portal/deliveries.html", context)


def delivery_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One delivery note in a list."""
    state = DELIVERY.states[row["state"]]
    return {
        "url": url_to("portal-delivery", row["uid"]),
        "number": row["number"],
        "date": row["date"],
        "order": row["order__number"],
        "order_url": url_to("portal-order", row["order__uid"]),
        "tracking": row["tracking_number"],
        "tag": state.label,
        "tone": state.tone,
    }


@access("portal")
@require_safe
@anywhere(BUYING)
def delivery(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The note as it travels with the goods, and where they are."""
    delivery = asked.delivery_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if delivery is None:
        raise Http404
    account = account_of(delivery, request.actor)  # type: ignore[attr-defined]
    parcel = parcel_of(delivery)
    context = {
        "delivery": delivery,
        "parcel": parcel,
        "steps": parcel_steps(happenings([parcel]), delivery.promised_date if delivery.state in MOVING else None),
        "order_url": url_to("portal-order", delivery.order.uid),
        "files": files_on(delivery),
        "contact": contact_of(request, account, delivery.number),
    }
    return page(request, account, "portal/delivery.html", context)


def parcel_of(delivery: Delivery) -> dict[str, Any]:
    """The delivery as the lists of shipments show it, with contents and events."""
    carrier = delivery.carrier
    events = [row for row in asked.tracking_of(order_id=delivery.order_id) if row["delivery_id"] == delivery.pk]
    parcel: dict[str, Any] = {
        "pk": delivery.pk, "uid": delivery.uid, "state": delivery.state, "tracking_number": delivery.tracking_number,
        "carrier_name": str(carrier) if carrier else "", "carrier_url": carrier.tracking_url if carrier else "",
        "events": events,
    }  # fmt: skip
    parcel |= shown_shipment(parcel)
    fill(delivery.order_id, [parcel])
    return parcel
