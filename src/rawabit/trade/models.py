"""What quotations, orders, deliveries and invoices share: parties, lines, totals. Abstract; no table of its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from rawabit.catalog.models import Item, Tax
from rawabit.crm.models import Contact, Customer
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.fields import AmountField, ExactField
from rawabit.kit.records.models import RecordQuerySet, SearchableRecord
from rawabit.trade.logic.lines import SECTION

USER = settings.AUTH_USER_MODEL


class Document(SearchableRecord):
    """A business paper. It has no number in draft; when it leaves draft, number, parties, texts and totals freeze.

    ``seller`` and ``buyer`` hold the parties as they were then: {"name", "name_en", "vat_number",
    "registration", "address", "phone", "email", "iban", "bank"}.
    """

    number = models.CharField(_("Number"), max_length=60, blank=True, default="", editable=False)
    state = models.CharField(_("Status"), max_length=12, default="draft", editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("Customer"))
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, verbose_name=_("Contact"))
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Sales representative")
    )
    date = models.DateField(_("Date"))
    currency = models.CharField(_("Currency"), max_length=3)
    language = models.CharField(_("Language"), max_length=2, default="ar")
    customer_reference = models.CharField(_("Customer purchase order"), max_length=60, blank=True, default="")
    note = models.TextField(_("Note"), blank=True, default="")
    terms = models.TextField(_("Terms and conditions"), blank=True, default="")
    seller = models.JSONField(default=dict, editable=False)
    buyer = models.JSONField(default=dict, editable=False)
    net = AmountField(_("Total before VAT"), default=0, editable=False)
    discount = AmountField(_("Discount"), default=0, editable=False)
    tax = AmountField(_("VAT"), default=0, editable=False)
    total = AmountField(_("Total including VAT"), default=0, editable=False)
    tax_summary = models.JSONField(default=list, editable=False)
    posted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number or str(_("Draft"))

    def money(self, field: str) -> Money:
        """An amount of this document with its currency."""
        return Money(getattr(self, field), self.currency)

    @property
    def line_count(self) -> int:
        """How many lines there are, headings not counted; from the prefetched ones where the caller has them."""
        lines: Any = self.lines  # type: ignore[attr-defined]
        if "lines" in getattr(self, "_prefetched_objects_cache", {}):
            return sum(line.kind != SECTION for line in lines.all())
        return int(lines.exclude(kind=SECTION).count())


class Line(models.Model):
    """One line. Concrete lines add ``document``, the key of their document, with related name ``lines``."""

    position = models.PositiveIntegerField(_("No."))
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, verbose_name=_("Item"))
    sku = models.CharField(_("SKU"), max_length=60, blank=True, default="")
    title = models.CharField(_("Description"), max_length=300)
    details = models.TextField(_("Details"), blank=True, default="")
    kind = models.CharField(max_length=8, default="goods")  # goods are delivered; services are not; section: a heading
    unit = models.CharField(_("Unit"), max_length=60, blank=True, default="")
    quantity = ExactField(_("Quantity"), places=3)
    unit_price = ExactField(_("Unit price"), places=6)
    discount_percent = ExactField(_("Discount %"), places=4, default=0)
    tax_rule = models.ForeignKey(Tax, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Tax"))
    tax_category = models.CharField(_("Tax"), max_length=1, default="S")
    tax_percent = ExactField(_("Tax %"), places=4, default=0)
    tax_reason = models.CharField(_("Exemption reason"), max_length=300, blank=True, default="")
    tax_reason_code = models.CharField(max_length=30, blank=True, default="")
    net = AmountField(default=0)
    tax = AmountField(default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position"]

    def money(self, field: str) -> Money:
        """An amount of this line in its document's currency."""
        document: Any = self.document  # type: ignore[attr-defined]
        return Money(getattr(self, field), document.currency)


def frozen_has_number(name: str) -> models.CheckConstraint:
    """Whatever has left draft has a number. One of the rules the database repeats."""
    return models.CheckConstraint(condition=Q(state="draft") | ~Q(number=""), name=name)


def number_once(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name=name)


def discount_sane(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(discount_percent__gte=0, discount_percent__lte=100), name=name)
