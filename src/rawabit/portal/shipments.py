"""Orders on their way, for the pages that show them: status, promise, shipments, steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language

from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.portal.addresses import url_to
from rawabit.portal.logic.tracking import Happening, Step, steps_of
from rawabit.portal.queries import orders as asked
from rawabit.sales.logic.states import CANCELLED, DONE, ON_HOLD
from rawabit.shipping.logic.states import DELIVERY, ON_THE_WAY, Progress, situation
from rawabit.shipping.logic.tracking import tracking_url

Facts = Mapping[str, Any]


def row_of(order: Facts, states: Mapping[int, Sequence[str]]) -> dict[str, Any]:
    """One order in a list: number, dates, amount, and the one status people read.

    ``states``: those of its deliveries, by the order's key (:func:`delivery_states`)."""
    moving = states.get(order["pk"], ())
    status = situation(Progress(order["state"], order["shipping_state"], order["delivery_state"], moving))
    return {
        "url": url_to("portal-order", order["uid"]),
        "number": order["number"],
        "reference": order["customer_reference"],
        "date": order["date"],
        "promised": order["promised_date"] if is_open(order) else None,
        "total": Money(order["total"], order["currency"]),
        "tag": status.label,
        "tone": status.tone,
    }


def delivery_states(order_ids: Sequence[int]) -> dict[int, list[str]]:
    """``{order key: states of its deliveries}`` of orders that the caller has been shown."""
    states: dict[int, list[str]] = {}
    for row in asked.states_of_deliveries(order_ids):
        states.setdefault(row["order_id"], []).append(row["state"])
    return states


def is_open(order: Facts) -> bool:
    return order["state"] not in (DONE, CANCELLED) and order["delivery_state"] != "fully"


def promise_of(order: Facts) -> dict[str, Any]:
    """The day promised, and from which day and why it was moved. Empty once the goods are there."""
    if not is_open(order):
        return {}
    first, now = order["first_promised_date"], order["promised_date"]
    moved = bool(first and now and first != now)
    return {"promised": now, "was": first if moved else None, "reason": order["promise_change_reason"] if moved else ""}


def shipments(actor: Actor, order_id: int) -> list[dict[str, Any]]:
    """The deliveries of an order with their tracking events."""
    found = asked.shipments_of(actor, order_id=order_id)
    events = asked.tracking_of(order_id=order_id) if found else []
    for row in found:
        row.update(shown_shipment(row))
        row["events"] = [event for event in events if event["delivery_id"] == row["pk"]]
    return found


def fill(order_id: int, parcels: Sequence[dict[str, Any]]) -> None:
    """Add to each shipment of an order what is in it."""
    contents = asked.contents_of(order_id=order_id) if parcels else []
    for row in parcels:
        row["lines"] = [line for line in contents if line["delivery_id"] == row["pk"]]


def shown_shipment(row: Facts) -> dict[str, Any]:
    """Address, status and carrier of a shipment."""
    state = DELIVERY.states[row["state"]]
    language = (get_language() or "")[:2]
    return {
        "url": url_to("portal-delivery", row["uid"]),
        "tag": state.label,
        "tone": state.tone,
        "moving": row["state"] in ON_THE_WAY,
        "carrier": row.get(f"carrier_{language}") or row["carrier_name"] or "",
        "tracking_url": tracking_url(row["carrier_url"], row["tracking_number"]),
    }


def steps_for(order: Facts, parcels: Sequence[Facts]) -> list[Step]:
    """The order's way as a timeline."""
    return steps_of(
        confirmed_at=order["confirmed_at"],
        happenings=happenings(parcels),
        expected=order["promised_date"],
        state=way_of(order),
        reason=order["hold_reason"],
    )


def way_of(order: Facts) -> str:
    """The order's state as the timeline knows it."""
    if order["state"] in (CANCELLED, ON_HOLD):
        return "cancelled" if order["state"] == CANCELLED else "held"
    if not is_open(order):
        return "finished"
    return "service" if order["delivery_state"] == "no_goods" else "open"


def happenings(parcels: Sequence[Facts]) -> list[Happening]:
    several = len(parcels) > 1
    return [
        Happening(event["kind"], event["at"], event["place"], event["note"], number if several else 0)
        for number, parcel in enumerate(parcels, start=1)
        for event in parcel["events"]
    ]
