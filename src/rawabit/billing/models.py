"""Invoices, credit notes, payments and what was settled with what."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from rawabit.crm.models import Customer
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.fields import AmountField, ExactField
from rawabit.kit.records.models import RecordQuerySet, SearchableRecord
from rawabit.sales.models import Order, OrderLine
from rawabit.trade.models import Document, Line, discount_sane, frozen_has_number

USER = settings.AUTH_USER_MODEL


class Invoice(Document):
    """An invoice or a credit note. ``open_amount`` is what is still owed (or, on a credit note, still to be given);
    ``credited`` is what posted credit notes have taken off an invoice.

    Once posted nothing but these two changes; ``origin`` says whether this program numbered it.
    """

    INVOICE, CREDIT_NOTE = "invoice", "credit_note"
    KINDS = [(INVOICE, _("Invoice")), (CREDIT_NOTE, _("Credit note"))]

    kind = models.CharField(_("Kind"), max_length=11, choices=KINDS, default=INVOICE, editable=False)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="invoices", verbose_name=_("Sales order")
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="credit_notes", verbose_name=_("Corrects invoice")
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True, default="")
    supply_date = models.DateField(_("Supply date"), null=True, blank=True)
    due_date = models.DateField(_("Due date"), null=True, blank=True)
    open_amount = AmountField(_("Amount due"), default=0, editable=False)
    credited = AmountField(_("Credited"), default=0, editable=False)
    origin = models.CharField(max_length=8, default="own", editable=False)  # own, imported
    source = models.CharField(max_length=60, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("Invoice")
        verbose_name_plural = _("Invoices")
        indexes = [
            models.Index(fields=["customer", "-date", "-id"], name="invoice_customer"),
            models.Index(
                fields=["customer", "due_date"], name="invoice_open",
                condition=models.Q(state="posted", open_amount__gt=0),
            ),
            models.Index(fields=["-date", "-id"], name="invoice_date"),
        ]  # fmt: skip
        constraints = [
            frozen_has_number("invoice_numbered"),
            models.UniqueConstraint(
                fields=["source", "number"], condition=~models.Q(number=""), name="invoice_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="invoice") | ~models.Q(reason="") | models.Q(state="draft"),
                name="credit_note_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(open_amount__gte=0, open_amount__lte=models.F("total")), name="open_within_total"
            ),
            models.CheckConstraint(
                condition=models.Q(credited__gte=0, credited__lte=models.F("total")), name="credited_within_total"
            ),
        ]

    @property
    def paid(self) -> Money:
        return self.money("total") - self.money("open_amount")


class InvoiceLine(Line):
    """A line. On a credit note ``corrects`` names the invoice's line and ``taken_back`` how much of its quantity comes
    off; zero where only the price is lowered."""

    document = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, null=True, related_name="invoice_lines")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    taken_back = ExactField(places=3, default=0)

    class Meta(Line.Meta):
        constraints = [discount_sane("invoice_line_discount")]


class Payment(SearchableRecord):
    """Money received (or given back, ``direction`` out). ``unallocated`` is what is not yet set against invoices."""

    METHODS = [
        ("transfer", _("Bank transfer")), ("cash", _("Cash")), ("card", _("Card")), ("mada", _("mada")),
        ("cheque", _("Cheque")), ("card_to_card", _("Card to card")), ("online", _("Online payment")),
        ("other", _("Other")),
    ]  # fmt: skip
    number = models.CharField(_("Number"), max_length=60, blank=True, default="", editable=False)
    state = models.CharField(_("Status"), max_length=12, default="draft", editable=False)
    direction = models.CharField(
        _("Direction"),
        max_length=3,
        choices=[("in", _("Received")), ("out", _("Refunded"))],
        default="in",
        editable=False,
    )
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("Customer"), related_name="payments")
    owner = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", editable=False)
    date = models.DateField(_("Date"))
    currency = models.CharField(_("Currency"), max_length=3)
    amount = AmountField(_("Amount"))
    unallocated = AmountField(_("Not yet allocated"), default=0, editable=False)
    method = models.CharField(_("Method"), max_length=12, choices=METHODS, default="transfer")
    reference = models.CharField(_("Reference"), max_length=60, blank=True, default="")
    note = models.TextField(_("Note"), blank=True, default="")
    posted_at = models.DateTimeField(null=True, editable=False)
    origin = models.CharField(max_length=8, default="own", editable=False)
    source = models.CharField(max_length=60, blank=True, default="", editable=False)
    idempotency_key = models.CharField(max_length=80, null=True, unique=True, editable=False)
    refund_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="refunds", editable=False)
    refund_note = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="refunds", editable=False)

    class Meta:
        verbose_name = _("Payment")
        verbose_name_plural = _("Payments")
        indexes = [models.Index(fields=["customer", "-date", "-id"], name="payment_customer")]
        constraints = [
            frozen_has_number("payment_numbered"),
            models.UniqueConstraint(
                fields=["source", "number"], condition=~models.Q(number=""), name="payment_number_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(
                condition=models.Q(unallocated__gte=0, unallocated__lte=models.F("amount")), name="allocated_within"
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))

    def money(self, field: str) -> Money:
        return Money(getattr(self, field), self.currency)


class AllocationQuerySet(RecordQuerySet):
    """Allocations are only added; taking one back is a further row with the opposite amount."""


class Allocation(models.Model):
    """A part of a payment or of a credit note set against an invoice. Negative rows take an allocation back."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="allocations")
    credit_note = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="given_allocations")
    amount = AmountField()
    at = models.DateTimeField()

    objects = AllocationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["invoice", "id"], name="allocation_of_invoice")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(payment__isnull=False, credit_note=None)
                | models.Q(payment=None, credit_note__isnull=False),
                name="allocated_from_one_source",
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="allocated_something"),
        ]
