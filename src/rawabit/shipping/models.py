"""Deliveries and what carriers tell of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from rawabit.kit.marking import _
from rawabit.kit.named import Named
from rawabit.kit.records.fields import ExactField
from rawabit.kit.records.models import Record, RecordQuerySet, SearchableRecord
from rawabit.sales.models import Order, OrderLine
from rawabit.trade.models import frozen_has_number, number_once

USER = settings.AUTH_USER_MODEL


class Carrier(Named, Record):
    """Who brings parcels. ``tracking_url`` holds ``{number}`` where the tracking number goes."""

    phone = models.CharField(_("Phone"), max_length=20, blank=True, default="")
    tracking_url = models.CharField(_("Tracking page"), max_length=200, blank=True, default="")
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Carrier")
        verbose_name_plural = _("Carriers")


class Delivery(SearchableRecord):
    """A delivery note: goods of one order on their way."""

    number = models.CharField(_("Number"), max_length=60, blank=True, default="", editable=False)
    state = models.CharField(_("Status"), max_length=12, default="draft", editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="deliveries", verbose_name=_("Sales order"))
    customer = models.ForeignKey("crm.Customer", models.PROTECT, verbose_name=_("Customer"), editable=False)
    owner = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", editable=False)
    date = models.DateField(_("Date"))
    carrier = models.ForeignKey(Carrier, models.PROTECT, null=True, blank=True, verbose_name=_("Carrier"))
    tracking_number = models.CharField(_("Tracking number"), max_length=60, blank=True, default="")
    parcels = models.PositiveSmallIntegerField(_("Parcels"), default=1)
    promised_date = models.DateField(_("Expected delivery"), null=True, blank=True)
    deliver_to = models.TextField(_("Deliver to"), blank=True, default="")
    note = models.TextField(_("Note"), blank=True, default="")
    received_by = models.CharField(_("Received by"), max_length=200, blank=True, default="", editable=False)
    shipped_at = models.DateTimeField(null=True, editable=False)
    delivered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("Delivery note")
        verbose_name_plural = _("Delivery notes")
        indexes = [models.Index(fields=["customer", "-id"], name="delivery_customer")]
        constraints = [frozen_has_number("delivery_numbered"), number_once("delivery_number_once")]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))


class DeliveryLine(models.Model):
    """A quantity of one order line in this delivery."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="delivery_lines")
    quantity = ExactField(_("Quantity"), places=3)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["order_line__position"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "order_line"], name="line_delivered_once_per_note"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="delivered_something"),
        ]


class TrackingEvent(models.Model):
    """One step of a parcel: where it was, when, in which situation."""

    KINDS = [
        ("packed", _("Packed")), ("picked_up", _("With the carrier")), ("in_transit", _("In transit")),
        ("out", _("Out for delivery")), ("delayed", _("Delayed")), ("attempted", _("Delivery attempted")),
        ("delivered", _("Delivered")), ("returned", _("Returned")),
    ]  # fmt: skip
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tracking")
    at = models.DateTimeField(_("Time"))
    kind = models.CharField(_("Status"), max_length=10, choices=KINDS)
    place = models.CharField(_("Place"), max_length=100, blank=True, default="")
    note = models.CharField(_("Note"), max_length=300, blank=True, default="")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
