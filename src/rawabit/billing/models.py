"""Invoices, credit notes, payments and what was settled with what; what customers report and question."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from rawabit.crm.models import Customer
from rawabit.kit.marking import _, pgettext_lazy
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


# What customers say about money: "I have paid", "I will pay", "this is not right"


class TransferReport(SearchableRecord):
    """A customer says that he has paid, or (state planned) that he will on ``date``. It moves no money: a colleague
    accepts it, and that records the ``payment``. The same reference and amount is one report (``reference_key``)."""

    METHODS = [
        ("transfer", _("Bank transfer")), ("deposit", _("Cash deposit at the bank")), ("cheque", _("Cheque")),
        ("card_to_card", _("Card to card")),
    ]  # fmt: skip
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("Customer"), related_name="transfer_reports")
    state = models.CharField(_("Status"), max_length=10, default="reported", editable=False)
    date = models.DateField(_("Date"))
    currency = models.CharField(_("Currency"), max_length=3)
    amount = AmountField(_("Amount"))
    method = models.CharField(_("Method"), max_length=12, choices=METHODS, default="transfer")
    reference = models.CharField(_("Bank reference"), max_length=60, blank=True, default="")
    reference_key = models.CharField(max_length=80, blank=True, default="", editable=False)
    sayad = models.CharField(_("Sayad cheque number"), max_length=16, blank=True, default="")
    sender_bank = models.CharField(_("Sender's bank"), max_length=100, blank=True, default="")
    sender_iban = models.CharField(_("Sender's IBAN"), max_length=34, blank=True, default="")
    note = models.TextField(_("Note"), blank=True, default="")
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", editable=False)
    by_name = models.CharField(_("Reported by"), max_length=200, blank=True, default="", editable=False)
    sheet = models.CharField(max_length=80, null=True, unique=True, editable=False)
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, editable=False, related_name="report", verbose_name=_("Payment")
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True, default="", editable=False)
    decided_by = models.CharField(_("Decided by"), max_length=200, blank=True, default="", editable=False)
    decided_at = models.DateTimeField(_("Decided on"), null=True, editable=False)

    class Meta:
        verbose_name = _("Transfer report")
        verbose_name_plural = _("Transfer reports")
        indexes = [
            models.Index(fields=["customer", "state"], name="transfer_customer"),
            models.Index(fields=["id"], name="transfer_waiting", condition=models.Q(state="reported")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "currency", "amount", "reference_key"], name="transfer_reported_once",
                condition=models.Q(state__in=("reported", "accepted")) & ~models.Q(reference_key=""),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_positive"),
            models.CheckConstraint(
                condition=models.Q(state="accepted", payment__isnull=False)
                | (~models.Q(state="accepted") & models.Q(payment=None)),
                name="transfer_accepted_is_paid",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference or self.sayad or f"{self.money('amount').amount} {self.currency}"

    def money(self, field: str) -> Money:
        return Money(getattr(self, field), self.currency)


class TransferShare(models.Model):
    """How much of a reported transfer the customer means for an invoice."""

    report = models.ForeignKey(TransferReport, models.CASCADE, related_name="shares")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="transfer_shares")
    amount = AmountField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "invoice"], name="transfer_share_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_share_positive"),
        ]


class Dispute(SearchableRecord):
    """A customer's question about an invoice, one of its lines, a payment, or another row of his statement (``row``).
    While it is not closed, the invoice is "under question" and no reminder of it goes out."""

    TOPICS = [
        ("quantity", pgettext_lazy("dispute", "The quantity is not right")),
        ("price", pgettext_lazy("dispute", "The price is not as agreed")),
        ("goods", pgettext_lazy("dispute", "The goods were damaged or wrong")),
        ("paid", pgettext_lazy("dispute", "It is paid already")),
        ("data", pgettext_lazy("dispute", "Name, VAT number or order number is wrong")),
        ("other", pgettext_lazy("dispute", "Something else")),
    ]
    OUTCOMES = [
        ("accepted", pgettext_lazy("dispute", "Accepted: a credit note follows")),
        ("rejected", pgettext_lazy("dispute", "Not accepted")),
        ("settled", pgettext_lazy("dispute", "Explained")),
        ("withdrawn", pgettext_lazy("dispute", "Withdrawn")),
    ]
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("Customer"), related_name="disputes")
    state = models.CharField(_("Status"), max_length=10, default="open", editable=False)
    outcome = models.CharField(_("Outcome"), max_length=10, choices=OUTCOMES, blank=True, default="", editable=False)
    topic = models.CharField(_("About"), max_length=10, choices=TOPICS, default="other")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="disputes", verbose_name=_("Invoice"))
    line = models.ForeignKey(InvoiceLine, models.PROTECT, null=True, related_name="disputes", verbose_name=_("Line"))
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="disputes", verbose_name=_("Payment"))
    row = models.CharField(_("Row of the statement"), max_length=120, blank=True, default="", editable=False)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", editable=False)
    by_name = models.CharField(_("Asked by"), max_length=200, blank=True, default="", editable=False)
    sheet = models.CharField(max_length=80, null=True, unique=True, editable=False)
    asked_at = models.DateTimeField(_("Asked on"), editable=False)
    answered_at = models.DateTimeField(_("Answered on"), null=True, editable=False)
    closed_at = models.DateTimeField(_("Closed on"), null=True, editable=False)

    class Meta:
        verbose_name = _("Invoice question")
        verbose_name_plural = _("Invoice questions")
        indexes = [
            models.Index(fields=["customer", "state"], name="dispute_customer"),
            models.Index(fields=["invoice"], name="dispute_not_closed", condition=~models.Q(state="closed")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(state="closed") & ~models.Q(outcome=""))
                | (~models.Q(state="closed") & models.Q(outcome="")),
                name="dispute_closed_says_how",
            ),
        ]

    def __str__(self) -> str:
        paper = self.invoice or self.payment
        return str(paper) if paper else self.row


class DisputeMessage(models.Model):
    """One thing said in a question. What was said is never changed; the database keeps it."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="messages")
    from_customer = models.BooleanField()
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField()
    at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["dispute", "id"], name="said_in_dispute")]
