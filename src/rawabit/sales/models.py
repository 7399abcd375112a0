"""Quotations and orders."""

from __future__ import annotations

from django.db import models

from rawabit.crm.models import Address
from rawabit.kit.marking import _
from rawabit.kit.records.fields import ExactField
from rawabit.ledger.logic.credit import CreditStatus
from rawabit.trade.models import Document, Line, discount_sane, frozen_has_number, number_once


class Quotation(Document):
    """An offer with a term. A changed offer is a new version; ``family`` is the first version's key."""

    family = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="versions")
    edition = models.PositiveSmallIntegerField(_("Version"), default=1, editable=False)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    sent_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.CharField(max_length=200, blank=True, default="", editable=False)
    decline_reason = models.CharField(_("Reason"), max_length=300, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("Quotation")
        verbose_name_plural = _("Quotations")
        indexes = [
            models.Index(fields=["customer", "-id"], name="quotation_customer"),
            models.Index(fields=["state", "valid_until"], name="quotation_expiry"),
        ]
        constraints = [
            frozen_has_number("quotation_numbered"),
            models.UniqueConstraint(
                fields=["number", "edition"], condition=~models.Q(number=""), name="quotation_number_once"
            ),
        ]

    def __str__(self) -> str:
        shown = super().__str__()
        return f"{shown} v{self.edition}" if self.edition > 1 else shown


class QuotationLine(Line):
    document = models.ForeignKey(Quotation, models.CASCADE, related_name="lines")
    optional = models.BooleanField(_("Optional"), default=False)
    chosen = models.BooleanField(default=True)

    class Meta(Line.Meta):
        constraints = [discount_sane("quotation_line_discount")]


class Order(Document):
    """A promise to deliver. How far its lines have come: ``shipping_state`` (left the house), ``delivery_state``
    (arrived) and ``invoice_state``, each none, partly or fully; no_goods where there is nothing to deliver.

    ``credit_facts`` is what the credit check said at confirmation when it warned; ``credit_warning`` are its words."""

    quotation = models.ForeignKey(
        Quotation, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("Quotation")
    )
    delivery_address = models.ForeignKey(
        Address, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Delivery address")
    )
    deliver_to = models.TextField(_("Deliver to"), blank=True, default="", editable=False)
    promised_date = models.DateField(_("Expected delivery"), null=True, blank=True)
    first_promised_date = models.DateField(null=True, editable=False)
    promise_change_reason = models.CharField(max_length=200, blank=True, default="", editable=False)
    hold_reason = models.CharField(max_length=200, blank=True, default="", editable=False)
    shipping_state = models.CharField(max_length=8, default="none", editable=False)
    delivery_state = models.CharField(max_length=8, default="none", editable=False)
    invoice_state = models.CharField(max_length=6, default="none", editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    credit_facts = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("Sales order")
        verbose_name_plural = _("Sales orders")
        indexes = [
            models.Index(fields=["customer", "-id"], name="order_customer"),
            models.Index(fields=["state", "-id"], name="order_state"),
            models.Index(fields=["owner", "-id"], name="order_owner"),
            # The open orders of a customer with a long history.
            models.Index(fields=["customer", "state", "-id"], name="order_customer_state"),
        ]
        constraints = [
            frozen_has_number("order_numbered"),
            number_once("order_number_once"),
            models.UniqueConstraint(
                fields=["quotation"],
                condition=models.Q(quotation__isnull=False) & ~models.Q(state="cancelled"),
                name="one_order_per_quotation",
            ),
        ]

    @property
    def credit_warning(self) -> str:
        """What the credit check warned of when the order was confirmed, in the reader's language and digits."""
        return str(CreditStatus.from_facts(self.credit_facts).words) if self.credit_facts else ""


class OrderLine(Line):
    """A line with how much of it has left the house (``shipped``), has arrived (``delivered``) and is on invoices."""

    document = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    shipped = ExactField(_("Shipped"), places=3, default=0)
    delivered = ExactField(_("Delivered"), places=3, default=0)
    invoiced = ExactField(_("Invoiced"), places=3, default=0)

    class Meta(Line.Meta):
        constraints = [
            discount_sane("order_line_discount"),
            models.CheckConstraint(
                condition=models.Q(shipped__gte=0, shipped__lte=models.F("quantity")), name="not_over_shipped"
            ),
            models.CheckConstraint(
                condition=models.Q(delivered__gte=0, delivered__lte=models.F("shipped")), name="not_over_delivered"
            ),
            models.CheckConstraint(
                condition=models.Q(invoiced__gte=0, invoiced__lte=models.F("quantity")), name="not_over_invoiced"
            ),
        ]
