"""What customers owe: rows that are only ever added, and their sum per customer."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from rawabit.crm.models import Customer
from rawabit.kit.marking import _
from rawabit.kit.records.fields import AmountField
from rawabit.kit.records.models import RecordQuerySet


class EntryQuerySet(RecordQuerySet):
    """Entries cannot be changed or removed; a mistake is answered by a further entry.

    The one exception is ``open``, which ``actions.settle`` moves through ``Entry.unsettled``."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("ledger entries are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("ledger entries are never removed")


class Entry(models.Model):
    """One posted document in the customer's account. Exactly one of ``debit`` and ``credit`` is not zero.

    ``open`` is the part of that amount which is not yet settled against the other side. Σ open of the debits − Σ open
    of the credits is the balance."""

    KINDS = [
        ("opening", _("Opening balance")), ("invoice", _("Invoice")), ("debit_note", _("Debit note")),
        ("credit_note", _("Credit note")), ("payment", _("Payment")), ("refund", _("Refund")),
        ("reversal", _("Reversal")),
    ]  # fmt: skip
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="entries")
    currency = models.CharField(max_length=3)
    date = models.DateField()
    due_date = models.DateField(null=True)
    kind = models.CharField(max_length=12, choices=KINDS)
    number = models.CharField(max_length=60)
    document_uid = models.UUIDField(null=True)
    debit = AmountField(default=0)
    credit = AmountField(default=0)
    open = AmountField(default=0)
    at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()
    unsettled = models.Manager()

    class Meta:
        verbose_name = _("Ledger entry")
        verbose_name_plural = _("Ledger entries")
        indexes = [
            models.Index(fields=["customer", "currency", "date", "id"], name="entry_of_customer"),
            models.Index(
                fields=["customer", "currency", "due_date"], name="entry_open", condition=models.Q(open__gt=0)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "document_uid"], name="document_posted_once"),
            models.CheckConstraint(
                condition=models.Q(debit__gte=0, credit__gte=0) & (models.Q(debit=0) | models.Q(credit=0)),
                name="one_side_only",
            ),
            models.CheckConstraint(
                condition=models.Q(open__gte=0, open__lte=models.F("debit") + models.F("credit")),
                name="open_within_entry",
            ),
        ]


class Balance(models.Model):
    """Σ debit − Σ credit of a customer in a currency, kept in the transaction of each entry."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="balances")
    currency = models.CharField(max_length=3)
    amount = AmountField(default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "currency"], name="one_balance")]
