"""Quotations and orders, and what is said, signed and asked around them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from rawabit.crm.models import Address
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.records.fields import AmountField, ExactField
from rawabit.kit.records.models import Attachment, Record, RecordQuerySet
from rawabit.ledger.logic.credit import CreditStatus
from rawabit.pipeline.models import Opportunity
from rawabit.trade.models import Document, Line, discount_sane, frozen_has_number, number_once


class Quotation(Document):
    """An offer with a term. A changed offer is a new version; ``family`` is the first version's key."""

    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, editable=False, related_name="quotations",
        verbose_name=_("Opportunity"),
    )  # fmt: skip
    family = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="versions")
    edition = models.PositiveSmallIntegerField(_("Version"), default=1, editable=False)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    sent_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.CharField(max_length=200, blank=True, default="", editable=False)
    decline_code = models.CharField(max_length=10, blank=True, default="", editable=False)
    decline_reason = models.CharField(_("Reason"), max_length=300, blank=True, default="", editable=False)
    signatures_needed = models.PositiveSmallIntegerField(
        _("Signatures needed"), default=1, validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("How many people of the customer sign before the offer is accepted."),
    )  # fmt: skip

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
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, editable=False, related_name="orders",
        verbose_name=_("Opportunity"),
    )  # fmt: skip
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


class QuotationOpening(models.Model):
    """Somebody on the customer's side has looked at an offer: once a row, counted after that."""

    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="openings")
    signer = models.CharField(max_length=80)
    name = models.CharField(_("Name"), max_length=200)
    first_at = models.DateTimeField(_("First opened"))
    last_at = models.DateTimeField(_("Last opened"))
    times = models.PositiveIntegerField(_("Times"), default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quotation", "signer"], name="quotation_opened_by_once")]


class Acceptance(models.Model):
    """The evidence of one signature under one version of an offer. Never changed (the database refuses).

    ``signer`` tells people apart: ``user:7``, ``link:<uid>`` or ``staff`` (the company wrote the customer's word down).
    ``digest`` is that of the whole version as it was signed, ``terms_digest`` that of its terms; ``strokes`` the drawn
    signature, as points."""

    METHODS = [
        ("drawn", pgettext_lazy("signature", "Drawn signature")), ("typed", pgettext_lazy("signature", "Typed name")),
        ("recorded", pgettext_lazy("signature", "Written down by the company")),
    ]  # fmt: skip
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="acceptances")
    customer = models.ForeignKey("crm.Customer", models.PROTECT, related_name="+")
    edition = models.PositiveSmallIntegerField(_("Version"))
    number = models.CharField(_("Number"), max_length=60)
    total = AmountField(_("Total including VAT"))
    currency = models.CharField(max_length=3)
    digest = models.CharField(max_length=64)
    terms_digest = models.CharField(max_length=64)
    signer = models.CharField(max_length=80)
    name = models.CharField(_("Name"), max_length=200)
    title = models.CharField(_("Role"), max_length=100, blank=True, default="")
    customer_reference = models.CharField(_("Customer purchase order"), max_length=60, blank=True, default="")
    method = models.CharField(_("Signature"), max_length=8, choices=METHODS)
    strokes = models.JSONField(default=list, blank=True)
    stamp = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    verified_address = models.CharField(max_length=254, blank=True, default="")
    ip = models.CharField(max_length=45, blank=True, default="")
    user_agent = models.CharField(max_length=300, blank=True, default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    contact_id = models.BigIntegerField(null=True)
    link = models.CharField(max_length=40, blank=True, default="")
    door = models.CharField(max_length=12)
    at = models.DateTimeField(_("Time"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quotation", "signer"], name="signed_once")]

    @property
    def money(self) -> Money:
        """What was accepted."""
        return Money(self.total, self.currency)


def pending_path(pending: PendingAcceptance, name: str) -> str:
    """A generated place: nothing of the user's file name reaches the disk."""
    return f"files/{pending.uid.hex[:2]}/{pending.uid.hex}"


class PendingAcceptance(models.Model):
    """What somebody typed to accept an offer, kept while he fetches his code. One at a time for each person."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="+")
    signer = models.CharField(max_length=80)
    typed = models.JSONField(default=dict)
    chosen = models.JSONField(null=True)
    stamp = models.FileField(upload_to=pending_path, max_length=120, blank=True)
    stamp_name = models.CharField(max_length=200, blank=True, default="")
    code = models.UUIDField(null=True)
    address = models.CharField(max_length=254, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quotation", "signer"], name="pending_acceptance_once")]


class Question(Record):
    """What a customer asks about an offer or an order, or about one of its lines. Never edited, never hidden.

    ``line`` is the key of the line and ``about`` its words as they were. Open while ``answered_at`` is None."""

    KINDS = [
        ("question", pgettext_lazy("kind of question", "Question")),
        ("change", pgettext_lazy("kind of question", "Change wanted")),
        ("renewal", pgettext_lazy("kind of question", "Renewal wanted")),
        ("problem", pgettext_lazy("kind of question", "Problem")),
    ]
    customer = models.ForeignKey("crm.Customer", models.PROTECT, related_name="+", verbose_name=_("Customer"))
    quotation = models.ForeignKey(Quotation, models.CASCADE, null=True, related_name="questions")
    order = models.ForeignKey(Order, models.CASCADE, null=True, related_name="questions")
    kind = models.CharField(max_length=8, choices=KINDS, default="question")
    line = models.BigIntegerField(null=True)
    about = models.CharField(max_length=300, blank=True, default="")
    body = models.TextField(blank=True, default="")
    asked_by = models.CharField(max_length=200)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    link = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Question")
        verbose_name_plural = _("Questions")
        indexes = [
            models.Index(fields=["quotation"], name="question_quotation_open", condition=models.Q(answered_at=None)),
            models.Index(fields=["order"], name="question_order_open", condition=models.Q(answered_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quotation=None, order__isnull=False) | models.Q(quotation__isnull=False, order=None),
                name="question_about_one_document",
            ),
            models.UniqueConstraint(
                fields=["quotation"], condition=models.Q(kind="renewal"), name="renewal_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.order or self.quotation)

    @property
    def document(self) -> Quotation | Order:
        """What the question is about."""
        found = self.quotation or self.order
        assert found is not None
        return found


class Reply(models.Model):
    """What one side said to a question afterwards."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="replies")
    by_customer = models.BooleanField(default=False)
    body = models.TextField()
    name = models.CharField(max_length=200)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
