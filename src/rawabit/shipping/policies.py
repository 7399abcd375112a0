"""Who sees and moves deliveries. Customers never see drafts."""

from __future__ import annotations

from django.db.models import Q

from rawabit.crm.policies import BUYING, rows_of_customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor, visible
from rawabit.kit.records.permissions import Permission, shared_rows, verbs_on
from rawabit.shipping.models import Carrier, Delivery, DeliveryLine, TrackingEvent

PERMISSIONS: list[Permission] = [
    *verbs_on(Delivery, "view", "add", "change", "delete", "export"),
    ("shipping.pack_delivery", _("Delivery notes: pack")),
    ("shipping.ship_delivery", _("Delivery notes: ship")),
    ("shipping.out_delivery", _("Delivery notes: record that they are out for delivery")),
    ("shipping.deliver_delivery", _("Delivery notes: record receipt")),
    ("shipping.return_delivery", _("Delivery notes: record a return")),
    ("shipping.cancel_delivery", _("Delivery notes: cancel")),
    *verbs_on(Carrier, "view", "add", "change", "delete"),
]


@visible(Delivery)
def delivery_rows(actor: Actor) -> Q:
    rows = rows_of_customer(actor, "shipping.view_delivery", roles=BUYING, owner="owner")
    return rows & ~Q(state="draft") if actor.is_customer else rows


@visible(DeliveryLine, TrackingEvent)
def delivery_part_rows(actor: Actor) -> Q:
    rows = rows_of_customer(
        actor, "shipping.view_delivery", roles=BUYING, path="delivery__customer", owner="delivery__owner"
    )
    return rows & ~Q(delivery__state="draft") if actor.is_customer else rows


@visible(Carrier)
def carrier_rows(actor: Actor) -> Q:
    return shared_rows(actor, "shipping.view_carrier")
